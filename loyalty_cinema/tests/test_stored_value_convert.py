"""Odoo's own gift card and eWallet programs become stored value: rows 14 and 15 of the gaps.

Each test sells as Odoo does (the program's product, then the till's second request), converts, and
reads the books.
"""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .convert_common import OLD_CODE, ConversionCase


@tagged("post_install", "-at_install")
class TestStoredValueConvert(ConversionCase):
    """Revenue of value that is still to be spent becomes a debt, in one journal entry."""

    def test_row_14_gift_card_sold_by_odoo_is_no_revenue_until_it_is_spent(self):
        self.sell_native(self.native_gift, 50, code=OLD_CODE)
        self.close()
        self.assert_accounts(sales=-50)
        move = self.convert(self.native_gift)
        self.assertEqual(move.with_user(self.accountant).amount_total, 50, "readable")
        self.assert_accounts(stored_value=-50, sales=0)
        self.assert_ties("gift card converted")
        self.open_session()
        tax, ticket = self.vat()
        self.pay(ticket, {"code": OLD_CODE}, self.gift_tender, 50)
        self.close()
        self.assert_accounts(stored_value=0, sales=-100)
        self.assertAlmostEqual(self.vat_due(tax), 15)
        self.assert_ties("gift card spent")

    def test_row_14_tax_of_the_sale_is_taken_back(self):
        """A gift card sold with VAT: 6.52 of 50 was declared too early."""
        tax, ticket = self.vat()
        product = self.native_gift.rule_ids.product_ids
        product.taxes_id = tax
        line = {**self.line(product, 1, 50, False), "tax_ids": [Command.set(tax.ids)]}
        line["price_subtotal"] = 43.48
        self.sync(self.order([line], [(self.cash, 50, False)], amount_tax=6.52))
        self.native_card(50).code = OLD_CODE
        self.close()
        self.assertAlmostEqual(self.vat_due(tax), 6.52)
        self.convert(self.native_gift)
        self.assertAlmostEqual(self.vat_due(tax), 0)
        self.assert_accounts(stored_value=-50, sales=0)
        self.open_session()
        self.pay(ticket, {"code": OLD_CODE}, self.gift_tender, 50)
        self.close()
        self.assertAlmostEqual(self.vat_due(tax), 15)
        self.assert_accounts(stored_value=0, sales=-100)

    def test_row_15_bonus_of_a_rule_is_booked(self):
        """A rule of 1.1, booked on the liability: plain Odoo leaves it 5 in debit."""
        self.native_wallet.rule_ids.reward_point_amount = 1.1
        self.book_on_liability(self.native_wallet)
        self.sell_native(self.native_wallet, 50, points=55)
        self.close()
        self.assert_accounts(stored_value=-50)
        self.convert(self.native_wallet)
        self.assert_accounts(stored_value=-55, unamortised_bonus=5)
        self.assert_ties("eWallet converted")
        self.open_session()
        line = self.ticket(55)
        self.pay(line, {"partner_id": self.partner.id}, self.tender, 55)
        self.close()
        self.assert_accounts(stored_value=0, unamortised_bonus=0, promotional_discount=5, sales=-55)
        self.assert_ties("eWallet spent")

    def test_row_15_bonus_that_was_spent_unbooked_is_made_up_for(self):
        self.native_wallet.rule_ids.reward_point_amount = 1.1
        self.book_on_liability(self.native_wallet)
        balance = self.sell_native(self.native_wallet, 50, points=55)
        self.sync(self.order([self.ticket(22), self.claim_line(balance, 22)]))
        self.close()
        self.assert_accounts(stored_value=-28, sales=-22)
        self.convert(self.native_wallet)
        self.assert_accounts(
            stored_value=-33, unamortised_bonus=3, promotional_discount=2, sales=-22
        )
        self.assert_ties("partly spent eWallet converted")

    def test_rule_becomes_a_bonus_scheme(self):
        self.native_wallet.rule_ids.reward_point_amount = 1.1
        self.sell_native(self.native_wallet, 50, points=55)
        self.close()
        self.convert(self.native_wallet, bonus=4)
        self.assert_accounts(stored_value=-55, unamortised_bonus=4, sales=1)
        self.assertEqual(self.native_wallet.rule_ids.reward_point_amount, 1)
        day = self.company._loyalty_day()
        schemes = self.env["loyalty.bonus.scheme"]
        self.assertEqual(schemes._bonus_for(self.native_wallet, 100, day), (10, None))

    def test_products_become_loads(self):
        balance = self.sell_native(self.native_wallet, 50)
        self.close()
        self.convert(self.native_wallet)
        product = self.native_wallet.rule_ids.product_ids
        self.assertEqual(product.loyalty_load_type, "ewallet")
        self.open_session()
        line = {**self.line(product, 1, 30, False), "loyalty_balance_id": balance.id}
        self.sync(self.order([line], [(self.cash, 30, False)]))
        self.close()
        self.assertEqual(balance.points, 80)
        self.assert_accounts(stored_value=-80, sales=0)
        with self.assertRaises(ValidationError):
            self.env["sale.order"].create(
                {
                    "partner_id": self.partner.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
            )

    def test_refund_of_a_sale_before_the_conversion_ties(self):
        """The card paid before, gets its value back after: the debt is there again."""
        balance = self.sell_native(self.native_gift, 50)
        order = self.sync(self.order([self.ticket(50), self.claim_line(balance, 50)]))
        self.sell_native(self.native_gift, 20)
        self.close()
        self.convert(self.native_gift)
        self.open_session()
        self.sync(self.order([self.refund_line(line) for line in order.lines], []))
        self.close()
        self.assertEqual(balance.points, 50)
        self.assert_whole()
        self.assertEqual(self.assert_ties("refunded after")["liability"], 70)

    def test_card_sold_before_is_refunded_after(self):
        """The paid part goes back in cash and off the liability, its bonus with it."""
        self.native_wallet.rule_ids.reward_point_amount = 1.1
        tax, _ticket = self.vat()
        product = self.native_wallet.rule_ids.product_ids
        product.taxes_id = tax
        balance = self.sell_native(self.native_wallet, 50, points=55)
        sale = self.env["pos.order"].search([("lines.product_id", "=", product.id)])
        self.close()
        self.convert(self.native_wallet)
        self.open_session()
        self.pay(self.ticket(11), {"partner_id": self.partner.id}, self.tender, 11)
        plan = self.till.refundable_loads(self.session.id, sale.lines.ids)
        self.assertEqual(plan["amounts"], {sale.lines.id: 40})
        refund = {**self.refund_line(sale.lines, 40), "tax_ids": [Command.set(tax.ids)]}
        self.sync(self.order([refund], [(self.cash, -40, False)]))
        self.close()
        self.assertEqual(balance.points, 0)
        self.assert_whole()
        position = self.assert_ties("refunded after the conversion")
        self.assertEqual((position["liability"], position["bonus_account"]), (0, 0))

    def test_sales_order_of_before_is_cancelled_after(self):
        """Its discount line was never on the liability; what it gives back is."""
        balance = self.native_card(50)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.snack.id,
                            "price_unit": 115,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order._try_apply_code(balance.code)
        order._apply_program_reward(self.native_gift.reward_ids, balance)
        order.action_confirm()
        self.native_card(20)
        self.close()
        self.convert(self.native_gift)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.filtered("coupon_id").write({"price_unit": -60, "points_cost": 60})
        order._action_cancel()
        self.assertEqual(balance.points, 50)
        self.assert_whole()
        self.assertEqual(self.assert_ties("cancelled")["unposted"], 50)
        self.posting._post(self.company)
        self.assert_accounts(stored_value=-70, promotional_discount=50, sales=20)
        self.assert_ties("cancelled, posted")
