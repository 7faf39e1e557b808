from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..domain.lots import Part
from ..domain.movement import Movement


class LoyaltyLedgerExpire(models.AbstractModel):
    """Expiry of lots: at night in batches, and at once for a balance that is about to be spent."""

    _inherit = "loyalty.ledger"

    @api.private
    def expire(self, balances=None, today=None):
        """Take expired value off ``balances`` (default: all), except what is on hold.

        :param today: value whose last day lies before this date expires
        :return: the entries
        """
        return self.post(self._expiries(balances, today or self._today()))

    @api.private
    def _expire_all(self, batch_size):
        """Expire everything that is due, ``batch_size`` balances per commit.

        Restartable: what one batch has expired, the next query does not find.
        """
        cron = self.env["ir.cron"]
        while True:
            due = self._due_balances(batch_size)
            if not due:
                break
            entries = self.expire(self.env["loyalty.card"].browse(due))
            cron._commit_progress(len(entries))

    def _today(self):
        """The date on earth's westernmost clock: value never expires before its day is over."""
        return (fields.Datetime.now() - timedelta(hours=12)).date()

    def _due_balances(self, limit):
        self.env.cr.execute(
            """
            SELECT DISTINCT l.balance_id
              FROM loyalty_lot l JOIN loyalty_card b ON b.id = l.balance_id
             WHERE l.remaining > 0 AND l.expires_on < %s AND b.points > b.held
             LIMIT %s
            """,
            (self._today(), limit),
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _expire_due(self, balance):
        """Bring ``balance`` up to date before value is taken from it."""
        if balance.pending:
            self._mature_due(balance)
        self.post(self._expiries(balance, self._today()))

    def _expiries(self, balances, today):
        """One movement per expired lot, soonest first, as far as holds leave it free.

        The key carries the number of uses the lot has had, so that the same expiry is recorded
        once, and value refunded to an expired lot can expire again.
        """
        self.env["loyalty.card"].flush_model()
        self.env.cr.execute(
            """
            SELECT l.balance_id, l.id, l.remaining::text, (b.points - b.held)::text,
                   (SELECT COUNT(*) FROM loyalty_lot_line u WHERE u.lot_id = l.id)
              FROM loyalty_lot l JOIN loyalty_card b ON b.id = l.balance_id
             WHERE l.remaining > 0 AND l.expires_on < %s AND (%s OR l.balance_id = ANY(%s))
             ORDER BY l.balance_id, l.expires_on, l.id
            """,
            (today, balances is None, balances.ids if balances is not None else []),
        )
        movements, free = [], {}
        for balance, lot, remaining, available, uses in self.env.cr.fetchall():
            left = free.setdefault(balance, Decimal(available))
            amount = min(Decimal(remaining), left)
            if amount > 0:
                free[balance] = left - amount
                parts = (Part(lot, -amount),)
                key = f"expire:{lot}:{uses}"
                movements.append(Movement(balance, -amount, "expire", key, parts=parts))
        return movements

    @api.private
    def _open_existing_balances(self):
        """Give each balance that has value but no entries its opening entry: for installation.

        Linear in the number of balances, a constant number of statements.
        """
        cr = self.env.cr
        self.env["loyalty.card"].flush_model()
        cr.execute(
            """
            SELECT id, ROUND(points, 4)::text FROM loyalty_card b
             WHERE points != 0
               AND NOT EXISTS (SELECT 1 FROM loyalty_ledger_entry e WHERE e.balance_id = b.id)
            """
        )
        found = cr.fetchall()
        if not found:
            return
        ids = [id_ for id_, _points in found]
        cr.execute("UPDATE loyalty_card SET points = 0, overdraft = 0 WHERE id = ANY(%s)", (ids,))
        self.post(
            [
                Movement(id_, Decimal(points), "opening", f"opening:{id_}", mirror=False)
                for id_, points in found
            ]
        )
