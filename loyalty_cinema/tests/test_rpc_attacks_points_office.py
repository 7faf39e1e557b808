"""Records, wizards and grants of points, over real JSON-RPC, as who must not use them (L3, L5)."""

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcCase
from .sale_common import SalePointsCase
from .test_rpc_attacks_points import PointsAttackCase


class OfficeAttackCase(PointsAttackCase):
    """Users with the lowest rights of their kind."""

    def person_with(self, *groups, login):
        """A user of the company with these groups."""
        ids = [self.env.ref(group).id for group in groups]
        user = self.cashier.copy({"login": login, "group_ids": [Command.set(ids)]})
        user.password = login
        return user

    def boss(self, login="boss-of-the-attack"):
        """A loyalty manager who is nothing else."""
        return self.person_with("base.group_user", "loyalty_cinema.group_manager", login=login)

    def assert_nothing_moves(self, attacks, but=()):
        """These calls, refused or not, leave all value as it is."""
        for name, (model, method, args, *kwargs) in attacks.items():
            before = self.photograph()
            answer = self.rpc_or_refusal(model, method, *args, **(kwargs[0] if kwargs else {}))
            now = self.photograph()
            with self.subTest(name):
                for part in set(now) - {*but}:
                    self.assertEqual(now[part], before[part], f"{part}: {answer!r:.200}")
        self.assert_whole()


@tagged("post_install", "-at_install")
class TestRpcAttacksPointsRecords(OfficeAttackCase):
    """Records of points, by those who have no business with them."""

    def records(self, adjustment):
        """``{model: (records, values somebody would like them to have)}``."""
        entry = self.ledger.credit(self.points, 5, "compensation", "attack", reason="Test")
        self.env["loyalty.incident"]._report("other", "?", config=self.config)
        friend = self.friend.partner_id.id
        return {
            "loyalty.member": (self.member, {"partner_id": friend, "program_id": self.program.id}),
            "loyalty.adjustment": (
                adjustment,
                {"member_id": self.member.id, "points": 5000, "reason": "?"},
            ),
            "loyalty.earn.rule": (self.rule, {"program_id": self.program.id, "rate": 5000}),
            "loyalty.earning": (
                self.env["loyalty.earning"].search([], limit=1),
                {"entry_id": entry.id, "rule_id": self.rule.id, "points": 5000},
            ),
            "loyalty.incident": (self.incidents()[:1], {"message": "Nothing", "kind": "other"}),
            "loyalty.expiry.notice": (self.env["loyalty.expiry.notice"], {}),
            "loyalty.ledger.entry": (entry, {"amount": 5000, "qualifying_points": 5000}),
            "loyalty.lot": (self.points.lot_ids, {"pending": False, "remaining": 5000}),
            "loyalty.card": (self.points, {"qualifying_points": 9, "points": 900, "pending": 0}),
            "loyalty.history": (self.points.history_ids, {"card_id": self.points.id, "issued": 9}),
            "loyalty.program": (
                self.program,
                {"grant_limit": 0, "point_value": 900, "referral_points_referrer": 900},
            ),
            "loyalty.rule": (self.program.rule_ids, {"reward_point_amount": 5000}),
            "loyalty.member.import": (
                self.env["loyalty.member.import"],
                {"program_id": self.program.id, "total_points": 9},
            ),
            "loyalty.generate.wizard": (
                self.env["loyalty.generate.wizard"],
                {"program_id": self.program.id, "points_granted": 9},
            ),
            "loyalty.card.update.balance": (
                self.env["loyalty.card.update.balance"],
                {"card_id": self.points.id, "new_balance": 900, "description": "?"},
            ),
        }

    def attacks(self):
        """Everything one can do to the records of points."""
        adjustment = self.env["loyalty.adjustment"].create(
            {"member_id": self.member.id, "points": 900, "reason": "Draft"}
        )
        friend, attacks = self.friend.partner_id.id, {}
        for model, (found, values) in self.records(adjustment).items():
            ids = found.ids[:1] or [1]
            attacks |= {
                f"create {model}": (model, "create", [[values]]),
                f"write {model}": (model, "write", [ids, values]),
                f"unlink {model}": (model, "unlink", [ids]),
                f"copy {model}": (model, "copy", [ids]),
                f"save {model}": (model, "web_save", [ids, values], {"specification": {}}),
            }
        for method in ("action_submit", "action_approve", "action_refuse", "action_undo"):
            attacks[method] = ("loyalty.adjustment", method, adjustment.ids)
        return attacks | {
            "enrol contacts": ("res.partner", "action_enrol_members", [[friend]]),
            "reward": ("loyalty.member", "_reward_first_purchase", [{}]),
            "enrol": ("loyalty.member", "_enrol", [self.program.id, [friend], "till"]),
            "earn": ("pos.order", "_earn", [[1]]),
            "mature": ("loyalty.ledger", "_mature_due", []),
            "claw back": ("loyalty.ledger", "claw_back", [[]]),
            "transfer": ("loyalty.ledger", "transfer", [1, 2, None, "k", "?"]),
        }

    def test_l7_nobody_touches_them(self):
        attacks = self.attacks()
        accountant = self.person_with(
            "base.group_user", "account.group_account_invoice", login="accounts-of-the-attack"
        )
        portal = self.person_with("base.group_portal", login="portal-of-the-attack")
        for user in (self.cashier, self.seller, accountant, portal):
            self.login(user)
            with self.subTest(user=user.login):
                self.assert_all_refused(attacks)

    def test_members_of_others_are_not_read(self):
        portal = self.person_with("base.group_portal", login="portal-of-the-attack")
        accountant = self.person_with(
            "base.group_user", "account.group_account_invoice", login="accounts-of-the-attack"
        )
        models = ["member", "adjustment", "earn.rule", "earning", "incident", "ledger.entry", "lot"]
        for user, names in (
            (portal, [*models, "card", "program", "history"]),
            (accountant, models),
            (self.seller, models),
            (self.cashier, models),
        ):
            self.login(user)
            for name in names:
                with self.subTest(user=user.login, name=name):
                    self.assert_refused(f"loyalty.{name}", "search_read", [], ["id"])
        self.login(portal)
        for path in (f"/my/loyalty_card/{self.points.id}/history", "/my/loyalty_card/1/history"):
            page = self.url_open(path)
            self.assertNotIn(self.points.code, page.text)
        body = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": {}}
        answer = self.url_open(f"/my/loyalty_card/{self.points.id}/values", json=body).json()
        self.assertFalse(answer.get("result"), answer)


@tagged("post_install", "-at_install")
class TestRpcAttacksPaidSales(SalePointsCase, RpcCase):
    """A salesperson after an order was paid, before it is credited."""

    def test_l5_what_was_paid_is_found_by_its_credit_note(self):
        other = self.quotation((1, 5))
        self.login(self.seller)
        line, order = "sale.order.line", "sale.order"
        attacks = {
            "moved": (line, "write", lambda o: [o.order_line.ids, {"order_id": other.id}]),
            "taken": (
                order,
                "write",
                lambda o: [other.ids, {"order_line": [Command.link(o.order_line.id)]}],
            ),
            "loose": (line, "write", lambda o: [o.order_line.ids, {"invoice_lines": [(5,)]}]),
            "dear": (line, "write", lambda o: [o.order_line.ids, {"price_unit": 9000}]),
            "down": (line, "write", lambda o: [o.order_line.ids, {"is_downpayment": True}]),
            "locked": (order, "action_lock", lambda o: [o.ids]),
            "another's": (order, "write", lambda o: [o.ids, {"partner_id": other.user_id.id or 1}]),
        }
        for name, (model, method, args) in attacks.items():
            with self.subTest(name):
                before = self.member.balance_id.points
                sold = self.earned((1, 1000))
                self.assertEqual(self.member.balance_id.points, before + 100)
                invoice = sold.invoice_ids
                self.rpc_or_refusal(model, method, *args(sold))
                invoice._reverse_moves([{}]).action_post()
                self.assertEqual(self.member.balance_id.points, before)
                self.assertEqual(self.ledger.verify(), [])
