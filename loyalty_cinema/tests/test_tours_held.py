from odoo import Command
from odoo.tests import tagged

from .tour_common import LoyaltyTourCase


@tagged("post_install", "-at_install")
class TestToursHeld(LoyaltyTourCase):
    """What another till holds, and what a lost request leaves behind."""

    def test_held_elsewhere(self):
        """T8: it says by whom, and a manager frees it with a PIN."""
        self.env["loyalty.ledger"].authorize(
            self.cards["named"].balance_ids, 150000, "crashed", order_uuid="of a till that crashed"
        )
        self.play("LoyaltyHeldElsewhereTour")
        self.assertEqual(self._available("named"), 100000)
        self.assertFalse(self.open_holds())

    def test_lost_coupon(self):
        """T25: the coupon for the next order comes, once, though its request was lost."""
        self.env["loyalty.program"].search([("pos_ok", "=", True)]).active = False
        program = self.env["loyalty.program"].create(
            {
                "name": "Come again",
                "program_type": "next_order_coupons",
                "applies_on": "future",
                "trigger": "auto",
                "company_id": self.company.id,
                "rule_ids": [
                    Command.create({"minimum_qty": 1, "reward_point_mode": "order"}),
                ],
                "reward_ids": [Command.create({"reward_type": "discount", "discount": 10})],
            }
        )
        self.play("LoyaltyLostCouponTour")
        self.assertEqual(len(program.coupon_ids), 1)
        self.assertEqual(program.coupon_ids.points, 1)
        self.assertTrue(self.env["pos.order"].search([], limit=1).loyalty_confirmed)
