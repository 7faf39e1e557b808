"""A loyalty manager who wants to grant more than one may grant alone, over real JSON-RPC."""

import base64

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcRefused
from .test_rpc_attacks_points_office import OfficeAttackCase


@tagged("post_install", "-at_install")
class TestRpcAttacksFourEyes(OfficeAttackCase):
    """A manager alone, above the limit of 100 points."""

    def setUp(self):
        super().setUp()
        self.program.grant_limit = 100
        self.login(self.boss())

    def adjust(self, points=900, **values):
        """The id of an adjustment, submitted by the manager."""
        values = {"member_id": self.member.id, "points": points, "reason": "Gift", **values}
        [adjustment] = self.rpc("loyalty.adjustment", "create", [values])
        self.rpc("loyalty.adjustment", "action_submit", [adjustment])
        return adjustment

    def test_l5_nobody_approves_for_himself(self):
        waiting, model = self.adjust(), "loyalty.adjustment"
        done = {"state": "done", "default_user_id": 2, "default_state": "done"}
        self.assert_nothing_moves(
            {
                "approve": (model, "action_approve", [[waiting]]),
                "submit again": (model, "action_submit", [[waiting]]),
                "post": (model, "_post", [[waiting]]),
                "state": (model, "write", [[waiting], {"state": "done"}]),
                "draft": (model, "write", [[waiting], {"state": "draft", "points": 5}]),
                "points": (model, "write", [[waiting], {"points": 100}]),
                "who": (model, "write", [[waiting], {"user_id": 2}]),
                "undo what is not done": (model, "action_undo", [[waiting]]),
                "unlink": (model, "unlink", [[waiting]]),
                "context": (model, "action_approve", [[waiting]], {"context": done}),
                "limit": ("loyalty.program", "write", [self.program.ids, {"grant_limit": 0}]),
                "undone by": (
                    model,
                    "write",
                    [[waiting], {"undone_by_ids": [Command.link(waiting)]}],
                ),
            }
        )

    def test_l5_a_default_does_not_make_it_done(self):
        values = {"member_id": self.member.id, "points": 900, "reason": "Gift"}
        context = {f"default_{name}": 2 for name in ("user_id", "approver_id", "entry_id")}
        context |= {"default_state": "to_approve", "default_decided_on": "2020-01-01 00:00:00"}
        answer = self.rpc_or_refusal("loyalty.adjustment", "create", [values], context=context)
        if isinstance(answer, list):
            self.rpc_or_refusal("loyalty.adjustment", "action_approve", answer)
            self.rpc_or_refusal("loyalty.adjustment", "action_submit", answer)
            self.rpc_or_refusal("loyalty.adjustment", "action_approve", answer)
        self.assert_points(0)

    def test_l5_many_small_ones_are_a_large_one(self):
        for points in (60, 60, -10, 60, 100, 40):
            self.adjust(points)
        self.adjust(100, qualifying_points=100)
        wizard = {"card_id": self.points.id, "new_balance": 5000, "description": "?"}
        self.update_balance(wizard)
        self.assertLessEqual(self.points.points, 100)

    def update_balance(self, values):
        answer = self.rpc_or_refusal("loyalty.card.update.balance", "create", [values])
        if isinstance(answer, list):
            self.rpc_or_refusal("loyalty.card.update.balance", "action_update_card_point", answer)

    def test_l5_undoing_is_no_way_around(self):
        first = self.adjust(100)
        for _twice in range(2):
            self.rpc_or_refusal("loyalty.adjustment", "action_undo", [first])
        self.adjust(100)
        self.rpc_or_refusal("loyalty.adjustment", "action_undo", [first])
        self.assertLessEqual(self.points.points, 100)
        undo = self.env["loyalty.adjustment"].search([("undoes_id", "=", first)])
        self.rpc_or_refusal("loyalty.adjustment", "action_undo", undo.ids[:1])
        self.adjust(100)
        self.assertLessEqual(self.points.points, 200)
        self.assert_whole()

    def test_l5_an_import_is_no_way_around(self):
        self.partner.ref = "ME"
        table = "name,ref,points\nLinh,ME,5000\n"
        values = {
            "program_id": self.program.id,
            "file": base64.b64encode(table.encode()).decode(),
            "file_name": "members.csv",
            "total_points": 5000,
        }
        try:
            wizard = self.rpc("loyalty.member.import", "create", [values])
            self.rpc("loyalty.member.import", "action_import", wizard)
        except RpcRefused as refusal:
            self.assertIn("UserError", refusal.name)
        self.assert_points(0)

    def test_l5_generating_is_no_way_around(self):
        values = {
            "program_id": self.program.id,
            "mode": "selected",
            "customer_ids": [Command.set(self.partner.ids)],
            "points_granted": 5000,
            "description": "?",
        }
        answer = self.rpc_or_refusal("loyalty.generate.wizard", "create", [values])
        if isinstance(answer, list):
            self.rpc_or_refusal("loyalty.generate.wizard", "generate_coupons", answer)
        self.assert_points(0)

    def test_l3_a_manager_leaves_traces(self):
        self.env["loyalty.incident"]._report("other", "?", config=self.config)
        self.adjust(50)
        done = self.env["loyalty.adjustment"].search([("state", "=", "done")], limit=1)
        self.assert_nothing_moves(
            {
                "incident": ("loyalty.incident", "unlink", [self.incidents().ids]),
                "rewrite it": ("loyalty.incident", "write", [self.incidents().ids, {"asked": 0}]),
                "adjustment": ("loyalty.adjustment", "unlink", [done.ids]),
                "reason": ("loyalty.adjustment", "write", [done.ids, {"reason": "Nice"}]),
                "member": ("loyalty.member", "unlink", [self.member.ids]),
                "balance": ("loyalty.card", "unlink", [self.points.ids]),
                "points": ("loyalty.card", "write", [self.points.ids, {"points": 900}]),
                "program": ("loyalty.program", "unlink", [self.program.ids]),
                "rule": ("loyalty.earn.rule", "unlink", [[self.rule.id]], {}),
                "history": ("loyalty.history", "unlink", [self.points.history_ids.ids]),
            },
            but={"earn rules"},
        )
