"""A payment that runs while the points of a reward are spent elsewhere."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestSalePointsPaidClaims(SalePointsCase):
    """Paid is confirmed: without the reward where it cannot be paid any more, and that is said."""

    def setUp(self):
        super().setUp()
        self.reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "discount_mode": "per_order",
                "discount": 20,
                "required_points": 50,
            }
        )
        self.grant(60)
        self.order = self.quotation((1, 100))
        self.order._update_programs_and_rewards()
        self.assertFalse(self.order._apply_program_reward(self.reward, self.points))
        self.assertEqual(self.order.amount_total, 80)

    def test_paid_online_while_the_points_were_spent(self):
        self.ledger.debit(self.points, 40, "redeem", self.key())
        self.paid_online(self.order, 80)
        self.assertEqual((self.order.state, self.order.amount_total), ("sale", 100))
        self.assertFalse(self.order.order_line.coupon_id)
        self.assertEqual(self.points.points, 20)
        [incident] = self.incidents(kind="reward")
        self.assertEqual((incident.origin_id, incident.asked), (self.order.id, 50))
        self.assertEqual(incident.partner_id, self.partner)
        told = "".join(self.order.message_ids.mapped("preview"))
        self.assertIn("was confirmed without", told)
        self.assert_whole()

    def test_paid_online_with_the_points_still_there(self):
        self.paid_online(self.order, 80)
        self.assertEqual((self.order.state, self.order.amount_total), ("sale", 80))
        self.assertEqual(self.points.points, 10 + 8)
        self.assertFalse(self.incidents())

    def test_a_coupon_that_was_used_meanwhile(self):
        card = self.native_card(30)
        order = self.quotation((1, 100))
        order._try_apply_code(card.code)
        order._apply_program_reward(self.native_gift.reward_ids, card)
        self.assertEqual(order.amount_total, 70)
        self.ledger.debit(card, 20, "spend", self.key())
        self.paid_online(order, 70)
        self.assertEqual((order.state, order.amount_total, card.points), ("sale", 100, 10))
        self.assertTrue(self.incidents(kind="reward"))

    def test_a_card_that_may_not_pay_any_more(self):
        card = self.native_card(30)
        order = self.quotation((1, 100))
        order._try_apply_code(card.code)
        order._apply_program_reward(self.native_gift.reward_ids, card)
        with patch.object(
            type(order), "_check_claim_of_card", side_effect=UserError("It became a wallet.")
        ):
            self.paid_online(order, 70)
        self.assertEqual((order.state, order.amount_total, card.points), ("sale", 100, 30))
        self.assertIn("It became a wallet.", self.incidents(kind="reward").message)
