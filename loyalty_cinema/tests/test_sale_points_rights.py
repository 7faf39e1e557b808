"""Row 18: a salesperson and an accountant do their work on orders that move points.

Neither has any right on points, and neither gets points out of it.
"""

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcCase
from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestSalePointsRights(SalePointsCase):
    """With the lowest rights that the work needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.person_with("sales_team.group_sale_salesman", "seller")
        cls.accountant = cls.person_with("account.group_account_invoice", "accountant")

    @classmethod
    def person_with(cls, group, login):
        groups = cls.env.ref("base.group_user") | cls.env.ref(group)
        return cls.cashier.copy(
            {"login": f"{login}-of-the-test", "group_ids": [Command.set(groups.ids)]}
        )

    def test_row_18_a_salesperson_confirms_invoices_and_cancels(self):
        self.program.sale_earn_on = "confirmed"
        self.grant(60)
        reward = self.gift_reward(50)
        order = self.quotation((1, 100), user_id=self.seller.id).with_user(self.seller)
        order._update_programs_and_rewards()
        order._apply_program_reward(reward, self.points.with_user(self.seller))
        order.action_confirm()
        self.assertEqual(self.points.points, 20)
        self.assertEqual(order.loyalty_points_earned, 10)
        order._create_invoices()
        order.action_cancel()
        self.assertEqual(self.points.points, 60)

    def test_row_18_an_accountant_posts_pays_and_credits(self):
        order = self.sold((2, 100))
        invoice = order._create_invoices().with_user(self.accountant)
        invoice.action_post()
        wizard = self.env["account.payment.register"].with_user(self.accountant)
        wizard = wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({})._create_payments()
        self.assertEqual(self.points.points, 20)
        note = invoice._reverse_moves([{}])
        note.action_post()
        self.assertEqual(self.points.points, 0)
        note.button_draft()
        self.assertEqual(self.points.points, 20)

    def test_row_18_with_odoo_s_own_points(self):
        native = self.native_points()
        order = self.quotation((1, 100), user_id=self.seller.id).with_user(self.seller)
        order.action_confirm()
        self.assertEqual(native.coupon_ids.points, 100)
        order.action_cancel()
        self.assertEqual(native.coupon_ids.points, 0)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(native.coupon_ids.points, 100)


@tagged("post_install", "-at_install")
class TestRpcAttacksSalePoints(SalePointsCase, RpcCase):
    """What a salesperson sends over JSON-RPC to get points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.member.balance_id  # RpcCase calls a native wallet so
        cls.other = cls.enrol(cls.env["res.partner"].create({"name": "Minh"})).balance_id
        for balance in (cls.points, cls.other):
            cls.ledger.credit(
                balance, 100, "compensation", f"rpc-points:{balance.id}", reason="Test"
            )
        cls.reward = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "product",
                "reward_product_id": cls.poster.id,
                "required_points": 50,
            }
        )

    def setUp(self):
        super().setUp()
        self.login(self.seller)

    def order_of(self, *extra, price=100):
        """The id of a quotation that the salesperson made."""
        line = {"product_id": self.snack.id, "price_unit": price, "tax_ids": [Command.clear()]}
        lines = [Command.create(values) for values in (line, *extra)]
        return self.rpc(
            "sale.order", "create", [{"partner_id": self.partner.id, "order_line": lines}]
        )[0]

    def claim(self, balance, cost=50, quantity=1):
        """A reward line of the salesperson's own making."""
        return {
            "product_id": self.poster.id,
            "name": "Poster",
            "product_uom_qty": quantity,
            "discount": 100,
            "tax_ids": [Command.clear()],
            "reward_id": self.reward.id,
            "coupon_id": balance.id,
            "points_cost": cost,
            "reward_identifier_code": "r",
        }

    def assert_nothing_moves(self, *steps):
        """These calls, refused or not, leave all value as it is."""
        before = self.photograph()
        answers = [self.rpc_or_refusal(*step) for step in steps]
        self.assertEqual(self.photograph(), before, answers)

    def test_l5_points_are_not_written(self):
        forged = {"loyalty_points": 900, "loyalty_qualifying": 900, "loyalty_paid": 9000}
        forged["loyalty_shares"] = {str(self.points.id): ["900", "900"]}
        order = self.order_of({"product_id": self.poster.id, **forged})
        line = self.env["sale.order"].browse(order).order_line.ids
        self.assert_nothing_moves(
            ("sale.order.line", "write", line, forged),
            ("sale.order", "write", [order], {"loyalty_life": 7}),
            (
                "sale.order",
                "write",
                [order],
                {"coupon_point_ids": [Command.create({"coupon_id": self.points.id, "points": 9})]},
            ),
            ("sale.order", "action_confirm", [order]),
            ("sale.order", "_loyalty_earn_due", [order]),
            ("sale.order", "_loyalty_true_up", [order], "line"),
        )
        lines = self.env["sale.order.line"].browse(line)
        self.assertEqual(lines.mapped("loyalty_shares"), [False, False])

    def test_l5_an_accountant_writes_no_points_either(self):
        self.program.sale_earn_on = "confirmed"
        order = self.sold((1, 100))
        groups = self.env.ref("base.group_user") | self.env.ref("account.group_account_invoice")
        self.login(
            self.seller.copy(
                {
                    "login": "accountant-of-the-test",
                    "password": "accountant-of-the-test",
                    "group_ids": [Command.set(groups.ids)],
                }
            )
        )
        shares = {"loyalty_shares": {str(self.points.id): ["900", "900"]}, "loyalty_paid": 9000}
        self.assert_nothing_moves(
            ("sale.order.line", "write", order.order_line.ids, shares),
            ("sale.order", "write", order.ids, {"loyalty_life": 7}),
            ("sale.order", "write", order.ids, {"state": "draft"}),
            ("loyalty.card", "write", self.points.ids, {"points": 900}),
            ("account.move", "_loyalty_follow_notes", order.invoice_ids.ids),
        )
        self.assertEqual((order.state, order.order_line.loyalty_paid), ("sale", 100))

    def test_l5_a_forged_claim_costs_what_it_costs(self):
        for name, claim in (
            ("for nothing", self.claim(self.points, 0)),
            ("two for one", self.claim(self.points, 50, 2)),
        ):
            with self.subTest(name):
                order = self.order_of(claim)
                before = self.points.points
                self.rpc_or_refusal("sale.order", "action_confirm", [order])
                order = self.env["sale.order"].browse(order)
                posters = sum(order.order_line.filtered("reward_id").mapped("product_uom_qty"))
                paid = before - self.points.points
                self.assertEqual(paid, 50 * posters if order.state == "sale" else 0)

    def test_l5_another_customer_does_not_pay(self):
        order = self.order_of(self.claim(self.other))
        self.assert_nothing_moves(
            ("sale.order", "write", [order], {"applied_coupon_ids": [Command.link(self.other.id)]}),
            ("sale.order", "action_confirm", [order]),
        )

    def test_l5_a_confirmed_order_gets_no_cheap_rewards(self):
        order = self.order_of()
        self.rpc("sale.order", "action_confirm", [order])
        for claim in (
            self.claim(self.points, 0),
            self.claim(self.points, 50, 2),
            self.claim(self.other),
        ):
            self.assert_refused("sale.order.line", "create", [{**claim, "order_id": order}])

    def test_l5_no_shortcut_into_or_out_of_confirmed(self):
        self.program.sale_earn_on = "confirmed"
        order = self.order_of(self.claim(self.points))
        self.assert_refused("sale.order", "write", [order], {"state": "sale"})
        order = self.order_of()
        self.rpc("sale.order", "action_confirm", [order])
        self.assertEqual(self.points.points, 110)
        for state in ("draft", "sent", "cancel"):
            self.assert_refused("sale.order", "write", [order], {"state": state})
        self.rpc("sale.order", "action_cancel", [order])
        self.rpc("sale.order", "action_cancel", [order])
        self.assertEqual(self.points.points, 100)

    def test_l5_an_order_is_not_shrunk_to_keep_its_points(self):
        self.program.sale_earn_on = "confirmed"
        native = self.native_points()
        order = self.order_of(price=1000)
        self.rpc("sale.order", "action_confirm", [order])
        line = self.env["sale.order"].browse(order).order_line[:1].ids
        self.rpc("sale.order.line", "write", line, {"price_unit": 10})
        self.assertEqual(self.points.points, 101)
        self.rpc_or_refusal("sale.order", "action_open_reward_wizard", [order])
        self.rpc("sale.order", "action_cancel", [order])
        self.assertEqual((self.points.points, native.coupon_ids.points), (100, 0))
        self.assertEqual(self.ledger.verify(), [])

    def test_l4_rewards_of_two_orders_are_not_given_back_twice(self):
        discount = {
            "program_id": self.program.id,
            "discount_mode": "per_order",
            "discount": 10,
            "required_points": 50,
        }
        self.reward = self.env["loyalty.reward"].create(discount)
        self.poster = self.reward.discount_line_product_id
        claim = {**self.claim(self.points), "price_unit": -10, "discount": 0}
        orders = [self.order_of(claim) for _twice in range(2)]
        for order in orders:
            self.rpc("sale.order", "action_confirm", [order])
        self.assertEqual(self.points.points, 0)
        claims = self.env["sale.order"].browse(orders).order_line.filtered("reward_id")
        nothing = {"product_uom_qty": 0, "points_cost": 0}
        self.rpc("sale.order.line", "write", claims.ids, nothing)
        self.assertEqual(self.points.points, 100)
        for order in orders:
            self.rpc("sale.order", "action_cancel", [order])
        self.assertEqual(self.points.points, 100)
