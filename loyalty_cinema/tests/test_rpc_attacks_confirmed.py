"""What a salesperson tries on confirmed orders to move or make points (L5, L7).

A claim stays what it was, the order stays its customer's, and a balance gets back what this very
order took from it.
"""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcCase
from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestRpcAttacksConfirmed(SalePointsCase, RpcCase):
    """A salesperson who sees own documents only, a victim with points, and a throwaway member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.member.balance_id  # RpcCase calls a native wallet so
        cls.own = cls.enrol(cls.person("Minh")).balance_id
        for balance in (cls.points, cls.own):
            cls.ledger.credit(balance, 1000, "compensation", f"i1:{balance.id}", reason="Test")
        cls.reward = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "product",
                "reward_product_id": cls.poster.id,
                "required_points": 50,
            }
        )
        cls.coupons = cls.env["loyalty.program"].create(
            {
                "name": "One use",
                "program_type": "coupons",
                "company_id": cls.company.id,
                "reward_ids": [Command.create({"discount": 10, "required_points": 1})],
            }
        )
        cls.coupon = cls.native_card_of(cls.coupons, 1)

    def setUp(self):
        super().setUp()
        self.login(self.seller)

    def claim(self, balance, cost=50, **values):
        return {
            "product_id": self.poster.id,
            "name": "Poster",
            "discount": 100,
            "tax_ids": [Command.clear()],
            "reward_id": self.reward.id,
            "coupon_id": balance.id,
            "points_cost": cost,
            "reward_identifier_code": "r",
            **values,
        }

    def order_of(self, *extra, partner=None, **values):
        """The id of a quotation that the salesperson made."""
        line = {"product_id": self.snack.id, "price_unit": 100, "tax_ids": [Command.clear()]}
        values = {
            "partner_id": (partner or self.partner).id,
            "order_line": [Command.create(line) for line in (line, *extra)],
            **values,
        }
        return self.rpc("sale.order", "create", [values])[0]

    def confirmed(self, *extra, **values):
        order = self.order_of(*extra, **values)
        self.rpc("sale.order", "action_confirm", [order])
        return order

    def claims_of(self, order):
        return self.env["sale.order"].browse(order).order_line.filtered("coupon_id").ids

    def test_a_confirmed_order_gets_no_claim_by_hand(self):
        order = self.confirmed()
        loose = {"order_id": order, "name": "x", "product_id": self.poster.id, "price_unit": 0}
        self.assert_all_refused(
            {
                "a claim without a reward": (
                    "sale.order.line",
                    "create",
                    [{**loose, "coupon_id": self.points.id, "points_cost": 900}],
                ),
                "a claim by hand": (
                    "sale.order.line",
                    "create",
                    [{**self.claim(self.points), "order_id": order}],
                ),
                "by the order's own lines": (
                    "sale.order",
                    "write",
                    [order, {"order_line": [Command.create(self.claim(self.points))]}],
                ),
                "by defaults": (
                    "sale.order.line",
                    "create",
                    [loose],
                    {
                        "context": {
                            "default_coupon_id": self.points.id,
                            "default_points_cost": 900,
                        }
                    },
                ),
                "as if it were no sale": (
                    "sale.order.line",
                    "create",
                    [{**self.claim(self.points), "order_id": order, "state": "draft"}],
                ),
            }
        )

    def test_the_chain_that_moved_a_victim_s_points(self):
        order = self.confirmed(self.claim(self.points))
        self.assertEqual(self.points.points, 950)
        [line] = self.claims_of(order)
        own = {"coupon_id": self.own.id}
        writes = {
            "another customer": ("sale.order", [order], {"partner_id": self.own.partner_id.id}),
            "another balance": ("sale.order.line", [line], own),
            "another balance at once": ("sale.order.line", [line], {**own, "points_cost": 0}),
            "nobody's balance": ("sale.order.line", [line], {"coupon_id": False}),
            "no reward": ("sale.order.line", [line], {"reward_id": False}),
            "no cost": ("sale.order.line", [line], {"points_cost": 0}),
            "more for the cost": ("sale.order.line", [line], {"product_uom_qty": 2}),
            "another price": ("sale.order.line", [line], {"discount": 0}),
            "another order": ("sale.order.line", [line], {"order_id": self.order_of()}),
            "by a command": (
                "sale.order",
                [order],
                {"order_line": [Command.update(line, {**own, "points_cost": 0})]},
            ),
            "behind another line": (
                "sale.order.line",
                self.env["sale.order"].browse(order).order_line[:1].ids,
                {"linked_line_ids": [Command.update(line, {**own, "points_cost": 0})]},
            ),
            "taken off by a command": (
                "sale.order",
                [order],
                {"order_line": [Command.delete(line)]},
            ),
        }
        self.assert_all_refused(
            {name: (model, "write", [ids, vals]) for name, (model, ids, vals) in writes.items()}
        )
        self.assertEqual((self.points.points, self.own.points), (950, 1000))

    def test_a_claim_does_not_enter_by_another_order(self):
        order = self.confirmed()
        [line] = self.claims_of(self.order_of(self.claim(self.points)))
        self.assert_refused("sale.order.line", "write", [line], {"order_id": order})
        values = {"partner_id": self.partner.id, "state": "sale"}
        values["order_line"] = [Command.create(self.claim(self.points))]
        self.assert_refused("sale.order", "create", [values])

    def test_a_state_on_a_line_gives_nothing_back(self):
        order = self.order_of(self.claim(self.points, is_downpayment=True))
        line = self.claims_of(order)
        before = self.photograph()
        self.rpc_or_refusal("sale.order.line", "write", line, {"state": "sale"})
        self.rpc_or_refusal("sale.order.line", "write", line, {"points_cost": 0})
        self.rpc_or_refusal("sale.order.line", "write", line, {"points_cost": 900})
        self.rpc_or_refusal("sale.order.line", "unlink", line)
        self.assertEqual(self.photograph(), before)

    def test_five_points_do_not_become_five_uses(self):
        self.coupon.partner_id = self.partner
        discount = {
            "product_id": self.coupons.reward_ids.discount_line_product_id.id,
            "name": "10 %",
            "price_unit": -10,
            "tax_ids": [Command.clear()],
            "reward_id": self.coupons.reward_ids.id,
            "coupon_id": self.coupon.id,
            "points_cost": 1,
            "reward_identifier_code": "c",
        }
        applied = [Command.link(self.coupon.id)]
        order = self.confirmed(discount, applied_coupon_ids=applied)
        [line] = self.claims_of(order)
        for cost in (5, 0):
            self.assert_refused("sale.order.line", "write", [line], {"points_cost": cost})
        claim = self.confirmed(self.claim(self.points))
        onto = {"coupon_id": self.coupon.id, "points_cost": 0}
        self.assert_refused("sale.order.line", "write", self.claims_of(claim), onto)
        for done in (order, claim):
            self.rpc("sale.order", "action_cancel", [done])
        self.assertEqual((self.coupon.points, self.points.points), (1, 1000))
        self.assertEqual(self.ledger.verify(), [])

    def test_a_claim_of_a_next_order_coupon_costs_it(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Next order",
                "program_type": "next_order_coupons",
                "applies_on": "future",
                "company_id": self.company.id,
                "reward_ids": [Command.create({"discount": 10, "required_points": 1})],
            }
        )
        coupon = self.native_card_of(program, 1, self.partner)
        order = self.order_of(
            {
                "product_id": program.reward_ids.discount_line_product_id.id,
                "name": "10 %",
                "price_unit": -10,
                "tax_ids": [Command.clear()],
                "reward_id": program.reward_ids.id,
                "coupon_id": coupon.id,
                "points_cost": 0,
                "reward_identifier_code": "n",
            },
            applied_coupon_ids=[Command.link(coupon.id)],
        )
        self.rpc_or_refusal("sale.order", "action_confirm", [order])
        order = self.env["sale.order"].browse(order)
        saved = order.state == "sale" and order.amount_total < 100
        self.assertEqual(coupon.points, 0 if saved else 1)

    def test_the_order_stays_its_customer_s(self):
        self.program.sale_earn_on = "confirmed"
        order = self.confirmed()
        self.assertEqual(self.points.points, 1010)
        self.assert_refused("sale.order", "write", [order], {"partner_id": self.own.partner_id.id})
        self.rpc("sale.order", "write", [order], {"client_order_ref": "A later note"})
        self.rpc("sale.order", "action_cancel", [order])
        self.assertEqual(self.points.points, 1000)

    def test_a_manager_does_not_type_what_an_order_gives(self):
        groups = self.env.ref("base.group_user") | self.env.ref("sales_team.group_sale_manager")
        name = "sale-manager-of-the-test"
        manager = {"login": name, "password": name, "group_ids": [Command.set(groups.ids)]}
        self.login(self.seller.copy(manager))
        order = self.order_of()
        for card in (self.coupon, self.gift, self.points):
            promise = {"coupon_id": card.id, "points": 500}
            with self.subTest(card.program_id.name):
                self.assert_refused(
                    "sale.order.coupon.points", "create", [{**promise, "order_id": order}]
                )
                commands = {"coupon_point_ids": [Command.create(promise)]}
                self.assert_refused("sale.order", "write", [order], commands)

        self.native_points()
        order = self.confirmed()
        promise = self.env["sale.order"].browse(order).coupon_point_ids.filtered("points").ids
        self.assertTrue(promise)
        self.assert_refused("sale.order.coupon.points", "unlink", promise)
        self.assert_refused("sale.order.coupon.points", "write", promise, {"points": 0})

    def test_native_points_follow_a_changed_order_once(self):
        native = self.native_points()
        order = self.confirmed()
        line = self.env["sale.order"].browse(order).order_line[:1].ids
        for price, points in ((0, 0), (100, 100), (0, 0), (100, 100), (150, 150)):
            self.rpc("sale.order.line", "write", line, {"price_unit": price})
            self.rpc("sale.order", "action_open_reward_wizard", [order])
            self.assertEqual(native.coupon_ids.points, points)
        self.assertEqual(self.ledger.verify(), [])

    def test_sums_are_not_sent(self):
        order = self.confirmed()
        for values in ({"amount_total": 0}, {"invoice_status": "invoiced"}):
            self.rpc("sale.order", "write", [order], values)
        record = self.env["sale.order"].browse(order)
        self.rpc("sale.order.line", "write", record.order_line.ids, {"price_total": 90000})
        record.invalidate_recordset()
        self.assertEqual((record.amount_total, record.order_line.price_total), (100, 100))
        self.assertEqual(self.points.points, 1000)

    def test_an_order_is_not_moved_into_an_old_campaign(self):
        today = self.program._today()
        old = {"date_from": today - timedelta(days=400), "date_to": today - timedelta(days=300)}
        self.earn_rule(rate=100, **old)
        order = self.confirmed()
        dates = {
            "date_order": f"{today - timedelta(days=350)} 10:00:00",
            "loyalty_sold_at": f"{today - timedelta(days=350)} 10:00:00",
        }
        self.rpc("sale.order", "write", [order], dates)
        self.pay(self.invoice(self.env["sale.order"].browse(order)))
        self.assertEqual(self.points.points, 1010)

    def test_odoo_s_own_reward_button_works_on_a_confirmed_order(self):
        order = self.confirmed()
        wizard = self.rpc("sale.loyalty.reward.wizard", "create", [{"order_id": order}])
        self.rpc(
            "sale.loyalty.reward.wizard", "write", wizard, {"selected_reward_id": self.reward.id}
        )
        self.rpc("sale.loyalty.reward.wizard", "action_apply", wizard)
        self.assertEqual(self.points.points, 950)
        self.rpc("sale.order", "action_open_reward_wizard", [order])
        self.rpc("sale.order", "action_cancel", [order])
        self.assertEqual(self.points.points, 1000)
        self.assertEqual(self.ledger.verify(), [])
