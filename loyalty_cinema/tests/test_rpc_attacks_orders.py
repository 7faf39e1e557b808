"""What a till that lies about orders, payments and confirmations tries, over real JSON-RPC (L2, L4, L5)."""

from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestRpcAttacksOrders(RpcCase):
    """Forged orders of a cashier, forged quotations of a salesperson."""

    def setUp(self):
        super().setUp()
        self.login(self.cashier)

    # -- tenders ---------------------------------------------------------------------------------

    def held(self, order, amount=100, balance=None, key=None):
        """The key of a hold for ``order``, placed by the till's own call."""
        credential = {"balance_id": (balance or self.wallet).id}
        key = key or str(uuid4())
        answer = self.rpc(
            "loyalty.till", "authorize", self.session.id, order["uuid"], key, self.tender.id, amount, credential, True
        )
        self.assertTrue(answer["ok"], answer)
        return key

    def paid_in(self, order, *payments):
        """``order`` with these payments: (method, amount, key)."""
        return {**order, "payment_ids": self.order([], payments)["payment_ids"]}

    def assert_order_refused(self, order, **context):
        self.assert_refused("pos.order", "sync_from_ui", [order], **({"context": context} if context else {}))

    def test_l5_tenders_without_their_hold(self):
        order, other = self.order([self.ticket()]), self.order([self.ticket()])
        foreign = self.held(other, 50)
        own = self.held(order, 50)
        for name, payments in {
            "no key": [(self.tender, 100, False)],
            "invented key": [(self.tender, 100, "invented")],
            "another order's": [(self.tender, 50, foreign), (self.cash, 50, False)],
            "more than held": [(self.tender, 100, own)],
            "one key twice": [(self.tender, 50, own), (self.tender, 50, own)],
            "one key, other amounts": [(self.tender, 40, own), (self.tender, 60, own)],
            "key with blanks": [(self.tender, 50, own), (self.tender, 50, f"{own} ")],
            "key as a pattern": [(self.tender, 100, "%")],
            "change in cash": [(self.tender, 150, own), (self.cash, -50, False)],
            "negative tender": [(self.tender, -50, False), (self.cash, 150, False)],
        }.items():
            with self.subTest(name):
                self.assert_order_refused(self.paid_in(order, *payments))
        with self.subTest("change by amount_return"):
            over = self.paid_in(order, (self.tender, 50, own), (self.cash, 100, False))
            self.assert_order_refused({**over, "lines": self.order([self.ticket(40)])["lines"], "amount_total": 40, "amount_return": -110})

    def test_l4_a_captured_hold_pays_nothing_more(self):
        order = self.order([self.ticket(50)])
        key = self.held(order, 50)
        [paid] = self.rpc("pos.order", "sync_from_ui", [self.paid_in(order, (self.tender, 50, key))])["pos.order"]
        again = self.order([self.ticket(50)])
        self.assert_order_refused(self.paid_in(again, (self.tender, 50, key)))
        payment = {"pos_order_id": paid["id"], "payment_method_id": self.tender.id, "amount": 10, "transaction_id": key}
        found = self.env["pos.payment"].search([("pos_order_id", "=", paid["id"])])
        self.assert_all_refused(
            {
                "add a payment": ("pos.payment", "create", [[payment]]),
                "add it to the order": ("pos.order", "write", [[paid["id"]], {"payment_ids": [Command.create(payment)]}]),
                "more": ("pos.payment", "write", [found.ids, {"amount": 500}]),
                "less": ("pos.payment", "write", [found.ids, {"amount": 1}]),
                "other method": ("pos.payment", "write", [found.ids, {"payment_method_id": self.cash.id}]),
                "delete": ("pos.payment", "unlink", [found.ids]),
                "move": ("pos.payment", "write", [found.ids, {"pos_order_id": self.env["pos.order"].search([], limit=1).id}]),
                "back to draft": ("pos.order", "write", [[paid["id"]], {"state": "draft"}]),
                "delete the order": ("pos.order", "unlink", [[paid["id"]]]),
            }
        )
        before = self.photograph()
        with self.subTest("pay it again"):
            self.rpc("pos.order", "action_pos_order_paid", [paid["id"]])
            self.assertEqual(self.photograph(), before)
        with self.subTest("its uuid for another order"):
            self._take_over("pos.order", [paid["id"]])
            again = {**self.order([self.ticket(50)]), "uuid": order["uuid"]}
            answer = self.rpc_or_refusal("pos.order", "sync_from_ui", [self.paid_in(again, (self.tender, 50, key))])
            self.assertEqual(self.photograph(), before, answer)

    def _take_over(self, model, ids):
        """Try to free the uuid of a record for another one; whether it works is not the point."""
        self.rpc_or_refusal(model, "write", ids, {"uuid": str(uuid4())})

    def test_l5_a_cancelled_hold_is_not_charged_later(self):
        order = self.order([self.ticket()])
        key = self.held(order)
        self.assertTrue(self.rpc("loyalty.till", "void", self.session.id, key)["ok"])
        self.assert_order_refused(self.paid_in(order, (self.tender, 100, key)))

    def test_l5_paid_by_declaration(self):
        """Orders created or written as paid, around the settlement."""
        paid = {**self.paid_in(self.order([self.ticket()]), (self.tender, 100, False)), "state": "paid"}
        self.assert_refused("pos.order", "sync_from_ui", [{**paid, "state": "done"}])
        draft = self.rpc("pos.order", "sync_from_ui", [{**paid, "state": "draft"}])["pos.order"][0]
        claim = {**self.order([self.ticket(), self.claim_line(self.gift, 100)]), "state": "draft", "uuid": str(uuid4())}
        claimed = self.rpc("pos.order", "sync_from_ui", [claim])["pos.order"][0]
        self.assert_all_refused(
            {
                f"{what} {state}": ("pos.order", "write", [[order["id"]], {"state": state}])
                for state in ("paid", "done")
                for what, order in {"tender": draft, "claim": claimed}.items()
            }
            | {"action": ("pos.order", "action_pos_order_paid", [[draft["id"]]])}
        )
        for state in ("paid", "done"):
            before = self.photograph()
            with self.subTest("create", state=state):
                values = {**claim, "uuid": str(uuid4()), "state": state, "lines": self.order([self.ticket(), self.claim_line(self.gift, 100)])["lines"]}
                self.rpc_or_refusal("pos.order", "create", [values])
                self.assertEqual(self.photograph()["paid orders"], before["paid orders"])

    # -- loads and refunds -----------------------------------------------------------------------

    def test_l5_loads_that_nobody_pays(self):
        dear = {**self.topup_line(5000), "price_unit": 1}
        attacks = {
            "price of 1": self.paid_in(self.order([dear]), (self.cash, 5000, False)),
            "total of 1": self.paid_in(self.order([self.topup_line(5000)], amount_total=1), (self.cash, 1, False)),
            "discounted": self.paid_in(self.order([{**self.topup_line(5000), "discount": 99}]), (self.cash, 5000, False)),
            "negative": self.paid_in(self.order([{**self.topup_line(50), "qty": -1, "price_subtotal_incl": -50, "price_subtotal": -50}]), (self.cash, -50, False)),
            "against goods": self.paid_in(self.order([self.topup_line(100), self.line(self.snack, -1, 100, False)])),
            "onto another program": self.paid_in(self.order([self.topup_line(50, self.gift)]), (self.cash, 50, False)),
        }
        for name, order in attacks.items():
            with self.subTest(name):
                self.assert_order_refused(order)
        order = self.order([self.topup_line(100)])
        with self.subTest("by stored value"):
            self.assert_order_refused(self.paid_in(order, (self.tender, 100, self.held(order))))

    def test_l5_refunds_that_give_more_than_they_take(self):
        sold = self.rpc("pos.order", "sync_from_ui", [self.order([self.topup_line(100)], [(self.cash, 100, False)])])
        load = self.env["pos.order.line"].browse(sold["pos.order.line"][0]["id"])
        back = self.refund_line(load)
        for name, line in {
            "takes back 1": {**back, "price_subtotal_incl": -1, "price_subtotal": -1},
            "as popcorn": {**back, "product_id": self.snack.id},
            "twice": {**back, "qty": -2, "price_subtotal_incl": -200, "price_subtotal": -200},
            "onto another card": {**back, "loyalty_balance_id": self.anonymous.id, "price_unit": 300, "price_subtotal_incl": -300},
        }.items():
            total = -100 if name in ("takes back 1", "as popcorn") else line["price_subtotal_incl"]
            with self.subTest(name):
                self.assert_order_refused(self.order([line], [(self.cash, total, False)], amount_total=total))
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
            free = self.order([{**self.refund_line(line), "refunded_orderline_id": False}], [(self.tender, -50, False)])
            self.assert_order_refused(free)

    # -- Odoo's own programs ---------------------------------------------------------------------

    def test_l5_rewards_at_a_price_of_their_own(self):
        stranger, reward = self.native_card_of(self.native_gift, 30), self.native_gift.reward_ids
        ours = {**self.claim_line(self.gift, 50), "coupon_id": self.anonymous.id}
        for name, line in {
            "more than it holds, cost 0": self.claim_line(stranger, 100, cost=0),
            "negative cost": self.claim_line(self.gift, 50, cost=-5000),
            "no card": {**self.claim_line(self.gift, 50), "coupon_id": False},
            "our stored value as a discount": ours,
            "our wallet with its own reward": {**ours, "coupon_id": self.wallet.id, "reward_id": self.wallet.program_id.reward_ids[:1].id or reward.id},
        }.items():
            with self.subTest(name):
                order = self.order([self.ticket(100), line])
                self.assert_order_refused(self.paid_in(order, (self.cash, order["amount_total"], False)))

    def test_l5_confirmations_mint_nothing(self):
        sold = self.rpc("pos.order", "sync_from_ui", [self.order([self.ticket(10)], [(self.cash, 10, False)])])
        order, gift, wallet = sold["pos.order"][0]["id"], self.native_gift.id, self.native_wallet.id
        ours = self.wallet.program_id.id
        loose = self.native_card_of(self.native_gift, 40)
        attacks = {
            "a gift card of 99,999": {"-1": {"points": 99999, "program_id": gift, "coupon_id": -1, "code": "0441"}},
            "5000 on a wallet": {str(self.points.id): {"points": 5000, "program_id": wallet, "coupon_id": self.points.id}},
            "5000 on our wallet": {str(self.wallet.id): {"points": 5000, "program_id": ours, "coupon_id": self.wallet.id}},
            "by another program": {str(self.wallet.id): {"points": 5000, "program_id": wallet, "coupon_id": self.wallet.id}},
            "nobody's card for myself": {"-1": {"points": 0, "program_id": gift, "coupon_id": loose.id}},
            "our anonymous card for myself": {"-1": {"points": 0, "program_id": gift, "coupon_id": self.anonymous.id}},
            "by its number": {"-1": {"points": 0, "program_id": gift, "coupon_id": False, "code": self.anonymous.code}},
            "not a number": {str(self.points.id): {"points": float("1e300"), "program_id": wallet, "coupon_id": self.points.id}},
            "taking from a stranger": {str(loose.id): {"points": -40, "program_id": gift, "coupon_id": loose.id}},
        }
        for name, data in attacks.items():
            with self.subTest(name):
                before = self.photograph()
                self.rpc("pos.order", "write", [order], {"loyalty_confirmed": False})
                self.assert_discreet("pos.order", "confirm_coupon_programs", [order], data)
                now = self.photograph()
                for part in ("balances", "entries", "lots"):
                    self.assertEqual([r for r in now[part] if any(r[1:4])], [r for r in before[part] if any(r[1:4])], part)

    def test_l4_a_second_confirmation_grants_nothing(self):
        product = self.native_wallet.rule_ids.product_ids
        sold = self.rpc("pos.order", "sync_from_ui", [self.order([self.line(product, 1, 50, False)], [(self.cash, 50, False)])])
        order, line = sold["pos.order"][0]["id"], sold["pos.order.line"][0]["id"]
        data = {str(self.points.id): {"points": 50, "program_id": self.native_wallet.id, "coupon_id": self.points.id, "partner_id": self.partner.id}}
        forged = {k: {**v, "points": 5000} for k, v in data.items()}
        for name, step in {
            "lines made dearer": lambda: self.rpc_or_refusal("pos.order.line", "write", [line], {"price_subtotal_incl": 5000, "qty": 100}),
            "confirmed again": lambda: None,
            "flag taken back": lambda: self.rpc_or_refusal("pos.order", "write", [order], {"loyalty_confirmed": False}),
        }.items():
            with self.subTest(name):
                step()
                self.assert_discreet("pos.order", "confirm_coupon_programs", [order], forged)
                self.assertLessEqual(self.points.points, 150)

    # -- the till's own calls --------------------------------------------------------------------

    def test_l5_the_tills_calls_for_others(self):
        session, order = self.session.id, str(uuid4())
        def pay(credential, amount=50, at=session, method=self.tender.id, key=None, uuid=order):
            return ("loyalty.till", "authorize", [at, uuid, key or str(uuid4()), method, amount, credential])

        mine = {"balance_id": self.wallet.id}
        old = self.env["pos.session"].search([("state", "=", "closed")], limit=1).id
        abroad = self.env["pos.session"].search([("company_id", "!=", self.company.id)], limit=1).id
        known = self.held({"uuid": "somebody else's"}, 10)
        attacks = {
            "an anonymous card by its id": pay({"balance_id": self.anonymous.id}),
            "cards of nobody": pay({"partner_id": False, "balance_id": self.anonymous.id}),
            "many at once": pay({"balance_id": [self.wallet.id, self.anonymous.id]}),
            "Odoo's own gift card": pay({"balance_id": self.gift.id}),
            "an unknown number": pay({"code": "1234567890123452"}),
            "number as a list": pay({"code": [self.card.code]}),
            "no credential": pay({}),
            "a closed session": pay(mine, at=old),
            "another company's session": pay(mine, at=abroad),
            "no session": pay(mine, at=False),
            "session as text": pay(mine, at=str(session)),
            "by cash": pay(mine, method=self.cash.id),
            "nothing": pay(mine, 0),
            "a negative amount": pay(mine, -50),
            "text": pay(mine, "fifty"),
            "more decimals": pay(mine, 0.001),
            "no number": pay(mine, "NaN"),
            "another order's key": pay(mine, key=known),
            "no order": pay(mine, uuid=False),
            "look an anonymous card up": ("loyalty.till", "lookup", [session, {"balance_id": self.anonymous.id}]),
            "approve oneself": ("loyalty.till", "approve_cash_refund", [session, order, self.cashier.id, "1234", "?"]),
            "approve as admin without PIN": ("loyalty.till", "approve_cash_refund", [session, order, 2, "", "?"]),
            "unblock": ("loyalty.till", "card_action", [session, "unblock", {"code": self.card.code}, {"reason": "?"}]),
            "replace": ("loyalty.till", "card_action", [session, "replace", {"code": self.card.code}, {"reason": "?", "new_code": "1"}]),
            "an action of one's own": ("loyalty.till", "card_action", [session, "unlink", {"code": self.card.code}, {}]),
            "private": ("loyalty.till", "_hold_value", [session, self.wallet.id, 5, False, "k", order]),
        }
        self.assert_all_refused(attacks)
        self.login(self.seller)
        self.assert_all_refused({f"as salesperson: {k}": v for k, v in list(attacks.items())[:4]})

    def test_guessing_is_stopped(self):
        answers = [
            self.rpc("loyalty.till", "lookup", self.session.id, {"code": f"{number:016d}"})["code"]
            for number in range(1, 13)
        ]
        self.assertEqual(answers[0], "unknown")
        self.assertEqual(answers[-1], "locked")
        self.assert_refused("loyalty.till", "lookup", self.session.id, {"code": self.card.code})
