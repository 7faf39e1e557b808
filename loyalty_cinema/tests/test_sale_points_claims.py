"""Points spent on rewards of sales orders; points of Odoo's own programs."""

from odoo.tests import tagged

from ..exceptions import InsufficientValue
from .sale_common import SalePointsCase


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

    def test_a_discount_on_a_product_lowers_what_that_product_earns(self):
        self.earn_rule(rate=90, product_ids=self.poster.ids)
        self.reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "discount_applicability": "specific",
                "discount_product_ids": self.poster.ids,
                "discount": 50,
                "required_points": 60,
            }
        )
        order = self.claimed((1, 100), (1, 100, self.poster))
        order.action_confirm()
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 10 + 50)

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
        self.assertEqual(self.points.points, 10)
        order._action_cancel()
        self.assertEqual(self.points.points, 60)
        self.assertEqual(lot.remaining, 60)
        self.assert_whole()

    def test_what_an_invoice_charges_comes_back_with_its_credit_note(self):
        """Cancelled, the goods stay sold for the price that the points made (M7)."""
        lot, order = self.points.lot_ids, self.claimed((2, 100))
        order.action_confirm()
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 30)
        order._action_cancel()
        self.assertEqual(self.points.points, 10, "what the order earned is gone, the gift is kept")
        note = order.invoice_ids._reverse_moves([{}])
        gift = note.invoice_line_ids.filtered(lambda line: line.product_id == self.poster)
        (note.invoice_line_ids - gift).unlink()
        note.action_post()
        self.assertEqual(self.points.points, 60, "the gift was credited")
        note.button_draft()
        self.assertEqual(self.points.points, 10)
        note.button_cancel()
        order.invoice_ids.filtered(lambda m: m.state == "posted")._reverse_moves([{}]).action_post()
        self.assertEqual((self.points.points, lot.remaining), (60, 60))
        self.assert_whole()

    def test_cancelled_before_all_is_invoiced(self):
        """What no invoice charges comes back at once, also of Odoo's own cards."""
        card = self.native_card(50, partner=self.partner)
        order = self.quotation((1, 100))
        order._try_apply_code(card.code)
        order._apply_program_reward(self.native_gift.reward_ids, card)
        order.action_confirm()
        self.assertEqual(card.points, 0)
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        order._action_cancel()
        self.assertEqual(card.points, 0)
        invoice._reverse_moves([{}]).action_post()
        self.assertEqual(card.points, 50)
        self.assert_whole()

    def test_sold_again_it_pays_once(self):
        order = self.claimed()
        order.action_confirm()
        self.pay(self.invoice(order))
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.points.points, 10 + 10)
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
