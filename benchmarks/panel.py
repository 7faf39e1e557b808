"""The till's call when a member is chosen, among a million members with ten million movements.

One call answers who it is and all that the panel shows. Each is a transaction of its own, made by a
cashier with the lowest rights, for a member picked at random from those who come often; caches that
a shop's server has warm are warm. How many SQL statements it takes is compared between a member
with ten movements and one with a thousand movements and orders: it must be the same number.
"""

import json
import random
import statistics
import time

from crowd import BUSY_ENTRIES, ENTRIES_EACH, crowd_of
from figures import Figure
from shop import shop_of

from odoo.tools import json_default

SEED = 6_000
WARM_UP = 20


def measure(databases, options):
    """Figures: milliseconds (median, 95th percentile), bytes, and statements."""
    database = databases.addon("crowd")
    crowd = crowd_of(database, options.members)
    dice = random.Random(SEED)
    places = [dice.randrange(crowd.known) for _call in range(WARM_UP + options.calls)]
    calls = [call(database, crowd, place) for place in places][WARM_UP:]
    seconds = [spent for spent, _statements, _answer in calls]
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    sizes = [len(json.dumps(answer, default=json_default)) for *_others, answer in calls]
    name = f"panel.{crowd.members}_members"
    return [
        Figure(f"{name}.p50", round(1000 * cuts[9], 1), "ms"),
        Figure(f"{name}.p95", round(1000 * cuts[18], 1), "ms"),
        Figure(f"{name}.size", statistics.median(sizes), "bytes"),
        *_statements(database, crowd),
    ]


def call(database, crowd, place):
    """``(seconds, SQL statements, answer)`` of choosing one member."""
    shop = shop_of(database)
    start = time.perf_counter()
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        before = env.cr.sql_log_count
        answer = env["loyalty.till"].member(shop.session_id, {"partner_id": crowd.partner(place)})
        statements = env.cr.sql_log_count - before
    if not answer["ok"] or not answer["member"] or not answer.get("panel"):
        raise AssertionError(answer)
    return time.perf_counter() - start, statements, answer


def _statements(database, crowd):
    """How many statements the call takes, for a member with few movements and one with many."""
    places = {ENTRIES_EACH: 1, ENTRIES_EACH + BUSY_ENTRIES: 0}
    counts = {entries: call(database, crowd, at)[1] for entries, at in places.items()}
    same = len(set(counts.values())) == 1
    return [
        Figure(
            f"panel.statements.{entries}_movements",
            count,
            "statements",
            aim="the same for every member",
            met=same,
        )
        for entries, count in counts.items()
    ]
