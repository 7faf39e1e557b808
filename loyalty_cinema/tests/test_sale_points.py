"""Points of sales orders: earned when they are paid, lost when they are not sold after all."""

from odoo import Command, fields
from odoo.tests import tagged

from ..exceptions import InsufficientValue
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


@tagged("post_install", "-at_install")
class TestSalePointsClaims(SalePointsCase):
    """Points spent on rewards of a sales order, and given back with it."""

    def setUp(self):
        super().setUp()
        self.reward = self.gift_reward(50)
        self.grant(60)

    def claimed(self, *lines):
        """A confirmed order on which a poster was claimed for 50 points."""
        order = self.quotation(*(lines or ((1, 100),)))
        order._update_programs_and_rewards()
        self.assertFalse(order._apply_program_reward(self.reward, self.points))
        return order

    def test_claims_cost_what_the_server_says(self):
        order = self.claimed()
        order.order_line.filtered("reward_id").points_cost = 1
        order.action_confirm()
        self.assertEqual(self.points.points, 10)
        self.assertEqual(order.order_line.filtered("reward_id").points_cost, 50)

    def test_points_spent_elsewhere_are_missed_at_confirmation(self):
        order = self.claimed()
        self.ledger.debit(self.points, 20, "redeem", self.key())
        with self.assertRaisesRegex(InsufficientValue, "Remove a reward"):
            order.action_confirm()

    def test_points_on_hold_or_pending_do_not_pay(self):
        order = self.claimed()
        self.ledger.authorize(self.points, 20, self.key())
        with self.assertRaisesRegex(InsufficientValue, "20.* on hold"):
            order.action_confirm()
        self.assertNotIn(self.points, self.quotation((1, 9))._get_claimable_rewards(self.points))

    def test_a_cancelled_order_gives_them_back_into_their_lots(self):
        lot = self.points.lot_ids
        order = self.claimed()
        order.action_confirm()
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 20)
        order._action_cancel()
        self.assertEqual(self.points.points, 60)
        self.assertEqual(lot.remaining, 60)
        self.assert_whole()

    def test_a_credited_gift_gives_its_points_back_once(self):
        order = self.claimed()
        order.action_confirm()
        self.pay(self.invoice(order))
        note = order.invoice_ids._reverse_moves([{}])
        note.action_post()
        self.assertEqual(self.points.points, 60)
        note.button_draft()
        self.assertEqual(self.points.points, 20)
        note.action_post()
        order._action_cancel()
        self.assertEqual(self.points.points, 60)
        self.assert_whole()

    def test_odoo_s_own_points_go_with_the_goods(self):
        program = self.native_points()
        order = self.earned((4, 100))
        native = program.coupon_ids
        self.assertEqual(native.points, 400)
        note = self.credit(order, quantity=1)
        self.assertEqual(native.points, 300)
        note.button_draft()
        self.assertEqual(native.points, 400)
        note.action_post()
        order._action_cancel()
        self.assertEqual(native.points, 0)
        self.assert_whole()
