"""Orders synchronised per second: plain Odoo beside Odoo with this addon, the same orders.

No stored value is on them: this is what the addon costs where it is not used. The two databases
take turns (A B, B A, A B, ...), so that a machine that slows down does so for both, and the
ratio is the median over the rounds. Measured in process, without HTTP, whose time would be the
same for both and hide the difference.
"""

import gc
from functools import partial
from statistics import median

from figures import Figure, rate, ratio_of
from shop import payload, sales, shop_of
from turns import in_turns

from odoo import sql_db

SLOWER_MAX = 1.10
AIM = "at most 10 % slower"


def measure(databases, options):
    """Figures for orders sent one by one, and in batches as after a time without connection."""
    shops = [(database, shop_of(database)) for database in (databases.plain(), databases.addon())]
    for way in (one_by_one, in_a_batch):
        for database, shop in shops:  # fill the caches
            way(database, shop, sales(options.orders, seed=way.seed))
    gc.collect()
    gc.freeze()
    figures = _statements(shops, options)
    for way in (one_by_one, in_a_batch):
        plain, addon = in_turns(
            options.rounds,
            *(partial(_round, way, *shop, options.orders) for shop in shops),
        )
        figures += _compared(f"orders.{way.__name__}", plain, addon, options.orders)
    return figures


def alone(databases, options):
    """The addon's rounds, for ``against.py``."""
    database = databases.addon()
    shop = shop_of(database)
    return {
        way.__name__: (options.orders, partial(_round, way, database, shop, options.orders))
        for way in (one_by_one, in_a_batch)
    }


def _compared(name, plain, addon, count):
    """Orders per second of both, and the Python part of an order: it is what the addon adds to."""
    ratio, spread = ratio_of(addon.clock, plain.clock)
    cpu_ratio, cpu_spread = ratio_of(addon.cpu, plain.cpu)
    cpu = round(1000 * median(addon.cpu) / count, 1)
    met = ratio <= SLOWER_MAX
    return [
        Figure(f"{name}.plain", rate(count, plain.clock), "orders/s"),
        Figure(f"{name}.addon", rate(count, addon.clock), "orders/s", ratio, spread, AIM, met),
        Figure(f"{name}.cpu", cpu, "ms/order", cpu_ratio, cpu_spread),
    ]


def one_by_one(database, shop, some_sales):
    """Each order in a request and a transaction of its own."""
    for sale in some_sales:
        _sync(database, shop, [payload(shop, sale)])


def in_a_batch(database, shop, some_sales):
    """All orders in one request and transaction."""
    _sync(database, shop, [payload(shop, sale) for sale in some_sales])


one_by_one.seed, in_a_batch.seed = 1_000, 2_000


def _round(way, database, shop, count, turn):
    """What is done in one turn: the same sales in both databases."""
    some_sales = sales(count, seed=way.seed + 1 + turn)
    return lambda: way(database, shop, some_sales)


def _sync(database, shop, orders):
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        env["pos.order"].sync_from_ui(orders)


def _statements(shops, options):
    """SQL statements per order, one by one: a figure that no busy machine disturbs."""
    some_sales, counts = sales(options.orders, seed=3_000), []
    for database, shop in shops:
        before = sql_db.sql_counter
        one_by_one(database, shop, some_sales)
        counts.append((sql_db.sql_counter - before) / options.orders)
    ratio = round(counts[1] / counts[0], 3)
    name, aim = "orders.statements", "at most 10 % more"
    return [
        Figure(f"{name}.plain", round(counts[0], 1), "per order"),
        Figure(
            f"{name}.addon", round(counts[1], 1), "per order", ratio, None, aim, ratio <= SLOWER_MAX
        ),
    ]
