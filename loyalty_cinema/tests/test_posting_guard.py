from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .rpc_common import RpcCase, RpcRefused

#: Odoo's own words, which come first where an entry is still posted.
DELETED = "You can't delete a posted journal item"


@tagged("post_install", "-at_install")
class TestPostingGuard(RpcCase):
    """B9, B16: each button of Odoo's on an entry of ours, as *Billing* and over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = cls.env.ref("base.group_user") | cls.env.ref("account.group_account_invoice")
        cls.billing = cls.cashier.copy(
            {
                "login": "billing-of-the-test",
                "password": "billing-of-the-test",
                "group_ids": [Command.set(groups.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.ledger.credit(self.wallet, 30, "compensation", "guard-c", reason="Broken seat")
        [self.move] = self.posting._post(self.company)
        self.first_item = self.move.line_ids[0]
        self.login(self.billing)

    @contextmanager
    def refused(self, what):
        """Said in our words, and nothing has changed."""
        before = self.books()
        with self.assertRaisesRegex(RpcRefused, f"stays as it is|{DELETED}", msg=what):
            yield
        self.assertEqual(self.books(), before, what)

    def books(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, state, date, journal_id FROM account_move"
            " WHERE company_id = %s ORDER BY id",
            (self.company.id,),
        )
        moves = self.env.cr.fetchall()
        self.env.cr.execute(
            "SELECT id, move_id, account_id, balance FROM account_move_line"
            " WHERE company_id = %s ORDER BY id",
            (self.company.id,),
        )
        return moves, self.env.cr.fetchall()

    def test_each_button(self):
        move, line = self.move.ids, self.first_item.ids
        other = self.company.income_account_id.id
        calls = {
            "Reset to Draft": ("account.move", "button_draft", move),
            "Cancel": ("account.move", "button_cancel", move),
            "Reverse": ("account.move", "action_reverse", move),
            "Delete": ("account.move", "unlink", move),
            "state": ("account.move", "write", move, {"state": "draft"}),
            "date": ("account.move", "write", move, {"date": "2026-01-01"}),
            "journal": (
                "account.move",
                "write",
                move,
                {"journal_id": self.company.loyalty_posting_journal_id.id, "name": "/"},
            ),
            "lines": (
                "account.move",
                "write",
                move,
                {"line_ids": [Command.update(line[0], {"account_id": other})]},
            ),
            "account": ("account.move.line", "write", line, {"account_id": other}),
            "amount": ("account.move.line", "write", line, {"balance": 5}),
            "item removed": ("account.move.line", "unlink", line),
            "item added": (
                "account.move.line",
                "create",
                [{"move_id": move[0], "account_id": other, "balance": 0}],
            ),
        }
        for button, call in calls.items():
            with self.subTest(button), self.refused(button):
                self.rpc(*call)
        self.assertEqual(self.wallet.entry_ids.move_id, self.move)

    def test_no_context_opens_it(self):
        context = {"skip_readonly_check": True, "force_delete": True, "check_move_validity": False}
        with self.refused("date"):
            self.rpc(
                "account.move", "write", self.move.ids, {"date": "2026-01-01"}, context=context
            )
        self.rpc_or_refusal("account.move", "write", self.move.ids, {"posted_before": False})
        with self.refused("Reset to Draft"):
            self.rpc("account.move", "button_draft", self.move.ids)

    def test_the_wizard_of_reversals(self):
        values = {"move_ids": [Command.set(self.move.ids)], "journal_id": self.move.journal_id.id}
        context = {"active_model": "account.move", "active_ids": self.move.ids}
        wizard = self.rpc("account.move.reversal", "create", [values], context=context)
        for method in ("reverse_moves", "modify_moves"):
            with self.refused(method):
                self.rpc("account.move.reversal", method, wizard, context=context)

    def test_what_tells_nothing_stays_free(self):
        """A reference and a note are the accountant's; other entries are untouched."""
        self.rpc("account.move", "write", self.move.ids, {"ref": "Seen"})
        self.assertEqual(self.move.ref, "Seen")
        other = self.move.copy()
        other.action_post()
        self.rpc("account.move", "button_draft", other.ids)
        self.assertEqual(other.state, "draft")

    def test_an_entry_of_long_ago_in_draft_is_posted_again(self):
        """Reset before there was a guard: *Post* is what is left, and puts it right."""
        self.env.cr.execute("UPDATE account_move SET state = 'draft' WHERE id = %s", self.move.ids)
        self.env.cr.execute(
            "UPDATE account_move_line SET parent_state = 'draft' WHERE move_id = %s", self.move.ids
        )
        self.env.invalidate_all()
        lines = self.reconcile().line_ids
        self.assertIn(self.move.ids, lines.filtered("is_wrong").mapped("res_ids"))
        with self.refused("Delete"):
            self.rpc("account.move", "unlink", self.move.ids)
        self.rpc("account.move", "action_post", self.move.ids)
        lines = self.reconcile().line_ids
        self.assertNotIn(self.move.ids, lines.filtered("is_wrong").mapped("res_ids"))

    def test_not_even_the_server(self):
        """A job or another addon, too, would leave the ledger behind."""
        with self.assertRaisesRegex(UserError, "stays as it is"):
            self.move.sudo()._reverse_moves(cancel=True)
        with self.assertRaisesRegex(UserError, "stays as it is"):
            self.move.sudo().with_context(force_delete=True).unlink()

    def test_a_tills_document_is_put_right_not_deleted(self):
        """Odoo's rules, but for *Delete*, and nobody moves the day that it is judged by."""
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.close()
        entry = self.session.move_id
        day = str(entry.date)
        self.rpc("account.move", "button_draft", entry.ids)
        for context in ({}, {"force_delete": True}, {"loyalty_reverse": "x"}):
            with self.assertRaisesRegex(RpcRefused, "cannot be deleted"):
                self.rpc("account.move", "unlink", entry.ids, context=context)
        values = {"loyalty_due_on": "2026-01-01", "loyalty_posted_on": "2026-01-01"}
        self.rpc(
            "account.move", "write", entry.ids, {**values, "name": False, "date": "2026-01-01"}
        )
        self.rpc("account.move", "action_post", entry.ids)
        self.assertEqual(str(entry.loyalty_due_on), day)
        self.assertEqual(self.misdated(), entry.ids)
        self.rpc("account.move", "button_draft", entry.ids)
        self.rpc("account.move", "write", entry.ids, {"name": False, "date": day})
        self.rpc("account.move", "action_post", entry.ids)
        self.assertFalse(self.misdated())

    def misdated(self):
        lines = self.reconcile().line_ids
        return lines.filtered(lambda line: line.kind == "misdated").res_ids
