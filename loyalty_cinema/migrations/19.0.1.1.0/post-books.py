"""Compensation becomes a source of its own; entries remember the day of their journal entry."""


def migrate(cr, version):
    """Fill what the new columns say of old rows."""
    cr.execute(
        """
        UPDATE loyalty_ledger_entry e SET posted_on = m.date
          FROM account_move m WHERE m.id = e.move_id AND e.posted_on IS NULL
        """
    )
    # Only what was given as a compensation: value that was transferred since has new lots, which
    # no longer say where it came from.
    cr.execute(
        """
        UPDATE loyalty_lot l SET source = 'granted'
          FROM loyalty_ledger_entry e
         WHERE e.id = l.entry_id AND e.kind = 'compensation' AND e.is_stored_value
           AND l.source = 'paid'
        """
    )
    cr.execute(
        """
        UPDATE loyalty_ledger_entry e
           SET granted_amount = u.amount, paid_amount = COALESCE(e.paid_amount, 0) - u.amount
          FROM (SELECT u.entry_id, SUM(u.amount) AS amount
                  FROM loyalty_lot_line u JOIN loyalty_lot l ON l.id = u.lot_id
                 WHERE l.source = 'granted' GROUP BY u.entry_id) u
         WHERE u.entry_id = e.id AND COALESCE(e.granted_amount, 0) = 0
        """
    )
