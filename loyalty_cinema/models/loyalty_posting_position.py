from odoo import api, models
from odoo.tools import SQL

from ..domain import posting

#: Sum of lines of posted entries on an account of a company, up to a day; a credit is positive.
ACCOUNT_BALANCE = """
    SELECT COALESCE(-SUM(balance), 0) AS value
      FROM account_move_line
     WHERE account_id = %(account)s AND company_id = ANY(%(companies)s)
       AND parent_state = 'posted' AND date <= %(day)s
"""


class LoyaltyPosting(models.AbstractModel):
    """The tie-out: what customers hold = what the books owe them, after listed items (L6)."""

    _inherit = "loyalty.posting"

    @api.private
    def _position(self, company, at=None):
        """Compare ledger, lots and accounts of ``company`` at the end of the day ``at`` (today).

        Branches share the accounts of their root and take its cards: they are counted with it.

        :return: amounts in the company's currency: ``ledger`` (sum of all movements), ``lots``
            (what remains in lots), ``liability`` (balance of the stored value account),
            ``open_tills`` (loads less payments of sessions that are not closed), ``unposted``
            (due for the batch),
            ``undocumented`` (movements without an order, such as opening balances),
            ``other_items`` (journal items on the account that come from neither till nor batch),
            ``difference`` = ledger − liability − open_tills − unposted; it is explained when it
            equals undocumented − other_items; ``unexplained`` is what is left, and must be zero.
            For the contra-account: ``bonus_lots``, ``bonus_account``, ``bonus_unposted``.
        """
        company = company.sudo().root_id
        self = self.sudo().with_company(company)
        day = at or company._loyalty_day()
        self.env.flush_all()
        result = {
            **self._ledger_position(company, day),
            "lots": self._lots_position(company, day, None),
            "bonus_lots": self._lots_position(company, day, "bonus"),
            "liability": self._account_position(
                company, day, company.loyalty_stored_value_account_id
            ),
            "bonus_account": -self._account_position(
                company, day, company.loyalty_unamortised_bonus_account_id
            ),
            "other_items": sum(row["value"] for row in self._other_items(company, day)),
        }
        result = {name: company.currency_id.round(float(value)) for name, value in result.items()}
        result["difference"] = company.currency_id.round(
            result["ledger"] - result["liability"] - result["open_tills"] - result["unposted"]
        )
        result["unexplained"] = company.currency_id.round(
            result["difference"] - result["undocumented"] + result["other_items"]
        )
        return result

    def _ledger_position(self, company, day):
        """One pass over the company's entries: the total, and what is not in the accounts yet."""
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT COALESCE(SUM(amount), 0) AS ledger,
                       COALESCE(SUM(amount) FILTER (WHERE place = 'till'), 0) AS open_tills,
                       COALESCE(SUM(amount) FILTER (WHERE place = 'batch'), 0) AS unposted,
                       COALESCE(SUM(amount) FILTER (WHERE place = 'nowhere'), 0) AS undocumented,
                       COALESCE(SUM(bonus_amount) FILTER (WHERE bonus_due), 0) AS bonus_unposted,
                       COUNT(*) FILTER (WHERE place = 'batch' OR bonus_due) AS unposted_count
                  FROM (%s) AS placed
                """,
                self._placed_entries(company, day),
            )
        )
        return row

    def _placed_entries(self, company, day):
        """SQL: each stored-value entry up to ``day``, and where its way into the accounts stands.

        ``till``: a load or payment of a session that is not posted by that day (the invoice of a
        load posts it before, unless it was made after the session); ``batch``: due for the batch;
        ``nowhere``: no document posts it; empty: posted (an opening by its own journal entry).
        """
        return SQL(
            """
            SELECT e.id, e.amount, e.bonus_amount, e.kind, o.session_id,
                   CASE WHEN %(root_kind)s = ANY(%(against)s)
                        THEN CASE WHEN m.id IS NULL THEN 'batch' END
                        WHEN %(root_kind)s = 'transfer' THEN NULL
                        WHEN o.id IS NULL THEN CASE WHEN m.id IS NULL THEN 'nowhere' END
                        WHEN %(root_kind)s = 'load' AND i.id IS NOT NULL THEN NULL
                        WHEN s.state <> 'closed'
                          OR COALESCE(sm.date, s.stop_at::date) > %(day)s THEN 'till'
                    END AS place,
                   m.id IS NULL AND e.bonus_amount <> 0 AND %(root_kind)s <> ALL(%(native)s)
                   AS bonus_due
              FROM loyalty_ledger_entry e
         LEFT JOIN loyalty_ledger_entry r ON r.id = e.reverses_id
         LEFT JOIN loyalty_ledger_entry rr ON rr.id = r.reverses_id
         LEFT JOIN account_move m
                ON m.id = e.move_id AND m.state = 'posted' AND m.date <= %(day)s
         LEFT JOIN pos_order o ON o.id = e.origin_id AND e.origin_model = 'pos.order'
         LEFT JOIN pos_session s ON s.id = o.session_id
         LEFT JOIN account_move sm ON sm.id = s.move_id
         LEFT JOIN account_move i
                ON i.id = o.account_move AND i.state = 'posted' AND i.date <= %(day)s
               AND NOT EXISTS (SELECT 1 FROM account_move x WHERE x.reversed_pos_order_id = o.id)
             WHERE e.is_stored_value AND e.company_id = ANY(%(companies)s)
               AND (e.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date <= %(day)s
            """,
            root_kind=self._root_kind(),
            against=list(posting.AGAINST),
            native=list(posting.NATIVE),
            companies=self._family(company),
            tz=company._loyalty_timezone(),
            day=day,
        )

    def _family(self, company):
        """Ids of the companies that share the accounts of ``company``, a root."""
        return self.env["res.company"].search([("id", "child_of", company.root_id.id)]).ids

    def _lots_position(self, company, day, source):
        """What remained in the company's lots of stored value at the end of ``day``."""
        [[value]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(line.amount), 0)
                  FROM loyalty_lot_line line
                  JOIN loyalty_lot lot ON lot.id = line.lot_id
                  JOIN loyalty_ledger_entry e ON e.id = line.entry_id
                 WHERE e.is_stored_value AND e.company_id = ANY(%s)
                   AND (e.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date <= %s
                   AND (%s OR lot.source = %s)
                """,
                self._family(company),
                company._loyalty_timezone(),
                day,
                source is None,
                source,
            )
        )
        return value

    def _account_position(self, company, day, account):
        [[value]] = self.env.execute_query(
            SQL(
                ACCOUNT_BALANCE,
                account=account.id or 0,
                companies=self._family(company),
                day=day,
            )
        )
        return value

    def _other_items(self, company, day):
        """Journal items on the liability that neither a till nor the batch has made.

        Until the day of its movements, the opening entry of a conversion is one of them: an
        accountant may date it back.
        """
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, -l.balance AS value
                  FROM account_move_line l
                  JOIN account_move m ON m.id = l.move_id
             LEFT JOIN account_payment p ON p.id = m.origin_payment_id
                 WHERE l.account_id = %s AND l.company_id = ANY(%s)
                   AND l.parent_state = 'posted' AND l.date <= %s
                   AND p.pos_session_id IS NULL AND m.reversed_pos_order_id IS NULL
                   AND (m.journal_id <> %s OR EXISTS (
                       SELECT 1 FROM loyalty_ledger_entry e
                        WHERE e.move_id = m.id AND e.kind = 'opening'
                          AND (e.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date > %s))
                   AND NOT EXISTS (SELECT 1 FROM pos_session s WHERE s.move_id = m.id)
                   AND NOT EXISTS (SELECT 1 FROM pos_order o WHERE o.account_move = m.id)
                """,
                company.loyalty_stored_value_account_id.id or 0,
                self._family(company),
                day,
                company.loyalty_posting_journal_id.id or 0,
                company._loyalty_timezone(),
                day,
            )
        )
