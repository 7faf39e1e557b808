from odoo import api, models
from odoo.models import Constraint, UniqueIndex

#: Each proof selects what breaks it: balance id, what was expected, what was found. All are single
#: scans with grouping: linear in the entries, lots and holds, no query per balance. ``scope`` says
#: which balances ``b``, ``entries`` which entries ``e`` and ``lots`` which lots ``l``.
PROOFS = {
    "L1: balance / qualifying points are the sums of the entries": """
        SELECT b.id, CONCAT_WS(' / ', COALESCE(e.amount, 0), COALESCE(e.qualifying, 0)),
               CONCAT_WS(' / ', b.points, b.qualifying_points)
          FROM loyalty_card b
          LEFT JOIN (
              SELECT balance_id, SUM(amount) AS amount, SUM(qualifying_points) AS qualifying
                FROM loyalty_ledger_entry e WHERE {entries} GROUP BY balance_id
          ) e ON e.balance_id = b.id
         WHERE {scope}
           AND (COALESCE(e.amount, 0) != COALESCE(b.points, 0)
                OR COALESCE(e.qualifying, 0) != COALESCE(b.qualifying_points, 0))
    """,
    "L1: the balance is what remains in its lots": """
        SELECT b.id, COALESCE(SUM(l.remaining), 0), GREATEST(b.points, 0)
          FROM loyalty_card b LEFT JOIN loyalty_lot l ON l.balance_id = b.id AND l.remaining > 0
         WHERE {scope} GROUP BY b.id
        HAVING COALESCE(SUM(l.remaining), 0) != GREATEST(COALESCE(b.points, 0), 0)
    """,
    "L1: what remains in a lot is the sum of its uses": """
        SELECT l.balance_id, u.amount, l.remaining
          FROM loyalty_lot l
          JOIN (SELECT u.lot_id, SUM(u.amount) AS amount
                  FROM loyalty_lot_line u JOIN loyalty_lot l ON l.id = u.lot_id
                 WHERE {lots} GROUP BY u.lot_id) u ON u.lot_id = l.id
         WHERE u.amount != l.remaining
    """,
    "L2: what is pending is what remains in pending lots": """
        SELECT b.id, COALESCE(SUM(l.remaining), 0), b.pending
          FROM loyalty_card b LEFT JOIN loyalty_lot l ON l.balance_id = b.id AND l.pending
         WHERE {scope} GROUP BY b.id
        HAVING COALESCE(SUM(l.remaining), 0) != COALESCE(b.pending, 0)
    """,
    "L1: each entry states the balance after it": """
        SELECT balance_id, expected, balance_after FROM (
            SELECT e.balance_id, e.balance_after,
                   SUM(e.amount) OVER (PARTITION BY e.balance_id ORDER BY e.id) AS expected
              FROM loyalty_ledger_entry e WHERE {entries}
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
    "L3: amount / paid / bonus / compensation of an entry are those of its lots": """
        SELECT e.balance_id,
               CONCAT_WS(' / ', COALESCE(u.amount, 0), COALESCE(u.paid, 0), COALESCE(u.bonus, 0),
                         COALESCE(u.granted, 0)),
               CONCAT_WS(' / ', e.amount, COALESCE(e.paid_amount, 0), COALESCE(e.bonus_amount, 0),
                         COALESCE(e.granted_amount, 0))
          FROM loyalty_ledger_entry e
          LEFT JOIN (
              SELECT u.entry_id, SUM(u.amount) AS amount,
                     SUM(u.amount) FILTER (WHERE l.source = 'paid') AS paid,
                     SUM(u.amount) FILTER (WHERE l.source = 'bonus') AS bonus,
                     SUM(u.amount) FILTER (WHERE l.source = 'granted') AS granted
                FROM loyalty_lot_line u JOIN loyalty_lot l ON l.id = u.lot_id
               WHERE {lots} GROUP BY u.entry_id
          ) u ON u.entry_id = e.id
         WHERE {entries} AND e.is_stored_value
           AND (e.amount != COALESCE(u.amount, 0)
                OR COALESCE(e.paid_amount, 0) != COALESCE(u.paid, 0)
                OR COALESCE(e.bonus_amount, 0) != COALESCE(u.bonus, 0)
                OR COALESCE(e.granted_amount, 0) != COALESCE(u.granted, 0))
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


#: For statements that read everything: compiling them takes longer than they do, and their groups
#: fit into memory. Until the end of the transaction.
LARGE = "SET LOCAL jit = off; SET LOCAL work_mem = '128MB'"
#: The proofs sum a few rows for each of many entries and lots: sorting them is faster than keeping
#: all sums at once.
SORTED = "SET LOCAL enable_hashagg = off"


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
            return self._broken_balances("TRUE", "TRUE", "TRUE", {}) + self._missing_rules()
        return self._broken_balances(
            "b.id = ANY(%(balances)s)",
            "e.balance_id = ANY(%(balances)s)",
            "l.balance_id = ANY(%(balances)s)",
            {"balances": balances.ids},
        )

    @api.private
    def _broken_value(self, company_ids):
        """The proofs for the stored value of these companies, and the rules of the database."""
        programs = self.env["loyalty.program"].with_context(active_test=False)
        programs = programs.search(
            [("is_stored_value", "=", True), ("company_id", "in", company_ids)]
        )
        broken = self._broken_balances(
            "b.program_id = ANY(%(programs)s)",
            "e.program_id = ANY(%(programs)s)",
            "l.balance_id IN (SELECT id FROM loyalty_card WHERE program_id = ANY(%(programs)s))",
            {"programs": programs.ids},
        )
        return broken + self._missing_rules()

    def _broken_balances(self, scope, entries, lots, params):
        """What the proofs find.

        :param scope: which balances, ``entries`` and ``lots``: conditions in SQL, see ``PROOFS``
        """
        self.env.flush_all()
        self.env.cr.execute(LARGE)
        self.env.cr.execute(SORTED)
        broken = []
        for invariant, query in PROOFS.items():
            self.env.cr.execute(query.format(scope=scope, entries=entries, lots=lots), params)
            broken += [
                {"invariant": invariant, "balance_id": id_, "expected": expected, "found": found}
                for id_, expected, found in self.env.cr.fetchall()
            ]
        self.env.cr.execute("SET LOCAL enable_hashagg = DEFAULT")
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
               AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)
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
            if (table, name) not in kept or kept[table, name] != definition
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
