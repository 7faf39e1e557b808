"""Which lots a payment takes from, and which a refund fills again.

A lot is value with one origin, one expiry and one effective price: *paid* (worth what it cost),
*bonus* (cost nothing), *granted* (a compensation: an expense of the house when it was given) or
*points*. Spending takes the lots that expire first. The paid and the
bonus lot of one load that expire together are taken in proportion, so that each unit of that load
costs the same (IFRS 15 B44; worked in ``docs/accounting.md``).

A lot may be *pending*: earned, but not to be spent before its day. Only what takes back or corrects
takes from it (:func:`claw`).
"""

from datetime import date
from decimal import Decimal  # noqa: F401  (used by the doctests)
from itertools import groupby
from typing import NamedTuple

from .amounts import AMOUNT_QUANTUM, is_multiple, split


class LotState(NamedTuple):
    """What is known of one lot while a batch is worked out. ``expires_on`` None: never."""

    id: object
    source: str
    expires_on: date | None
    group: object
    remaining: object
    pending: bool = False


class NewLot(NamedTuple):
    """A lot that a credit makes: where its value comes from, until when, how much, from when.

    ``available_on`` is the first day on which it can be spent; None: at once.
    """

    source: str
    expires_on: date | None
    amount: object
    available_on: date | None = None


class Part(NamedTuple):
    """A signed share of one movement in one lot."""

    lot_id: object
    amount: object


def _order(lot):
    """Soonest expiry first, value without expiry last, then the older load."""
    return (lot.expires_on or date.max, lot.group)


def take(lots, amount, quantum):
    """The parts that paying ``amount`` takes from ``lots``: a list of negative :class:`Part`.

    >>> paid = LotState("paid", "paid", None, 1, Decimal(100))
    >>> bonus = LotState("bonus", "bonus", None, 1, Decimal(20))
    >>> take([paid, bonus], Decimal(60), Decimal(1))
    [Part(lot_id='paid', amount=Decimal('-50')), Part(lot_id='bonus', amount=Decimal('-10'))]

    A lot that expires sooner goes first, whatever its source:

    >>> soon = LotState("soon", "bonus", date(2026, 1, 1), 2, Decimal(20))
    >>> take([paid, soon], Decimal(30), Decimal(1))
    [Part(lot_id='soon', amount=Decimal('-20')), Part(lot_id='paid', amount=Decimal('-10'))]

    What is pending is left alone. What the lots do not cover is left out: the caller has compared
    with the balance before.
    """
    parts, lots = [], [lot for lot in lots if not lot.pending]
    for _key, members in groupby(sorted(lots, key=_order), key=_order):
        members = [lot for lot in members if lot.remaining > 0]
        here = min(amount, sum(lot.remaining for lot in members))
        if here <= 0:
            continue
        weights = [lot.remaining for lot in members]
        shares = split(here, weights, _quantum_for([here, *weights], quantum))
        parts += [Part(lot.id, -share) for lot, share in zip(members, shares, strict=True) if share]
        amount -= here
    return parts


def claw(lots, amount, held, quantum, made_by=None):
    """The parts that taking ``amount`` back takes from ``lots``: a list of negative :class:`Part`.

    First the lots of the load ``made_by``, pending or not; then what is free of the others, soonest
    expiry first; then what is pending; what is ``held`` for a payment under way comes last.

    >>> own = LotState("own", "points", None, 1, Decimal(5))
    >>> other = LotState("other", "points", None, 2, Decimal(10))
    >>> later = LotState("later", "points", None, 3, Decimal(10), pending=True)
    >>> parts = claw([later, other, own], Decimal(18), Decimal(4), Decimal(1), made_by=1)
    >>> [(part.lot_id, int(part.amount)) for part in parts]
    [('own', -5), ('other', -6), ('later', -7)]

    What no lot covers is left out: where that is allowed, it takes the balance below zero.
    """
    lots = {lot.id: lot for lot in lots}
    free = max(sum(lot.remaining for lot in lots.values() if not lot.pending) - held, 0)
    taken = {}
    for chosen, spares_held in (
        (lambda lot: lot.pending and lot.group == made_by, False),
        (lambda lot: not lot.pending and lot.group == made_by, True),
        (lambda lot: not lot.pending, True),
        (lambda lot: lot.pending, False),
        (lambda lot: not lot.pending, False),
    ):
        step = min(amount, free) if spares_held else amount
        members = [lot._replace(pending=False) for lot in lots.values() if chosen(lot)]
        for part in take(members, step, quantum):
            lots[part.lot_id] = lots[part.lot_id]._replace(
                remaining=lots[part.lot_id].remaining + part.amount
            )
            taken[part.lot_id] = taken.get(part.lot_id, 0) + part.amount
            amount += part.amount
            free += part.amount if spares_held else 0
    return [Part(lot_id, share) for lot_id, share in taken.items()]


def restore(parts, amount, quantum):
    """The parts that giving ``amount`` back puts into the lots that ``parts`` took from.

    ``parts`` are the negative shares still to be given back, as :func:`take` returned them (less
    what earlier refunds restored). Value is returned in proportion, so that a part refund has the
    same mix of paid and bonus value as the payment had.

    >>> restore([Part("paid", Decimal(-50)), Part("bonus", Decimal(-10))], Decimal(30), Decimal(1))
    [Part(lot_id='paid', amount=Decimal('25')), Part(lot_id='bonus', amount=Decimal('5'))]
    """
    weights = [-part.amount for part in parts]
    if not weights or not sum(weights):
        return []
    shares = split(amount, weights, _quantum_for([amount, *weights], quantum))
    return [Part(part.lot_id, share) for part, share in zip(parts, shares, strict=True) if share]


def _quantum_for(amounts, quantum):
    """``quantum``, or the finest one where old value (from before the addon) is finer than it."""
    return quantum if all(is_multiple(a, quantum) for a in amounts) else AMOUNT_QUANTUM
