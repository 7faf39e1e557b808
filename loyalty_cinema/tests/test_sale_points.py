"""When a sales order earns points, and on what."""

from odoo import Command, fields
from odoo.tests import tagged

from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestSalePointsEarn(SalePointsCase):
    """When an order earns, and on what."""

    def test_earns_once_when_all_of_it_is_paid(self):
        order = self.sold((3, 100))
        self.assertEqual(self.points.points, 0, "confirmed, not paid")
        invoice = self.invoice(order)
        self.assertEqual(self.points.points, 0, "invoiced, not paid")
        self.pay(invoice)
        self.assertEqual(self.points.points, 30)
        self.assertEqual(order.loyalty_points_earned, 30)
        invoice._invoice_paid_hook()
        self.assertEqual(self.points.points, 30)
        self.assert_whole()

    def test_earns_with_the_last_of_several_invoices(self):
        order = self.sold((2, 100))
        order.order_line.qty_delivered = 1
        order.order_line.product_id.invoice_policy = "delivery"
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 0)
        order.order_line.qty_delivered = 2
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 20)

    def test_a_down_payment_earns_with_the_rest(self):
        order = self.sold((1, 100))
        self.pay(self.down_payment(order, 30))
        self.assertEqual(self.points.points, 0)
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 10)

    def test_a_lower_invoice_earns_on_what_was_paid(self):
        order = self.sold((1, 100))
        invoice = order._create_invoices()
        invoice.invoice_line_ids.price_unit = 80
        invoice.action_post()
        self.pay(invoice)
        self.assertEqual(self.points.points, 8)

    def test_earns_at_confirmation_where_the_program_says_so(self):
        self.program.sale_earn_on = "confirmed"
        order = self.sold((1, 100))
        self.assertEqual(self.points.points, 10)
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 10)

    def test_orders_confirmed_at_once_earn_as_one_by_one(self):
        """The first lifts the customer to the tier by which the second earns."""
        self.program.sale_earn_on = "confirmed"
        self.earn_rule(target="qualifying", kind="per_amount", rate=1)
        gold = self.env["loyalty.tier"].create(
            {"name": "Gold", "threshold": 100, "program_id": self.program.id}
        )
        self.earn_rule(kind="multiplier", rate=2, tier_ids=gold.ids)
        orders = self.quotation((1, 100)) | self.quotation((1, 50))
        orders.action_confirm()
        self.assertEqual(self.points.points, 10 + 10)

    def test_paid_online_before_it_is_invoiced(self):
        order = self.quotation((1, 100))
        self.paid_online(order, 100)
        self.assertEqual((order.state, self.points.points), ("sale", 10))
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 10)

    def test_a_confirmed_order_that_is_paid_online_earns(self):
        order = self.sold((1, 100))
        self.paid_online(order, 40)
        self.assertEqual(self.points.points, 0)
        self.paid_online(order, 60)
        self.assertEqual(self.points.points, 10)

    def test_what_does_not_earn(self):
        self.poster.loyalty_no_earn = True
        gift_card = self.native_gift.rule_ids.product_ids
        order = self.quotation((1, 100), (1, 50, self.poster), (1, 50, gift_card))
        order.action_confirm()
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 10)

    def test_what_coupons_and_discounts_take_off_does_not_earn(self):
        order = self.quotation((1, 100), (1, -40))
        order.action_confirm()
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 6)

    def test_native_gift_cards_earn_as_stored_value_does(self):
        for earns, points in ((True, 10), (False, 5)):
            self.program.earn_on_stored_value = earns
            before, card = self.points.points, self.native_card(50)
            order = self.quotation((1, 100))
            order._try_apply_code(card.code)
            order._apply_program_reward(self.native_gift.reward_ids, card)
            order.action_confirm()
            self.pay(self.invoice(order))
            self.assertEqual(self.points.points - before, points)

    def test_channel_day_and_caps_are_the_rules(self):
        self.rule.write({"cap_member": 15, "at_till": False})
        orders = self.sold((1, 100)) | self.sold((1, 100))
        orders[0].date_order = fields.Datetime.subtract(orders[0].date_order, days=3)
        self.pay(self.invoice(orders))
        self.assertEqual(self.points.points, 15)
        self.assertEqual(self.points.entry_ids.mapped("kind"), ["earn", "earn"])

    def test_what_was_given_counts_once_for_a_cap(self):
        """An order that is asked again together with a new one leaves it its part of the cap."""
        self.program.sale_earn_on = "confirmed"
        self.rule.cap_member = 15
        first = self.sold((1, 100))
        second = self.quotation((1, 100))
        (first | second).sudo().write({"state": "sale"})
        (first | second)._loyalty_earn_due()
        self.assertEqual((first | second).mapped("loyalty_points_earned"), [10, 5])

    def test_pending_and_expiring_points_make_such_lots(self):
        self.program.write(
            {
                "pending_mode": "days",
                "pending_days": 3,
                "points_expiry": "months",
                "expiry_months": 12,
            }
        )
        order = self.sold((1, 100))
        self.pay(self.invoice(order))
        self.assertEqual((self.points.pending, self.points.available), (10, 0))
        self.assertTrue(self.points.lot_ids.expires_on)
        self.assertEqual(order.loyalty_points_pending, 10)

    def test_the_first_purchase_makes_a_member(self):
        customer = self.person("Newcomer")
        order = self.sold((1, 100), partner_id=customer.id)
        self.pay(self.invoice(order))
        self.assertFalse(self.program._member_balances(customer))
        self.program.auto_enrol = True
        self.pay(self.invoice(self.sold((1, 100), partner_id=customer.id)))
        self.assertEqual(self.program._member_balances(customer)[customer.id].points, 10)

    def test_a_first_purchase_rewards_the_recommendation(self):
        self.program.write({"referral_points_referrer": 20, "referral_points_newcomer": 5})
        newcomer = self.enrol(self.person("Newcomer"), self.member)
        order = self.earned((1, 100), partner_id=newcomer.partner_id.id)
        self.assertEqual((self.points.points, newcomer.points), (20, 15))
        self.assertEqual(order.loyalty_points_earned, 10)
        self.credit(order, quantity=0.5)
        self.assertEqual((self.points.points, newcomer.points), (20, 10))
        order._action_cancel()
        self.assertEqual((self.points.points, newcomer.points), (0, 0))
        self.assert_whole()

    def test_a_reversed_invoice_does_not_keep_an_order_from_earning(self):
        order = self.sold((1, 100))
        note = self.invoice(order)._reverse_moves([{}])
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 0, "one invoice is open")
        note.action_post()
        self.assertEqual(self.points.points, 10)

    def test_odoo_s_own_rules_give_nothing(self):
        rule = {"reward_point_amount": 1, "reward_point_mode": "money"}
        self.program.rule_ids = [Command.create(rule)]
        self.program.earn_rule_ids.unlink()
        self.pay(self.invoice(self.sold((1, 100))))
        self.assertFalse(self.points.entry_ids)
        self.assertFalse(self.points.history_ids)
