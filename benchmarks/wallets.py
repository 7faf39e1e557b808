"""Orders paid by wallet per second: Odoo's own eWallet beside this addon's tender.

Every request that a till sends for such an order is made, each in a transaction of its own. Odoo's
till asks whether the points suffice, synchronises the order with a discount line, and has the
wallet debited afterwards. Ours authorises, then synchronises the order with a payment. Nothing but
the card differs: the same goods, guests and totals.
"""

from functools import partial

from figures import Figure, rate, ratio_of
from shop import payload, sales, shop_of
from turns import in_turns

from odoo import Command

VALUE = 10_000_000
SEED = 4_000


def measure(databases, options):
    """Figures for both; there is no aim, Odoo's own way guarantees less."""
    plain, addon = databases.plain(), databases.addon()
    ways = [
        partial(_round, odoo_wallet, plain, _odoo_wallets(plain), options.orders),
        alone(databases, options)["one_by_one"][1],
    ]
    for way in ways:  # fill the caches
        way(-1)()
    theirs, ours = in_turns(options.rounds, *ways)
    if _left(plain) != _left(addon):
        raise AssertionError("the two ways have debited different amounts")
    ratio, spread = ratio_of(ours.clock, theirs.clock)
    return [
        Figure("wallets.plain", rate(options.orders, theirs.clock), "orders/s"),
        Figure("wallets.addon", rate(options.orders, ours.clock), "orders/s", ratio, spread),
    ]


def alone(databases, options):
    """The addon's rounds, for ``against.py``."""
    addon = databases.addon()
    prepare = partial(_round, our_wallet, addon, _our_wallets(addon), options.orders)
    return {"one_by_one": (options.orders, prepare)}


def our_wallet(database, shop, wallets, sale):
    """Authorise, synchronise."""
    key, wallet = sale.uuid(98), wallets[sale.guest]
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        answer = env["loyalty.till"].authorize(
            shop.session_id,
            sale.uuid(),
            key,
            shop.method_ids["ewallet"],
            sale.total,
            {"balance_id": wallet},
        )
    if not answer.get("ok", True):
        raise AssertionError(answer)
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        env["pos.order"].sync_from_ui([payload(shop, sale, "ewallet", key)])


def odoo_wallet(database, shop, wallets, sale):
    """Validate, synchronise, confirm."""
    wallet, change = wallets[sale.guest], -sale.total
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        env["pos.order"].validate_coupon_programs({str(wallet["coupon_id"]): change}, [])
    order = payload(shop, sale)
    claim = {
        **wallet["line"],
        "uuid": sale.uuid(97),
        "price_unit": change,
        "price_subtotal": change,
        "price_subtotal_incl": change,
        "points_cost": sale.total,
        "reward_identifier_code": sale.uuid(96),
    }
    order.update(amount_total=0, amount_paid=0, payment_ids=[])
    order["lines"].append(Command.create(claim))
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        answer = env["pos.order"].sync_from_ui([order])
        order_id = answer["pos.order"][0]["id"]
    confirmed = {"points": change, "program_id": wallet["program_id"], "line_codes": []}
    with database.transaction(shop.cashier_id, shop.company_id) as env:
        env["pos.order"].browse(order_id).confirm_coupon_programs(
            {str(wallet["coupon_id"]): {**confirmed, "coupon_id": wallet["coupon_id"]}}
        )


def _round(way, database, wallets, count, turn):
    shop = shop_of(database)
    some_sales = [sale for sale in sales(2 * count, SEED + 1 + turn) if sale.guest is not None]
    return lambda: [way(database, shop, wallets, sale) for sale in some_sales]


def _left(database):
    """What is left on each guest's wallet, by the guest's place in the list."""
    shop = shop_of(database)
    with database.transaction() as env:
        wallets = env["loyalty.card"].search([("partner_id", "in", shop.partner_ids)])
        return {shop.partner_ids.index(w.partner_id.id): w.points for w in wallets}


def _our_wallets(database):
    """Ids of the guests' balances, loaded."""
    shop = shop_of(database)
    with database.transaction(company=shop.company_id) as env:
        program = env["res.company"].browse(shop.company_id).loyalty_wallet_program_id
        balances = env["loyalty.card"].create(
            [{"program_id": program.id, "partner_id": guest} for guest in shop.partner_ids]
        )
        for balance in balances:
            env["loyalty.ledger"].credit(balance, VALUE, "load", f"bench-wallet:{balance.id}")
        return balances.ids


def _odoo_wallets(database):
    """Per guest what the till knows of a wallet of Odoo's own eWallet program, loaded."""
    shop = shop_of(database)
    with database.transaction(company=shop.company_id) as env:
        product = env.ref("loyalty.ewallet_product_50")
        rule = {"reward_point_amount": 1, "reward_point_mode": "money", "product_ids": product.ids}
        program = env["loyalty.program"].create(
            {
                **env["loyalty.program"]._program_type_default_values()["ewallet"],
                "name": "eWallet",
                "program_type": "ewallet",
                "company_id": shop.company_id,
                "rule_ids": [Command.create(rule)],
            }
        )
        reward = program.reward_ids
        cards = env["loyalty.card"].create(
            [
                {"program_id": program.id, "partner_id": guest, "points": VALUE}
                for guest in shop.partner_ids
            ]
        )
        line = {
            "product_id": reward.discount_line_product_id.id,
            "qty": 1,
            "tax_ids": [Command.clear()],
            "is_reward_line": True,
            "reward_id": reward.id,
        }
        return [
            {"coupon_id": id_, "program_id": program.id, "line": {**line, "coupon_id": id_}}
            for id_ in cards.ids
        ]
