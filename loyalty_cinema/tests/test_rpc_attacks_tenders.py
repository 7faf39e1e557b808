"""A till that lies about how its orders were paid, over real JSON-RPC (L2, L4, L5)."""

from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcTillCase


@tagged("post_install", "-at_install")
class TestRpcAttacksTenders(RpcTillCase):
    """Payments by stored value that no hold, or the wrong one, stands behind."""

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
            self.assert_order_refused(
                {
                    **over,
                    "lines": self.order([self.ticket(40)])["lines"],
                    "amount_total": 40,
                    "amount_return": -110,
                }
            )

    def test_l4_a_captured_hold_pays_nothing_more(self):
        order = self.order([self.ticket(50)])
        key = self.held(order, 50)
        [paid] = self.rpc(
            "pos.order", "sync_from_ui", [self.paid_in(order, (self.tender, 50, key))]
        )["pos.order"]
        again = self.order([self.ticket(50)])
        self.assert_order_refused(self.paid_in(again, (self.tender, 50, key)))
        payment = {
            "pos_order_id": paid["id"],
            "payment_method_id": self.tender.id,
            "amount": 10,
            "transaction_id": key,
        }
        found = self.env["pos.payment"].search([("pos_order_id", "=", paid["id"])]).ids
        other = self.env["pos.order"].search([], limit=1).id
        added = {"payment_ids": [Command.create(payment)]}
        self.assert_all_refused(
            {
                "add a payment": ("pos.payment", "create", [[payment]]),
                "add it to the order": ("pos.order", "write", [[paid["id"]], added]),
                "more": ("pos.payment", "write", [found, {"amount": 500}]),
                "less": ("pos.payment", "write", [found, {"amount": 1}]),
                "in cash": ("pos.payment", "write", [found, {"payment_method_id": self.cash.id}]),
                "move": ("pos.payment", "write", [found, {"pos_order_id": other}]),
                "delete": ("pos.payment", "unlink", [found]),
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
            answer = self.rpc_or_refusal(
                "pos.order", "sync_from_ui", [self.paid_in(again, (self.tender, 50, key))]
            )
            self.assertEqual(self.photograph(), before, answer)

    def test_l5_a_cancelled_hold_is_not_charged_later(self):
        order = self.order([self.ticket()])
        key = self.held(order)
        self.assertTrue(self.rpc("loyalty.till", "void", self.session.id, key)["ok"])
        self.assert_order_refused(self.paid_in(order, (self.tender, 100, key)))

    def test_l5_paid_by_declaration(self):
        """Orders created or written as paid, around the settlement."""
        paid = {
            **self.paid_in(self.order([self.ticket()]), (self.tender, 100, False)),
            "state": "paid",
        }
        self.assert_refused("pos.order", "sync_from_ui", [{**paid, "state": "done"}])
        draft = self.rpc("pos.order", "sync_from_ui", [{**paid, "state": "draft"}])["pos.order"][0]
        claim = {
            **self.order([self.ticket(), self.claim_line(self.gift, 100)]),
            "state": "draft",
            "uuid": str(uuid4()),
        }
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
                values = {
                    **claim,
                    "uuid": str(uuid4()),
                    "state": state,
                    "lines": self.order([self.ticket(), self.claim_line(self.gift, 100)])["lines"],
                }
                self.rpc_or_refusal("pos.order", "create", [values])
                self.assertEqual(self.photograph()["paid orders"], before["paid orders"])
