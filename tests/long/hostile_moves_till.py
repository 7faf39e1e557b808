"""What hostile clients try as anybody, and at the till.

What a move is, and how its success is seen, stands in ``hostile.py``.
"""

import uuid
from contextlib import suppress

import support
from hostile import EVERYBODY, HUGE, LATER, LONG_AGO, OUTSIDERS, any_of, any_write, move
from hostile_stage import COVERED, PRICE, voucher_line
from load_generator import line, order, payment

# -- by anybody ------------------------------------------------------------------------------------


@move(*EVERYBODY)
def balance_is_written(client):
    """Another program, owner, card or code, more points, a longer life."""
    name = client.dice.choice(["wallet", "points"])
    values = {
        "program_id": client.stage["wallet_program" if name == "points" else "program"],
        "partner_id": client.thief["partner"],
        "member_card_id": client.thief["card"],
        "points": HUGE,
        "code": "0441",
        "overdraft": HUGE,
        "expiration_date": LATER,
        "company_id": client.stage["main_company"],
        "active": False,
    }
    return any_write(client, "loyalty.card", client.victim[name], values)


@move(*EVERYBODY)
def balance_is_created(client):
    """A wallet, points or a voucher out of nothing."""
    program = client.stage[client.dice.choice(["wallet_program", "program", "voucher_program"])]
    values = {"program_id": program, "partner_id": client.thief["partner"], "points": HUGE}
    return client.forbidden("loyalty.card", "create", [values])


@move(*EVERYBODY)
def ledger_is_written(client):
    """Entries, lots, history, and the service itself."""
    wallet = client.victim["wallet"]
    entry = {"balance_id": wallet, "amount": HUGE, "kind": "load", "key": "mine"}
    history = {"card_id": wallet, "description": "Mine", "issued": HUGE, "used": 0}
    attacks = {
        "entry": ("loyalty.ledger.entry", "create", [entry]),
        "lot": ("loyalty.lot", "create", [{"balance_id": wallet, "source": "paid", "amount": 5}]),
        "history": ("loyalty.history", "create", [history]),
        "credit": ("loyalty.ledger", "credit", wallet, HUGE, "load", "mine"),
        "transfer": ("loyalty.ledger", "transfer", wallet, client.thief["wallet"], 5, "m", "?"),
        "history of a balance": (
            "loyalty.card",
            "write",
            [wallet],
            {"history_ids": [[0, 0, history]]},
        ),
    }
    return any_of(client, attacks)


@move(*EVERYBODY)
def settings_are_written(client):
    """Holds that never end, and rights of one's own."""
    attacks = {
        "hours": ("ir.config_parameter", "set_param", "loyalty_cinema.hold_hours", "99999"),
        "rights": ("res.users", "write", [client.stake["uid"]], {"group_ids": [[4, 1]]}),
        "PIN": ("res.users", "write", [client.stage["manager"]], {"loyalty_pin": "135790"}),
    }
    return any_of(client, attacks)


@move(*EVERYBODY)
def member_card_is_taken(client):
    """Owner, holder, PIN and number of a card with money on it."""
    values = {
        "holder_id": client.thief["partner"],
        "owner_id": client.thief["partner"],
        "pin_hash": "x",
        "code": "9999",
    }
    return any_write(client, "loyalty.member.card", client.victim["card"], values)


@move("cashier", "salesperson", "billing", "portal")
def codes_are_read(client):
    """Whole numbers in what a list shows; managers of loyalty may see them."""
    fields = ["code", "display_name", "points"]
    found = client.call("loyalty.card", "search_read", [], fields, limit=500)
    cards = []
    if client.role == "cashier":
        cards = client.call("loyalty.member.card", "search_read", [], ["display_name"], limit=500)
    return client.discreet([found, cards])


@move(*OUTSIDERS)
def a_till_is_asked(client):
    """D1, D4, D5: balances and codes are asked for by who has no till."""
    ids = {str(client.victim[name]): -1e12 for name in ("wallet", "points", "voucher")}
    code, till = client.victim["code"], client.stage["old_session"]
    attacks = {
        "balances": ("pos.order", "validate_coupon_programs", [], ids, []),
        "codes": ("pos.order", "validate_coupon_programs", [], {}, [code, "044"]),
        "coupon": ("pos.config", "use_coupon_code", [1], "wrong", LATER, False, False),
        "gift card": ("loyalty.card", "get_gift_card_status", code, 1),
        "customer": ("loyalty.card", "get_loyalty_card_partner_by_code", code),
        "card": ("loyalty.till", "lookup", till, {"code": code}),
        "points": ("loyalty.till", "hold_claims", till, str(uuid.uuid4()), []),
    }
    return any_of(client, attacks)


@move("portal", "billing")
def members_are_read(client):
    """Tables of others' value."""
    models = ["loyalty.member", "loyalty.ledger.entry", "loyalty.lot", "loyalty.adjustment"]
    return client.forbidden(client.dice.choice(models), "search_read", [], ["id"])


# -- at the till -----------------------------------------------------------------------------------


@move("cashier")
def order_is_born_paid(client):
    """D2: created as paid, then paid by a card that nobody asked."""
    data = order(client.till, [line(client.stage["goods"], PRICE)], [client.cash(PRICE)])
    born = client.call("pos.order", "create", [data])[0]
    tender = {"pos_order_id": born, "amount": PRICE, "payment_method_id": client.methods["ewallet"]}
    with suppress(support.RpcError):
        client.call("pos.payment", "create", tender)
    with suppress(support.RpcError):
        client.call("pos.order", "write", [born], {"state": client.dice.choice(["paid", "done"])})
    [[state]] = client.sql("SELECT state FROM pos_order WHERE id = %s", born)
    if state in ("paid", "done"):
        return f"order {born} became {state}"
    return client.call("pos.order", "action_pos_order_cancel", [born]) and None


@move("cashier")
def a_card_pays_without_its_hold(client):
    """A tender with a key that was never given."""
    key = client.dice.choice([False, str(uuid.uuid4())])
    tender = payment(client.methods[client.dice.choice(["ewallet", "loyalty"])], PRICE, key)
    return client.sync([line(client.stage["goods"], PRICE)], [tender])


@move("cashier")
def reward_is_sold_back(client):
    """D3: what names a reward line and is another product, a sale, or more than was claimed."""
    reward, half = client.stage["voucher_product"], COVERED // 2
    sold = client.dice.choice(
        [
            line(client.stage["goods"], half),
            line(client.stage["goods"], half) | {"qty": -1, "price_unit": -half},
            line(reward, half),
            line(reward, 2 * half) | {"qty": -2, "price_unit": -half},
            line(reward, 2 * half) | {"qty": -1, "price_unit": -2 * half},
        ]
    )
    sold["refunded_orderline_id"] = client.stake["lines"]["reward"]
    return client.sync([sold], [client.cash(sold["price_subtotal_incl"])])


@move("cashier")
def reward_costs_nothing(client):
    """The victim's voucher, or one's own points, at a price of one's own."""
    forged = {"points_cost": client.dice.choice([0, -5000])}
    claimed = voucher_line(client.stage, client.victim["voucher"], COVERED // 2, **forged)
    if client.dice.random() < 0.3:
        claimed |= {"coupon_id": client.victim["wallet"], "points_cost": 1}
    return client.sync([line(client.stage["goods"], COVERED), claimed], [client.cash(COVERED // 2)])


@move("cashier")
def money_goes_out(client):
    """M3, B2: cash for a plain negative line, for what a wallet paid, for more than was sold."""
    stake, price = client.stake, client.dice.randrange(1, 4) * PRICE
    bought, load = stake["lines"]["bought"], stake["lines"]["load"]
    back = {"qty": -1, "price_unit": price}
    goods, topup = client.stage["goods"], client.stage["topup"]
    out = {
        "plain": line(goods, -price),
        "what the wallet paid": line(goods, -price) | back | {"refunded_orderline_id": bought},
        "a load as goods": line(goods, -price) | back | {"refunded_orderline_id": load},
        "a load without a sale": line(topup, -price)
        | back
        | {"loyalty_balance_id": client.victim["wallet"]},
    }[
        client.dice.choice(
            ["plain", "what the wallet paid", "a load as goods", "a load without a sale"]
        )
    ]
    return client.sync([out], [client.cash(-price)])


@move("cashier")
def load_is_not_paid(client):
    """A load for less than its value, or paid by a card."""
    load = line(client.stage["topup"], 100_000) | {"loyalty_balance_id": client.thief["wallet"]}
    if client.dice.random() < 0.5:
        tender = payment(client.methods["ewallet"], 100_000, str(uuid.uuid4()))
        return client.sync([load], [tender])
    return client.sync([load], [client.cash(1)], amount_paid=1)


@move("cashier")
def order_of_another_day(client):
    """M1: sold long ago or in the future; it counts as sold in its session, not later than now."""
    date = client.dice.choice([LONG_AGO, LATER + " 00:00:00"])
    data = order(client.till, [line(client.stage["goods"], PRICE)], [client.cash(PRICE)])
    sold = client.call("pos.order", "sync_from_ui", [data | {"date_order": date}])
    [[late]] = client.sql(
        "SELECT date_order > now() AT TIME ZONE 'UTC' FROM pos_order WHERE id = %s",
        sold["pos.order"][0]["id"],
    )
    return "an order was sold in the future" if late else None


@move("cashier")
def confirmation_mints(client):
    """What Odoo's till says an order grants."""
    data = order(client.till, [line(client.stage["goods"], PRICE)], [client.cash(PRICE)])
    sold = client.call("pos.order", "sync_from_ui", [data])["pos.order"][0]["id"]
    owner = client.dice.choice([client.victim, client.thief])
    balance = client.dice.choice(["wallet", "points"])
    program = client.stage[{"wallet": "wallet_program", "points": "program"}[balance]]
    granted = {"points": 99_999, "program_id": program, "coupon_id": owner[balance]}
    answer = client.call(
        "pos.order", "confirm_coupon_programs", [sold], {str(owner[balance]): granted}
    )
    return client.discreet(answer)


@move("cashier")
def balances_are_asked(client):
    """D1: a cashier learns whether it is enough, never what it is, nor a number."""
    ids = {
        str(client.victim[name]): client.dice.choice([-1e12, -1, 1]) for name in ("wallet", "used")
    }
    answer = client.call("pos.order", "validate_coupon_programs", [], ids, [])
    return client.discreet(answer)


@move("cashier")
def codes_are_guessed(client):
    """D4: each guess counts, also in a list, with a PIN, by Odoo's own calls."""
    wrong = [f"{client.dice.randrange(10**15):016d}" for _code in range(12)]
    query = "SELECT COUNT(*) FROM loyalty_code_attempt WHERE user_id = %s"
    before = client.sql(query, client.stake["uid"])
    for code in wrong:
        credential = {"code": code, "pin": "1234"}
        answer = client.call("loyalty.till", "lookup", client.till, credential)
        if answer["ok"]:
            return f"{code} was a card"
    after = client.sql(query, client.stake["uid"])
    locked = "Too many" in answer["message"]
    return None if locked or after > before else "12 guesses were not counted"


@move("cashier", "pos_manager")
def paid_order_is_written(client):
    """What was sold, to whom, when, and how it was paid."""
    orders = client.stake["orders"]
    name = client.dice.choice(sorted(orders))
    values = {
        "partner_id": client.thief["partner"],
        "date_order": LONG_AGO,
        "amount_total": 1,
        "amount_paid": 1_000_000,
        "uuid": str(uuid.uuid4()),
        "is_refund": True,
        "session_id": False,
        "lines": [[2, client.stake["lines"][name]]],
    }
    return any_write(client, "pos.order", orders[name], values)


@move("cashier", "pos_manager")
def closed_session_is_opened(client):
    """D7: closed stays closed."""
    values = {"state": "opened", "move_id": False, "stop_at": False, "start_at": LONG_AGO}
    return any_write(client, "pos.session", client.stage["old_session"], values)


@move("cashier")
def value_is_let_out(client):
    """A manager's approval with a PIN that is guessed."""
    return client.forbidden(
        "loyalty.till",
        "approve_cash_refund",
        client.till,
        str(uuid.uuid4()),
        client.stage["manager"],
        f"{client.dice.randrange(10**6):06d}",
        "It is my money",
    )


@move("cashier")
def odd_arguments(client):
    """D11: whatever the shape, an answer or a refusal in words; the judge looks for crashes."""
    odd = client.dice.choice([["x"], {"x": [1]}, "a\0b", "k" * 9000, 10**30, [[[[1]]]], None, -1])
    method, count = client.dice.choice(
        [("lookup", 1), ("refund_plan", 2), ("card_action", 3), ("prepare_load", 3), ("void", 1)]
    )
    args = [client.stage["goods"]] * count
    args[client.dice.randrange(count)] = odd
    client.call("loyalty.till", method, client.till, *args)
