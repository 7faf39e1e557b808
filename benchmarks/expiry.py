"""The nightly job of expiry: a million lots whose day is over, a million members who stay away.

Beside it one bare SQL statement that writes the same rows on the same data (entries, uses, members'
lines, lots, balances), all foreign keys checked, but without locks, batches, commits between them,
running balances or keys that a second run would recognise. The bare one goes first and is rolled
back; what it left is cleaned up before the job starts.
"""

import time
from datetime import timedelta

from figures import Figure
from jobs import beside_bare

#: Each balance of the first case has so many lots that are over.
LOTS_PER_BALANCE = 4
POINTS = 10
#: Ids start here, beyond those of other benchmarks in this database.
FIRST_ID = 300_000_000
SAMPLE = 1_000

#: ``number`` is which lot (from 0), ``place`` which balance.
LOTS = """
    SELECT number, number / %(per_balance)s AS place, number %% %(per_balance)s AS turn
      FROM generate_series(0, %(lots)s - 1) AS number
"""
GENERATE = (
    """
    INSERT INTO loyalty_card (id, program_id, company_id, code, active, points, held, overdraft,
                              pending, qualifying_points, create_date)
    SELECT %(first)s + place, %(program)s, %(company)s, 'expiry' || %(first)s + place, TRUE,
           %(points)s * %(per_balance)s, 0, 0, 0, 0, %(seen)s
      FROM generate_series(0, %(lots)s / %(per_balance)s - 1) AS place
    """,
    """
    INSERT INTO loyalty_member (id, partner_id, program_id, company_id, balance_id, channel,
                                joined_on, active, last_visit_on, create_date)
    SELECT %(first)s + place, %(first)s + place, %(program)s, %(company)s, %(first)s + place,
           'till', %(seen)s, TRUE, %(seen)s, %(seen)s
      FROM generate_series(0, %(lots)s / %(per_balance)s - 1) AS place
    """,
    f"""
    INSERT INTO loyalty_ledger_entry
           (id, balance_id, program_id, company_id, currency_id, kind, amount, paid_amount,
            bonus_amount, balance_after, qualifying_points, is_stored_value, date, key, user_id)
    SELECT %(first)s + number, %(first)s + place, %(program)s, %(company)s, %(currency)s, 'earn',
           %(points)s, 0, 0, %(points)s * (turn + 1), 0, FALSE, %(seen)s,
           'expiry:' || %(first)s + number, 1
      FROM ({LOTS}) AS lot
    """,
    f"""
    INSERT INTO loyalty_lot (id, balance_id, company_id, entry_id, group_id, source, amount,
                             remaining, pending, expires_on, create_date)
    SELECT %(first)s + number, %(first)s + place, %(company)s, %(first)s + number,
           %(first)s + number, 'points', %(points)s, %(points)s, FALSE,
           %(expires_on)s::date - turn::int, %(seen)s
      FROM ({LOTS}) AS lot
    """,
    f"""
    INSERT INTO loyalty_lot_line (lot_id, entry_id, amount)
    SELECT %(first)s + number, %(first)s + number, %(points)s FROM ({LOTS}) AS lot
    """,
    "SELECT setval('loyalty_ledger_entry_id_seq', MAX(id)) FROM loyalty_ledger_entry",
    "SELECT setval('loyalty_lot_id_seq', MAX(id)) FROM loyalty_lot",
    "SELECT setval('loyalty_card_id_seq', MAX(id)) FROM loyalty_card",
)
BARE = """
    WITH gone AS (
        SELECT nextval('loyalty_ledger_entry_id_seq') AS entry_id, l.id AS lot_id, l.balance_id,
               l.remaining AS amount
          FROM loyalty_lot l JOIN loyalty_card b ON b.id = l.balance_id
         WHERE l.remaining > 0 AND {due}
    ), entries AS (
        INSERT INTO loyalty_ledger_entry
               (id, balance_id, program_id, company_id, currency_id, partner_id, member_card_id,
                kind, amount, paid_amount, bonus_amount, balance_after, qualifying_points,
                is_stored_value, date, key, user_id, create_uid, write_uid, create_date, write_date)
        SELECT g.entry_id, b.id, b.program_id, b.company_id, p.currency_id, b.partner_id,
               b.member_card_id, 'expire', -g.amount, 0, 0, b.points - g.amount, 0, FALSE, now(),
               'bare:' || g.lot_id, 1, 1, 1, now(), now()
          FROM gone g
          JOIN loyalty_card b ON b.id = g.balance_id JOIN loyalty_program p ON p.id = b.program_id
    ), uses AS (
        INSERT INTO loyalty_lot_line (lot_id, entry_id, amount, create_uid, create_date)
        SELECT lot_id, entry_id, -amount, 1, now() FROM gone
    ), history AS (
        INSERT INTO loyalty_history (card_id, description, issued, used, create_uid, create_date)
        SELECT balance_id, 'Expired', 0, amount, 1, now() FROM gone
    ), lots AS (
        UPDATE loyalty_lot l SET remaining = 0 FROM gone g WHERE l.id = g.lot_id
    )
    UPDATE loyalty_card b SET points = b.points - s.amount, write_date = now()
      FROM (SELECT balance_id, SUM(amount) AS amount FROM gone GROUP BY balance_id) s
     WHERE b.id = s.balance_id
"""
DUE = {
    "lots": "l.expires_on < current_date - 1",
    "members": "b.program_id = %(program)s AND l.create_date < now() - interval '13 months' AND "
    "EXISTS (SELECT 1 FROM loyalty_member m WHERE m.balance_id = b.id "
    "AND m.last_visit_on < now() - interval '13 months')",
}


def measure(databases, options):
    """Figures for both ways to expire: seconds of the job, of bare SQL, and their ratio."""
    figures = []
    for place, name in enumerate(DUE):
        per_balance = LOTS_PER_BALANCE if name == "lots" else 1
        count = options.expiries - options.expiries % per_balance
        values = _generate(databases.addon(), name, count, per_balance, FIRST_ID * (place + 1))
        figures += _compare(databases.addon(), name, count, values)
    return figures


def _generate(database, name, count, per_balance, first):
    """Fill a program. Foreign keys are not checked meanwhile: that would take minutes."""
    with database.transaction() as env:
        program = env["loyalty.program"].create(
            {
                "name": f"Expiry of {name}",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": env.company.id,
                "is_membership": True,
                "points_expiry": "months" if name == "lots" else "inactivity",
                "expiry_months": 12,
            }
        )
        env.flush_all()
        today = env.cr.now().date()
        values = {
            "lots": count,
            "per_balance": per_balance,
            "first": first,
            "points": POINTS,
            "program": program.id,
            "company": program.company_id.id,
            "currency": program.currency_id.id,
            "expires_on": today - timedelta(days=30) if name == "lots" else None,
            "seen": today - timedelta(days=500),
        }
        env.cr.execute("SET LOCAL session_replication_role = replica")
        for statement in GENERATE:
            env.cr.execute(statement, values)
    return values


def _compare(database, name, count, values):
    """Bare SQL and the job on the same data, one after the other, on a tidy database."""
    bare = _bare(database, DUE[name], count, values)
    figures = beside_bare(
        database,
        lambda env: env["loyalty.lot"]._cron_expire(),
        f"expiry.{name}",
        count,
        "lots",
        bare,
    )
    return [*figures, _left_over(database, f"expiry.{name}.{count}", values)]


def _bare(database, due, count, values):
    """Seconds of the bare statement; its work is undone."""
    database.tidy()
    with database.sql() as connection, connection.cursor() as cr:
        start = time.perf_counter()
        cr.execute(BARE.format(due=due), values)
        seconds = time.perf_counter() - start
        balances = count // values["per_balance"]
        if cr.rowcount != balances:
            raise AssertionError(f"bare SQL: {cr.rowcount} balances of {balances}")
        connection.rollback()
    return seconds


def _left_over(database, name, values):
    """What the job missed or broke: balances with points left; proofs that fail, of a sample."""
    with database.transaction() as env:
        program = [("program_id", "=", values["program"])]
        left = env["loyalty.card"].search_count([*program, ("points", "!=", 0)])
        broken = env["loyalty.ledger"].verify(env["loyalty.card"].search(program, limit=SAMPLE))
        wrong = left + len(broken)
    return Figure(f"{name}.left_over", wrong, "balances", aim="none", met=not wrong)
