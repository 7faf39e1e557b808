"""Opening a till in a shop with a hundred members, and in one with a million.

What the browser asks the server for when a till is opened (``load_data``), written as JSON, in two
databases that differ in their number of members alone. They take turns.
"""

import gc
import json
from functools import partial

from crowd import crowd_of
from figures import Figure, ratio_of
from shop import shop_of
from turns import in_turns

from odoo.tools import json_default

FEW = 100
#: Both orders of magnitude are the same but for noise.
SLOWER_MAX = 1.05
AIM = "the same within noise (at most 1.05)"


def measure(databases, options):
    """Figures: seconds and bytes in both, and their ratio."""
    few, many = databases.addon("few"), databases.addon("crowd")
    crowd_of(few, FEW)
    crowd_of(many, options.members)
    sizes = [open_till(database) for database in (few, many)]  # fill the caches, too
    gc.collect()
    gc.freeze()
    rounds = min(options.rounds, 20)
    with_few, with_many = in_turns(rounds, partial(_round, few), partial(_round, many))
    ratio, spread = ratio_of(with_many.clock, with_few.clock)
    size_ratio = round(sizes[1] / sizes[0], 3)
    name, many_name = f"opening.{FEW}_members", f"opening.{options.members}_members"
    return [
        Figure(f"{name}.seconds", round(sorted(with_few.clock)[rounds // 2], 3), "s"),
        Figure(
            f"{many_name}.seconds",
            round(sorted(with_many.clock)[rounds // 2], 3),
            "s",
            ratio,
            spread,
            AIM,
            ratio <= SLOWER_MAX,
        ),
        Figure(f"{name}.size", sizes[0], "bytes"),
        Figure(
            f"{many_name}.size", sizes[1], "bytes", size_ratio, None, AIM, size_ratio <= SLOWER_MAX
        ),
    ]


def open_till(database):
    """Load what a till loads, as the cashier who opens it; how many bytes that is."""
    shop = shop_of(database)
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        answer = env["pos.session"].browse(shop.session_id).load_data([])
        return len(json.dumps(answer, default=json_default))


def _round(database, _turn):
    return partial(open_till, database)
