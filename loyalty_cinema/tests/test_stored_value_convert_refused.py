"""What is in the way of converting one of Odoo's own programs, and who may do it."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import FixedByValue
from .convert_common import ConversionCase


@tagged("post_install", "-at_install")
class TestStoredValueConvertRefused(ConversionCase):
    """What is in the way is said in words, and nothing is half done."""

    def setUp(self):
        super().setUp()
        self.balance = self.native_card(50)

    def test_open_tills(self):
        self.refused(self.native_gift, "Tills that offer it are open")

    def test_holds(self):
        self.close()
        self.ledger.authorize(self.balance, 10, "test-hold", order_uuid="x")
        self.refused(self.native_gift, "payments are being made")

    def test_unfinished_orders(self):
        product = self.native_gift.rule_ids.product_ids
        self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        self.close()
        self.refused(self.native_gift, "Quotations")

    def test_no_company(self):
        # as it may stand in a database from before
        self.native_gift._as_loyalty_service().company_id = False
        self.refused(self.native_gift, "no company")

    def test_foreign_currency(self):
        self.native_gift._as_loyalty_service().currency_id = self.env.ref("base.JPY")
        self.refused(self.native_gift, "currency of the company")

    def test_missing_account(self):
        self.close()
        self.company.loyalty_unamortised_bonus_account_id = False
        self.refused(self.native_gift, "Unamortised bonus account")

    def test_kind_with_pin(self):
        self.close()
        kind = self.env.ref("loyalty_cinema.kind_gift").copy({"pin_required": True})
        self.refused(self.native_gift, "neither PIN nor holder", kind_id=kind.id)

    def test_product_that_sells_another_program(self):
        """One that nobody uses, as every database has one, makes room; one in use does not."""
        self.close()
        other = self.native_gift.copy()
        other.rule_ids.product_ids = self.native_gift.rule_ids.product_ids
        card = self.native_card(0, other)
        self.refused(self.native_gift, "also sells")
        card.unlink()
        self.convert(self.native_gift)
        self.assertFalse(other.active)

    def test_wrong_entry(self):
        self.close()
        for values, words in (
            ({"bonus": 51}, "parts of the value"),
            ({"bonus": -1}, "parts of the value"),
            ({"date": "2999-01-01"}, "future"),
            ({"counter_account_id": False}, "Choose the accounts"),
        ):
            with self.subTest(values):
                self.refused(self.native_gift, words, **values)
        self.company.fiscalyear_lock_date = "2026-03-31"
        self.refused(self.native_gift, "closed on that date", date="2026-03-31")

    def test_ledger_that_does_not_add_up(self):
        self.close()
        self.env.cr.execute(
            "UPDATE loyalty_ledger_entry SET balance_after = 51 WHERE balance_id = %s",
            (self.balance.id,),
        )
        self.refused(self.native_gift, "does not add up")

    def test_twice(self):
        self.close()
        wizard = self.wizard(self.native_gift)
        wizard.action_convert()
        self.assertFalse(self.native_gift.with_user(self.accountant).can_convert)
        with self.assertRaisesRegex(UserError, "stored value already"):
            wizard.action_convert()

    def test_only_who_is_manager_and_accountant(self):
        for user in (self.cashier, self.manager):
            self.assertFalse(self.native_gift.with_user(user).can_convert)
            with self.assertRaises(AccessError):
                self.native_gift.with_user(user).action_convert_to_stored_value()
        self.assertTrue(self.native_gift.with_user(self.accountant).can_convert)

    def test_no_way_round_the_button(self):
        for program in (self.native_gift, self.company.loyalty_wallet_program_id):
            self.ledger.credit(self.native_card(0, program), 5, "load", f"test-round-{program.id}")
            with self.assertRaisesRegex(FixedByValue, "hold value"), self.cr.savepoint():
                program.write({"is_stored_value": not program.is_stored_value, "pos_ok": False})

    def test_program_made_by_odoos_template_gets_the_hint(self):
        programs = self.env["loyalty.program"].with_context(menu_type="gift_ewallet")
        for template in ("gift_card", "ewallet"):
            action = programs.create_from_template(template)
            program = programs.browse(action["res_id"]).with_user(self.accountant)
            self.assertTrue(program.is_native_value and program.can_convert)
        arch = programs.get_view(view_type="form")["arch"]
        self.assertIn('name="native_value"', arch)
        self.assertIn("action_convert_to_stored_value", arch)
