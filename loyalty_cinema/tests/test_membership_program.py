from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .earn_common import EarnCase

# whoever makes programs in Odoo: their rewards are products
OWNER = "point_of_sale.group_pos_manager,product.group_product_manager"


@tagged("post_install", "-at_install")
class TestMembershipProgram(EarnCase):
    """What a membership program must be, and when its points come and go."""

    def test_ticking_it_is_all_that_is_needed(self):
        owner = self.user("owner", OWNER)
        programs = self.env["loyalty.program"].with_user(owner)
        form = Form(programs.with_context(default_program_type="loyalty"))
        form.name = "House club"
        form.is_membership = True
        program = form.save()
        self.assertEqual(program.company_id, self.company)
        self.assertTrue(program.rule_ids, "what Odoo's till needs to offer rewards")
        self.assertFalse(program.earn_rule_ids)
        program.action_suggest_earn_rules()
        program.action_suggest_earn_rules()
        targets = program.earn_rule_ids.mapped("target")
        self.assertEqual(targets, ["spendable", "qualifying"])

    def test_odoos_own_reward_does_not_come_along(self):
        """E6: 5 % of any order for 200 points, whatever a point is worth."""
        owner = self.user("owner", OWNER)
        programs = self.env["loyalty.program"].with_user(owner)
        form = Form(programs.with_context(default_program_type="loyalty"))
        form.name = "House club"
        self.assertTrue(form.reward_ids)
        form.is_membership = True
        self.assertFalse(form.save().reward_ids)
        plain, own = programs, programs
        for name in ("B", "C"):
            form = Form(programs.with_context(default_program_type="loyalty"))
            form.name = name
            plain, own = own, form.save()
        self.assertTrue(plain.reward_ids)
        own.reward_ids.required_points = 2000
        (plain | own).write({"is_membership": True, "company_id": self.company.id})
        self.assertFalse(plain.reward_ids)
        self.assertEqual(own.reward_ids.required_points, 2000, "what somebody chose stays")

    def test_suggested_rewards_cost_what_they_are_worth(self):
        owner = self.user("owner", OWNER)
        self.program.point_value = 0.3
        self.program.with_user(owner).action_suggest_rewards()
        self.program.with_user(owner).action_suggest_rewards()
        found = self.program.reward_ids.sorted("discount")
        self.assertEqual(found.mapped("discount_mode"), ["per_order"] * 2)
        for reward in found:
            self.assertGreaterEqual(reward.required_points * 0.3, reward.discount)
            self.assertLess((reward.required_points - 1) * 0.3, reward.discount)
        self.assertFalse(self.program.cheap_warning)

    def test_a_cheap_reward_is_told_on_the_form(self):
        self.program.point_value = 1
        rewards = self.env["loyalty.reward"].create(
            [
                {"program_id": self.program.id, "required_points": points, "discount": 5, **values}
                for points, values in (
                    (200, {"discount_mode": "percent"}),
                    (200, {"discount_mode": "percent", "discount_max_amount": 300}),
                    (200, {"discount_mode": "percent", "discount_max_amount": 401}),
                    (5, {"discount_mode": "per_order"}),
                    (2, {"discount_mode": "per_order"}),
                    (1, {"discount_mode": "per_point"}),
                )
            ]
        )
        told = [bool(reward.cheap_warning) for reward in rewards]
        self.assertEqual(told, [True, False, True, False, True, True])
        self.assertIn("4,000", rewards[0].cheap_warning)
        self.assertEqual(len(self.program.cheap_warning.splitlines()), 4)
        rewards[0].discount_max_amount = 200
        self.assertFalse(rewards[0].cheap_warning)
        self.assertFalse(self.wallet_program.cheap_warning)

    def test_a_membership_belongs_to_a_company_and_is_of_type_loyalty(self):
        for values in ({"company_id": False}, {"trigger": "with_code"}, {"applies_on": "future"}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.program.write(values)
        with self.assertRaises(ValidationError):
            self.wallet_program.is_membership = True

    def test_it_stays_one_when_it_has_points(self):
        self.program.is_membership = False
        self.program.is_membership = True
        balance = self.balance(program=self.program)
        self.ledger.credit(balance, 5, "earn", self.key())
        with self.assertRaises(UserError):
            self.program.is_membership = False

    def test_it_stays_one_when_it_has_members(self):
        self.env["loyalty.member"]._enrol(self.program, self.person(), "back_office")
        with self.assertRaises(UserError):
            self.program.is_membership = False

    def test_what_the_database_refuses(self):
        for values in (
            {"points_step": 0},
            {"point_value": 0},
            {"pay_max_share": 101},
            {"pay_max_share": 0},
            {"pay_min_points": -1},
            {"pending_mode": "days", "pending_days": 0},
            {"points_expiry": "inactivity", "expiry_months": 0},
            {"points_expiry": "fixed_day", "expiry_day": 32},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.program.write(values)
                self.env.flush_all()

    def test_pending_points_do_not_expire_before_they_can_be_spent(self):
        self.program.write({"points_expiry": "fixed_day", "expiry_day": 31, "expiry_month": "12"})
        day = date(2026, 12, 30)
        self.assertEqual(self.program._points_expire_on(day), date(2026, 12, 31))
        self.program.write({"pending_mode": "days", "pending_days": 3})
        self.assertEqual(self.program._points_available_on(day), date(2027, 1, 2))
        self.assertEqual(self.program._points_expire_on(day), date(2027, 12, 31))

    def test_it_runs_between_its_dates(self):
        self.program.write({"date_from": "2026-01-01", "date_to": "2026-12-31"})
        days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
        self.assertEqual([self.program._runs_on(day) for day in days], [False, True, True, False])
        self.program.active = False
        self.assertFalse(self.program._runs_on(days[1]))
