"""Tills that hurry: many clients over HTTP, each paying one order by the same card.

    card = stock_card(server, value=760_000)
    purchases = rush(server, card, count=20, price=100_000)

A client behaves as a till does: it authorises, then synchronises the order with the key of the
hold; whatever gets lost on the way (a serialization failure, a worker that died, a server that is
gone) it sends again, with the same uuids and keys, until it has an answer or its time is up.
"""

import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import psutil
import requests
from support import RpcError

INSIST_SECONDS_MAX = 75
#: PostgreSQL's way to say "run it again": Odoo did so five times and then told the client.
RETRIABLE = ("psycopg2.errors.", "psycopg2.OperationalError", "psycopg2.InterfaceError")


@dataclass
class Card:
    """A member card with money on it, and the till it is used at."""

    code: str
    balance_id: int
    session_id: int
    tender_id: int
    product_id: int


@dataclass
class Purchase:
    """One order of one client, and what became of it: "paid", "refused" or "pending"."""

    order: dict
    key: str
    outcome: str = "pending"
    message: str = ""


def insist(call):
    """The answer of ``call``, repeated while the server is unreachable or asks to try again."""
    deadline = time.monotonic() + INSIST_SECONDS_MAX
    while True:
        try:
            return call()
        except requests.RequestException:
            if time.monotonic() > deadline:
                raise
        except RpcError as error:
            if time.monotonic() > deadline or not error.name.startswith(RETRIABLE):
                raise
        time.sleep(random.uniform(0.05, 0.4))


def stock_card(server, value):
    """A new prepaid card of the demo cinema holding ``value``, loaded at its till for cash."""
    manager, cashier = server.login("manager"), server.login("cashier")
    kind = manager.call("loyalty.card.kind", "search", [["opens_wallet", "=", True]], limit=1)
    cards = manager.call("loyalty.member.card", "create", [{"kind_id": kind[0]}])
    manager.call("loyalty.member.card", "action_activate", cards)
    [card] = manager.call("loyalty.member.card", "read", cards, ["code", "balance_ids"])
    session, methods = open_till(cashier)
    card = Card(card["code"], card["balance_ids"][0], session, methods["ewallet"], 0)
    topup = product(cashier, [["loyalty_load_type", "=", "ewallet"]])
    card.product_id = product(cashier, [["loyalty_load_type", "=", False]])
    # in parts below the demo's bonus scheme, so that value in is money in
    parts = [190_000] * (value // 190_000) + [value % 190_000] * bool(value % 190_000)
    lines = [dict(line(topup, part), loyalty_balance_id=card.balance_id) for part in parts]
    load = order(session, lines, [payment(methods["cash"], value)])
    cashier.call("pos.order", "sync_from_ui", [load])
    return card


def open_till(cashier, domain=()):
    """The cashier's open session, and its payment methods by type."""
    fields = ["payment_method_ids"]
    [config] = cashier.call("pos.config", "search_read", list(domain), fields, limit=1)
    cashier.call("pos.config", "open_ui", [config["id"]])
    [session] = cashier.call(
        "pos.session",
        "search_read",
        [["config_id", "=", config["id"]], ["state", "!=", "closed"]],
        ["state"],
    )
    if session["state"] == "opening_control":
        cashier.call("pos.session", "set_opening_control", [session["id"]], 0, "")
    # plain Odoo does not know our field
    fields = cashier.call("pos.payment.method", "fields_get", ["type", "stored_value_type"])
    methods = cashier.call("pos.payment.method", "read", config["payment_method_ids"], list(fields))
    return session["id"], {m.get("stored_value_type") or m["type"]: m["id"] for m in methods}


def close_till(cashier, session):
    """Close a till as the cashier does, with what the till expects in the drawer."""
    expected = cashier.call("pos.session", "get_closing_control_data", [session])
    cash = expected["default_cash_details"]["amount"]
    cashier.call("pos.session", "post_closing_cash_details", [session], cash)
    answer = cashier.call("pos.session", "close_session_from_ui", [session])
    assert answer["successful"], answer


def product(cashier, domain):
    """The id of a product sold at the till."""
    domain = [["available_in_pos", "=", True], *domain]
    return cashier.call("product.product", "search", domain, limit=1)[0]


def line(product_id, price):
    """An order line without taxes, as the till's JavaScript serialises it."""
    return {
        "uuid": str(uuid.uuid4()),
        "product_id": product_id,
        "qty": 1,
        "price_unit": price,
        "price_subtotal": price,
        "price_subtotal_incl": price,
        "tax_ids": [[5, 0, 0]],
    }


def payment(method_id, amount, key=False):
    """A payment line; ``key``: that of its hold."""
    return {
        "uuid": str(uuid.uuid4()),
        "payment_method_id": method_id,
        "amount": amount,
        "transaction_id": key,
    }


def order(session_id, lines, payments):
    """A whole order for ``sync_from_ui``."""
    own, total = str(uuid.uuid4()), sum(one["price_subtotal_incl"] for one in lines)
    return {
        "uuid": own,
        "access_token": own,
        "session_id": session_id,
        "sequence_number": 1,
        "tracking_number": "001",
        "date_order": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
        "amount_total": total,
        "amount_paid": total,
        "amount_tax": 0,
        "amount_return": 0,
        "state": "paid",
        "lines": [[0, 0, one] for one in lines],
        "payment_ids": [[0, 0, one] for one in payments],
    }


def purchase(card, price):
    """An order of one ticket that ``card`` shall pay."""
    key = f"{uuid.uuid4()}:1"
    lines, payments = [line(card.product_id, price)], [payment(card.tender_id, price, key)]
    return Purchase(order(card.session_id, lines, payments), key)


def pay(till, card, bought):
    """Authorise and synchronise one purchase as a till does; sets its outcome."""
    answer = insist(
        lambda: till.call(
            "loyalty.till",
            "authorize",
            card.session_id,
            bought.order["uuid"],
            bought.key,
            card.tender_id,
            bought.order["amount_total"],
            {"code": card.code},
            True,
        )
    )
    if answer["ok"]:
        sync(till, bought)
    else:
        bought.outcome, bought.message = "refused", answer["message"]


def sync(till, bought):
    """Send an order, again and again until the server has said yes or no."""
    try:
        insist(lambda: till.call("pos.order", "sync_from_ui", [bought.order]))
        bought.outcome = "paid"
    except RpcError as refusal:
        bought.outcome, bought.message = "refused", str(refusal)


def together(server, login, actions, on_start=None):
    """Do all ``actions`` at the same moment, each as a client of its own that is logged in.

    :param actions: callables that take the client's session
    :param on_start: called when all are logged in and start
    """
    with ThreadPoolExecutor(len(actions)) as pool:
        tills = list(pool.map(lambda _: insist(lambda: server.login(login)), actions))
        start = threading.Barrier(len(actions), action=on_start)

        def client(till, action):
            start.wait()
            return action(till)

        return list(pool.map(client, tills, actions))


def rush(server, card, count, price, on_start=None):
    """``count`` clients pay ``price`` by one card at the same moment; returns the purchases."""
    purchases = [purchase(card, price) for _client in range(count)]
    actions = [partial(pay, card=card, bought=bought) for bought in purchases]
    together(server, "cashier", actions, on_start)
    return purchases


def workers(server):
    """The processes of ``server`` that answer requests."""
    found = []
    for child in psutil.Process(server.process.pid).children():
        with suppress(psutil.NoSuchProcess):  # a zombie, killed a moment ago
            if "gevent" not in child.cmdline():
                found.append(child)
    return found


def kill_workers(server, times, start, stop):
    """Kill one worker after another, as the kernel does when memory is short; returns how many.

    :param start: event to wait for
    :param stop: event that ends it early
    """
    killed = 0
    start.wait()
    while killed < times and not stop.wait(random.uniform(0.1, 0.4)):
        found = workers(server)
        if found:
            random.choice(found).kill()
            killed += 1
    return killed
