from odoo import api, models

#: Each proof selects what breaks it: balance id, what was expected, what was found. All are single
#: scans with grouping: linear in the entries, lots and holds, no query per balance.
PROOFS = {
    "L1: the balance is the sum of its entries": """
        SELECT b.id, COALESCE(SUM(e.amount), 0), b.points
          FROM loyalty_card b LEFT JOIN loyalty_ledger_entry e ON e.balance_id = b.id
         WHERE {scope} GROUP BY b.id
        HAVING COALESCE(SUM(e.amount), 0) != COALESCE(b.points, 0)
    """,
    "L1: the balance is what remains in its lots": """
        SELECT b.id, COALESCE(SUM(l.remaining), 0), GREATEST(b.points, 0)
          FROM loyalty_card b LEFT JOIN loyalty_lot l ON l.balance_id = b.id AND l.remaining > 0
         WHERE {scope} GROUP BY b.id
        HAVING COALESCE(SUM(l.remaining), 0) != GREATEST(COALESCE(b.points, 0), 0)
    """,
    "L1: what remains in a lot is the sum of its uses": """
        SELECT b.id, SUM(u.amount), l.remaining
          FROM loyalty_lot l JOIN loyalty_card b ON b.id = l.balance_id
          JOIN loyalty_lot_line u ON u.lot_id = l.id
         WHERE {scope} GROUP BY b.id, l.id HAVING SUM(u.amount) != l.remaining
    """,
    "L1: qualifying points are the sum of those of its entries": """
        SELECT b.id, COALESCE(SUM(e.qualifying_points), 0), b.qualifying_points
          FROM loyalty_card b LEFT JOIN loyalty_ledger_entry e ON e.balance_id = b.id
         WHERE {scope} GROUP BY b.id
        HAVING COALESCE(SUM(e.qualifying_points), 0) != COALESCE(b.qualifying_points, 0)
    """,
    "L2: what is pending is what remains in pending lots": """
        SELECT b.id, COALESCE(SUM(l.remaining), 0), b.pending
          FROM loyalty_card b LEFT JOIN loyalty_lot l ON l.balance_id = b.id AND l.pending
         WHERE {scope} GROUP BY b.id
        HAVING COALESCE(SUM(l.remaining), 0) != COALESCE(b.pending, 0)
    """,
    "L1: each entry states the balance after it": """
        SELECT id, expected, balance_after FROM (
            SELECT b.id, e.balance_after,
                   SUM(e.amount) OVER (PARTITION BY e.balance_id ORDER BY e.id) AS expected
              FROM loyalty_ledger_entry e JOIN loyalty_card b ON b.id = e.balance_id
             WHERE {scope}
        ) running WHERE expected != balance_after
    """,
    "L2: what is on hold is the sum of the open holds": """
        SELECT b.id, COALESCE(SUM(h.amount), 0), b.held
          FROM loyalty_card b LEFT JOIN loyalty_hold h ON h.balance_id = b.id AND h.state = 'open'
         WHERE {scope} GROUP BY b.id
        HAVING COALESCE(SUM(h.amount), 0) != COALESCE(b.held, 0)
    """,
    "L2: stored value is never below zero": """
        SELECT b.id, 0, b.points - b.held - COALESCE(b.pending, 0)
          FROM loyalty_card b JOIN loyalty_program p ON p.id = b.program_id
         WHERE {scope} AND p.is_stored_value AND b.points - b.held - COALESCE(b.pending, 0) < 0
    """,
    "L3: a stored-value entry is the sum of its lots": """
        SELECT b.id, COALESCE(SUM(u.amount), 0), e.amount
          FROM loyalty_ledger_entry e JOIN loyalty_card b ON b.id = e.balance_id
          LEFT JOIN loyalty_lot_line u ON u.entry_id = e.id
         WHERE {scope} AND e.is_stored_value
         GROUP BY b.id, e.id HAVING COALESCE(SUM(u.amount), 0) != e.amount
    """,
    "L3: an entry is of its balance's program and company": """
        SELECT b.id, CONCAT(b.program_id, ' / ', COALESCE(b.company_id, p.company_id)),
               CONCAT(e.program_id, ' / ', e.company_id)
          FROM loyalty_ledger_entry e JOIN loyalty_card b ON b.id = e.balance_id
          JOIN loyalty_program p ON p.id = b.program_id
         WHERE {scope} AND (e.program_id != b.program_id
            OR e.company_id IS NOT NULL AND e.company_id != COALESCE(b.company_id, p.company_id)
            OR e.currency_id != p.currency_id)
    """,
    # Before a program became stored value its entries were none, and came to nothing in the end.
    "L3: entries are stored value where their balance is": """
        SELECT b.id, 0, SUM(e.amount) FILTER (WHERE NOT e.is_stored_value OR NOT p.is_stored_value)
          FROM loyalty_ledger_entry e JOIN loyalty_card b ON b.id = e.balance_id
          JOIN loyalty_program p ON p.id = b.program_id
         WHERE {scope} AND (e.is_stored_value OR p.is_stored_value)
         GROUP BY b.id, p.is_stored_value
        HAVING NOT BOOL_AND(p.is_stored_value)
            OR SUM(e.amount) FILTER (WHERE e.is_stored_value IS NOT TRUE) != 0
            OR MAX(e.id) FILTER (WHERE e.is_stored_value IS NOT TRUE)
             > MIN(e.id) FILTER (WHERE e.is_stored_value)
    """,
    "L4: a captured hold has its entry": """
        SELECT b.id, h.amount, NULL
          FROM loyalty_hold h JOIN loyalty_card b ON b.id = h.balance_id
         WHERE {scope} AND h.state = 'captured' AND h.entry_id IS NULL
    """,
}


class LoyaltyLedgerVerify(models.AbstractModel):
    """The invariants of the ledger, proved against what is stored."""

    _inherit = "loyalty.ledger"

    @api.private
    def verify(self, balances=None):
        """Prove L1 to L4 for ``balances`` (default: all, archived ones too).

        One statement per proof, each a single pass: fit for millions of entries.

        :return: list of ``{"invariant", "balance_id", "expected", "found"}``; empty when all hold
        """
        self.env.flush_all()
        scope, params = (
            ("b.id = ANY(%s)", (balances.ids,)) if balances is not None else ("TRUE", ())
        )
        broken = []
        for invariant, query in PROOFS.items():
            self.env.cr.execute(query.format(scope=scope), params)
            broken += [
                {"invariant": invariant, "balance_id": id_, "expected": expected, "found": found}
                for id_, expected, found in self.env.cr.fetchall()
            ]
        return broken
