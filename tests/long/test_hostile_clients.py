"""Eight clients, honest and hostile, do what they like for minutes, while the server is killed.

    CINEMA_HOSTILE_MINUTES=3 CINEMA_HOSTILE_SEED=7 script/test tests/long/test_hostile_clients.py

The honest ones keep books of their own, which must agree with their cards; each success of a
hostile one is a failure. In the end the ledger is whole, and the accounts owe what customers hold
(L1 to L6).
"""

import os
import random
import re
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hostile_moves_office  # noqa: F401 (its moves are registered)
import hostile_moves_till  # noqa: F401
import requests
import support
from hostile import Hostile, dice_of
from hostile_stage import HONEST_TILL, KIOSK, ROLES, Photographer, make_stage
from load_generator import (
    RETRIABLE,
    Purchase,
    close_till,
    insist,
    line,
    open_till,
    order,
    pay,
    payment,
    purchase,
    stock_card,
    sync,
)

MINUTES = float(os.environ.get("CINEMA_HOSTILE_MINUTES", 10))
LIVES = max(3, round(MINUTES))  # of the server; all but the last end in a kill
SEED = int(os.environ.get("CINEMA_HOSTILE_SEED", random.randrange(10**6)))
#: Seconds between two moves of one client, so that eight of them are more than one can follow and
#: less than the machine can do.
PAUSE = 0.1
REFUSED = re.compile(r"^(odoo\.(addons\.loyalty_cinema\.)?exceptions|werkzeug\.exceptions)\.")
STARTED_WITH = 300_000
BOOKS = """{
    "broken": env["loyalty.ledger"].verify(),
    "differences": {
        company: {name: value for name, value in figures.items() if value}
        for company, figures in positions.items()
        if figures["difference"] or figures["bonus_difference"]
        or figures["cards"] != figures["ledger_now"] or figures["lots"] != figures["ledger"]
    },
    "unsettled": env["pos.order"].search_count(
        [("state", "in", ("paid", "done")), ("loyalty_settled", "=", False),
         ("session_id", ">", old_session)]
    ),
}"""
POSTED = """
companies = env["res.company"].search([])
env["loyalty.posting"]._post(companies)
kept = companies.root_id.filtered("loyalty_stored_value_account_id")
positions = {c.name: env["loyalty.posting"]._tie_out(c)["figures"] for c in kept}
assert env.ref("loyalty_cinema.company_lm") in kept
env.cr.commit()
"""


class Honest:
    """A cashier with one card, who writes down what must be on it."""

    def __init__(self, name, card, session, dice):
        self.role, self.card, self.session, self.dice = name, card, session, dice
        self.value, self.bought, self.wrong = STARTED_WITH, [], []
        self.methods = None
        self.moves = {
            move.__name__: move
            for move in (self.loads, self.buys, self.overdraws, self.refunds, self.leaves)
        }

    def loads(self, _self):
        """A load for cash; from 200,000 on with a bonus of 10 %."""
        if self.value > 2_000_000:
            return
        amount = self.dice.choice([50_000, 120_000, 190_000, 200_000, 300_000])
        loaded = dict(line(self.card.topup_id, amount), loyalty_balance_id=self.card.balance_id)
        self.must_pay(order(self.card.session_id, [loaded], [self.cash(amount)]))
        self.value += amount + (amount // 10 if amount >= 200_000 else 0)

    def buys(self, _self):
        """A ticket that the card covers."""
        price = self.dice.randrange(10, 60) * 1000
        if price <= self.value:
            bought = purchase(self.card, price)
            pay(self.session, self.card, bought)
            self.expect(bought, "paid")
            self.value -= price
            self.bought.append(bought)

    def overdraws(self, _self):
        """More than there is."""
        bought = purchase(self.card, self.value + self.dice.randrange(1, 50) * 1000)
        pay(self.session, self.card, bought)
        self.expect(bought, "refused")

    def refunds(self, _self):
        """One of the tickets comes back, to the card."""
        if not self.bought:
            return
        bought = self.bought.pop(self.dice.randrange(len(self.bought)))
        price, uuid_sold = bought.order["amount_total"], bought.order["lines"][0][2]["uuid"]
        [sold] = insist(
            lambda: self.session.call("pos.order.line", "search", [["uuid", "=", uuid_sold]])
        )
        back = line(self.card.product_id, -price)
        back |= {"qty": -1, "price_unit": price, "refunded_orderline_id": sold}
        tender = payment(self.card.tender_id, -price)
        self.must_pay(order(self.card.session_id, [back], [tender]))
        self.value += price

    def leaves(self, _self):
        """A payment that is begun and given up."""
        held, key = str(uuid.uuid4()), str(uuid.uuid4())
        session, amount = self.card.session_id, min(self.value, 10_000)
        credential = {"code": self.card.code}
        ask = (session, held, key, self.card.tender_id, amount, credential)
        if amount:
            insist(lambda: self.session.call("loyalty.till", "authorize", *ask))
            insist(lambda: self.session.call("loyalty.till", "void", session, key))

    def cash(self, amount):
        """A payment in cash."""
        return payment(self.methods["cash"], amount)

    def must_pay(self, data):
        """Send an order until it is there."""
        sent = Purchase(data, key="")
        sync(self.session, sent)
        self.expect(sent, "paid")

    def expect(self, sent, outcome):
        """What became of an order; anything else than expected fails the test."""
        assert sent.outcome == outcome, f"{self.role}: {sent.outcome} {sent.message}"


class Game:
    """All clients, their outcomes, and the server that comes and goes under them."""

    def __init__(self):
        self.stop, self.up = threading.Event(), threading.Event()
        self.outcomes, self.failures = Counter(), []
        self.lock = threading.Lock()

    def end(self):
        """Let every client finish its move and go."""
        self.stop.set()
        self.up.set()

    def count(self, client, move, outcome, detail=""):
        """Write down what became of a move."""
        with self.lock:
            self.outcomes[client.role, move, outcome] += 1
            if outcome in ("succeeded", "crashed", "wrong"):
                self.failures.append(f"{client.role}.{move} {outcome}: {detail}")

    def play(self, client, judge):
        """Move after move, until the game is over."""
        while not self.stop.is_set():
            name = client.dice.choice(sorted(client.moves))
            outcome, detail = judge(client, client.moves[name])
            self.count(client, name, outcome, detail)
            self.up.wait(timeout=60)
            self.stop.wait(PAUSE)

    def hostile(self, photographer):
        """The judge of a hostile client: what it says, or what moved in its stake, is a success."""

        def judge(client, move):
            outcome, detail = self.tried(client, move)
            changes = photographer.changes()
            return ("succeeded", f"{detail} {changes}") if changes else (outcome, detail)

        return judge

    def tried(self, client, move):
        """What came of one move, without a look at the stake."""
        try:
            achieved = move(client)
        except support.RpcError as error:
            if error.name.startswith(RETRIABLE):
                return "busy", ""
            return ("refused" if REFUSED.match(error.name) else "crashed"), str(error)
        except requests.RequestException:
            return "lost", ""
        return ("succeeded", achieved) if achieved else ("harmless", "")

    def honest(self, client, move):
        """The judge of an honest client: whatever is not as expected fails the test."""
        try:
            move(client)
        except (AssertionError, support.RpcError, requests.RequestException) as error:
            return "wrong", f"{type(error).__name__}: {error}"
        return "done", ""


def make_clients(server, stage):
    """Two honest cashiers with cards of their own at the till of the demo, and one of each role.

    The hostile cashier has a till of its own, which it may lock.
    """
    clients = []
    for login in ("cashier", "honest-cashier"):
        session, dice = server.login(login), dice_of(SEED, login)
        clients.append(Honest(login, stock_card(server, STARTED_WITH), session, dice))
        clients[-1].methods = open_till(session, HONEST_TILL)[1]
        clients[-1].card.topup_id = stage["topup"]
    for role in ROLES:
        session = server.login(stage["stakes"][role]["login"])
        till = open_till(session, KIOSK) if role == "cashier" else None
        clients.append(Hostile(role, stage, session, dice_of(SEED, role), till))
    return clients


def test_l1_to_l6_hold_whatever_eight_clients_do(own_database):
    print(f"seed {SEED}, {MINUTES:g} minutes, {LIVES - 1} kills")
    with support.odoo_server(own_database, workers=4) as server:
        stage = make_stage(server) | {"database": own_database}
        clients = make_clients(server, stage)
    game = Game()
    judges = [
        game.hostile(Photographer(own_database, stage, client.role))
        if isinstance(client, Hostile)
        else game.honest
        for client in clients
    ]
    with ThreadPoolExecutor(len(clients)) as pool:
        games = [pool.submit(game.play, *pair) for pair in zip(clients, judges, strict=True)]
        try:
            for life in range(LIVES):
                with support.odoo_server(own_database, workers=4) as server:
                    live(game, clients, server)
                    if life < LIVES - 1:
                        server.kill()
                        continue
                    game.end()
                    for done in games:
                        done.result()
                    report(game)
                    close_tills(server, stage, clients)
        finally:
            game.end()
    assert game.failures == []
    assert_books(stage, clients)


def live(game, clients, server):
    """One life of the server."""
    for client in clients:
        client.session.url = server.url
    game.up.set()
    time.sleep(MINUTES * 60 / LIVES)
    game.up.clear()


def close_tills(server, stage, clients):
    """Both tills close as on any evening: drafts are cancelled, and their invoices are posted."""
    manager = server.login("manager")
    drafts = manager.call("pos.order", "search", [["state", "=", "draft"]])
    if drafts:
        manager.call("pos.order", "action_pos_order_cancel", drafts)
    tills = [client.till for client in clients if isinstance(client, Hostile) and client.till]
    for session in (clients[0].card.session_id, *tills):
        close_till(manager, session)
    accountant = server.login("accountant")
    domain = [["pos_order_ids", "!=", False], ["state", "=", "draft"]]
    for invoice in accountant.call("account.move", "search", domain):
        accountant.call("account.move", "action_post", [invoice])


def assert_books(stage, clients):
    """Cards hold what their cashiers wrote down, the ledger is whole, and the books agree."""
    query = "SELECT points, held FROM loyalty_card WHERE id = %s"
    for client in clients:
        if isinstance(client, Honest):
            with support.cursor(stage["database"]) as sql:
                sql.execute(query, [client.card.balance_id])
                assert sql.fetchone() == (client.value, 0), client.role
    statements = f"old_session = {stage['old_session']}\n{POSTED}"
    books = support.odoo_shell(stage["database"], BOOKS, statements)
    assert books == {"broken": [], "differences": {}, "unsettled": 0}


def report(game):
    """How often each move was tried, and what came of it."""
    lines, kinds = [], sorted({(role, move) for role, move, _outcome in game.outcomes})
    for role, move in kinds:
        found = {o: n for (r, m, o), n in game.outcomes.items() if (r, m) == (role, move)}
        lines.append(f"{role:16} {move:36} {sum(found.values()):5}  {found}")
    totals = Counter()
    for (_role, _move, outcome), count in game.outcomes.items():
        totals[outcome] += count
    lines.append(f"seed {SEED}: {totals.total()} moves, {dict(totals)}, {LIVES - 1} kills")
    print("\n".join([*lines, *game.failures]))
    with Path(os.environ["CINEMA_RUN_DIR"], "figures.txt").open("a") as figures:
        figures.write("\n".join(lines) + "\n")
