"""Defaults of a user, stored or in the context, against what only the server writes."""

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcTillCase
from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestRpcAttacksDefaults(RpcTillCase, TierCase):
    """Every user may set defaults for himself; they reach nothing that the server writes."""

    def set_default(self, model, field, value):
        """A default of the cashier's own, as any user may set one."""
        self.rpc("ir.default", "set", model, field, value, True)

    def test_no_order_is_born_settled(self):
        for way in ("stored", "sent"):
            context = {"default_loyalty_settled": True} if way == "sent" else {}
            if way == "stored":
                self.set_default("pos.order", "loyalty_settled", True)
            values = self.order([self.ticket()], [(self.tender, 100, "nokey")])
            order_id = self.rpc("pos.order", "create", values, context=context)
            order = self.env["pos.order"].browse(order_id)
            with self.subTest(way):
                self.assertFalse(order.loyalty_settled)
                self.assert_refused("pos.order", "write", order.ids, {"state": "paid"})
            order_values = self.order([self.ticket()], [(self.tender, 100, "nokey")])
            self.assert_refused("pos.order", "sync_from_ui", [order_values], context=context)

    def test_a_new_wallet_is_its_customers(self):
        mine = self.env["loyalty.member.card"].create({"kind_id": self.card.kind_id.id})
        mine._activate()
        self.set_default("loyalty.card", "member_card_id", mine.id)
        self.set_default("loyalty.card", "code", "known-to-me")
        self.set_default("loyalty.card", "expiration_date", "2001-01-01")
        customer = self.env["res.partner"].create({"name": "Customer"})
        line = {**self.line(self.topup, 1, 100, False), "loyalty_balance_id": False}
        order = self.order([line], [(self.cash, 100, False)], partner_id=customer.id)
        self.rpc("pos.order", "sync_from_ui", [order])
        wallet = self.env["loyalty.card"].search([("partner_id", "=", customer.id)])
        self.assertEqual(wallet.points, 100)
        self.assertFalse(wallet.member_card_id)
        self.assertFalse(wallet.expiration_date)
        self.assertNotEqual(wallet.code, "known-to-me")

    def test_a_new_member_starts_at_the_bottom(self):
        for field in ("tier_id", "tier_floor_id"):
            self.set_default("loyalty.member", field, self.diamond.id)
        self.set_default("loyalty.member", "tier_until", "2099-01-01")
        answer = self.rpc(
            "loyalty.till",
            "enrol",
            self.session.id,
            {"name": "Newcomer", "phone": "+84 90 777 0077"},
        )
        self.assertTrue(answer["ok"], answer)
        member = self.env["loyalty.member"].search([("partner_id.name", "=", "Newcomer")])
        self.assertEqual(member.tier_id, self.silver)
        self.assertFalse(member.tier_floor_id or member.tier_until)

    def test_guesses_count(self):
        self.set_default("loyalty.code.attempt", "lifted", True)
        codes = [f"wrong {number}" for number in range(10)]
        answers = [self.rpc("loyalty.till", "lookup", self.session.id, {"code": c}) for c in codes]
        self.assertEqual({answer["code"] for answer in answers}, {"unknown"})
        locked = self.rpc("loyalty.till", "lookup", self.session.id, {"code": self.card.code})
        self.assertEqual(locked["code"], "locked")

    def test_shares_of_points_are_worked_out(self):
        context = {"default_loyalty_shares": {str(self.wallet.id): ["5000", "10"]}}
        order = self.order([self.ticket()], state="draft", payment_ids=[])
        draft = self.rpc("pos.order", "create", order)
        line = self.rpc(
            "pos.order.line", "create", {**self.ticket(0), "order_id": draft}, context=context
        )
        self.assertFalse(self.env["pos.order.line"].browse(line).loyalty_shares)

    def test_an_unpaid_sales_order_is_of_no_invoice(self):
        self.login(self.seller)
        order = self.rpc("sale.order", "create", {"partner_id": self.partner.id})
        paid = self.env["account.move.line"].search([("move_id.state", "=", "posted")], limit=1)
        values = {"order_id": order, "product_id": self.snack.id}
        context = {"default_invoice_lines": [Command.link(paid.id)]}
        line = self.rpc("sale.order.line", "create", values, context=context)
        self.assertTrue(paid)
        self.assertFalse(self.env["sale.order.line"].browse(line).invoice_lines)

    def test_nothing_of_ours_takes_a_default_from_outside(self):
        """Each field that a user's default must not reach, on each model; a new one is in it."""
        asked = 0
        for name, model in self.env.registry.items():
            env_model = self.env[name]
            closed = env_model._loyalty_closed_fields(True)
            writable = [f for f in closed if model._fields[f].type in ("char", "text")]
            if not writable:
                continue
            asked += 1
            context = {f"default_{field}": "from outside" for field in writable}
            defaults = env_model.sudo().with_context(**context).default_get(writable)
            self.assertNotIn("from outside", defaults.values(), name)
        self.assertGreater(asked, 30)
