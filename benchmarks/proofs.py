"""``loyalty.ledger.verify`` over a million entries; then one row is broken, and must be found.

The entries are made by SQL, in the shape that the ledger gives them: per balance two loads, each
followed by nine payments, all of them from the first load's lot, which they empty.
"""

import time

from figures import Figure

ENTRIES_PER_BALANCE = 20
LOAD, PRICE = 900, 50

#: ``e``: which balance (from 0), which of its entries (1 to 20), and whether that is a load.
ENTRIES = """
    SELECT number, number / 20 AS place, number %% 20 + 1 AS step, number %% 10 = 0 AS is_load
      FROM generate_series(0, %(entries)s - 1) AS number
"""
GENERATE = (
    """
    INSERT INTO loyalty_card (id, program_id, company_id, code, active, points, held, overdraft)
    SELECT %(first)s + place, %(program)s, %(company)s, 'bench' || place, TRUE,
           2 * %(load)s - 18 * %(price)s, 0, 0
      FROM generate_series(0, %(entries)s / 20 - 1) AS place
    """,
    f"""
    INSERT INTO loyalty_ledger_entry
           (id, balance_id, program_id, company_id, currency_id, kind, amount, paid_amount,
            bonus_amount, balance_after, is_stored_value, date, key, user_id)
    SELECT %(first)s + number, %(first)s + place, %(program)s, %(company)s, %(currency)s,
           CASE WHEN is_load THEN 'load' ELSE 'spend' END,
           CASE WHEN is_load THEN %(load)s ELSE -%(price)s END,
           CASE WHEN is_load THEN %(load)s ELSE -%(price)s END, 0,
           %(load)s * (1 + step / 11) - %(price)s * (step - 1 - step / 11),
           TRUE, now(), 'bench:' || number, 1
      FROM ({ENTRIES}) AS e
    """,
    f"""
    INSERT INTO loyalty_lot (id, balance_id, company_id, entry_id, group_id, source, amount,
                             remaining)
    SELECT %(first)s + number / 10, %(first)s + place, %(company)s, %(first)s + number,
           %(first)s + number, 'paid', %(load)s,
           CASE WHEN step = 1 THEN 0 ELSE %(load)s END
      FROM ({ENTRIES}) AS e WHERE is_load
    """,
    f"""
    INSERT INTO loyalty_lot_line (lot_id, entry_id, amount)
    SELECT %(first)s + CASE WHEN is_load THEN number / 10 ELSE place * 2 END, %(first)s + number,
           CASE WHEN is_load THEN %(load)s ELSE -%(price)s END
      FROM ({ENTRIES}) AS e
    """,
)
#: Ids start here, beyond those of other benchmarks in this database.
FIRST_ID = 100_000_000


def measure(databases, options):
    """Figures: seconds for the proofs, and whether a broken row is found and nothing else."""
    database = databases.addon()
    entries = options.entries - options.entries % ENTRIES_PER_BALANCE
    start = time.perf_counter()
    _generate(database, entries)
    database.tidy()
    generated = time.perf_counter() - start
    with database.transaction() as env:
        statements = env.cr.sql_log_count
        seconds, whole = _verify(env)
        statements = env.cr.sql_log_count - statements
    victim = FIRST_ID + entries // 2 // ENTRIES_PER_BALANCE
    with database.transaction() as env:
        _break_one(env, victim)
        _seconds, broken = _verify(env)
        env.cr.rollback()
    found = {row["balance_id"] for row in broken}
    name = f"proofs.{entries}"
    return [
        Figure(f"{name}.generate", round(generated, 1), "s"),
        Figure(f"{name}.verify", round(seconds, 2), "s"),
        Figure(f"{name}.rate", round(entries / seconds), "entries/s"),
        Figure(f"{name}.statements", statements, "statements"),
        Figure(f"{name}.false_alarms", len(whole), "findings", aim="none", met=not whole),
        Figure(
            f"{name}.broken_row",
            len(broken),
            "findings",
            aim="the one broken balance, no other",
            met=found == {victim},
        ),
    ]


def _generate(database, entries):
    """Fill the ledger. Foreign keys are not checked meanwhile: that would take minutes."""
    with database.transaction() as env:
        program = env.company.loyalty_wallet_program_id
        values = {
            "entries": entries,
            "first": FIRST_ID,
            "program": program.id,
            "company": program.company_id.id,
            "currency": program.currency_id.id,
            "load": LOAD,
            "price": PRICE,
        }
        env.cr.execute("SET LOCAL session_replication_role = replica")
        for statement in GENERATE:
            env.cr.execute(statement, values)


def _verify(env):
    start = time.perf_counter()
    broken = env["loyalty.ledger"].verify()
    return time.perf_counter() - start, broken


def _break_one(env, balance_id):
    """Falsify one payment of ``balance_id`` by one, as a careless UPDATE would."""
    env.cr.execute(
        """
        UPDATE loyalty_ledger_entry SET amount = amount + 1
         WHERE id = (SELECT MAX(id) FROM loyalty_ledger_entry WHERE balance_id = %s)
        """,
        (balance_id,),
    )
