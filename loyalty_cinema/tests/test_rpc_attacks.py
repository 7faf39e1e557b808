"""What a client of the lowest rights tries on the records of value, call by call (L3, L5, L7).

Every attack is a real JSON-RPC call, made as a plain POS user and again as a plain salesperson. It
must be refused, and a photograph of all value taken before must equal the one taken after. Orders
are attacked in ``test_rpc_attacks_orders.py``.
"""

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcCase

TOMORROW = "2099-01-01"


@tagged("post_install", "-at_install")
class TestRpcAttacks(RpcCase):
    """Writing, creating, deleting and reading what is not theirs."""

    def as_both(self, attacks):
        """Make the same attacks as cashier and as salesperson."""
        for user in (self.cashier, self.seller):
            self.login(user)
            with self.subTest(user=user.login):
                self.assert_all_refused(attacks)

    def test_l5_a_balance_is_not_written(self):
        ids, model = [self.wallet.id], "loyalty.card"
        other = self.env["res.partner"].create({"name": "Thief"})
        values = {
            "points": 99999,
            "code": "1",
            "partner_id": other.id,
            "held": -50,
            "overdraft": 5000,
            "pending": -50,
            "qualifying_points": 99999,
            "member_card_id": self.card.id,
            "program_id": self.native_wallet.id,
            "active": False,
            "expiration_date": TOMORROW,
            "company_id": False,
            "lot_ids": [Command.create({"source": "paid", "amount": 5, "remaining": 5})],
            "entry_ids": [
                Command.create({"kind": "load", "amount": 5, "key": "k", "balance_after": 5})
            ],
            "hold_ids": [Command.clear()],
            "history_ids": [Command.create({"description": "?", "issued": 5, "used": 0})],
        }
        attacks = {f"write {k}": (model, "write", [ids, {k: v}]) for k, v in values.items()}
        fresh = {"program_id": self.native_gift.id, "points": 99999}
        save = {"specification": {}}
        attacks |= {
            "create with points": (model, "create", [[fresh]]),
            "create at zero": (model, "create", [[{"program_id": self.native_gift.id}]]),
            "save a new form": (model, "web_save", [[], fresh], save),
            "save a form": (model, "web_save", [ids, {"points": 5}], save),
            "import": (model, "load", [["points", ".id"], [["5", str(self.wallet.id)]]]),
            "name_create": (model, "name_create", ["044123"]),
            "unlink": (model, "unlink", [ids]),
            "copy": (model, "copy", [ids]),
            "archive": (model, "action_archive", [ids]),
            "private method": (model, "_post_changes", [ids, [[self.wallet.id, 5]]]),
        }
        import_attack = attacks.pop("import")
        self.as_both(attacks)
        before = self.photograph()
        self.assertFalse(self.rpc(import_attack[0], import_attack[1], *import_attack[2])["ids"])
        self.assertEqual(self.photograph(), before)

    def test_l5_no_context_opens_a_balance(self):
        ids, template = [self.wallet.id], {"credit_kind": "earn", "debit_kind": "redeem"}
        contexts = {
            "template as dict": {"loyalty_movement": template},
            "template as text": {"loyalty_movement": "Template('earn', 'redeem')"},
            "template as flag": {"loyalty_movement": True},
            "flags of installation": {"install_mode": True, "module": "loyalty_cinema", "su": True},
            "another user": {"uid": 1, "allowed_company_ids": [self.company.id, 1]},
        }
        self.as_both(
            {
                name: ("loyalty.card", "write", [ids, {"points": 5000}], {"context": context})
                for name, context in contexts.items()
            }
        )

    def test_l5_odoos_wizards_are_closed(self):
        update = {"card_id": self.wallet.id, "new_balance": 9999, "description": "?"}
        generate = {
            "program_id": self.native_gift.id,
            "points_granted": 9999,
            "coupon_qty": 1,
            "mode": "anonymous",
        }
        merge = {"partner_ids": [Command.set([self.partner.id, self.cashier.partner_id.id])]}
        issue = {"kind_id": self.card.kind_id.id, "quantity": 5}
        action = {"card_ids": [Command.set(self.card.ids)], "reason": "?"}
        self.as_both(
            {
                "update balance": ("loyalty.card.update.balance", "create", [[update]]),
                "generate": ("loyalty.generate.wizard", "create", [[generate]]),
                "merge partners": ("base.partner.merge.automatic.wizard", "create", [[merge]]),
                "issue cards": ("loyalty.card.issue", "create", [[issue]]),
                "block cards": ("loyalty.card.action", "create", [[action]]),
                "replace": ("loyalty.card.replace", "create", [[{"card_id": self.card.id}]]),
            }
        )

    def test_l3_entries_lots_holds_and_history_are_closed(self):
        hold = self.ledger.authorize(self.wallet, 10, "rpc-hold")
        records = {
            "loyalty.ledger.entry": self.wallet.entry_ids,
            "loyalty.lot": self.wallet.lot_ids,
            "loyalty.lot.line": self.wallet.lot_ids.line_ids,
            "loyalty.hold": hold,
            "loyalty.history": self.wallet.history_ids,
            "loyalty.approval": self.env["loyalty.approval"],
            "loyalty.code.attempt": self.env["loyalty.code.attempt"],
        }
        attacks = {}
        for model, found in records.items():
            vals = {
                "balance_id": self.wallet.id,
                "amount": 5,
                "key": "k",
                "kind": "load",
                "source": "paid",
            }
            if model == "loyalty.history":
                vals = {"card_id": self.wallet.id, "description": "?", "issued": 5, "used": 0}
            elif model in ("loyalty.approval", "loyalty.code.attempt"):
                vals = (
                    {"reason": "?", "date": TOMORROW, "manager_id": 2}
                    if "approval" in model
                    else {"user_id": 2}
                )
            ids = found.ids[:1] or [1]
            attacks |= {
                f"create {model}": (model, "create", [[vals]]),
                f"write {model}": (model, "write", [ids, vals]),
                f"unlink {model}": (model, "unlink", [ids]),
                f"read {model}": (model, "search_read", [[]])
                if "history" not in model
                else (model, "copy", [ids]),
            }
        attacks |= {
            "link to a journal entry": (
                "loyalty.ledger.entry",
                "_set_move",
                [self.wallet.entry_ids.ids, 1],
            ),
            "release a hold": ("loyalty.hold", "action_void", [hold.ids]),
            "run the job of holds": ("loyalty.hold", "_cron_release", []),
            "run the job of expiry": ("loyalty.lot", "_cron_expire", []),
            "post to the accounts": ("loyalty.posting", "_post", [[self.company.id]]),
        }
        self.as_both(attacks)

    def test_l5_the_service_is_private(self):
        wallet = self.wallet.id
        calls = {
            "authorize": [wallet, 5, "k"],
            "capture": ["k"],
            "void": ["k"],
            "credit": [wallet, 5, "load", "k"],
            "debit": [wallet, 5, "spend", "k"],
            "reverse": [self.wallet.entry_ids.id, "k"],
            "transfer": [wallet, self.anonymous.id, 5, "k", "?"],
            "post": [[[wallet, 5, "load", "k"]]],
            "expire": [],
            "verify": [],
            "_change_held": [wallet, 5],
            "_open_existing_balances": [],
        }
        self.as_both({name: ("loyalty.ledger", name, args) for name, args in calls.items()})

    def test_l5_member_cards_are_not_theirs(self):
        card = self.card.ids
        self.as_both(
            {
                "card state": ("loyalty.member.card", "write", [card, {"state": "active"}]),
                "card number": ("loyalty.member.card", "write", [card, {"code": "1"}]),
                "card PIN": ("loyalty.member.card", "write", [card, {"pin_hash": "x"}]),
                "card holder": (
                    "loyalty.member.card",
                    "write",
                    [card, {"holder_id": self.partner.id}],
                ),
                "card from a partner": (
                    "res.partner",
                    "write",
                    [self.partner.ids, {"loyalty_member_card_ids": [Command.link(card[0])]}],
                ),
                "new card": (
                    "loyalty.member.card",
                    "create",
                    [[{"kind_id": self.card.kind_id.id}]],
                ),
                "set a PIN": ("loyalty.member.card", "_set_pin", [card, "1234"]),
                "activate": ("loyalty.member.card", "action_activate", [card]),
            }
        )

    def test_l5_kinds_programs_and_settings_are_not_theirs(self):
        program, tender = self.wallet.program_id, self.tender.ids
        self.as_both(
            {
                "limits": (
                    "loyalty.card.kind",
                    "write",
                    [self.card.kind_id.ids, {"pin_required": False}],
                ),
                "bonus": ("loyalty.bonus.scheme", "create", [[{"name": "1000 %"}]]),
                "program": ("loyalty.program", "write", [program.ids, {"is_stored_value": False}]),
                "rule": (
                    "loyalty.rule",
                    "write",
                    [self.native_wallet.rule_ids.ids, {"reward_point_amount": 99}],
                ),
                "reward": (
                    "loyalty.reward",
                    "write",
                    [self.native_gift.reward_ids.ids, {"discount": 0.01}],
                ),
                "tender": ("pos.payment.method", "write", [tender, {"stored_value_type": False}]),
                "new tender": ("pos.payment.method", "create", [[{"name": "Mine"}]]),
                "manager's PIN": ("res.users", "write", [[2], {"loyalty_pin": "1234"}]),
                "hold hours": (
                    "ir.config_parameter",
                    "set_param",
                    ["loyalty_cinema.hold_hours", "99999"],
                ),
                "accounts": (
                    "res.company",
                    "write",
                    [self.company.ids, {"loyalty_stored_value_account_id": False}],
                ),
                "own group": (
                    "res.users",
                    "write",
                    [[self.cashier.id], {"group_ids": [Command.link(1)]}],
                ),
            }
        )
