import logging
from datetime import timedelta

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import clean_context

from ..domain import posting
from ..domain.amounts import to_decimal
from ..tools import scheduled_job

_logger = logging.getLogger(__name__)

#: Entries that may still be due: the same words as the index below, so that PostgreSQL uses it.
#: Loads and payments without a bonus are posted by the till and are never looked at.
CANDIDATE = (
    "e.move_id IS NULL AND e.is_stored_value AND e.kind NOT IN ('load', 'opening', 'transfer')"
    " AND (e.bonus_amount <> 0 OR e.kind <> 'spend')"
)


#: What is due in one company, locked; the columns are those of an event.
DUE = """
      WITH due AS (
          SELECT e.id, e.amount, e.bonus_amount, e.granted_amount,
                 %(root_kind)s AS root_kind,
                 (e.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day
            FROM loyalty_ledger_entry e
       LEFT JOIN LATERAL (
                SELECT r.is_stored_value, r.amount, COALESCE(rr.kind, r.kind) AS kind
                  FROM loyalty_ledger_entry r
             LEFT JOIN loyalty_ledger_entry rr ON rr.id = r.reverses_id
                 WHERE r.id = e.reverses_id) r ON TRUE
       LEFT JOIN pos_order o ON o.id = e.origin_id AND e.origin_model = 'pos.order'
           WHERE %(candidate)s
             AND e.company_id = ANY(%(parents)s) AND e.currency_id = %(currency)s
             AND CASE WHEN o.company_id = ANY(%(family)s) THEN o.company_id
                      ELSE e.company_id END = %(company)s
        ORDER BY e.id
             FOR NO KEY UPDATE OF e SKIP LOCKED
      )
      SELECT day, root_kind, amount > 0 AS credit, SUM(amount) AS amount,
             SUM(bonus_amount) AS bonus, COALESCE(SUM(granted_amount), 0) AS granted,
             ARRAY_AGG(id) AS entry_ids
        FROM due
       WHERE root_kind <> ALL(%(native)s)
         AND (bonus_amount <> 0 OR root_kind <> ALL(%(tendered)s))
    GROUP BY day, root_kind, credit
    ORDER BY day, root_kind, credit DESC
"""


class LoyaltyLedgerEntry(models.Model):
    """An index over what is still to be posted keeps the batch fast however old the ledger is."""

    _inherit = "loyalty.ledger.entry"

    _posting_idx = models.Index(f"(company_id) WHERE {CANDIDATE.replace('e.', '')}")


class LoyaltyPosting(models.AbstractModel):
    """Posts what Odoo does not post itself: bonus, expiry, compensation, corrections (DESIGN §6).

    Grammar
        One balanced journal entry per company, day (on the company's clock), kind of movement and
        direction. The rules are in ``domain/posting.py``. Each ledger entry is linked to the
        journal entry that posted it. Bonus that a branch's till grants or takes is posted in the
        branch, where the sale is, also when the wallet is the root's.
    Example
        ``self.env["loyalty.posting"]._post(company)`` posts all that is due and returns the moves;
        a second call finds nothing. The moves then stay as they are (``account_move_posting.py``).
    How to use
        Nobody needs to: closing a till session and a daily job call it. Accountants see what is
        still due under Reconciliation.
    How it works
        One query finds and locks the entries that are due (a batch that runs at the same time skips
        them), grouped and summed; one ``create`` makes the journal entries; one UPDATE for each
        links its ledger entries. All in the caller's transaction: it happens wholly or not at all.
        A day in a locked period is posted on the first open day, and says so.
    """

    _name = "loyalty.posting"
    _description = "Loyalty Posting"

    @api.private
    def _post(self, companies):
        """Post everything that is due in ``companies``; returns the journal entries.

        :raises UserError: when a company lacks an account that is needed; nothing is posted then
        """
        moves = self.env["account.move"].sudo()
        for company in companies:
            # sudo: a cashier closes the session, and may not write journal entries.
            moves |= self.sudo().with_company(company)._post_company(company.sudo())
        return moves

    def _post_company(self, company):
        events = [event for event in self._due_events(company) if event["lines"]]
        if not events:
            return self.env["account.move"]
        moves = self.env["account.move"].create(
            [self._move_values(company, event) for event in events]
        )
        moves._post(soft=False)
        entries = self.env["loyalty.ledger.entry"]
        for event, move in zip(events, moves, strict=True):
            entries.browse(event["entry_ids"])._set_move(move, event["day"])
        _logger.info("Loyalty: posted %s journal entries of %s", len(moves), company.name)
        return moves

    def _due_events(self, company):
        """What is due, summed by day, root kind and direction, with the lines to post.

        Directions are kept apart so that a day's books show what was granted and what was taken
        back, and no event sums up to nothing.
        """
        self.env["loyalty.ledger.entry"].flush_model()
        quantum = to_decimal(company.currency_id.rounding)
        rows = self.env.execute_query_dict(
            SQL(
                DUE,
                root_kind=self._root_kind(),
                tz=company._loyalty_timezone(),
                candidate=SQL(CANDIDATE),  # pylint: disable=sql-injection
                company=company.id,
                parents=company.parent_ids.ids,
                family=self._family(company),
                currency=company.currency_id.id,
                native=list(posting.NATIVE),
                tendered=list(posting.TENDERED),
            )
        )
        for row in rows:
            row["lines"] = posting.lines(
                row["root_kind"], row["amount"], row["bonus"], quantum, row["granted"]
            )
        return rows

    def _root_kind(self):
        """SQL: what an entry is about; for a reversal, what the entry that it takes back is about.

        ``e`` is the entry, ``r`` what it takes back: whether that is stored value, its amount, and
        its kind or that of what it takes back itself. Two steps are all there are: a refund, and a
        refund that was itself taken back. What gives back a payment of before the program became
        stored value is "converted"; a sales order does so without naming the payment, but no sales
        order has ever taken stored value.
        """
        return SQL(
            """
            CASE WHEN r.amount < 0 AND NOT r.is_stored_value
                   OR e.amount > 0 AND e.reverses_id IS NULL
                      AND e.kind = 'refund' AND e.origin_model = 'sale.order'
                 THEN 'converted'
                 ELSE COALESCE(r.kind, e.kind)
            END
            """
        )

    def _move_values(self, company, event):
        journal = self._posting_journal(company)
        day = event["day"]
        label = self._event_name(event["root_kind"], event["credit"])
        ref = self.env._(
            "%(event)s, %(day)s (%(count)s movements)",
            event=label,
            day=format_date(self.env, day),
            count=len(event["entry_ids"]),
        )
        date = self._open_date(company, day, journal)
        if date != day:
            ref = self.env._("%(ref)s, posted on the first open day", ref=ref)
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": company.id,
            "date": date,
            "ref": ref,
            "line_ids": [
                Command.create(
                    {
                        "name": label,
                        "account_id": self._account(company, account).id,
                        "balance": float(debit),
                    }
                )
                for account, debit in event["lines"].items()
            ],
        }

    # -- credit notes --------------------------------------------------------------------------

    @api.private
    def _book_note(self, note, moved):
        """Settle the part of a credit note that went back to cards, out of the money it owes.

        Dr receivable / Cr stored value (of points: points redeemed), as the payment by the card
        had it the other way round, and the bonus part as the batch would. The movements are linked
        to the entry: the batch has nothing left to do.

        :param moved: ``[(payment entry, money, entry that gave it back)]``
        """
        entries = self.env["loyalty.ledger.entry"].union(*(back for _paid, _money, back in moved))
        if not entries:
            return
        company, debits = note.company_id, {}
        for paid, money, back in moved:
            lines = {posting.STORED_VALUE if paid.is_stored_value else "points_redeemed": -money}
            if paid.is_stored_value:
                quantum = to_decimal(company.currency_id.rounding)
                parts = back.amount, back.bonus_amount, quantum, back.granted_amount
                lines.update(posting.lines("spend", *parts))
            for name, debit in lines.items():
                debits[name] = debits.get(name, to_decimal(0)) + debit
        move = self._create_note_move(note, sum(money for _paid, money, _back in moved), debits)
        entries._set_move(move)
        self._settle_receivable(note, move)

    def _create_note_move(self, note, money, debits):
        company = note.company_id
        owed = note.line_ids.filtered(lambda line: line.display_type == "payment_term")[:1]
        lines = [
            {"account_id": owed.account_id.id, "partner_id": owed.partner_id.id, "debit": money},
            *(
                {"account_id": self._account(company, name).id, "debit": debit}
                for name, debit in debits.items()
            ),
        ]
        name = self.env._("Given back to cards: %(note)s", note=note.name)
        move = self._clean().create(
            {
                **self._note_values(note, note.date),
                "ref": name,
                "line_ids": self._note_lines(note, lines),
            }
        )
        move._post(soft=False)
        return move

    def _note_values(self, note, day):
        """Journal and day of what settles a credit note, or undoes that."""
        company = note.company_id
        journal = self._posting_journal(company)
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": company.id,
            "date": self._open_date(company, day, journal),
        }

    def _note_lines(self, note, lines):
        """Journal items in the note's currency and the company's."""
        currency, company = note.currency_id, note.company_id
        return [
            Command.create(
                {
                    "name": note.name,
                    "account_id": line["account_id"],
                    "partner_id": line.get("partner_id"),
                    "currency_id": currency.id,
                    "amount_currency": float(line["debit"]),
                    "balance": currency._convert(
                        float(line["debit"]), company.currency_id, company, note.date
                    ),
                }
            )
            for line in lines
        ]

    def _settle_receivable(self, note, move):
        """Reconcile with what the note owes; where the invoice was set open again, with that."""
        line = move.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        account = line.account_id
        if not account.reconcile:
            return
        paid = note.reversed_entry_id.pos_order_ids.payment_ids.account_move_id
        for candidates in (note.line_ids, paid.line_ids):
            open_items = candidates.filtered(
                lambda item: item.account_id == account and not item.reconciled and item.balance < 0
            )
            if open_items and not line.reconciled:
                (open_items | line).reconcile()

    @api.private
    def _unbook_note(self, note, undone):
        """Reverse what settled a credit note that does not count any more.

        :param undone: the movements that undo the note's; linked to the reversing entry
        """
        entries = note._loyalty_note_entries()
        for move, booked in entries.filtered("move_id").grouped("move_id").items():
            if move.reversed_entry_id or move.reversal_move_ids:
                continue
            values = {
                **self._note_values(note, note.company_id._loyalty_day()),
                "ref": self.env._("Not given back any more: %(note)s", note=note.name),
            }
            clean = move.with_context(self._clean().env.context)  # pylint: disable=context-overridden
            back = clean._reverse_with_movements([values])
            roots = set(booked.reverses_id.ids)
            undone.browse([e.id for e in undone if e.reverses_id.id in roots])._set_move(back)

    def _clean(self):
        """Journal entries, free of what the screen of the note has set as defaults."""
        context = clean_context(self.env.context)
        for name in ("move_reverse_cancel", "skip_invoice_sync", "include_business_fields"):
            context.pop(name, None)
        return self.env["account.move"].with_context(context)  # pylint: disable=context-overridden

    def _posting_journal(self, company):
        """:raises UserError: when it is not set, saying where to set it"""
        journal = self._setting(company, "loyalty_posting_journal_id")
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no journal for loyalty postings. Choose one in the settings "
                    "of Invoicing, under Stored value.",
                    company=company.name,
                )
            )
        return journal

    def _account(self, company, name):
        """The company's account for ``name`` of ``domain/posting.py``.

        :raises UserError: when it is not set, saying where to set it
        """
        field = f"loyalty_{name}_account_id"
        account = self._setting(company, field)
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no “%(account)s”. Choose one in the settings of Invoicing, "
                    "under Stored value.",
                    company=company.name,
                    account=company._fields[field]._description_string(self.env),
                )
            )
        return account

    def _setting(self, company, field):
        """A setting of ``company``; a branch without one of its own uses that of its root."""
        return company[field] or company.root_id[field]

    def _family(self, company):
        """Ids of the companies that share the accounts of ``company``'s root, archived ones too."""
        # sudo: all of them, whichever the user has chosen
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search([("id", "child_of", company.root_id.id)]).ids

    def _open_date(self, company, day, journal):
        """``day``, or the first day after the period that is locked around it."""
        locks = company._get_violated_lock_dates(day, False, journal)
        return locks[-1][0] + timedelta(days=1) if locks else day

    def _event_name(self, root_kind, credit):
        """What an accountant reads in the journal."""
        names = {
            ("bonus", True): self.env._("Bonus granted"),
            ("bonus", False): self.env._("Bonus taken back"),
            ("expire", False): self.env._("Value expired"),
            ("expire", True): self.env._("Expiry undone"),
            ("converted", True): self.env._("Refund of a sale before the conversion"),
            ("compensation", True): self.env._("Compensation in value"),
            ("compensation", False): self.env._("Compensation taken back"),
        }
        if root_kind in posting.TENDERED:
            return self.env._("Bonus restored by refund") if credit else self.env._("Bonus used")
        default = self.env._("Correction upwards") if credit else self.env._("Correction downwards")
        return names.get((root_kind, credit), default)

    @api.model
    @scheduled_job
    def _cron_post(self):
        """Daily: what no till session has posted (expiry at night, compensation, corrections)."""
        # archived branches too: their tills have sold, and their root owes what was given
        companies = self.env["res.company"].with_context(active_test=False)
        companies = companies.search([("loyalty_posting_journal_id", "!=", False)])
        companies = companies.search([("id", "child_of", companies.root_id.ids)])
        for done, company in enumerate(companies, 1):
            try:
                with self.env.cr.savepoint():
                    self._post(company)
            except UserError as error:
                _logger.warning("Loyalty: nothing posted for %s: %s", company.name, error)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - done)
