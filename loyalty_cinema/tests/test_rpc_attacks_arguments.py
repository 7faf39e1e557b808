"""What no till sends: every argument of each call, in all wrong shapes, over JSON-RPC (D11)."""

import inspect
from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from ..domain.arguments import RULES
from .rpc_common import RpcTillCase

#: What takes each of these names, and nothing of the other kinds.
ODD = {
    "list": ["x"],
    "dictionary": {"x": {"y": [1]}},
    "NUL": "a\0b",
    "very long": "k" * 9000,
    "half a letter": "\ud800",
    "huge": 10**30,
    "nested": [[[[[[[[1]]]]]]]],
}


@tagged("post_install", "-at_install")
class TestRpcAttacksArguments(RpcTillCase):
    """Refused in words, nothing done, whatever the shape."""

    def honest(self):
        """``{method: arguments}``: every public method of the till, as a till calls it."""
        code, uuid = {"code": self.card.code}, str(uuid4())
        return {
            "authorize": [uuid, str(uuid4()), self.tender.id, 10, code, False, 10],
            "void": [str(uuid4())],
            "approve_cash_refund": [uuid, self.cashier.id, "1234", "why"],
            "lift_lock": [self.cashier.id, "1234", "why"],
            "managers": [],
            "refund_plan": [0, 10],
            "refundable_loads": [[]],
            "lookup": [code],
            "prepare_load": [self.topup.id, 0, code],
            "card_action": ["block", code, {"reason": "why"}],
            "hold_claims": [uuid, [], False],
            "release_holds": [uuid, code, 1, self.cashier.id, "1234", "why"],
            "member": [code],
            "enrol": [{"name": "Mai", "phone": "+84901234567"}, False],
            "profile": [self.partner.id],
            "save_profile": [self.partner.id, {"comes": "alone"}],
            "benefit_done": [0, True],
        }

    def test_every_public_method_and_argument_has_its_rule(self):
        till = type(self.env["loyalty.till"])
        public = {
            name
            for name, method in inspect.getmembers(till, inspect.isfunction)
            if not name.startswith("_")
            and not hasattr(type(self.env["base"]), name)
            and not getattr(method, "_api_private", False)
        }
        self.assertEqual(public, set(self.honest()))
        for name in public:
            parameters = list(inspect.signature(getattr(till, name)).parameters)[1:]
            self.assertEqual(set(parameters) - set(RULES), set(), name)

    def test_d11_every_argument_in_every_wrong_shape(self):
        for method, arguments in self.honest().items():
            for place in range(-1, len(arguments)):
                for name, odd in ODD.items():
                    sent = [self.session.id, *arguments]
                    sent[place + 1] = odd
                    with self.subTest(f"{method}({place}): {name}"):
                        self.assert_unharmed("loyalty.till", method, *sent)
        for method in self.honest():
            with self.subTest(f"{method} without arguments"):
                self.assert_unharmed("loyalty.till", method)

    def assert_unharmed(self, model, method, *args):
        """Refused in words; or, where the shape may be meant, answered without a server error."""
        answer = self.rpc_or_refusal(model, method, *args)
        text = answer if isinstance(answer, str) else ""
        if text:
            self.assertRegex(text, r"^odoo\.(addons\.loyalty_cinema\.)?exceptions\.")

    def test_d11_text_inside_values(self):
        for value in ("a\0b", "\ud800", "k" * 9000, ["x"], {"x": 1}):
            for values in (
                {"name": value, "phone": "+84 90 123 4567"},
                {"name": "Mai", "phone": value},
                {"name": "Mai", "phone": "+84 90 123 4567", "referrer_code": value},
            ):
                with self.subTest(str(values)[:60]):
                    self.assert_unharmed("loyalty.till", "enrol", self.session.id, values, False)
            for name in ("email", "phone", "comes", "tastes", "consents", "birthdate_date"):
                with self.subTest(name, value=str(value)[:20]):
                    self.assert_unharmed(
                        "loyalty.till",
                        "save_profile",
                        self.session.id,
                        self.partner.id,
                        {name: value},
                    )

    def test_d11_orders_that_refund_themselves(self):
        first, second = (
            self.sync(self.order([self.ticket()], [(self.cash, 100, None)], state="draft"))
            for _order in range(2)
        )
        line, other = first.lines, second.lines
        for name, target in (("itself", line), ("each other", other)):
            with self.subTest(name):
                self.rpc_or_refusal(
                    "pos.order.line", "write", target.ids, {"refunded_orderline_id": line.id}
                )
                self.assert_refused(
                    "pos.order.line", "write", line.ids, {"refunded_orderline_id": target.id}
                )
        self.assert_refused(
            "pos.order",
            "write",
            first.ids,
            {"lines": [Command.update(line.id, {"refunded_orderline_id": line.id})]},
        )
        for order in (first, second):
            plan = self.rpc("loyalty.till", "refund_plan", self.session.id, order.id, 10)
            self.assertTrue(plan["ok"], plan)
