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
