"""Promotions for one pricelist, on orders with another, over real JSON-RPC (L5)."""

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcRefused
from .test_rpc_attacks_points import PointsAttackCase


@tagged("post_install", "-at_install")
class TestRpcAttacksPricelist(PointsAttackCase):
    """Odoo's till hides what is for another pricelist; a till or a seller may ask all the same."""

    def setUp(self):
        super().setUp()
        self.ours, self.theirs = self.env["product.pricelist"].create(
            [
                {"name": name, "company_id": self.company.id, "currency_id": currency}
                for currency in self.company.currency_id.ids
                for name in ("Staff", "Public")
            ]
        )
        pricelists = self.ours | self.theirs
        self.config.write(
            {"use_pricelist": True, "available_pricelist_ids": [Command.set(pricelists.ids)]}
        )
        self.promotion = self.env["loyalty.program"].create(
            {
                "name": "Ten percent for the staff",
                "program_type": "promotion",
                "company_id": self.company.id,
                "pricelist_ids": self.ours.ids,
                "rule_ids": [Command.create({"reward_point_mode": "order"})],
                "reward_ids": [Command.create({"discount": 10, "required_points": 1})],
            }
        )

    def promoted(self, pricelist):
        """An order of the till with the promotion on it."""
        reward = self.promotion.reward_ids
        line = {**self.reward_line(reward, 10), "coupon_id": False}
        return self.send(self.ticket(100), line, pricelist_id=pricelist.id)

    def test_e12_a_till_gives_a_promotion_with_its_own_pricelist_only(self):
        self.assertFalse(self.promoted(self.theirs))
        self.assertEqual(len(self.incidents(kind="reward")), 1)
        self.assertEqual(self.promoted(self.ours).amount_total, 90)

    def test_e12_a_membership_earns_and_rewards_with_its_own_pricelist_only(self):
        reward = self.reward(reward_type="discount", discount=10, required_points=5)
        self.program.pricelist_ids = self.ours
        self.send(self.ticket(100), pricelist_id=self.theirs.id)
        self.assert_points(0)
        self.send(self.ticket(100), pricelist_id=self.ours.id)
        self.assert_points(10)
        line = self.reward_line(reward, 10)
        self.assertFalse(self.send(self.ticket(100), line, pricelist_id=self.theirs.id))
        self.assert_points(10)

    def test_e12_points_of_odoo_s_own_programs_keep_to_the_pricelist(self):
        self.promotion.write({"program_type": "loyalty", "applies_on": "both"})
        self.promotion.rule_ids.reward_point_amount = 7
        balance = self.native_card(0, self.promotion, self.partner)
        order = self.send(self.ticket(100), pricelist_id=self.theirs.id)
        change = {"points": 7, "program_id": self.promotion.id, "coupon_id": balance.id}
        self.rpc_or_refusal(
            "pos.order", "confirm_coupon_programs", order.ids, {str(balance.id): change}
        )
        self.assert_points(0, balance)

    def test_e12_a_sales_order_keeps_to_the_pricelist(self):
        self.program.pricelist_ids = self.ours
        reward = self.reward(reward_type="discount", discount=10, required_points=5)
        self.grant(100)
        self.login(self.seller)
        line = {"product_id": self.snack.id, "price_unit": 100, "tax_ids": [Command.clear()]}
        [order] = self.rpc(
            "sale.order",
            "create",
            [
                {
                    "partner_id": self.partner.id,
                    "pricelist_id": self.ours.id,
                    "order_line": [Command.create(line)],
                }
            ],
        )
        order = self.env["sale.order"].browse(order)
        order._update_programs_and_rewards()
        order._apply_program_reward(reward, self.points)
        self.assertTrue(order.order_line.reward_id)
        self.rpc("sale.order", "write", order.ids, {"pricelist_id": self.theirs.id})
        self.rpc("sale.order", "action_confirm", order.ids)
        self.assertFalse(order.order_line.reward_id, "Odoo takes it off")
        self.assert_points(100)
        claim = {
            "order_id": order.id,
            "name": "Ten percent",
            "product_id": reward.discount_line_product_id.id,
            "price_unit": -10,
            "tax_ids": [Command.clear()],
            "reward_id": reward.id,
            "coupon_id": self.points.id,
            "points_cost": 5,
        }
        with self.assertRaisesRegex(RpcRefused, "not given with the pricelist"):
            self.rpc("sale.order.line", "create", [claim])
        self.assert_points(100)
