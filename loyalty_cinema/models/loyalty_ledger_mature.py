from odoo import api, models

#: Lots are matured and balances counted in one statement: nothing of it can be half done. The
#: balances are locked in the order of their ids, as everywhere.
MATURE = """
    WITH day AS (SELECT * FROM unnest(%(companies)s, %(days)s::date[]) AS d(company_id, today)),
    due AS (
        SELECT l.id, l.balance_id
          FROM loyalty_lot l JOIN day ON day.company_id = COALESCE(l.company_id, 0)
         WHERE l.pending AND l.available_on <= day.today
           AND (%(all)s OR l.balance_id = ANY(%(balances)s))
         ORDER BY l.balance_id, l.id LIMIT %(limit)s
    ), locked AS (
        SELECT id FROM loyalty_card WHERE id IN (SELECT balance_id FROM due)
         ORDER BY id FOR UPDATE {wait}
    ), matured AS (
        UPDATE loyalty_lot l SET pending = FALSE
          FROM due, locked WHERE l.id = due.id AND locked.id = l.balance_id
     RETURNING l.balance_id, l.remaining
    ), sums AS (
        SELECT balance_id, SUM(remaining) AS amount, COUNT(*) AS lots
          FROM matured GROUP BY balance_id
    ), balances AS (
        UPDATE loyalty_card b
           SET pending = b.pending - s.amount,
               overdraft = LEAST(b.overdraft,
                                 GREATEST(b.held + b.pending - s.amount - b.points, 0))
          FROM sums s WHERE b.id = s.balance_id
     RETURNING s.lots
    )
    SELECT COALESCE(SUM(lots), 0)::int FROM balances
"""


class LoyaltyLedgerMature(models.AbstractModel):
    """Pending value becomes available on its day, by the clock of the company that owes it.

    No entry is written: the balance stays the same, only more of it can be spent.
    """

    _inherit = "loyalty.ledger"

    @api.private
    def _mature_due(self, balances=None, limit=None):
        """Make available what is due on ``balances``: one statement.

        By default on all but those that are just being used, which see to themselves.

        :param limit: how many lots at most
        :return: how many lots
        """
        self.env["loyalty.card"].flush_model()
        days = self.env["res.company"]._loyalty_days()
        self.env.cr.execute(
            MATURE.format(wait="SKIP LOCKED" if balances is None else ""),
            {
                "companies": list(days),
                "days": list(days.values()),
                "all": balances is None,
                "balances": balances.ids if balances is not None else [],
                "limit": limit,
            },
        )
        [lots] = self.env.cr.fetchone()
        if lots:
            self.env["loyalty.card"].invalidate_model(["pending", "overdraft", "available"])
            self.env["loyalty.lot"].invalidate_model(["pending"])
        return lots

    @api.private
    def _mature_all(self, batch_size):
        """Make available all that is due, ``batch_size`` lots per commit; restartable.

        What one batch has made available, the next one does not find.
        """
        commit = self.env["ir.cron"]._commit_progress
        while lots := self._mature_due(limit=batch_size):
            if not commit(lots, remaining=int(lots == batch_size)):
                break
