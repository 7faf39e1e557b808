from dataclasses import replace

from odoo import models
from odoo.tools.sql import column_exists, constraint_definition, create_column, table_exists

#: When qualifying points count that were recorded before they had a day of their own.
DATE_OLD_ENTRIES = """
    UPDATE loyalty_ledger_entry e SET qualifying_on = COALESCE(
               (SELECT r.date::date FROM loyalty_ledger_entry r WHERE r.id = e.reverses_id),
               e.date::date)
     WHERE e.qualifying_points != 0 AND e.qualifying_on IS NULL
"""


class LoyaltyLedgerEntry(models.Model):
    """Qualifying points count on a day: that of the sale, for what refunds take back as well.

    Sums over any days are per customer and program, so that merged customers keep theirs; the index
    holds all that a sum needs.
    """

    _inherit = "loyalty.ledger.entry"

    _qualifying_dated = models.Constraint(
        "CHECK (qualifying_points = 0 OR qualifying_on IS NOT NULL)",
        "Qualifying points count on a day.",
    )
    _qualifying_idx = models.Index(
        "(program_id, partner_id, qualifying_on) INCLUDE (qualifying_points) "
        "WHERE qualifying_points != 0"
    )

    def _auto_init(self):
        """Date what was recorded before there was the column, which the constraint asks for."""
        cr, table = self.env.cr, self._table
        if table_exists(cr, table):
            if not column_exists(cr, table, "qualifying_on"):
                create_column(cr, table, "qualifying_on", "date")
            if not constraint_definition(cr, table, f"{table}_qualifying_dated"):
                cr.execute(DATE_OLD_ENTRIES)
        return super()._auto_init()


class LoyaltyLedgerTier(models.AbstractModel):
    """Whatever moves qualifying points moves tiers, in the same transaction: L7 for tiers.

    Tills, sales orders, refunds, credit notes, corrections and imports need no code of their own.
    """

    _inherit = "loyalty.ledger"

    def _date_qualifying(self, states, movements):
        """``movements``, those with qualifying points on a day: today, unless they say another."""
        undated = [m for m in movements if m.qualifying and not m.qualifying_on]
        programs = {states[m.balance_id].program_id for m in undated}
        today = {p.id: p._today() for p in self.env["loyalty.program"].browse(programs)}
        return [
            replace(m, qualifying_on=today[states[m.balance_id].program_id])
            if m.qualifying and not m.qualifying_on
            else m
            for m in movements
        ]

    def _store(self, batch):
        result = super()._store(batch)
        # A transfer joins the balances of one customer: the sum stays what it was.
        moved = [
            (row.state.program_id, row.state.partner_id, row.movement)
            for row in batch.rows
            if row.movement.qualifying and row.movement.kind != "transfer"
        ]
        if moved:
            self.env["loyalty.member"]._tier_follow(moved)
        return result
