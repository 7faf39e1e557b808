"""What plain Odoo 19 gets wrong with stored value, replayed with gift cards and wallets as tenders.

The numbers are the rows of the table in ``docs/architecture.md``; with Odoo's own programs:
``test_odoo_gaps_native.py``.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exceptions import LoadRefused, TenderRefused
from .till_common import CashierCase


@tagged("post_install", "-at_install")
class TestOdooGapsTender(CashierCase):
    """The same cases with gift cards and wallets as tenders."""

    def setUp(self):
        super().setUp()
        self.sync(self.order([self.topup_line(100)], [(self.cash, 100, False)]))

    def paid_by_wallet(self, amount=100, price=100):
        """An order of which the wallet pays ``amount``, the rest in cash."""
        order = self.order([self.ticket(price)])
        key = self.authorize(order["uuid"], amount)["key"]
        payments = [(self.tender, amount, key)]
        payments += [(self.cash, price - amount, False)] if price > amount else []
        return self.order([self.ticket(price)], payments, uuid=order["uuid"])

    def test_rows_1_6_7_two_tills_cannot_promise_the_same_value(self):
        first = self.paid_by_wallet()
        refused = self.authorize("another order", 100)
        self.assertEqual((refused["ok"], refused["code"]), (False, "held"))
        self.sync(first)
        self.assertEqual((self.wallet.points, self.wallet.held), (0, 0))
        self.assert_whole()

    def test_rows_3_8_the_sale_and_its_debit_are_one_transaction(self):
        order = self.sync(self.paid_by_wallet())
        self.assertEqual((order.state, self.wallet.points), ("paid", 0))
        receipt = order.loyalty_receipt["tenders"][0]
        self.assertEqual((receipt["amount"], receipt["balance"]), (100, 0))

    def test_l4_a_re_sent_order_changes_nothing(self):
        data = self.paid_by_wallet(60, 60)
        first = self.sync(dict(data))
        again = self.sync(dict(data))
        self.assertEqual((first, self.wallet.points), (again, 40))

    def test_l5_a_forged_tender_does_not_pay(self):
        foreign = self.authorize("another order", 100)["key"]
        for key in (False, "invented", foreign):
            with self.subTest(key=key), self.assertRaises(TenderRefused), self.cr.savepoint():
                self.sync(self.order([self.ticket()], [(self.tender, 100, key)]))
        self.till.void(self.session.id, foreign)
        larger = self.paid_by_wallet(50, 50)
        larger["payment_ids"][0][2]["amount"] = larger["amount_paid"] = larger["amount_total"] = 100
        larger["lines"] = self.order([self.ticket(100)])["lines"]
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.sync(larger)
        self.assertEqual(self.wallet.points, 100)

    def test_l5_amounts_that_the_prices_do_not_make_are_refused(self):
        line = dict(self.topup_line(500), price_unit=1)
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.sync(self.order([line], [(self.cash, 500, False)]))
        cheap = self.order([self.topup_line(500)], [(self.cash, 5, False)], amount_total=5)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.sync(cheap)
        self.assertEqual(self.wallet.points, 100)

    def test_rows_10_11_refunds_go_back_the_way_they_came(self):
        order = self.sync(self.paid_by_wallet(80, 100))
        line = order.lines
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.sync(self.order([self.refund_line(line)], [(self.cash, -100, False)]))
        plan = self.till.refund_plan(self.session.id, order.id, 100)
        self.assertEqual((plan["tenders"][0]["amount"], plan["cash"]), (80, 20))
        payments = [(self.tender, -80, False), (self.cash, -20, False)]
        refund = self.sync(self.order([self.refund_line(line)], payments))
        [back] = refund.loyalty_receipt["refunds"]
        self.assertEqual((back["amount"], back["balance"]), (80, 100))
        self.assertEqual((back.get("points"), back["masked_code"][:4]), (None, "••••"))
        paid = refund.payment_ids.filtered(lambda payment: payment.payment_method_id == self.tender)
        self.assertEqual(paid.card_no, back["masked_code"][-4:])
        self.assertEqual(self.wallet.points, 100)
        self.assert_whole()

    def test_row_11_a_manager_may_let_value_out_in_cash_once(self):
        order = self.sync(self.paid_by_wallet())
        refund = self.order([self.refund_line(order.lines)], [(self.cash, -100, False)])
        manager = self.cashier.copy({"login": "manager-of-the-test"})
        manager.group_ids += self.env.ref("loyalty_cinema.group_manager")
        manager.loyalty_pin = "246810"
        for pin, ok in (("111111", False), ("246810", True)):
            answer = self.till.approve_cash_refund(
                self.session.id, refund["uuid"], manager.id, pin, "Moved abroad"
            )
            self.assertEqual(answer["ok"], ok)
        self.sync(refund)
        self.assertEqual(self.wallet.points, 0)

    def test_row_10_a_refunded_top_up_is_taken_back_only_unspent(self):
        topup = self.env["pos.order"].search([("lines.loyalty_balance_id", "=", self.wallet.id)])
        self.sync(self.paid_by_wallet(30, 30))
        with self.assertRaisesRegex(LoadRefused, "70"), self.cr.savepoint():
            self.sync(self.order([self.refund_line(topup.lines)], [(self.cash, -100, False)]))
        self.sync(self.order([self.refund_line(topup.lines, 70)], [(self.cash, -70, False)]))
        self.assertEqual(self.wallet.points, 0)
        self.assert_whole()

    def test_row_17_and_self_top_up_a_load_is_paid_in_money(self):
        lines = [self.topup_line(100)]
        order = self.order(lines)
        key = self.authorize(order["uuid"], 100)["key"]
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.sync(self.order(lines, [(self.tender, 100, key)], uuid=order["uuid"]))
        discount = self.line(self.snack, 1, -100, False)
        with self.assertRaises(LoadRefused), self.cr.savepoint():
            self.sync(self.order([self.topup_line(100), discount]))
        with self.assertRaises(TenderRefused), self.cr.savepoint():  # no change in cash
            self.sync(
                self.order(
                    [self.ticket(10)],
                    [(self.tender, 100, key), (self.cash, -90, False)],
                    uuid=order["uuid"],
                )
            )
        self.assertEqual(self.wallet.points, 100)

    def test_row_17_a_load_earns_no_points(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {"reward_point_mode": "money", "reward_point_amount": 1})],
            }
        )
        order = self.sync(
            self.order([self.topup_line(100), self.ticket(40)], [(self.cash, 140, False)])
        )
        data = {
            "-1": {
                "points": 140,
                "program_id": program.id,
                "coupon_id": -1,
                "partner_id": self.partner.id,
            }
        }
        with self.as_client():
            order.with_user(self.cashier).confirm_coupon_programs(data)
        self.assertEqual(program.coupon_ids.points, 40)
