from datetime import date
from decimal import Decimal

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import LedgerProtected
from ..models.loyalty_ledger_tier import DATE_OLD_ENTRIES
from .ladder_common import LadderCase


@tagged("post_install", "-at_install")
class TestTier(LadderCase):
    """Tiers follow the ledger: whatever moves qualifying points moves them, at once."""

    def test_members_start_in_the_tier_that_starts_at_zero(self):
        mai = self.member("Mai")
        self.assertEqual((mai.tier_id, mai.tier_review_on), (self.silver, False))
        self.assertEqual(self.history(mai), [("start", "Silver")])

    def test_earning_raises_at_once_and_says_why(self):
        mai = self.member("Mai")
        entry = self.earn(mai, 310)
        self.assertEqual(entry.qualifying_on, date(2026, 6, 15))
        self.assertEqual((mai.tier_id, mai.tier_since), (self.platinum, date(2026, 6, 15)))
        self.assertEqual(mai.tier_review_on, date(2027, 6, 15))
        change = mai.tier_change_ids[0]
        self.assertEqual((change.kind, change.from_tier_id), ("upgrade", self.silver))
        self.assertEqual((change.qualifying, change.partner_id), (310, mai.partner_id))

    def test_a_sale_that_arrives_late_counts_on_its_day(self):
        self.program.tier_window = "calendar"
        mai = self.member("Mai", joined_on=None)
        self.earn(mai, 110, on="2025-12-31")
        self.assertEqual((mai.tier_id, mai.tier_since), (self.gold, date(2025, 12, 31)))
        self.assertEqual(mai.qualifying_in_period, 0)

    def test_a_refund_counts_on_the_day_of_its_sale_and_undoes_the_upgrade(self):
        mai = self.member("Mai")
        entry = self.earn(mai, 110, on="2026-05-01")
        with freeze_time("2026-07-20 12:00:00"):
            back = self.bring_back(entry, 20)
        self.assertEqual(back.qualifying_on, date(2026, 5, 1))
        self.assertEqual(mai.tier_id, self.silver)
        self.assertEqual(
            self.history(mai), [("start", "Silver"), ("upgrade", "Gold"), ("refund", "Silver")]
        )

    def test_a_credit_note_that_is_cancelled_gives_the_tier_again(self):
        mai = self.member("Mai")
        entry = self.earn(mai, 110)
        back = self.bring_back(entry)
        self.ledger.reverse(back, self.key(), kind="earn")
        self.assertEqual((mai.tier_id, mai.qualifying_in_period), (self.gold, 110))

    def test_a_manager_s_correction_moves_tiers_too(self):
        mai = self.member("Mai")
        values = {"member_id": mai.id, "qualifying_points": 120, "reason": "Forgotten"}
        grant = self.env["loyalty.adjustment"].with_user(self.boss).create(values)
        grant.action_submit()
        self.assertEqual(mai.tier_id, self.gold)
        grant.action_undo()
        self.assertEqual(mai.tier_id, self.silver)

    def test_what_is_brought_from_elsewhere_starts_a_tier_and_reaches_none(self):
        mai = self.member("Mai")
        self.earn(mai, 310, kind="opening")
        self.assertEqual(self.history(mai), [("start", "Silver"), ("start", "Platinum")])

    def test_a_batch_is_the_same_number_of_statements_whatever_its_size(self):
        def statements(count):
            members = [self.member(str(n)) for n in range(count)]
            movements = [self.earning(member, 110) for member in members]
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.ledger.post(movements)
            used = self.cr.sql_log_count - before
            self.assertEqual({member.tier_id for member in members}, {self.gold})
            return used

        statements(1)
        self.assertLessEqual(statements(20), statements(2))

    def test_what_follows_a_change_is_told_once_for_a_batch(self):
        told = []
        model = type(self.env["loyalty.tier.change"])
        self.patch(model, "_after_changes", lambda changes: told.append(changes))
        members = [self.member(str(n)) for n in range(3)]
        told.clear()
        self.ledger.post([self.earning(member, 110) for member in members])
        [changes] = told
        self.assertEqual((len(changes), set(changes.mapped("kind"))), (3, {"upgrade"}))
        self.assertTrue(changes.env.su)

    def test_a_program_without_tiers_has_none(self):
        self.env["loyalty.tier"].search([("program_id", "=", self.program.id)]).active = False
        mai = self.member("Mai", qualifying=1000)
        self.assertEqual((mai.tier_id.id, mai.tier_progress, mai.tier_missing), (False, 0, 0))

    def test_what_is_missing_for_the_next_tier(self):
        mai, linh = self.member("Mai"), self.member("Linh")
        self.earn(mai, 75)
        self.earn(linh, 900)
        self.assertEqual((mai.next_tier_id, mai.tier_missing), (self.gold, 25))
        self.assertEqual((mai.tier_progress, linh.tier_progress), (75, 100))
        self.assertFalse(linh.next_tier_id)
        with freeze_time("2028-01-01 12:00:00"):
            self.env.invalidate_all()
            self.assertEqual((mai.qualifying_in_period, mai.tier_progress), (0, 0))

    def test_standings_of_many_cost_as_much_as_those_of_one(self):
        members = self.env["loyalty.member"].union(*(self.member(str(n)) for n in range(20)))

        def statements(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._tier_standings()
            return self.cr.sql_log_count - before

        self.assertEqual(statements(members), statements(members[0]))

    def test_points_from_before_count_on_the_day_they_were_recorded(self):
        with freeze_time("2026-03-01 12:00:00"):
            entry = self.earn(self.member("Mai"), 110)
        back = self.bring_back(entry, 10)
        self.cr.execute(
            "ALTER TABLE loyalty_ledger_entry DROP CONSTRAINT loyalty_ledger_entry_qualifying_dated"
        )
        self.cr.execute("UPDATE loyalty_ledger_entry SET qualifying_on = NULL")
        self.cr.execute(DATE_OLD_ENTRIES)
        self.env.invalidate_all()
        self.assertEqual((entry | back).mapped("qualifying_on"), [date(2026, 3, 1)] * 2)

    def test_history_is_not_edited_by_anybody(self):
        change = self.member("Mai").tier_change_ids
        for attack in (
            lambda: change.write({"reason": "x"}),
            lambda: change.unlink(),
            lambda: change.copy(),
        ):
            with self.assertRaises(LedgerProtected):
                attack()


@tagged("post_install", "-at_install")
class TestLadder(LadderCase):
    """The ladder itself: what it counts, how it changes, and what stays."""

    def test_a_changed_ladder_reaches_its_members_at_night(self):
        mai, linh = self.member("Mai"), self.member("Linh")
        self.earn(mai, 90)
        self.earn(linh, 110)
        self.gold.threshold = 80
        self.platinum.threshold = 120
        self.assertTrue(self.program.tier_stale)
        self.assertEqual(mai.tier_id, self.silver)
        self.review("2026-06-16")
        self.assertEqual((mai.tier_id, linh.tier_id), (self.gold, self.gold))
        self.assertFalse(self.program.tier_stale)
        self.gold.threshold = 115
        self.review("2026-06-17")
        self.assertEqual((mai.tier_id, linh.tier_id), (self.gold, self.gold), "nobody falls")

    def test_a_ladder_is_applied_at_once_on_request(self):
        triggers = self.env["ir.cron.trigger"]
        job = [("cron_id", "=", self.env.ref("loyalty_cinema.cron_tier_review").id)]
        before = triggers.search_count(job)
        self.program.action_apply_tiers()
        self.assertEqual(triggers.search_count(job), before + 1)

    def test_a_ladder_for_members_who_are_there_already(self):
        program = self.membership("Other")
        balance = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.person().id}
        )
        member = balance.member_ids
        self.earn(member, 350)
        self.tiers(program)
        self.review("2026-06-16")
        self.assertEqual(self.history(member), [("start", "Silver"), ("start", "Platinum")])

    def test_members_of_a_lifetime_are_reviewed_when_the_window_changes(self):
        self.program.tier_window = "lifetime"
        mai = self.member("Mai")
        self.earn(mai, 110)
        self.assertFalse(mai.tier_review_on)
        self.program.tier_window = "calendar"
        self.review("2026-06-16")
        self.assertEqual(mai.tier_review_on, date(2027, 1, 1))

    def test_what_was_counted_stays_in_its_measure(self):
        self.program.tier_measure = "spend"
        self.earn(self.member("Mai"), 10)
        with self.assertRaises(ValidationError):
            self.program.tier_measure = "visits"

    def test_suggested_tiers_fit_what_is_counted(self):
        program = self.membership("Visits", tier_measure="visits")
        program.action_suggest_tiers()
        self.assertEqual(program.tier_ids.mapped("threshold"), [0, 10, 30, 75])

    def test_a_tier_that_is_only_given_by_hand_is_not_collected_for(self):
        self.diamond.by_hand = True
        self.assertTrue(self.program.tier_stale)
        mai, linh = self.member("Mai"), self.member("Linh")
        self.earn(mai, 310)
        self.assertEqual(mai.tier_id, self.platinum)
        self.assertFalse(mai.next_tier_id)
        self.assertEqual((mai.tier_missing, mai.tier_progress), (0, 100))
        self.earn(mai, 1000)
        self.review("2026-06-16")
        self.assertEqual(mai.tier_id, self.platinum)
        self.assertFalse(linh._money_of_rising(Decimal(80)))
        linh._tier_assign(self.diamond, "A friend of the house", date(2026, 7, 1))
        self.assertEqual(linh.tier_id, self.diamond)
        self.review("2026-07-02")
        self.assertEqual(linh.tier_id, self.silver)

    def test_a_tier_by_hand_in_between_is_passed_over(self):
        self.gold.by_hand = True
        mai, linh = self.member("Mai"), self.member("Linh")
        self.earn(mai, 110)
        self.assertEqual((mai.tier_id, mai.next_tier_id), (self.silver, self.platinum))
        linh._tier_assign(self.gold, "A friend of the house")
        self.assertEqual(linh.next_tier_id, self.platinum)
        self.earn(linh, 310)
        self.assertEqual(linh.tier_id, self.platinum)

    def test_a_tier_that_becomes_one_by_hand_stays_until_the_review(self):
        mai = self.member("Mai")
        self.earn(mai, 110)
        self.gold.by_hand = True
        self.review("2026-06-16")
        self.assertEqual(mai.tier_id, self.gold)
        self.review("2027-06-15")
        self.assertEqual(mai.tier_id, self.silver)

    @mute_logger("odoo.sql_db")
    def test_members_do_not_start_in_a_tier_by_hand(self):
        with self.assertRaises(IntegrityError):
            self.silver.by_hand = True
            self.env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_two_tiers_do_not_start_at_the_same_points(self):
        with self.assertRaises(IntegrityError):
            self.gold.copy()

    def test_a_tier_that_members_hold_is_neither_archived_nor_deleted(self):
        self.earn(self.member("Mai"), 110)
        for attack in (lambda: self.gold.write({"active": False}), self.gold.unlink):
            with self.assertRaises(ValidationError):
                attack()
        self.diamond.unlink()
        with self.assertRaises(ValidationError):
            self.gold.program_id = self.membership("Other")

    def test_a_colour_is_a_colour(self):
        with self.assertRaises(ValidationError):
            self.gold.color = "red; background: url(x)"
