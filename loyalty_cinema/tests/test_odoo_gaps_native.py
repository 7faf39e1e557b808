"""What plain Odoo 19 gets wrong with stored value, replayed with Odoo's own programs.

The same with gift cards and wallets as tenders: ``test_odoo_gaps_tender.py``.

The numbers are the rows of the table in ``docs/architecture.md`` (all measured on plain Odoo 19).
Rows 2 and 4 with real processes are in the repository's ``tests/test_concurrency.py``.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exceptions import InsufficientValue, LoadRefused, TenderRefused
from .till_common import CashierCase


@tagged("post_install", "-at_install")
class TestOdooGapsNative(CashierCase):
    """Odoo's own gift card and eWallet programs, behind the ledger."""

    def test_rows_1_3_6_7_one_card_does_not_pay_twice(self):
        card = self.native_card(100)
        self.sync(self.order([self.ticket(), self.claim_line(card, 100)]))
        self.assertEqual(card.points, 0, "debited with the sale, though no confirmation arrived")
        with self.assertRaises(InsufficientValue), self.cr.savepoint():
            self.sync(self.order([self.ticket(), self.claim_line(card, 100)]))
        self.assertEqual(card.points, 0)
        self.assert_whole()

    def test_row_4_a_repeated_confirmation_makes_one_wallet(self):
        product = self.native_wallet.rule_ids.product_ids
        order = self.sync(self.order([self.line(product, 1, 50, False)], [(self.cash, 50, False)]))
        data = {
            "-1": {
                "points": 50,
                "program_id": self.native_wallet.id,
                "coupon_id": -1,
                "partner_id": self.partner.id,
            }
        }
        for _again in range(2):
            order.with_user(self.cashier).confirm_coupon_programs(data)
        self.assertEqual(self.native_wallet.coupon_ids.mapped("points"), [50])

    def test_l5_a_product_of_two_programs_loads_the_one_that_was_chosen_once(self):
        product = self.native_wallet.rule_ids.product_ids
        other = self.native_program("ewallet", "loyalty.ewallet_product_50")
        order = self.sync(self.order([self.line(product, 1, 50, False)], [(self.cash, 50, False)]))
        chosen = {"coupon_id": -1, "partner_id": self.partner.id}
        data = {
            "-1": {**chosen, "program_id": self.native_wallet.id, "points": 0},
            "-2": {**chosen, "program_id": other.id, "points": 50},
            "-3": {**chosen, "program_id": other.id, "points": 50},
        }
        with self.as_client():
            order.with_user(self.cashier).confirm_coupon_programs(data)
        self.assertEqual(sum((self.native_wallet | other).coupon_ids.mapped("points")), 50)
        self.assertEqual(sum(other.coupon_ids.mapped("points")), 50)

    def test_row_5_two_tills_top_up_one_wallet(self):
        product = self.native_wallet.rule_ids.product_ids
        for _till in range(2):
            order = self.sync(
                self.order([self.line(product, 1, 50, False)], [(self.cash, 50, False)])
            )
            data = {
                "-1": {
                    "points": 50,
                    "program_id": self.native_wallet.id,
                    "coupon_id": -1,
                    "partner_id": self.partner.id,
                }
            }
            order.with_user(self.cashier).confirm_coupon_programs(data)
        self.assertEqual(self.native_wallet.coupon_ids.mapped("points"), [100])

    def test_row_8_a_confirmation_never_raises_after_the_sale(self):
        card = self.native_card(100)
        order = self.sync(self.order([self.ticket(), self.claim_line(card, 100)]))
        data = {
            str(card.id): {"points": -500, "program_id": self.native_gift.id, "coupon_id": card.id}
        }
        answer = order.with_user(self.cashier).confirm_coupon_programs(data)
        self.assertIn("coupon_updates", answer)
        self.assertEqual(card.points, 0)

    def test_row_10_a_refunded_load_loses_its_value_and_a_spent_one_is_not_refunded(self):
        product = self.native_wallet.rule_ids.product_ids
        order = self.sync(self.order([self.line(product, 1, 50, False)], [(self.cash, 50, False)]))
        data = {
            "-1": {
                "points": 50,
                "program_id": self.native_wallet.id,
                "coupon_id": -1,
                "partner_id": self.partner.id,
            }
        }
        order.with_user(self.cashier).confirm_coupon_programs(data)
        card = self.native_wallet.coupon_ids
        spend = self.sync(self.order([self.ticket(20), self.claim_line(card, 20)]))
        refund = self.order([self.refund_line(order.lines)], [(self.cash, -50, False)])
        with self.assertRaises(LoadRefused), self.cr.savepoint():
            self.sync(refund)
        self.sync(self.order([self.refund_line(line) for line in spend.lines], []))
        self.assertEqual(card.points, 50, "the payment came back to the card")
        self.sync(self.order([self.refund_line(order.lines)], [(self.cash, -50, False)]))
        self.assertEqual(card.points, 0)
        self.assert_whole()

    def test_row_11_a_wallet_is_not_turned_into_cash(self):
        card = self.native_card(100, self.native_wallet, self.partner)
        order = self.sync(self.order([self.ticket(), self.claim_line(card, 100)]))
        ticket = order.lines.filtered(lambda line: line.product_id == self.snack)
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.sync(self.order([self.refund_line(ticket)], [(self.cash, -100, False)]))
        self.assertEqual(card.points, 0)

    def test_row_12_a_credit_note_gives_the_card_part_back(self):
        card = self.native_card(50)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    (0, 0, {"product_id": self.snack.id, "price_unit": 115, "tax_ids": [(5,)]})
                ],
            }
        )
        self.snack.invoice_policy = "order"
        order._try_apply_code(card.code)
        order._apply_program_reward(self.native_gift.reward_ids, card)
        order.action_confirm()
        self.assertEqual(card.points, 0)
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 65)
        invoice._reverse_moves([{}]).action_post()
        self.assertEqual(card.points, 50)
        self.assert_whole()

    def test_row_13_a_cost_of_nothing_is_recomputed(self):
        card = self.native_card(150)
        self.sync(self.order([self.ticket(), self.claim_line(card, 100, cost=0)]))
        self.assertEqual(card.points, 50)

    def test_row_13_a_cashier_has_no_way_to_a_balance(self):
        code, card = self.native_card(100).code, self.native_gift.coupon_ids.with_user(self.cashier)
        self.assertNotIn(code, str(card.read(["code"])) + str(card.search_read([], ["code"])))
        for attempt in (
            lambda: card.write({"points": 9999}),
            lambda: card.write({"code": "044"}),
            lambda: card.create({"program_id": self.native_gift.id, "points": 5}),
            lambda: card.search([("code", "=like", "044%")]),
            lambda: card.env["loyalty.card.update.balance"].create(
                {"card_id": card.id, "new_balance": 9, "description": "?"}
            ),
            lambda: card.env["loyalty.history"].create(
                {"card_id": card.id, "description": "?", "issued": 5}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.assertEqual(card.points, 100)
