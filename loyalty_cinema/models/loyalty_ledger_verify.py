from odoo import api, models
from odoo.models import Constraint, UniqueIndex

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
    "L3: the paid, bonus and compensation parts of an entry are those of its lots": """
        SELECT e.balance_id, CONCAT_WS(' / ', COALESCE(u.paid, 0), COALESCE(u.bonus, 0),
                                       COALESCE(u.granted, 0)),
               CONCAT_WS(' / ', COALESCE(e.paid_amount, 0), COALESCE(e.bonus_amount, 0),
                         COALESCE(e.granted_amount, 0))
          FROM loyalty_ledger_entry e JOIN loyalty_card b ON b.id = e.balance_id
          LEFT JOIN (
              SELECT u.entry_id, SUM(u.amount) FILTER (WHERE l.source = 'paid') AS paid,
                     SUM(u.amount) FILTER (WHERE l.source = 'bonus') AS bonus,
                     SUM(u.amount) FILTER (WHERE l.source = 'granted') AS granted
                FROM loyalty_lot_line u JOIN loyalty_lot l ON l.id = u.lot_id
                JOIN loyalty_card b ON b.id = l.balance_id
               WHERE {scope} GROUP BY u.entry_id
          ) u ON u.entry_id = e.id
         WHERE {scope} AND e.is_stored_value
           AND (COALESCE(u.paid, 0) != COALESCE(e.paid_amount, 0)
                OR COALESCE(u.bonus, 0) != COALESCE(e.bonus_amount, 0)
                OR COALESCE(u.granted, 0) != COALESCE(e.granted_amount, 0))
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
        """Prove L1 to L4 for ``balances`` (default: all, archived ones too), and that the rules
        which the database itself keeps are still there.

        One statement per proof, each a single pass: fit for millions of entries.

        :return: list of ``{"invariant", "balance_id", "expected", "found"}``; empty when all hold
        """
        if balances is None:
            return self._broken_balances("TRUE", {}) + self._missing_rules()
        return self._broken_balances("b.id = ANY(%(balances)s)", {"balances": balances.ids})

    @api.private
    def _broken_value(self, company_ids):
        """The proofs for the stored value of these companies, and the rules of the database."""
        scope = """
            b.program_id IN (SELECT id FROM loyalty_program WHERE is_stored_value
                             AND (company_id = ANY(%(companies)s) OR company_id IS NULL))
        """
        return self._broken_balances(scope, {"companies": company_ids}) + self._missing_rules()

    def _broken_balances(self, scope, params):
        """What the proofs find.

        :param scope: which balances (``b``), as a condition in SQL
        """
        self.env.flush_all()
        broken = []
        for invariant, query in PROOFS.items():
            self.env.cr.execute(query.format(scope=scope), params)
            broken += [
                {"invariant": invariant, "balance_id": id_, "expected": expected, "found": found}
                for id_, expected, found in self.env.cr.fetchall()
            ]
        return broken

    def _missing_rules(self):
        """Constraints and unique indexes of this addon that PostgreSQL does not keep (L2 to L4).

        They are what holds when Python errs. An upgrade that could not add one, because of rows
        that break it, says so in its log only.
        """
        self.env.cr.execute(
            """
            SELECT r.relname, c.conname, obj_description(c.oid, 'pg_constraint')
              FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
             WHERE c.convalidated AND r.relnamespace = current_schema::regnamespace
             UNION ALL
            SELECT r.relname, i.relname, NULL
              FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
              JOIN pg_class r ON r.oid = x.indrelid
             WHERE x.indisunique AND x.indisvalid AND r.relnamespace = current_schema::regnamespace
            """
        )
        kept = {(table, name): definition for table, name, definition in self.env.cr.fetchall()}
        return [
            {
                "invariant": "L2 to L4: the database keeps this rule",
                "balance_id": None,
                "expected": f"{table}.{name}",
                "found": kept.get((table, name)),
            }
            for table, name, definition in self._rules()
            if (table, name) not in kept
            or (definition and kept[table, name] not in (definition, None))
        ]

    def _rules(self):
        """``(table, name, definition)`` of each rule; without definition for unique indexes."""
        for model in self.env.values():
            if model._abstract or not model._auto:
                continue
            for rule in model._table_objects.values():
                if rule._module != self._original_module:
                    continue
                if isinstance(rule, Constraint):
                    definition = rule.get_definition(self.pool)
                    yield model._table, rule.full_name(model), definition
                elif isinstance(rule, UniqueIndex):
                    yield model._table, rule.full_name(model), None
