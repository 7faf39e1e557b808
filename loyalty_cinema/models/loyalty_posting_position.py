from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.tools import SQL, float_is_zero

from ..domain import posting
from .loyalty_ledger_verify import LARGE

#: Reversals of reversals are followed so far; a circle of them, made behind Odoo, ends there.
STEPS_MAX = 50

#: Each movement of stored value, summed by the documents that bring it into the books.
#: ``class``: who books it on the liability: this batch, the till, its own journal entry (an opening
#: balance), or nobody (a transfer moves nothing between accounts). ``booked_alone``: what a credit
#: note of the office moved, by the journal entry that settles the note. ``inside``: by that day.
GROUPS = """
    WITH reversal AS MATERIALIZED (
        SELECT e.id, r.is_stored_value, r.amount, COALESCE(rr.kind, r.kind) AS kind
          FROM loyalty_ledger_entry e
          JOIN loyalty_ledger_entry r ON r.id = e.reverses_id
     LEFT JOIN loyalty_ledger_entry rr ON rr.id = r.reverses_id
         WHERE e.reverses_id IS NOT NULL AND e.is_stored_value
    ), entry AS (
        SELECT e.id, e.kind, e.amount, COALESCE(e.bonus_amount, 0) AS bonus, e.move_id, e.date,
               e.date < %(cutoff)s AS inside, %(root_kind)s AS root_kind, o.id AS order_id,
               o.session_id, o.account_move AS invoice_id,
               e.move_id IS NOT NULL AND e.origin_model IS NOT DISTINCT FROM 'account.move'
               AS booked_alone
          FROM loyalty_ledger_entry e
     LEFT JOIN reversal r ON r.id = e.id
     LEFT JOIN pos_order o ON o.id = e.origin_id AND e.origin_model = 'pos.order'
         WHERE e.is_stored_value AND e.company_id = ANY(%(companies)s)
    ), classed AS (
        SELECT id, kind, amount, bonus, move_id, date, inside,
               CASE WHEN root_kind = ANY(%(against)s) THEN 'batch'
                    WHEN root_kind IN ('opening', 'transfer') THEN root_kind
                    ELSE 'till' END COLLATE "C" AS class,
               root_kind = 'load' AS is_load, session_id,
               session_id IS NULL AND booked_alone AS booked_alone,
               CASE WHEN root_kind = 'load' THEN invoice_id END AS invoice_id,
               CASE WHEN root_kind = 'load' AND invoice_id IS NOT NULL
                    THEN (SELECT MIN(x.id) FROM account_move x
                           WHERE x.reversed_pos_order_id = order_id) END AS reversal_id
          FROM entry
    )
    SELECT session_id, move_id, class, is_load, booked_alone, invoice_id, reversal_id, inside,
           CASE WHEN class <> 'till' AND move_id IS NULL OR session_id IS NULL
                  OR bonus <> 0 AND move_id IS NULL THEN kind END AS kind,
           SUM(amount) AS amount, SUM(bonus) AS bonus, COUNT(*) AS count,
           MIN(date) AS since,
           ARRAY_AGG(id) FILTER (
               WHERE move_id IS NULL AND class <> 'transfer'
                 AND (class <> 'till' OR bonus <> 0 OR session_id IS NULL)) AS ids
      FROM classed
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

#: The day on which a document ``m`` belongs, whatever date it bears now: that of its movements, or
#: the one that it was given when that was locked. Entries by hand have no day but their date.
OWN_DAY = """
    CASE WHEN m.date IN (m.loyalty_due_on, m.loyalty_posted_on) THEN m.date
         ELSE COALESCE(m.loyalty_posted_on, m.date) END
"""

#: What the groups expect on which account, by which document, from which day on. ``due``: the day
#: that it was made for. A session's payments have days of their own: taxes are locked apart.
LEGS = """
    SELECT 'liability' AS side, 'account.move' AS model, move_id AS id, '' AS part,
           %(own_day)s AS booked, m.loyalty_due_on AS due, amount AS value, inside, count,
           class = 'opening' AS opens
      FROM groups JOIN account_move m ON m.id = move_id
     WHERE class IN ('batch', 'opening') OR booked_alone
     UNION ALL
    SELECT 'bonus', 'account.move', move_id, '', %(own_day)s, m.loyalty_due_on, bonus, inside,
           count, class = 'opening'
      FROM groups JOIN account_move m ON m.id = move_id WHERE bonus <> 0
     UNION ALL
    SELECT 'liability', 'pos.session', session_id,
           CASE WHEN is_load THEN 'loads' ELSE 'tenders' END,
           CASE WHEN s.state = 'closed' THEN
                COALESCE(CASE WHEN NOT is_load THEN paid.booked END, %(own_day)s,
                         (s.stop_at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) END,
           COALESCE(CASE WHEN NOT is_load THEN paid.due END, m.loyalty_due_on),
           amount, inside, count, FALSE
      FROM groups
      JOIN pos_session s ON s.id = session_id
 LEFT JOIN account_move m ON m.id = s.move_id
 LEFT JOIN (SELECT p.pos_session_id, MIN(%(own_day)s) AS booked, MIN(m.loyalty_due_on) AS due
              FROM account_payment p JOIN account_move m ON m.id = p.move_id
             WHERE p.pos_session_id IS NOT NULL AND m.loyalty_posted_on IS NOT NULL
          GROUP BY p.pos_session_id) AS paid
        ON paid.pos_session_id = s.id
     WHERE class = 'till' AND (invoice_id IS NULL OR reversal_id IS NOT NULL)
     UNION ALL
    SELECT 'liability', 'account.move', invoice_id, '', %(own_day)s, m.loyalty_due_on, amount,
           inside, count, FALSE
      FROM groups JOIN account_move m ON m.id = invoice_id WHERE class = 'till'
     UNION ALL
    SELECT 'liability', 'account.move', reversal_id, '', %(own_day)s, m.loyalty_due_on, -amount,
           inside, count, FALSE
      FROM groups JOIN account_move m ON m.id = reversal_id WHERE class = 'till'
"""

#: What a journal entry without movements reverses, however many reversals lie between: the first
#: on the way that has movements of its own, or none to reverse.
REVERSED = """
    WITH RECURSIVE way (id, steps) AS (
        SELECT m.id, 0
         UNION ALL
        SELECT x.reversed_entry_id, steps + 1
          FROM way JOIN account_move x ON x.id = way.id
         WHERE x.reversed_entry_id IS NOT NULL AND x.reversed_pos_order_id IS NULL
           AND steps < %(steps)s
           AND NOT EXISTS (SELECT 1 FROM loyalty_ledger_entry e WHERE e.move_id = x.id)
           AND NOT EXISTS (SELECT 1 FROM pos_order o WHERE o.account_move = x.id)
           AND NOT EXISTS (SELECT 1 FROM pos_session z WHERE z.move_id = x.id)
    )
    SELECT id FROM way ORDER BY steps DESC LIMIT 1
"""

#: What stands on the two accounts, item by item: the document that it belongs to, the day on which
#: it belongs there, and its date. What reverses a journal entry counts with it.
ITEMS = """
    SELECT l.side, COALESCE(s.id, p.pos_session_id, m.reversed_pos_order_id) IS NOT NULL
               OR EXISTS (SELECT 1 FROM pos_order o WHERE o.account_move = m.id) AS by_till,
           CASE WHEN COALESCE(s.id, p.pos_session_id) IS NULL THEN 'account.move'
                ELSE 'pos.session' END AS model,
           COALESCE(s.id, p.pos_session_id, m.id) AS id,
           CASE WHEN s.id IS NOT NULL THEN 'loads'
                WHEN p.pos_session_id IS NOT NULL THEN 'tenders' ELSE '' END AS part,
           l.value, l.day, l.date, m.id AS move_id, l.item_of
      FROM (SELECT CASE WHEN l.account_id = ANY(%(liability)s) THEN 'liability' ELSE 'bonus' END
                   AS side,
                   CASE WHEN m.reversed_entry_id IS NULL THEN m.id ELSE (%(reversed)s) END
                   AS move_id,
                   CASE WHEN l.account_id = ANY(%(liability)s) THEN -l.balance ELSE l.balance END
                   AS value, l.date, %(own_day)s AS day, m.id AS item_of
              FROM account_move_line l JOIN account_move m ON m.id = l.move_id
             WHERE l.account_id = ANY(%(liability)s::int[] || %(bonus)s::int[])
               AND l.company_id = ANY(%(companies)s)
               AND l.parent_state = 'posted'
               AND (l.date <= %(day)s OR m.loyalty_posted_on <= %(day)s)) l
      JOIN account_move m ON m.id = l.move_id
 LEFT JOIN pos_session s ON s.move_id = m.id
 LEFT JOIN account_payment p ON p.id = m.origin_payment_id AND p.pos_session_id IS NOT NULL
"""

#: One statement, one pass over the entries, one over the items of the two accounts. A document is
#: judged by its amount as if it bore its day; one that bears another day is ``misdated``.
TIE_OUT = """
    WITH groups AS MATERIALIZED (%(groups)s), expected AS MATERIALIZED (
        SELECT side, model, id, part, MIN(booked) AS day, MIN(due) AS due, BOOL_OR(opens) AS opens,
               SUM(value) FILTER (WHERE booked <= %(day)s) AS value,
               COALESCE(SUM(value) FILTER (
                   WHERE inside AND (booked IS NULL OR booked > %(day)s)), 0) AS later,
               COALESCE(SUM(value) FILTER (WHERE NOT inside AND booked <= %(day)s), 0) AS early,
               SUM(count) AS count
          FROM (%(legs)s) AS leg
      GROUP BY side, model, id, part
    ), item AS MATERIALIZED (%(items)s), found AS MATERIALIZED (
        SELECT side, model, id, part, BOOL_OR(by_till) AS by_till, MIN(move_id) AS move_id,
               SUM(value) FILTER (WHERE day <= %(day)s) AS value
          FROM item
      GROUP BY side, model, id, part
    )
    SELECT 'document' AS row, side, model, id, part, expected.day, expected.due,
           COALESCE(expected.opens, FALSE) AS opens,
           expected.id IS NOT NULL OR found.by_till AS ours, found.move_id,
           COALESCE(expected.value, 0) AS expected, COALESCE(found.value, 0) AS found,
           COALESCE(expected.later, 0) AS later, COALESCE(expected.early, 0) AS early,
           COALESCE(expected.count, 0) AS count, NULL AS kind, NULL::timestamp AS since,
           NULL::int[] AS ids
      FROM expected FULL JOIN found USING (side, model, id, part)
     WHERE COALESCE(expected.value, 0) <> COALESCE(found.value, 0)
        OR expected.later <> 0 OR expected.early <> 0
     UNION ALL
    SELECT 'misdated', side, 'account.move', item_of, NULL, day, date, NULL, NULL, NULL,
           COALESCE(SUM(value) FILTER (WHERE day <= %(day)s), 0),
           COALESCE(SUM(value) FILTER (WHERE date <= %(day)s), 0), 0, 0, 1, NULL, NULL, NULL
      FROM item WHERE date <> day
  GROUP BY side, item_of, day, date
     UNION ALL
    SELECT 'account', side, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           SUM(value) FILTER (WHERE date <= %(day)s), 0, 0, 0, NULL, NULL, NULL
      FROM item GROUP BY side
     UNION ALL
    SELECT 'ledger', side, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           SUM(value) FILTER (WHERE inside), SUM(value), 0, 0, 0, NULL, NULL, NULL
      FROM (SELECT 'liability' AS side, amount AS value, inside FROM groups
             UNION ALL SELECT 'bonus', bonus, inside FROM groups) AS moved
  GROUP BY side
     UNION ALL
    SELECT CASE WHEN class = 'batch' THEN 'unposted' ELSE 'undocumented' END, 'liability', NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, amount, 0, 0, 0, count, kind, since, ids
      FROM groups
     WHERE inside AND (class = 'transfer' OR move_id IS NULL AND class IN ('batch', 'opening')
                       OR class = 'till' AND session_id IS NULL AND NOT booked_alone)
     UNION ALL
    SELECT CASE WHEN class = 'batch' OR class = 'till' AND NOT is_load
                THEN 'unposted' ELSE 'undocumented' END, 'bonus', NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, bonus, 0, 0, 0, count, kind, since, ids
      FROM groups
     WHERE inside AND bonus <> 0 AND move_id IS NULL
"""

#: What stands on the balances now, whatever the day that is asked for.
BALANCES = """
    SELECT COALESCE(SUM(b.points), 0) AS cards,
           COALESCE(SUM(lot.remaining), 0) AS lots,
           COALESCE(SUM(lot.bonus), 0) AS bonus_lots,
           COALESCE(SUM(lot.granted), 0) AS granted_lots,
           COALESCE(SUM(b.held), 0) AS held
      FROM loyalty_card b
      JOIN loyalty_program p ON p.id = b.program_id AND p.is_stored_value
 LEFT JOIN (SELECT balance_id, SUM(remaining) AS remaining,
                   SUM(remaining) FILTER (WHERE source = 'bonus') AS bonus,
                   SUM(remaining) FILTER (WHERE source = 'granted') AS granted
              FROM loyalty_lot WHERE remaining <> 0 GROUP BY balance_id) lot
        ON lot.balance_id = b.id
     WHERE COALESCE(b.company_id, p.company_id) = ANY(%(companies)s)
"""


class LoyaltyPosting(models.AbstractModel):
    """The tie-out (L6): what customers hold = what the books owe them, document by document.

    Grammar
        Each movement of stored value is brought into the books by a document: a till's session
        (its entry for loads, its payments for what cards paid), the invoice of an order, the
        journal entry of the batch or of a conversion. What the movements of a document come to is
        compared with what that document has on the liability and on unamortised bonus. A pair that
        differs is named with both numbers; what stands there without movements is "elsewhere".
    Example
        Somebody changes 20 to 25 in a journal entry of the batch: that entry is named, expected
        20, found 25. Somebody types 5 on the account: that entry is named, expected nothing.
    How to use
        ``_position`` for the figures, ``_tie_out`` for the documents too; the screen is
        ``loyalty.reconciliation``.
    How it works
        Which document a movement belongs to is asked of the movement (its order, its journal
        entry), never of a setting of today. One statement groups the movements by document,
        another way round the items of the two accounts, and joins the two: linear in both. Values
        of documents before or after the day are listed apart: they explain a difference.
    """

    _inherit = "loyalty.posting"

    @api.private
    def _position(self, company, at=None):
        """The figures of :meth:`_tie_out`."""
        return self._tie_out(company, at)["figures"]

    @api.private
    def _tie_out(self, company, at=None):
        """Compare ledger and accounts of ``company`` at the end of the day ``at`` (today).

        Branches share the accounts of their root and take its cards: they are counted with it.

        :return: ``{"figures", "documents", "movements", "misdated"}``. The figures, in the
            company's currency: ``ledger`` (sum of all movements), ``lots`` (what remains in lots),
            ``liability`` (balance of the stored value account), ``open_tills`` (loads less payments
            of sessions that are not closed), ``unposted`` (due for the batch, or in the books on
            another day), ``undocumented`` (movements without a document), ``difference`` = ledger
            − liability − open_tills − unposted, which must be zero; the same with ``bonus_`` for
            the contra-account; ``granted_lots`` (compensation that is not spent); of now:
            ``cards`` (sum of the balances), ``ledger_now`` and ``held``.
            The documents are those that differ or belong to another day; the movements are those
            that no document brings into the books, or none yet; see ``TIE_OUT`` for the columns.
            ``misdated``: those that bear another day than theirs: ``day``, ``due`` is what they
            bear.
        """
        company = company.sudo().root_id
        self = self.sudo().with_company(company)
        self.env.flush_all()
        self.env.cr.execute(LARGE)
        values = self._tie_out_values(company, at or company._loyalty_day())
        rows = self.env.execute_query_dict(self._tie_out_query(values))
        documents = [row for row in rows if row["row"] == "document"]
        result = {
            "documents": self._join_conversions(documents, company.currency_id),
            "movements": [row for row in rows if row["row"] in ("unposted", "undocumented")],
            "misdated": [row for row in rows if row["row"] == "misdated"],
        }
        [balances] = self.env.execute_query_dict(SQL(BALANCES, **values))
        figures = self._figures(rows, balances)
        result["figures"] = {
            name: company.currency_id.round(float(value)) for name, value in figures.items()
        }
        return result

    def _tie_out_values(self, company, day):
        """The parameters of the statements."""
        tz = pytz.timezone(company._loyalty_timezone())
        cutoff = tz.localize(datetime.combine(day + timedelta(days=1), time.min))
        companies = self.env["res.company"].browse(self._family(company))
        return {
            "companies": companies.ids,
            "liability": companies.loyalty_stored_value_account_id.ids,
            "bonus": companies.loyalty_unamortised_bonus_account_id.ids,
            "cutoff": cutoff.astimezone(pytz.utc).replace(tzinfo=None),
            "day": day,
            "tz": tz.zone,
        }

    def _tie_out_query(self, values):
        groups = SQL(GROUPS, root_kind=self._root_kind(), against=list(posting.AGAINST), **values)
        own_day = SQL(OWN_DAY)
        legs = SQL(LEGS, own_day=own_day, **values)
        items = SQL(ITEMS, own_day=own_day, reversed=SQL(REVERSED, steps=STEPS_MAX), **values)
        return SQL(TIE_OUT, groups=groups, legs=legs, items=items, **values)

    def _figures(self, rows, balances):
        """The sums over the rows of the tie-out, as documented there."""

        def total(row, side, column, model=None):
            return sum(
                found[column] or 0
                for found in rows
                if (found["row"], found["side"]) == (row, side)
                and (model is None or (found["model"] == "pos.session") == model)
            )

        figures = {"ledger_now": total("ledger", "liability", "found")}
        for side, prefix, account in (
            ("liability", "", "liability"),
            ("bonus", "bonus_", "bonus_account"),
        ):
            ledger = total("ledger", side, "expected")
            open_tills = total("document", side, "later", True)
            other_days = total("document", side, "later", False) - total("document", side, "early")
            unposted = total("unposted", side, "expected") + other_days
            found = total("account", side, "found")
            moved_since = total("ledger", side, "found") - ledger
            figures |= {
                f"{prefix}ledger": ledger,
                f"{prefix}lots": balances[f"{prefix}lots"] - moved_since,
                account: found,
                f"{prefix}open_tills": open_tills,
                f"{prefix}unposted": unposted,
                f"{prefix}undocumented": total("undocumented", side, "expected"),
                f"{prefix}difference": ledger - found - open_tills - unposted,
            }
        return figures | {name: balances[name] for name in ("cards", "granted_lots", "held")}

    def _join_conversions(self, documents, currency):
        """What differs because a program was booked on the liability before it was converted.

        Odoo's own entries of then have no movements of stored value; the opening entry is smaller
        than the value it opens by what they had brought there. They are one document together.
        """
        result = [row for row in documents if row["side"] == "bonus"]
        others = [row for row in documents if row["side"] == "liability"]
        openings = [row for row in others if row["opens"] and row["expected"] != row["found"]]
        for opening in sorted(openings, key=lambda row: row["id"]):
            before = [
                row
                for row in others
                if row["ours"]
                and not row["opens"]
                and (row["move_id"] or opening["id"]) < opening["id"]
                and row["expected"] != row["found"]
            ]
            for row in before:
                opening["expected"] += row["expected"]
                opening["found"] += row["found"]
                row["expected"] = row["found"] = 0
        result += others
        return [
            row
            for row in result
            if not float_is_zero(
                float(row["expected"] - row["found"]), precision_rounding=currency.rounding
            )
            or row["later"]
            or row["early"]
        ]
