"""Hostile clients. Each move of theirs says how to see that it succeeded.

A move is a function of its client. It *returns* nothing when it did no harm, or in words what it
achieved; a refusal is the server's error, which it does not catch. Beyond that, the client's stake
is looked at after each move: whatever moved in it is a success, too.
"""

import json
import random
from collections import defaultdict

import support
from load_generator import order, payment

LATER, LONG_AGO = "2099-01-01", "2020-01-01 00:00:00"
HUGE = 50_000_000
MOVES = defaultdict(dict)


def move(*roles):
    """Put a move on the lists of these roles."""

    def register(function):
        for role in roles:
            MOVES[role][function.__name__] = function
        return function

    return register


class Hostile:
    """One hostile client: its session, its stake, its dice, and the moves it knows.

    :param till: ``(session, methods)`` of a till of its own, where the role has one
    """

    def __init__(self, role, stage, session, dice, till=None):
        self.role, self.stage, self.session, self.dice = role, stage, session, dice
        self.stake = stage["stakes"][role]
        self.victim, self.thief = self.stake["victim"], self.stake["thief"]
        self.till, self.methods = till or (None, {})
        self.moves = MOVES[role]

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        return self.session.call(model, method, *args, **kwargs)

    def forbidden(self, model, method, *args, **kwargs):
        """A call that must be refused, by an error or by the till's own "no"."""
        answer = self.call(model, method, *args, **kwargs)
        if isinstance(answer, dict) and (
            answer.get("ok") is False or answer.get("successful") is False
        ):
            return None
        return f"{model}.{method}{args!r:.300} was answered {answer!r:.200}"

    def sync(self, lines, payments, **values):
        """Send an order of the own till; it must be refused."""
        data = order(self.till, lines, payments) | values
        return self.forbidden("pos.order", "sync_from_ui", [data])

    def cash(self, amount):
        """A payment in cash."""
        return payment(self.methods["cash"], amount)

    def discreet(self, answer):
        """What an answer tells of numbers that are not the client's own."""
        secrets = [
            secret
            for role, stake in self.stage["stakes"].items()
            for secret in stake["victim"]["secrets"]
        ]
        told = [secret for secret in secrets if secret in json.dumps(answer)]
        return f"it was told {told}" if told else None

    def sql(self, query, *values):
        """The rows of a query, past the server."""
        with support.cursor(self.stage["database"]) as sql:
            sql.execute(query, values)
            return sql.fetchall()


def any_of(client, attacks):
    """One of ``{name: (model, method, *args)}``, which must be refused."""
    return client.forbidden(*attacks[client.dice.choice(sorted(attacks))])


def any_write(client, model, record, values):
    """Write one of ``values``, which must be refused."""
    name = client.dice.choice(sorted(values))
    return client.forbidden(model, "write", [record], {name: values[name]})


EVERYBODY = ("cashier", "salesperson", "loyalty_manager", "pos_manager", "billing", "portal")
OUTSIDERS = ("salesperson", "billing", "portal")


def dice_of(seed, name):
    """Dice of one client: the same moves in the same order for the same seed."""
    return random.Random(f"{seed}/{name}")
