"""Any basket earns the same at the till, on a sales order, and by a third, simpler calculation.

The third one knows single pieces and fractions only: it takes every basket apart, takes off each
piece what is off it, and counts. Run alone with more examples::

    EARNING_EXAMPLES=200 script/test loyalty_cinema/tests/test_earning_properties.py
"""

import os
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from .basket_common import PURSE, BasketCase, Bought, Reward
from .property_common import bounded
from .test_earning_baskets import FREE, ONE, off

EXAMPLES = int(os.environ.get("EARNING_EXAMPLES", 12))
PRICES = {"ticket": 100, "wine": 100, "poster": 900, "coffee": 10}
PARTS = {"coffee": 5, "popcorn": 15, "cake": 10}

#: What can be bought, how often; coffee more than once, so that one may be free.
GOODS = st.fixed_dictionaries(
    {"ticket": st.integers(1, 4)},
    optional={
        "wine": st.integers(1, 3),
        "poster": st.integers(1, 2),
        "coffee": st.integers(2, 4),
        "menu": st.integers(1, 3),
    },
)
#: (what it is off, percent or amount or "free").
REWARDS = st.none() | st.sampled_from(
    [
        ("all", "percent", 10),
        ("all", "percent", 50),
        ("all", "amount", 90),
        ("ticket", "percent", 30),
        ("wine", "percent", 100),
        ("coffee", "free", 10),
    ]
)
RULES = st.sampled_from(
    [
        ({**ONE}, "money", None),
        ({"kind": "percent", "rate": 7, "on": ["menu", "ticket"]}, "money", {"menu", "ticket"}),
        ({"kind": "per_unit", "rate": 1}, "pieces", None),
        ({"kind": "per_unit", "rate": 3, "on": ["menu"]}, "pieces", {"menu"}),
        ({"kind": "per_unit", "rate": 1, "on": ["coffee"]}, "pieces", {"coffee"}),
        ({**ONE, "cap_order": 250}, "money", None),
    ]
)
#: Tickets, wine and posters that are given back; the discount stays.
BACK = st.dictionaries(st.sampled_from(["ticket", "wine", "poster"]), st.integers(1, 2), max_size=2)


@dataclass
class Piece:
    """One piece, or one part of a menu: which product it is, what is left of its price."""

    name: str
    price: Fraction
    menu: bool = False
    whole: Fraction = Fraction(1)

    def is_of(self, names):
        """Whether it counts for a rule on these products."""
        return names is None or self.name in names or (self.menu and "menu" in names)


def pieces_of(basket):
    """Everything taken apart."""
    for name, quantity in basket.items():
        for _piece in range(quantity):
            if name == "menu":
                yield from (Piece(part, Fraction(price), True) for part, price in PARTS.items())
            else:
                yield Piece(name, Fraction(PRICES[name]))


def worth_of(reward, basket):
    """What the reward takes off, by hand."""
    on, kind, number = reward
    if kind != "percent":
        return Fraction(number)
    pieces = list(pieces_of(basket))
    return sum(p.price for p in pieces if on in ("all", p.name) and p.price) * number / 100


def by_hand(rule, reward, taken_off, basket):
    """What is left of a basket earns, ``taken_off`` being off it."""
    values, measure, names = rule
    pieces = list(pieces_of(basket))
    if reward:
        on, kind, number = reward
        is_gift = kind == "free" or (kind, number) == ("percent", 100)
        for chosen in ([p for p in pieces if on in ("all", p.name) and not p.menu], pieces):
            if on == "all":
                chosen = pieces
            total = sum(piece.price for piece in chosen)
            here = min(total, taken_off)
            for piece in chosen:
                if total:
                    piece.whole *= (1 - here / total) if is_gift or here == total else 1
                    piece.price *= 1 - here / total
            taken_off -= here
    left = [p for p in pieces if p.is_of(names) and p.name != "wine" and p.price > 0]
    if measure == "money":
        rate = Fraction(values["rate"], 100 if values["kind"] == "percent" else 1)
        points = rate * sum(piece.price for piece in left)
        return floor(min(points, values.get("cap_order", points)))
    counts_menu = names is None or "menu" in names
    share = {part: Fraction(price, 30) for part, price in PARTS.items()}
    return floor(
        values["rate"]
        * sum(p.whole * (share[p.name] if p.menu and counts_menu else 1) for p in left)
    )


def told(reward, worth):
    """The reward as the baskets know it."""
    on, kind, number = reward
    if kind == "free":
        return Reward({**FREE, "product": on}, number)
    mode = "percent" if kind == "percent" else "per_order"
    if on == "all":
        return Reward(off(number, mode), float(worth))
    return Reward(off(number, mode, on="specific", products=on), float(worth))


@tagged("post_install", "-at_install")
class TestEarningProperties(BasketCase):
    """Three calculations that agree."""

    def test_three_ways_to_work_it_out(self):
        self.grant(PURSE)
        bounded(EXAMPLES)(given(RULES, GOODS, REWARDS, BACK)(self.compare))()

    def compare(self, rule, basket, reward, back):
        """One basket, bought and partly given back."""
        if reward and reward[0] not in ("all", *basket):
            reward = None
        worth = worth_of(reward, basket) if reward else Fraction(0)
        back = {name: min(number, basket.get(name, 0)) for name, number in back.items()}
        paid = sum(piece.price for piece in pieces_of(basket)) - worth
        if sum(PRICES[name] * number for name, number in back.items()) > paid:
            back = {}  # more money than was paid goes out with a manager's approval only
        rest = {name: basket[name] - back.get(name, 0) for name in basket}
        expected = [by_hand(rule, reward, worth, left) for left in (basket, rest)]
        rewards = [told(reward, worth)] if reward else []
        for buy, give_back in (
            (self.at_till, self.back_at_till),
            (self.on_order, self.back_on_order),
        ):
            with self.cr.savepoint() as undo:
                self.rules(rule[0])
                goods = dict(basket)
                if reward and reward[1] == "free" and buy == self.on_order:
                    goods[reward[0]] -= 1  # Odoo adds the free one
                order = buy([Bought(name, quantity) for name, quantity in goods.items()], rewards)
                points = [self.earned_by()]
                for name in basket:
                    if number := basket[name] - rest[name]:
                        give_back(order, name, number)
                points.append(self.earned_by())
                self.assertEqual(points, expected, buy.__name__)
                self.assert_whole()
                undo.close(rollback=True)
            self.env.invalidate_all(flush=False)
