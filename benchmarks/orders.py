"""Orders synchronised per second: plain Odoo beside Odoo with this addon, the same orders.

No stored value is on them: this is what the addon costs where it is not used. The two databases
take turns (A B, B A, A B, ...), so that a machine that slows down or speeds up does so for both; the
ratio is the median over the rounds. It is measured in process, without HTTP, whose time would be
the same for both and hide the difference.
"""

import gc
import time

from figures import Figure, rate, ratio_of
from shop import open_shop, payload, sales

SLOWER_MAX = 1.10
AIM = "at most 10 % slower"


def measure(databases, options):
    """Figures for orders sent one by one, and in batches as after a time without connection."""
    shops = []
    for database in (databases.plain(), databases.addon()):
        with database.transaction() as env:
            shops.append((database, open_shop(env)))
        database.tidy()
    for way in (one_by_one, in_a_batch):
        for database, shop in shops:  # fill the caches
            way(database, shop, sales(options.orders, seed=way.seed))
    gc.collect()
    gc.freeze()
    figures = []
    for way in (one_by_one, in_a_batch):
        plain, addon = _rounds(way, shops, options)
        ratio, spread = ratio_of(addon, plain)
        name = f"orders.{way.__name__}"
        figures += [
            Figure(f"{name}.plain", rate(options.orders, plain), "orders/s"),
            Figure(
                f"{name}.addon",
                rate(options.orders, addon),
                "orders/s",
                ratio,
                spread,
                AIM,
                ratio <= SLOWER_MAX,
            ),
        ]
    return figures


def one_by_one(database, shop, some_sales):
    """Each order in a request and a transaction of its own."""
    for sale in some_sales:
        _sync(database, shop, [payload(shop, sale)])


def in_a_batch(database, shop, some_sales):
    """All orders in one request and transaction."""
    _sync(database, shop, [payload(shop, sale) for sale in some_sales])


one_by_one.seed, in_a_batch.seed = 1_000, 2_000


def _sync(database, shop, orders):
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        env["pos.order"].sync_from_ui(orders)


def _rounds(way, shops, options):
    """Seconds per round for each shop: two lists."""
    seconds = [[], []]
    for turn in range(options.rounds):
        some_sales = sales(options.orders, seed=way.seed + 1 + turn)
        order = (0, 1) if turn % 2 == 0 else (1, 0)
        for which in order:
            start = time.perf_counter()
            way(*shops[which], some_sales)
            seconds[which].append(time.perf_counter() - start)
    return seconds
