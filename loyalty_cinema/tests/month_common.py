"""A small month of a till with every document that books stored value, and what is done to it."""

from contextlib import contextmanager
from datetime import date

from freezegun import freeze_time

from odoo import Command

from .posting_common import TillCase

DAYS = ("2026-05-04", "2026-05-11", "2026-05-18", "2026-05-25")


class MonthCase(TillCase):
    """A small month of a till: loads with bonus, invoices, payments, refunds, what the batch posts.

    The wallet ends with 1,500 loaded, 300 bonus, 180 spent, 60 given back, 30 compensation, 10
    expired and 7 corrected upwards. Every document of the books is there once.
    """

    def setUp(self):
        with freeze_time(f"{DAYS[0]} 10:00:00"):
            super().setUp()
            self.scheme(20)
            self.load = self.sell([(self.topup, 1, 1000)], [(self.cash, 1000)])
            self.bought = self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
            self.first = self.session
            self.close()
        with self.day(DAYS[1]):
            invoiced = self.sell([(self.topup, 1, 500)], [(self.cash, 500)], to_invoice=True)
            self.invoice = invoiced.account_move
            self.sell([(self.snack, 1, 120)], [(self.tender, 120)])
            self.second = self.session
            self.close()
        with self.day(DAYS[2]):
            self.sell([(self.snack, -1, 60)], [(self.tender, -60)], refund_of=self.bought)
            self.close()
            self.load.action_pos_order_invoice()  # of a session that is closed
            self.ledger.credit(self.wallet, 30, "compensation", "month-c", reason="Broken seat")
            self.ledger.debit(self.wallet, 10, "expire", "month-e")
            self.ledger.credit(self.wallet, 7, "adjust", "month-a", reason="Goodwill")
            self.posting._post(self.company)
        bonus = self.wallet.entry_ids.filtered(lambda entry: entry.kind == "bonus")
        self.granted, self.used = bonus.move_id.sorted("date")[0], self.used_on(self.second)
        self.card_payment = self.second.bank_payment_ids
        self.reversing = self.env["account.move"].search(
            [("reversed_pos_order_id", "=", self.load.id)]
        )
        self.env.flush_all()

    @contextmanager
    def day(self, day):
        """A session of its own on ``day``."""
        with freeze_time(f"{day} 10:00:00"):
            self.open_session()
            yield

    def used_on(self, session):
        """The batch's journal entry for the bonus that a session's customers used."""
        entries = self.wallet.entry_ids.filtered(
            lambda entry: entry.kind == "spend" and entry.origin_id in session.order_ids.ids
        )
        return entries.move_id

    @contextmanager
    def undone(self):
        """What happens inside is rolled back."""
        with self.env.cr.savepoint() as savepoint:
            yield
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()

    def sql(self, query, *params):
        """What nobody may do, done behind Odoo's back."""
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    def typed(self, account, amount, **values):
        """A journal entry by hand: ``amount`` in debit on ``account``."""
        move = self.env["account.move"].create(
            {
                "ref": "By hand",
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": amount}),
                    Command.create(
                        {"account_id": self.company.income_account_id.id, "balance": -amount}
                    ),
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @property
    def accountant(self):
        """One whom Odoo gives all of Invoicing, and nothing more."""
        groups = self.env.ref("base.group_user") | self.env.ref("account.group_account_manager")
        return self.env["res.users"].create(
            {
                "name": "Accountant",
                "login": f"accountant-{self.env['res.users'].search_count([])}",
                "group_ids": [Command.set(groups.ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )

    def redate(self, move, day):
        """As accountants do: *Reset to Draft*, the number cleared, another date, *Post*."""
        move = move.with_user(self.accountant)
        move.button_draft()
        day = date.fromisoformat(day)
        invoice_date = {"invoice_date": day} if move.move_type != "entry" else {}
        move.write({"name": False, "date": day, **invoice_date})
        move.action_post()
        self.assertEqual((move.state, move.date), ("posted", day))

    def reverse(self, move, day):
        """As accountants do, with the wizard *Reverse*; posted."""
        move = move.with_user(self.accountant)
        wizard = move.env["account.move.reversal"].create(
            {"move_ids": move.ids, "journal_id": move.journal_id.id, "date": day}
        )
        wizard.refund_moves()
        reversing = wizard.new_move_ids
        reversing.filtered(lambda move: move.state == "draft").action_post()
        return self.env["account.move"].browse(reversing.ids)

    def item(self, move, account):
        """The item of ``move`` on one of the company's accounts."""
        account = self.company[f"loyalty_{account}_account_id"]
        return move.line_ids.filtered(lambda line: line.account_id == account)
