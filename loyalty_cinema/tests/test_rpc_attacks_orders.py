"""A till that lies about loads, refunds, rewards and what they grant, over real JSON-RPC (L5)."""

from odoo.tests import tagged

from .rpc_common import RpcTillCase


@tagged("post_install", "-at_install")
class TestRpcAttacksOrders(RpcTillCase):
    """Value from nothing: loads nobody pays, refunds and rewards at a price of their own."""

    def test_l5_loads_that_nobody_pays(self):
        dear = {**self.topup_line(5000), "price_unit": 1}
        attacks = {
            "price of 1": self.paid_in(self.order([dear]), (self.cash, 5000, False)),
            "total of 1": self.paid_in(
                self.order([self.topup_line(5000)], amount_total=1), (self.cash, 1, False)
            ),
            "discounted": self.paid_in(
                self.order([{**self.topup_line(5000), "discount": 99}]), (self.cash, 5000, False)
            ),
            "negative": self.paid_in(
                self.order(
                    [
                        {
                            **self.topup_line(50),
                            "qty": -1,
                            "price_subtotal_incl": -50,
                            "price_subtotal": -50,
                        }
                    ]
                ),
                (self.cash, -50, False),
            ),
            "against goods": self.paid_in(
                self.order([self.topup_line(100), self.line(self.snack, -1, 100, False)])
            ),
            "onto another program": self.paid_in(
                self.order([self.topup_line(50, self.gift)]), (self.cash, 50, False)
            ),
        }
        for name, order in attacks.items():
            with self.subTest(name):
                self.assert_order_refused(order)
        order = self.order([self.topup_line(100)])
        with self.subTest("by stored value"):
            self.assert_order_refused(self.paid_in(order, (self.tender, 100, self.held(order))))

    def test_l5_refunds_that_give_more_than_they_take(self):
        sold = self.rpc(
            "pos.order",
            "sync_from_ui",
            [self.order([self.topup_line(100)], [(self.cash, 100, False)])],
        )
        load = self.env["pos.order.line"].browse(sold["pos.order.line"][0]["id"])
        back = self.refund_line(load)
        for name, line in {
            "takes back 1": {**back, "price_subtotal_incl": -1, "price_subtotal": -1},
            "twice": {**back, "qty": -2, "price_subtotal_incl": -200, "price_subtotal": -200},
            "onto another card": {
                **back,
                "loyalty_balance_id": self.anonymous.id,
                "price_unit": 300,
                "price_subtotal_incl": -300,
            },
        }.items():
            total = -100 if name == "takes back 1" else line["price_subtotal_incl"]
            with self.subTest(name):
                self.assert_order_refused(
                    self.order([line], [(self.cash, total, False)], amount_total=total)
                )
        with self.subTest("as popcorn"):
            popcorn = {**back, "product_id": self.snack.id}
            self.rpc_or_refusal(
                "pos.order", "sync_from_ui", [self.order([popcorn], [(self.cash, -100, False)])]
            )
            out = -sum(
                self.session.order_ids.payment_ids.filtered(lambda p: p.amount < 0).mapped("amount")
            )
            self.assertEqual(self.wallet.points, 200 - out, "money out, value back")
        ticket = self.order([self.ticket(50)])
        key = self.held(ticket, 50)
        paid = self.rpc("pos.order", "sync_from_ui", [self.paid_in(ticket, (self.tender, 50, key))])
        line = self.env["pos.order.line"].browse(paid["pos.order.line"][0]["id"])
        for name, payments in {
            "to cash": [(self.cash, -50, False)],
            "more value than was paid": [(self.tender, -90, False), (self.cash, 40, False)],
        }.items():
            with self.subTest(name):
                self.assert_order_refused(self.order([self.refund_line(line)], payments))
        with self.subTest("cash back without naming the sale"):
            free = self.order(
                [{**self.refund_line(line), "refunded_orderline_id": False}],
                [(self.tender, -50, False)],
            )
            self.assert_order_refused(free)

    def test_l5_rewards_at_a_price_of_their_own(self):
        stranger, reward = self.native_card_of(self.native_gift, 30), self.native_gift.reward_ids
        ours = {**self.claim_line(self.gift, 50), "coupon_id": self.anonymous.id}
        for name, line in {
            "more than it holds, cost 0": self.claim_line(stranger, 100, cost=0),
            "negative cost": self.claim_line(self.gift, 50, cost=-5000),
            "no card": {**self.claim_line(self.gift, 50), "coupon_id": False},
            "our stored value as a discount": ours,
            "our wallet with its own reward": {
                **ours,
                "coupon_id": self.wallet.id,
                "reward_id": self.wallet.program_id.reward_ids[:1].id or reward.id,
            },
        }.items():
            with self.subTest(name):
                order = self.order([self.ticket(100), line])
                self.assert_order_refused(
                    self.paid_in(order, (self.cash, order["amount_total"], False))
                )

    def grant(self, points, program, card=None, **more):
        """What the till sends to have ``points`` granted on ``card``, or on a new one."""
        key = card.id if card else -1
        return {str(key): {"points": points, "program_id": program.id, "coupon_id": key, **more}}

    def test_l5_confirmations_mint_nothing(self):
        sold = self.rpc(
            "pos.order", "sync_from_ui", [self.order([self.ticket(10)], [(self.cash, 10, False)])]
        )
        order, gift, wallet = sold["pos.order"][0]["id"], self.native_gift, self.native_wallet
        loose = self.native_card_of(gift, 40)
        attacks = {
            "a gift card of 99,999": self.grant(99999, gift, code="0441"),
            "5000 on a wallet": self.grant(5000, wallet, self.points),
            "5000 on our wallet": self.grant(5000, self.wallet.program_id, self.wallet),
            "by another program": self.grant(5000, wallet, self.wallet),
            "nobody's card for myself": self.grant(0, gift, coupon_id=loose.id),
            "our anonymous card for myself": self.grant(0, gift, coupon_id=self.anonymous.id),
            "by its number": self.grant(0, gift, coupon_id=False, code=self.anonymous.code),
            "absurd": self.grant(1e300, wallet, self.points),
            "taking from a stranger": self.grant(-40, gift, loose),
        }
        for name, data in attacks.items():
            with self.subTest(name):
                before = self.photograph()
                self.rpc("pos.order", "write", [order], {"loyalty_confirmed": False})
                self.assert_discreet("pos.order", "confirm_coupon_programs", [order], data)
                now = self.photograph()
                for part in ("balances", "entries", "lots"):
                    # an empty new card is no value
                    shots = [[row for row in shot[part] if any(row[1:4])] for shot in (now, before)]
                    self.assertEqual(*shots, part)

    def test_l4_a_second_confirmation_grants_nothing(self):
        product = self.native_wallet.rule_ids.product_ids
        sold = self.rpc(
            "pos.order",
            "sync_from_ui",
            [self.order([self.line(product, 1, 50, False)], [(self.cash, 50, False)])],
        )
        order, line = sold["pos.order"][0]["id"], sold["pos.order.line"][0]["id"]
        forged = self.grant(5000, self.native_wallet, self.points, partner_id=self.partner.id)
        for name, step in {
            "lines made dearer": lambda: self.rpc_or_refusal(
                "pos.order.line", "write", [line], {"price_subtotal_incl": 5000, "qty": 100}
            ),
            "confirmed again": lambda: None,
            "flag taken back": lambda: self.rpc_or_refusal(
                "pos.order", "write", [order], {"loyalty_confirmed": False}
            ),
        }.items():
            with self.subTest(name):
                step()
                self.assert_discreet("pos.order", "confirm_coupon_programs", [order], forged)
                self.assertLessEqual(self.points.points, 150)
