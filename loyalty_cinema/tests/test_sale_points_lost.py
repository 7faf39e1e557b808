"""What cancellations and credit notes of sales orders take back."""

from odoo import Command
from odoo.tests import tagged

from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestSalePointsLost(SalePointsCase):
    """What cancellations and credit notes take back."""

    def test_cancelling_takes_back_what_was_earned(self):
        order = self.earned((3, 100))
        order._action_cancel()
        self.assertEqual(self.points.points, 0)
        self.assertEqual(order.loyalty_points_taken_back, 30)
        self.assertFalse(self.points.lot_ids.filtered("remaining"))
        self.assert_whole()

    def test_sold_again_after_a_cancellation_earns_again(self):
        self.program.sale_earn_on = "confirmed"
        order = self.sold((1, 100))
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.points.points, 10)
        order._action_cancel()
        self.assertEqual(self.points.points, 0)

    def test_three_part_credits_end_at_exactly_zero(self):
        self.tax = self.env["account.tax"].create({"name": "7 %", "amount": 7})
        order = self.earned((3, 33.33), tax_ids=[Command.set(self.tax.ids)])
        self.assertEqual(self.points.points, 10)
        held = [self.credit(order, quantity=1) and self.points.points for _piece in range(3)]
        self.assertEqual(held, [7, 3, 0])
        self.assert_whole()

    def test_a_part_is_credited_by_its_amount(self):
        order = self.earned((3, 100))
        self.credit(order, quantity=1, price_unit=50)
        self.assertEqual(self.points.points, 25)

    def test_a_credit_note_in_draft_or_cancelled_gives_again_once(self):
        order = self.earned((3, 100))
        note = self.credit(order)
        self.assertEqual(self.points.points, 0)
        for _twice in range(2):
            note.button_draft()
            self.assertEqual(self.points.points, 30)
            note.action_post()
            self.assertEqual(self.points.points, 0)
        note.button_draft()
        note.button_cancel()
        self.assertEqual(self.points.points, 30)
        self.assertEqual(order.loyalty_points_earned, 30)
        self.assertEqual(order.loyalty_points_taken_back, 0)
        self.assert_whole()

    def test_credited_and_invoiced_again_earns_again_when_paid(self):
        order = self.earned((1, 100))
        self.credit(order)
        self.assertEqual(self.points.points, 0)
        again = self.invoice(order)
        self.assertEqual(self.points.points, 0)
        self.pay(again)
        self.assertEqual(self.points.points, 10)

    def test_a_typed_credit_takes_back_its_part(self):
        order = self.earned((1, 100), (1, 100))
        note = order.invoice_ids._reverse_moves([{}])
        note.invoice_line_ids = [
            Command.clear(),
            Command.create({"name": "Sorry", "price_unit": 50, "tax_ids": [Command.clear()]}),
        ]
        note.action_post()
        self.assertEqual(self.points.points, 15)

    def test_spent_points_are_clawed_back_below_zero(self):
        order = self.earned((1, 100))
        self.ledger.debit(self.points, 8, "redeem", self.key())
        self.credit(order)
        self.assertEqual((self.points.points, self.points.overdraft), (-8, 8))
        self.pay(self.invoice(self.sold((1, 100))))
        self.assertEqual((self.points.points, self.points.overdraft), (2, 0))
        self.assert_whole()

    def test_pending_points_are_taken_back_before_they_count(self):
        self.program.write({"pending_mode": "next_day"})
        order = self.earned((1, 100))
        self.credit(order)
        self.assertEqual((self.points.points, self.points.pending), (0, 0))

    def test_a_line_that_shrinks_keeps_fewer_points(self):
        self.program.sale_earn_on = "confirmed"
        self.snack.lst_price = 100  # Odoo takes the price from the product when quantities change
        order = self.sold((10, 100))
        self.assertEqual(self.points.points, 100)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.points.points, 10)
        order.order_line.product_uom_qty = 10
        self.assertEqual(self.points.points, 100)
        order.order_line.product_uom_qty = 20
        self.assertEqual(self.points.points, 100, "earned once")

    def test_a_credited_down_payment_takes_back_its_part(self):
        order = self.sold((1, 100))
        down = self.down_payment(order, 30)
        self.pay(down)
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 10)
        down._reverse_moves([{}]).action_post()
        self.assertEqual(self.points.points, 7)

    def test_qualifying_points_follow(self):
        self.earn_rule(target="qualifying", kind="per_amount", rate=1, per_amount=10)
        order = self.earned((3, 100))
        self.assertEqual(self.points.qualifying_points, 30)
        self.credit(order, quantity=1)
        self.assertEqual(self.points.qualifying_points, 20)
        order._action_cancel()
        self.assertEqual(self.points.qualifying_points, 0)

    def test_rules_show_what_is_left(self):
        order = self.earned((3, 100))
        note = self.credit(order, quantity=1)
        rows = self.env["loyalty.earning"].search([("balance_id", "=", self.points.id)])
        self.assertEqual(sum(rows.mapped("points")), 20)
        note.button_draft()
        rows = self.env["loyalty.earning"].search([("balance_id", "=", self.points.id)])
        self.assertEqual(sum(rows.mapped("points")), 30)

    def test_after_a_merge_the_balance_that_is_left_pays(self):
        twin = self.enrol(self.person("Linh again")).partner_id
        order = self.earned((1, 100), partner_id=twin.id)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (twin | self.partner).ids, self.partner
        )
        self.assertEqual(self.points.points, 10)
        self.credit(order)
        self.assertEqual(self.points.points, 0)
        self.assert_whole()
