from datetime import date
from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import LoyaltyError
from .benefit_common import TODAY, BenefitDayMixin
from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestBenefitOnce(BenefitDayMixin, MemberCase):
    """One member, benefit and occasion: one gift, whatever is run again or merged.

    Two jobs at once and a crash, in real processes: ``tests/test_benefit_processes.py``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_ladder()
        cls.mai, cls.lan, cls.ba = (cls.member(name) for name in ("Mai", "Lan", "Ba"))
        cls.put_in(cls.gold, cls.mai, cls.lan, cls.ba)

    def merge(self, *members):
        """Merge the customers into that of the first member, who stays."""
        partners = self.env["res.partner"].union(*(member.partner_id for member in members))
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, members[0].partner_id)

    def vouchers(self):
        return self.env["loyalty.card"].search([("program_id.program_type", "=", "coupons")])

    def test_a_night_that_is_run_again_gives_nothing(self):
        self.benefit(self.gold, "period")
        before = self.vouchers()
        self.night()
        self.night()
        self.assertEqual(len(self.given()), 3)
        self.assertEqual(len(self.vouchers() - before), 3)

    def test_batches_are_committed_with_their_progress(self):
        self.benefit(self.gold, "period")
        commit = self.night(batch_size=2)
        progress = [(call.args, call.kwargs) for call in commit.call_args_list]
        self.assertEqual(progress, [((2,), {"remaining": 1}), ((1,), {"remaining": 0})])

    def test_a_night_without_time_is_gone_on_with(self):
        self.benefit(self.gold, "period")
        crons = type(self.env["ir.cron"])
        for given in (1, 2, 3):
            with patch.object(crons, "_commit_progress", return_value=0):
                self.assertEqual(self.env["loyalty.benefit"]._issue_due(1), given == 3)
            self.assertEqual(len(self.given()), given)

    def test_a_batch_that_met_another_job_begins_again(self):
        benefit, tries = self.benefit(self.gold, "period"), []

        def give(self, today, members):
            tries.append(members)
            if len(tries) < 3:
                raise SerializationFailure

        with (
            patch.object(type(benefit), "_give", give),
            patch.object(self.env.cr, "rollback") as rollback,
        ):
            benefit._give_or_try_again(TODAY, self.mai.ids)
        self.assertEqual((len(tries), rollback.call_count), (3, 2))

    def test_a_benefit_that_fails_does_not_keep_the_others_back(self):
        bad, good = self.benefit(self.gold, "period"), self.benefit(self.gold, "period")
        give = type(bad)._give

        def fail(self, today, members):
            if self == bad:
                raise LoyaltyError("no")
            return give(self, today, members)

        with (
            patch.object(type(bad), "_give", fail),
            patch.object(self.env.cr, "rollback"),
            mute_logger("odoo.addons.loyalty_cinema.models.loyalty_benefit_give"),
        ):
            self.night()
        self.assertEqual(self.given().benefit_id, good)

    def test_the_database_refuses_a_second_one(self):
        benefit = self.benefit(self.gold, "period")
        [issue] = benefit._give(TODAY, self.mai.ids)
        copy = """
            INSERT INTO loyalty_benefit_issue (member_id, partner_id, program_id, benefit_id,
                   tier_id, occasion, gives, period_key, state, issued_on)
            SELECT member_id, partner_id, program_id, benefit_id, tier_id, occasion, gives,
                   period_key, state, issued_on FROM loyalty_benefit_issue WHERE id = %s
        """
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.cr.execute(copy, (issue.id,))

    def test_a_benefit_made_later_in_the_year_is_given_once_too(self):
        self.benefit(self.gold, "period")
        self.night(date(2026, 3, 1))
        self.benefit(self.gold, "period", gives="task")
        self.night(date(2026, 4, 1))
        self.night(date(2026, 5, 1))
        self.assertEqual(len(self.given(self.mai)), 2)

    def test_a_merged_duplicate_is_given_nothing_again(self):
        benefit = self.benefit(self.gold, "birthday")
        self.lan.partner_id.birthdate_date = TODAY.replace(year=1990)
        self.night()
        [issue] = self.given()
        self.mai.partner_id.birthdate_date = TODAY.replace(year=1990)
        self.merge(self.mai, self.lan)
        self.night()
        self.assertEqual(self.given(benefit_id=benefit.id), issue)
        self.assertEqual((issue.member_id, issue.partner_id), (self.mai, self.mai.partner_id))
        self.assertEqual(issue.coupon_id.partner_id, self.mai.partner_id)

    def test_a_merge_of_three_who_all_had_it_keeps_every_row(self):
        self.benefit(self.gold, "period")
        self.night()
        issues = self.given()
        self.merge(self.mai, self.lan, self.ba)
        self.night()
        self.assertEqual(self.given(), issues)
        self.assertEqual(issues.member_id, self.mai)
        keys = issues.sorted().mapped("period_key")
        self.assertEqual(sorted(key.split("#")[0] for key in keys), ["2026"] * 3)
        self.assertIn("2026", keys)

    def test_what_one_of_two_has_used_was_their_one(self):
        benefit = self.benefit(self.gold, "period")
        self.night(TODAY)
        used = self.given(self.lan)
        used.coupon_id.points = 0
        self.env["loyalty.benefit.issue"]._refresh_states(used.coupon_id)
        unused = self.given(self.mai)
        self.merge(self.mai, self.lan)
        self.assertEqual((used.state, unused.state), ("used", "cancelled"))
        self.assertEqual(used.period_key, unused.period_key)
        self.assertFalse(benefit._give(TODAY, self.mai.ids))

    def test_a_merged_duplicate_that_had_left_counts_as_well(self):
        self.benefit(self.gold, "period")
        self.night()
        self.lan.active = False
        self.merge(self.mai, self.lan)
        self.night()
        self.assertEqual(len(self.given(self.mai)), 2)

    def test_a_night_costs_the_same_for_one_member_as_for_many(self):
        benefit = self.benefit(self.gold, "period")
        benefit._due_members(TODAY)
        many = [self.member(f"Member {number}") for number in range(20)]
        self.put_in(self.gold, *many)
        counts = []
        for ids in (self.mai.ids, [member.id for member in many]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(benefit._give(TODAY, ids)), len(ids))
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
