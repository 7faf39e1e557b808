"""What a sale earns by the rules of a program, and what is left of it after refunds.

**Rules.** Each gives points of one *target*: spendable or qualifying, which never mix. It counts
the lines whose product it covers, if time, channel and tier of the sale are its own.

- ``percent``: ``rate`` percent of what is paid, as points
- ``per_amount``: ``rate`` points for every ``per_amount`` paid. In proportion, not per full amount:
  only the total of the order is rounded, once, as the program says. Rounding each line or rule
  would make points depend on how an order is typed in, and part refunds could not be exact.
- ``per_visit``: ``rate`` points once a day, shared by the lines by what was paid for them
- ``per_unit``: ``rate`` points per piece
- ``multiplier``: ``rate`` times what the other rules of its target give on these lines. Points are
  given first and multiplied then, whatever the sequence; two multipliers multiply each other.

**What is paid.** Gifts, price cuts and what points and bonus paid are spread over all goods that
they are for; then what earns nothing falls out (:mod:`earning_spread`, ``docs/earning.md``).

**Stacking.** All matching rules add up, in their sequence. Where an ``exclusive`` rule covers a
line, no later rule gives anything on it: the first exclusive match ends the list for this line and
target. Points and multipliers are two such lists, so that "double on Wednesday" also doubles what
an exclusive rule gave.

**Caps** per order, day and member cut what one rule gives; its lines lose in proportion. A
multiplier's cap is on what it adds.

**Examples.** Two tickets at 85,000 ₫ and a popcorn at 49,000 ₫, together 219,000 ₫:

>>> ticket, popcorn = 1, 2
>>> def sale(unearning=0, channel="till"):
...     lines = (SaleLine("a", ticket, Decimal(2), Decimal(170000)),
...              SaleLine("b", popcorn, Decimal(1), Decimal(49000)))
...     return Sale(lines, date(2026, 11, 27), 4, 19.5, channel, None, Decimal(unearning))
>>> def rule(id, kind, rate, **more):
...     return EarnRule(id, kind, more.pop("target", "spendable"), kind, Decimal(rate), **more)
>>> def points(*rules, **of_sale):
...     return int(evaluate(rules, sale(**of_sale)).spendable)

Percent: 5 % of 219,000 ₫ are 10,950 points (worth 10,950 ₫ where one point is one đồng). When
19,000 ₫ of it are paid with points, 5 % of 200,000 ₫ are 10,000:

>>> five = rule(1, "percent", 5)
>>> points(five), points(five, unearning=19000)
(10950, 10000)

Per amount: 1 qualifying point for every 10,000 ₫ gives 21.9, rounded down once: 21. The tickets'
share of it is 17, the popcorn's 4.9:

>>> tier = rule(2, "per_amount", 1, per_amount=Decimal(10000), target="qualifying")
>>> earning = evaluate((five, tier), sale())
>>> int(earning.spendable), int(earning.qualifying)
(10950, 21)
>>> [str(share) for share in earning.line_qualifying.values()]
['17.000000', '4.900000']

Per visit 10, per piece 3 (of 3 pieces), and both; nothing when points paid for everything:

>>> visit, piece = rule(3, "per_visit", 10), rule(4, "per_unit", 3)
>>> points(visit), points(piece), points(visit, piece), points(visit, piece, unearning=219000)
(10, 9, 19, 0)

A multiplier of 2 on popcorn adds once more what the others give there, 5 % of 49,000 ₫ = 2,450:

>>> points(rule(5, "multiplier", 2, product_ids=frozenset({popcorn})), five)
13400

Exclusive: 10 % on popcorn instead of 5 % are 4,900, and 5 % of 170,000 ₫. Beside the 5 %, the same
10 % make 4,900 and 10,950:

>>> first = {"sequence": 1, "product_ids": frozenset({popcorn})}
>>> points(five, rule(6, "percent", 10, exclusive=True, **first))
13400
>>> points(five, rule(6, "percent", 10, **first))
15850

Caps: at most 500 per order; and of 800 a day 600 were given before, which leaves 200:

>>> points(rule(7, "percent", 5, cap_order=Decimal(500)))
500
>>> daily = rule(8, "percent", 5, cap_day=Decimal(800))
>>> evaluate((daily,), sale(), Usage({8: (Decimal(600), Decimal(600))})).by_rule
{8: Decimal('200.0000')}

A rule for the website gives nothing at the till:

>>> points(rule(9, "percent", 5, channels=frozenset({"web"})))
0

**How to use.** :func:`evaluate` when the sale is paid; store its shares with the lines;
:func:`entitled` with the same shares at every refund: what the member still holds of this sale,
less what the rest is entitled to, is taken back. Where :func:`needs_terms` says so, shares are not
enough: store :class:`~.earning_terms.Terms`, and evaluate what is left of them.

**How it works.** Plain decimals, one pass, linear in rules × lines (:mod:`earning_count`). What
shares lose by being stored at six decimals is allowed for when a total is rounded (:func:`_slack`),
so that three thirds of a point are one point.
"""

from datetime import date  # noqa: F401  (used by the doctests)
from decimal import Decimal

from .amounts import AMOUNT_QUANTUM, round_half_up, split
from .earning_count import NOTHING, give
from .earning_rules import (  # the names others import from here
    CHANNELS,
    KINDS,
    ROUNDING_MODES,
    TARGETS,
    Discount,
    Earning,
    EarnRule,
    Rounding,
    Sale,
    SaleLine,
    Usage,
)
from .earning_spread import goods_of

__all__ = [
    "CHANNELS",
    "KINDS",
    "ROUNDING_MODES",
    "SHARE_QUANTUM",
    "TARGETS",
    "Discount",
    "EarnRule",
    "Earning",
    "Rounding",
    "Sale",
    "SaleLine",
    "Usage",
    "entitled",
    "evaluate",
    "needs_terms",
]

#: Shares of lines are kept at this many decimals, so that they can be stored and add up exactly.
SHARE_QUANTUM = Decimal("0.000001")
NO_USAGE = Usage()
WHOLE_POINTS = Rounding()


def evaluate(rules, sale, usage=NO_USAGE, rounding=WHOLE_POINTS, qualifying_rounding=None):
    """What ``sale`` earns.

    :param rules: of one program, in any order
    :param usage: what the member got by capped rules before
    :param qualifying_rounding: of the points towards a tier, where they are money or visits and
        not points; default: as the points to spend
    :return: :class:`Earning`; every line of the sale has a share, 0 where it earns nothing
    """
    goods = goods_of(sale)
    rules = sorted(
        (rule for rule in rules if rule.applies_to(sale)), key=lambda r: (r.sequence, r.id)
    )
    totals, shares, by_rule, cut = {}, {}, {}, set()
    for target, _label in TARGETS:
        given, cut_here = give([rule for rule in rules if rule.target == target], goods, usage)
        cut |= cut_here
        shares[target] = dict.fromkeys((line.id for line in sale.lines), NOTHING)
        shares[target].update(_line_shares(goods, given))
        mode = qualifying_rounding if target == "qualifying" else None
        totals[target] = _total(shares[target].values(), shares[target].values(), mode or rounding)
        by_rule.update(_rule_shares(given, totals[target]))
    return Earning(
        totals["spendable"],
        totals["qualifying"],
        shares["spendable"],
        shares["qualifying"],
        by_rule,
        frozenset(cut),
    )


def needs_terms(sale, earning):
    """Whether what is left of ``sale`` may earn something else than its lines' shares.

    Where a cap has cut, and where a discount may stay behind when the goods are given back.
    """
    return bool(earning.cut or sale.discounts)


def entitled(parts, rounding=WHOLE_POINTS):
    """What the part of a sale that was not refunded still earns.

    The shares of the pieces that are left are added up and rounded once, as the sale itself was.
    So partial refunds end at exactly zero, in any order, and never leave more than a sale of these
    pieces alone would have earned (by rules without caps and visits; of those the part that is
    left is due).

    Three pieces at 14,000 ₫ each, 1 point for every 10,000 ₫, rounded down: 42,000 ₫ earned 4. Two
    left (28,000 ₫) earn 2, one earns 1. Taking back a rounded third of the four with each piece (1,
    1, 1) would leave a point that nobody paid for; taking back what a piece alone earns, too:

    >>> share = Decimal("4.2")
    >>> [int(entitled([(share, Decimal(3), Decimal(gone))])) for gone in (0, 1, 2, 3)]
    [4, 2, 1, 0]

    With a second line of 6,000 ₫ (0.6) that stays, 48,000 ₫ earned 4; each refund leaves 34,000,
    20,000 and 6,000 ₫:

    >>> other = (Decimal("0.6"), Decimal(1), Decimal(0))
    >>> [int(entitled([(share, Decimal(3), Decimal(gone)), other])) for gone in (0, 1, 2, 3)]
    [4, 3, 2, 0]

    :param parts: ``[(share, quantity sold, quantity refunded)]`` of all lines of the sale, the
        share as :func:`evaluate` gave it
    :return: rounded points, as :attr:`Earning.spendable`
    """
    kept = [
        share * max(qty - refunded, NOTHING) / qty
        for share, qty, refunded in parts
        if share and qty
    ]
    return _total(kept, [share for share, _qty, _refunded in parts], rounding)


def _total(kept, shares, rounding):
    """What ``kept`` of these shares comes to, rounded by the program."""
    points = sum(kept, NOTHING)
    return rounding.apply(points, _slack(shares, rounding)) if points else NOTHING


def _slack(shares, rounding):
    """How far a sum of shares can be off because each is stored at six decimals.

    Three lines at 10,000 ₫, 1 point for every 30,000 ₫: the shares of two of them are 0.666666 or
    0.666667, never two thirds. A total within this distance of a step is on the step.

    >>> third = Decimal("0.333333")
    >>> Rounding().apply(third * 3, _slack([third] * 3, Rounding()))
    Decimal('1')
    """
    return min(sum(1 for share in shares if share) * SHARE_QUANTUM, rounding.step / 10)


def _line_shares(goods, given):
    """``{line id: points}`` at six decimals, adding up to the unrounded total exactly."""
    lines = [sum(points, NOTHING) for points in zip(*given.values(), strict=True)]
    total = sum(lines, NOTHING)
    if not total:
        return {}
    shares = split(round_half_up(total, SHARE_QUANTUM), lines, SHARE_QUANTUM)
    return {good.line.id: share for good, share in zip(goods, shares, strict=True)}


def _rule_shares(given, total):
    """``{rule id: points}``, adding up to the rounded ``total`` exactly."""
    weights = {rule_id: sum(points, NOTHING) for rule_id, points in given.items()}
    weights = {rule_id: weight for rule_id, weight in weights.items() if weight}
    if not weights or not total:
        return {}
    shares = split(total, list(weights.values()), AMOUNT_QUANTUM)
    return {rule_id: share for rule_id, share in zip(weights, shares, strict=True) if share}
