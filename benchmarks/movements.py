"""``loyalty.ledger.post``: SQL statements and time for batches of 100, 1,000 and 10,000 movements.

Half of a batch brings value onto balances, half takes it off again, one of each per balance: every
statement that ``post`` has is needed.
"""

import statistics
import time
from decimal import Decimal

from figures import Figure

from odoo.addons.loyalty_cinema.domain.movement import Movement

REPEATS = 3


def measure(databases, options):
    """Per size: statements (which may not grow with it) and seconds, the commit included."""
    database = databases.addon()
    _post(database, _movements(database, 10))  # fill the caches
    measured = {
        size: [_post(database, _movements(database, size)) for _repeat in range(REPEATS)]
        for size in options.movements
    }
    statements = {size: max(count for count, _time in runs) for size, runs in measured.items()}
    constant = len(set(statements.values())) == 1
    figures = []
    for size, runs in measured.items():
        seconds = statistics.median(seconds for _count, seconds in runs)
        name = f"movements.{size}"
        figures += [
            Figure(
                f"{name}.statements",
                statements[size],
                "statements",
                aim="the same for every size",
                met=constant,
            ),
            Figure(f"{name}.seconds", round(seconds, 3), "s"),
            Figure(f"{name}.rate", round(size / seconds), "movements/s"),
        ]
    return figures


def _movements(database, size):
    """A load and a payment for each of ``size / 2`` fresh balances that hold something already."""
    with database.transaction() as env:
        program = env.company.loyalty_wallet_program_id
        balances = env["loyalty.card"].create([{"program_id": program.id}] * (size // 2)).ids
        env["loyalty.ledger"].post(
            Movement(id_, Decimal(50), "load", f"first:{id_}") for id_ in balances
        )
    loads = [Movement(id_, Decimal(100), "load", f"load:{id_}") for id_ in balances]
    return loads + [Movement(id_, Decimal(-70), "spend", f"spend:{id_}") for id_ in balances]


def _post(database, movements):
    """Post in one transaction: ``(statements, seconds)``."""
    start = time.perf_counter()
    with database.transaction() as env:
        before = env.cr.sql_log_count
        entries = env["loyalty.ledger"].post(movements)
        statements = env.cr.sql_log_count - before
    seconds = time.perf_counter() - start
    if len(entries) != len(movements):
        raise AssertionError(f"{len(movements)} movements, {len(entries)} entries")
    return statements, seconds
