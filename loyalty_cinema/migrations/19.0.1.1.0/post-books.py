"""Compensation becomes a source of its own; documents that book stored value remember their day."""

from odoo import SUPERUSER_ID, api

#: What posted movements by itself stays as it was posted: its date is its day.
OWN = """
    UPDATE account_move m SET loyalty_due_on = m.date, loyalty_posted_on = m.date
      FROM loyalty_ledger_entry e
     WHERE e.move_id = m.id AND m.loyalty_due_on IS NULL
"""

#: Documents of the till, and the day of what it did: an entry was made at closing, payments belong
#: with the entry of their session (one may have been made anew since), an invoice bears the day of
#: its order or of invoicing. Up to a day apart the clocks of cashiers explain; later, a day that is
#: locked. What else differs was given another date since, and will be named.
TILL = """
    UPDATE account_move m
       SET loyalty_due_on = made.day,
           loyalty_posted_on = CASE
               WHEN m.date BETWEEN made.day - 1 AND made.day + 1
                 OR m.date > made.day AND made.day <= %(locked)s THEN m.date
               ELSE made.day END
      FROM (
          SELECT booked.id, COALESCE(o.day, (COALESCE(closing.create_date, x.create_date)
                                             AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) AS day
            FROM (SELECT move_id AS id FROM pos_session WHERE state = 'closed'
                   UNION SELECT move_id FROM account_payment WHERE pos_session_id IS NOT NULL
                   UNION SELECT account_move FROM pos_order
                   UNION SELECT id FROM account_move WHERE reversed_pos_order_id IS NOT NULL
                 ) AS booked
            JOIN account_move x ON x.id = booked.id AND x.company_id = %(company)s
       LEFT JOIN account_payment p ON p.id = x.origin_payment_id
       LEFT JOIN pos_session ps ON ps.id = p.pos_session_id
       LEFT JOIN account_move closing ON closing.id = ps.move_id
       LEFT JOIN LATERAL (
               SELECT MIN((o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) AS day
                 FROM pos_order o JOIN pos_session s ON s.id = o.session_id
                WHERE o.account_move = x.id AND x.create_date <= COALESCE(s.stop_at, x.create_date)
               HAVING COUNT(*) = 1) AS o ON TRUE
           WHERE EXISTS (SELECT 1 FROM account_move_line l
                          WHERE l.move_id = x.id AND l.account_id = ANY(%(accounts)s))
      ) AS made
     WHERE made.id = m.id AND m.loyalty_due_on IS NULL AND made.day IS NOT NULL
"""
LOCKS = ("fiscalyear_lock_date", "tax_lock_date", "sale_lock_date", "hard_lock_date")


def migrate(cr, version):
    """Fill what the new columns say of old rows."""
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
    remember_days(cr)


def remember_days(cr):
    """On which day each document that books stored value belongs."""
    cr.execute(OWN)
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for company in env["res.company"].search([]):
        family = company.parent_ids
        accounts = (
            family.loyalty_stored_value_account_id | family.loyalty_unamortised_bonus_account_id
        )
        if not accounts:
            continue
        locks = [family_company[name] for family_company in family for name in LOCKS]
        cr.execute(
            TILL,
            {
                "company": company.id,
                "tz": company._loyalty_timezone(),
                "accounts": accounts.ids,
                "locked": max(filter(None, locks), default=None),
            },
        )
