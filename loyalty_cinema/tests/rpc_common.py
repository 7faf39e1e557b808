"""A client without a browser: real JSON-RPC as a user of the lowest rights, and its limits."""

import json
from uuid import uuid4

from odoo import Command
from odoo.tests import HttpCase

from .till_common import CashierCase


class RpcRefused(Exception):
    """The server answered with an error; ``name`` is its class."""

    def __init__(self, error):
        super().__init__(f"{error['data']['name']}: {error['data']['message']}")
        self.name = error["data"]["name"]


class RpcCase(CashierCase, HttpCase):
    """Calls over HTTP, and a photograph of all value before and after them."""

    http_session = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier.password = cls.cashier.login
        cls.seller = cls.cashier.copy(
            {
                "login": "seller-of-the-test",
                "password": "seller-of-the-test",
                "group_ids": [
                    Command.set(
                        cls.env.ref("base.group_user").ids
                        + cls.env.ref("sales_team.group_sale_salesman").ids
                    )
                ],
            }
        )
        cls.gift = cls.native_card_of(cls.native_gift, 100)
        cls.points = cls.native_card_of(cls.native_wallet, 100, cls.partner)
        kind = cls.env.ref("loyalty_cinema.kind_prepaid")
        cls.card = cls.env["loyalty.member.card"].create({"kind_id": kind.id})
        cls.card._activate()
        cls.anonymous = cls.card.balance_ids[:1]
        for balance in (cls.wallet, cls.anonymous):
            cls.ledger.credit(balance, 100, "load", f"rpc:{balance.id}")
        cls.secrets = [*(cls.wallet | cls.anonymous | cls.gift).mapped("code"), cls.card.code]

    @classmethod
    def native_card_of(cls, program, points, partner=None):
        """A card of one of Odoo's own programs."""
        values = {"program_id": program.id, "points": points, "partner_id": partner and partner.id}
        return cls.env["loyalty.card"].create(values)

    def login(self, user):
        """From here on, calls come from ``user``."""
        # Odoo's HttpCase and our TillCase both say `session`, and mean two things.
        till, self.session = self.session, self.http_session
        self.authenticate(user.login, user.login)
        self.http_session, self.session = self.session, till

    def rpc(self, model, method, *args, **kwargs):
        """One call as the web client makes it.

        :raises RpcRefused: when the server answers with an error
        """
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        url = f"/web/dataset/call_kw/{model}/{method}"
        body = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
        answer = self.url_open(url, json=json.loads(json.dumps(body)), timeout=60).json()
        self.env.invalidate_all()
        if "error" in answer:
            raise RpcRefused(answer["error"])
        return answer.get("result")

    def rpc_or_refusal(self, *args, **kwargs):
        """As :meth:`rpc`, for a step that may be refused or not: what counts is what follows."""
        try:
            return self.rpc(*args, **kwargs)
        except RpcRefused as refusal:
            return str(refusal)

    def photograph(self):
        """All that value consists of, and who it belongs to."""
        self.env.flush_all()
        shots = {}
        for name, query in {
            "balances": "SELECT id, points, held, overdraft, pending, qualifying_points, code, "
            "partner_id, member_card_id, program_id, active, expiration_date FROM loyalty_card "
            "ORDER BY id",
            "entries": "SELECT COUNT(*), SUM(amount), COUNT(move_id) FROM loyalty_ledger_entry",
            "lots": "SELECT COUNT(*), SUM(remaining) FROM loyalty_lot",
            "holds": "SELECT id, state, amount FROM loyalty_hold ORDER BY id",
            "history": "SELECT COUNT(*), SUM(issued), SUM(used) FROM loyalty_history "
            "WHERE issued != 0 OR used != 0",
            "cards": "SELECT id, state, code, pin_hash, holder_id, owner_id "
            "FROM loyalty_member_card ORDER BY id",
            "approvals": "SELECT COUNT(*) FROM loyalty_approval WHERE NOT used",
            "programs": "SELECT id, is_stored_value, active FROM loyalty_program ORDER BY id",
            "rewards": "SELECT id, discount, required_points FROM loyalty_reward ORDER BY id",
            "rules": "SELECT id, reward_point_amount FROM loyalty_rule ORDER BY id",
            "methods": "SELECT id, stored_value_type FROM pos_payment_method ORDER BY id",
            "paid orders": "SELECT COUNT(*) FROM pos_order WHERE state IN ('paid', 'done')",
        }.items():
            self.cr.execute(query)
            shots[name] = self.cr.fetchall()
        return shots

    def assert_refused(self, model, method, *args, **kwargs):
        """The call fails, in the words of a rule and not of a crash, and no value has moved."""
        before = self.photograph()
        try:
            answer = self.rpc(model, method, *args, **kwargs)
        except RpcRefused as refusal:
            self.assertRegex(refusal.name, r"^odoo\.(addons\.loyalty_cinema\.)?exceptions\.")
        else:
            refused = isinstance(answer, dict) and answer.get("ok") is False
            self.assertTrue(refused, f"{model}.{method} was not refused: {answer!r:.300}")
        self.assertEqual(self.photograph(), before)

    def assert_discreet(self, model, method, *args, **kwargs):
        """The call is refused, or its answer holds no number of a card, whole or in part."""
        try:
            answer = self.rpc(model, method, *args, **kwargs)
        except RpcRefused as refusal:
            self.assertRegex(refusal.name, r"^odoo\.(addons\.loyalty_cinema\.)?exceptions\.")
            return
        text = json.dumps(answer)
        for secret in self.secrets:
            self.assertNotIn(secret, text, f"{model}.{method} tells the number of a card")

    def assert_all_refused(self, attacks):
        """``attacks``: ``{name: (model, method, args, kwargs)}``, kwargs left out where empty."""
        for name, (model, method, args, *kwargs) in attacks.items():
            with self.subTest(name):
                self.assert_refused(model, method, *args, **(kwargs[0] if kwargs else {}))


class RpcTillCase(RpcCase):
    """A cashier whose till sends what it likes."""

    def setUp(self):
        super().setUp()
        self.login(self.cashier)

    def held(self, order, amount=100, balance=None, key=None):
        """The key of a hold for ``order``, placed by the till's own call."""
        credential = {"balance_id": (balance or self.wallet).id}
        key = key or str(uuid4())
        answer = self.rpc(
            "loyalty.till",
            "authorize",
            self.session.id,
            order["uuid"],
            key,
            self.tender.id,
            amount,
            credential,
            True,
        )
        self.assertTrue(answer["ok"], answer)
        return key

    def paid_in(self, order, *payments):
        """``order`` with these payments: (method, amount, key)."""
        return {**order, "payment_ids": self.order([], payments)["payment_ids"]}

    def assert_order_refused(self, order, **context):
        self.assert_refused(
            "pos.order", "sync_from_ui", [order], **({"context": context} if context else {})
        )

    def _take_over(self, model, ids):
        """Try to free the uuid of a record for another one; whether it works is not the point."""
        self.rpc_or_refusal(model, "write", ids, {"uuid": str(uuid4())})
