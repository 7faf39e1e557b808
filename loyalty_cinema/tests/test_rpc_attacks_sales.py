"""What a salesperson tries with quotations, over real JSON-RPC (L2, L5, L7)."""

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestRpcAttacksSales(RpcCase):
    """Forged reward lines and points of a plain salesperson."""

    def setUp(self):
        super().setUp()
        self.login(self.seller)

    def quotation(self, *lines, **values):
        """The id of a quotation of one dear ticket and these lines."""
        lines = [
            {"product_id": self.snack.id, "price_unit": 500, "tax_ids": [Command.clear()]},
            *lines,
        ]
        values |= {
            "partner_id": self.partner.id,
            "order_line": [Command.create(line) for line in lines],
        }
        return self.rpc("sale.order", "create", [values])[0]

    def reward(self, card, worth, cost):
        """A line by which ``card`` takes ``worth`` off at ``cost``."""
        reward = card.program_id.reward_ids[:1] or self.native_gift.reward_ids
        return {
            "product_id": reward.discount_line_product_id.id,
            "name": "Gift card",
            "price_unit": -worth,
            "tax_ids": [Command.clear()],
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": card.id,
            "points_cost": cost,
            "reward_identifier_code": "r",
        }

    def assert_nothing_moves(self, *steps):
        """These calls, refused or not, leave all value as it is; quotations are not value."""
        before = self.photograph()
        answers = [self.rpc_or_refusal(*step) for step in steps]
        self.assertEqual(self.photograph(), before, answers)

    def claim(self, card, worth, cost):
        """The id of a quotation on which ``card`` claims ``worth`` at ``cost``.

        The card has come on it by its code, as far as the server is concerned.
        """
        order = self.quotation(self.reward(card, worth, cost))
        self.env["sale.order"].browse(order).applied_coupon_ids = card
        return order

    def assert_fair(self, order, card, before):
        """What the order is cheaper by was taken off the card, and only off Odoo's own cards."""
        order = self.env["sale.order"].browse(order)
        order.invalidate_recordset()
        saved = 500 - order.amount_untaxed if order.state == "sale" else 0
        self.assertEqual(before - card.points, saved)
        self.assertFalse(saved and card.is_stored_value)
        self.assertEqual(self.ledger.verify(), [])

    def test_l5_claims_at_a_forged_cost(self):
        for name, card, worth, cost in (
            ("cost 0", self.gift, 100, 0),
            ("cost too low", self.gift, 100, 5),
            ("more than it holds", self.native_card_of(self.native_gift, 1), 100, 100),
            ("our wallet as a discount", self.wallet, 100, 100),
            ("an anonymous card as a discount", self.anonymous, 100, 100),
        ):
            with self.subTest(name):
                order, before = self.claim(card, worth, cost), card.points
                self.rpc_or_refusal("sale.order", "action_confirm", [order])
                self.assert_fair(order, card, before)
        with self.subTest("negative cost"):
            line = {**self.reward(self.gift, 100, -5000), "order_id": self.quotation()}
            self.assert_refused("sale.order.line", "create", [line])

    def test_l5_a_confirmed_claim_is_not_made_cheaper(self):
        order = self.claim(self.gift, 60, 60)
        self.rpc("sale.order", "action_confirm", [order])
        line = (
            self.env["sale.order.line"]
            .search([("order_id", "=", order), ("coupon_id", "!=", False)])
            .ids
        )
        self.assertTrue(line)
        for name, method, args in (
            ("cost 0", "write", [line, {"points_cost": 0}]),
            ("worth more", "write", [line, {"price_unit": -500}]),
            ("more of them", "write", [line, {"product_uom_qty": 9}]),
            ("by a discount", "write", [line, {"discount": -900}]),
            ("another one", "create", [[{**self.reward(self.gift, 100, 0), "order_id": order}]]),
            (
                "beyond the card",
                "create",
                [[{**self.reward(self.gift, 200, 200), "order_id": order}]],
            ),
            ("no card", "write", [line, {"coupon_id": False}]),
            ("onto another card", "write", [line, {"coupon_id": self.anonymous.id}]),
        ):
            with self.subTest(name):
                self.rpc_or_refusal("sale.order.line", method, *args)
                self.assert_fair(order, self.gift, 100)
                self.assertEqual(self.anonymous.points, 100)

    def test_l5_points_are_not_ordered(self):
        for card in (self.wallet, self.points, self.gift):
            points = {"coupon_point_ids": [Command.create({"coupon_id": card.id, "points": 5000})]}
            with self.subTest(card.program_id.name):
                order = self.quotation()
                self.assert_nothing_moves(
                    ("sale.order", "write", [order], points),
                    (
                        "sale.order.coupon.points",
                        "create",
                        [{"order_id": order, "coupon_id": card.id, "points": 5000}],
                    ),
                    (
                        "sale.order",
                        "write",
                        [order],
                        {"applied_coupon_ids": [Command.link(card.id)]},
                    ),
                    ("sale.order", "action_confirm", [order]),
                )

    def test_l6_value_is_not_sold_on_a_quotation(self):
        order = self.quotation()
        line = {"order_id": order, "product_id": self.topup.id, "price_unit": 500}
        self.assert_refused("sale.order.line", "create", [line])
        self.assert_refused("sale.order", "_try_apply_code", [order], self.gift.code)

    def test_l4_cancelling_twice_gives_back_once(self):
        order = self.claim(self.gift, 60, 60)
        steps = (
            "action_confirm",
            "action_confirm",
            "action_cancel",
            "action_cancel",
            "action_draft",
        )
        answers = [self.rpc_or_refusal("sale.order", method, [order]) for method in steps]
        self.assertEqual(self.gift.points, 100, answers)
        self.assert_whole()

    def test_guessing_by_the_coupon_wizard_is_stopped(self):
        order = self.quotation()

        def guess(code):
            wizard = self.rpc(
                "sale.loyalty.coupon.wizard", "create", [{"order_id": order, "coupon_code": code}]
            )
            return self.rpc_or_refusal("sale.loyalty.coupon.wizard", "action_apply", wizard)

        for number in range(12):
            guess(f"044000{number:06d}")
        guess(self.gift.code)
        lines = self.env["sale.order.line"].search(
            [("order_id", "=", order), ("coupon_id", "!=", False)]
        )
        self.assertFalse(lines, "the thirteenth guess was still answered")
