"""Orders of members per second with what they earn: plain pos_loyalty beside this addon.

Every guest is a member and earns a tenth of what is paid. With plain Odoo the browser works the
points out (which costs nothing here) and sends them in a second request of its own
(``confirm_coupon_programs``). Ours are worked out by the server from an earn rule, in the request
that synchronises the order; it needs no second one. ``validate_coupon_programs``, which Odoo's
till also calls, is left out.

The statements are those that this addon adds to a batch, such as a till sends after a time without
connection: what it takes for any batch, and what each order of it adds.
"""

import gc
from functools import partial

from figures import Figure, rate, ratio_of
from shop import payload, sales, shop_of
from turns import in_turns

from odoo import Command, sql_db

SHARE = 0.1
SEED = 5_000
BATCH_SMALL, BATCH_LARGE = 20, 200
SLOWER_MAX = 1.10
AIM = "at most 10 % slower"


def measure(databases, options):
    """Figures for orders one by one and in batches, then the statements of a batch."""
    plain, addon = databases.plain(), databases.addon()
    cards = _odoo_cards(plain)
    theirs_alone = _rounds(partial(odoo_earning, plain, cards), options)
    figures = []
    for name, (_count, ours) in alone(databases, options).items():
        rounds = [theirs_alone[name][1], ours]
        for prepare in rounds:  # fill the caches
            prepare(-1)()
        gc.collect()
        gc.freeze()
        theirs, ours = in_turns(options.rounds, *rounds)
        ratio, spread = ratio_of(ours.clock, theirs.clock)
        figures += [
            Figure(f"earning.{name}.plain", rate(options.orders, theirs.clock), "orders/s"),
            Figure(
                f"earning.{name}.addon",
                rate(options.orders, ours.clock),
                "orders/s",
                ratio,
                spread,
                AIM,
                ratio <= SLOWER_MAX,
            ),
        ]
    if _points(plain) != _points(addon):
        raise AssertionError("the two ways have given different points")
    return figures + _statements(plain, addon)


def alone(databases, options):
    """The addon's rounds, for ``against.py``."""
    addon = databases.addon()
    _enrol_guests(addon)
    return _rounds(partial(our_earning, addon), options)


def _rounds(way, options):
    sizes = {"one_by_one": (1, SEED), "in_a_batch": (options.orders, SEED + 500)}
    return {
        name: (options.orders, partial(_round, way, options.orders, size, seed))
        for name, (size, seed) in sizes.items()
    }


def our_earning(database, some_sales):
    """Synchronise: the server does the rest."""
    shop = shop_of(database)
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        env["pos.order"].sync_from_ui([payload(shop, sale) for sale in some_sales])


def odoo_earning(database, cards, some_sales):
    """Synchronise, then have the points written, order by order as the till does."""
    shop, program_id, card_ids = shop_of(database), *cards
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        answer = env["pos.order"].sync_from_ui([payload(shop, sale) for sale in some_sales])
        ids = {order["uuid"]: order["id"] for order in answer["pos.order"]}
    for sale in some_sales:
        card = card_ids[sale.guest]
        change = {
            "points": round(sale.total * SHARE, 2),
            "program_id": program_id,
            "coupon_id": card,
            "barcode": False,
            "partner_id": shop.partner_ids[sale.guest],
        }
        with database.transaction(shop.cashier_id, shop.company_id) as env:
            env["pos.order"].browse(ids[sale.uuid()]).confirm_coupon_programs({str(card): change})


def _round(way, count, size, seed, turn):
    """``count`` orders of members, ``size`` in a request."""
    some_sales = _members_sales(count, seed + 1 + turn)
    requests = [some_sales[at : at + size] for at in range(0, count, size)]
    return lambda: [way(request) for request in requests]


def _members_sales(count, seed):
    return [sale for sale in sales(2 * count, seed) if sale.guest is not None]


def _statements(plain, addon):
    """What this addon adds to a batch: a constant, and something per order."""
    added = {}
    for size in (2, BATCH_SMALL, BATCH_LARGE):  # the first fills the caches
        some_sales, counts = _members_sales(size, SEED + 700 + size), []
        for database in (plain, addon):
            before = sql_db.sql_counter
            our_earning(database, some_sales)
            counts.append(sql_db.sql_counter - before)
        added[size] = counts[1] - counts[0]
    per_order = (added[BATCH_LARGE] - added[BATCH_SMALL]) / (BATCH_LARGE - BATCH_SMALL)
    constant = added[BATCH_LARGE] - per_order * BATCH_LARGE
    name, aim = "earning.statements", "less than 1 per order"
    return [
        Figure(f"{name}.constant", round(constant, 1), "per batch"),
        Figure(f"{name}.per_order", round(per_order, 3), "per order", aim=aim, met=per_order < 1),
    ]


def _points(database):
    """What each guest has earned, by the guest's place in the list."""
    shop = shop_of(database)
    with database.transaction() as env:
        cards = env["loyalty.card"].search(
            [("partner_id", "in", shop.partner_ids), ("program_id.program_type", "=", "loyalty")]
        )
        return {shop.partner_ids.index(c.partner_id.id): round(c.points, 2) for c in cards}


def _enrol_guests(database):
    """Make all guests members of a membership program with one earn rule."""
    shop = shop_of(database)
    with database.transaction(company=shop.company_id) as env:
        rule = {"name": "A tenth", "kind": "percent", "rate": 100 * SHARE}
        program = env["loyalty.program"].create(
            {
                "name": "Club",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": shop.company_id,
                "points_step": 0.01,
                "earn_rule_ids": [Command.create(rule)],
            }
        )
        guests = env["res.partner"].browse(shop.partner_ids)
        env["loyalty.member"]._enrol(program, guests, "till")


def _odoo_cards(database):
    """Odoo's points program and its guests' cards: ``(program id, [card id per guest])``."""
    shop = shop_of(database)
    with database.transaction(company=shop.company_id) as env:
        rule = {"reward_point_amount": SHARE, "reward_point_mode": "money"}
        program = env["loyalty.program"].create(
            {
                **env["loyalty.program"]._program_type_default_values()["loyalty"],
                "name": "Club",
                "program_type": "loyalty",
                "company_id": shop.company_id,
                "rule_ids": [Command.create(rule)],
            }
        )
        cards = env["loyalty.card"].create(
            [{"program_id": program.id, "partner_id": guest} for guest in shop.partner_ids]
        )
        return program.id, cards.ids
