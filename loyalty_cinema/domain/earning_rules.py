"""What points are worked out from: earn rules, a sale, what was earned before.

Immutable values; how they meet is in :mod:`earning`. Amounts of money and points are decimals;
hours are floats of the local clock (18.5 is half past six).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .amounts import round_half_up

#: What a rule gives. Spendable points buy things, qualifying points decide the tier.
TARGETS = [("spendable", "Points to spend"), ("qualifying", "Points towards a tier")]
#: How a rule counts.
KINDS = [
    ("percent", "Percent of what is paid"),
    ("per_amount", "Points per amount paid"),
    ("per_visit", "Points per visit"),
    ("per_unit", "Points per piece"),
    ("multiplier", "Multiply what the other rules give"),
]
ROUNDING_MODES = [("down", "Down"), ("half_up", "To the nearest"), ("up", "Up")]
CHANNELS = ("till", "sales", "web")


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a total becomes points: to multiples of ``step``, down, half_up or up.

    >>> [Rounding(Decimal(1), mode).apply(Decimal("2.5")) for mode in ("down", "half_up", "up")]
    [Decimal('2'), Decimal('3'), Decimal('3')]
    """

    step: Decimal = Decimal(1)
    mode: str = "down"

    def apply(self, points, slack=Decimal(0)):
        """``points`` as a multiple of the step; what lies within ``slack`` of a step is on it."""
        if self.mode == "half_up":
            return round_half_up(points + slack, self.step)
        if self.mode == "up":
            steps = max((points - slack) / self.step, 0).to_integral_value(ROUND_CEILING)
        else:
            steps = ((points + slack) / self.step).to_integral_value(ROUND_FLOOR)
        return steps * self.step


@dataclass(frozen=True, slots=True)
class EarnRule:
    """One earn rule, its filters resolved: None means no restriction.

    :param rate: percent, points or factor, as the kind says; more than zero
    :param per_amount: for kind per_amount: the money that gives ``rate`` points
    :param exclusive: of the lines it matches, no later rule gives anything (see :mod:`earning`)
    :param product_ids: variants; categories and tags are resolved already
    :param weekdays: 0 is Monday; a window over midnight belongs to the day it starts on
    :param hour_to: not included; smaller than ``hour_from``: over midnight
    :param cap_order: the most points of this rule; also per day and per member, for ever
    """

    id: int
    name: str
    target: str
    kind: str
    rate: Decimal
    per_amount: Decimal = Decimal(1)
    sequence: int = 10
    exclusive: bool = False
    product_ids: frozenset | None = None
    channels: frozenset | None = None
    weekdays: frozenset | None = None
    hour_from: float = 0.0
    hour_to: float = 24.0
    date_from: date | None = None
    date_to: date | None = None
    tier_ids: frozenset | None = None
    cap_order: Decimal | None = None
    cap_day: Decimal | None = None
    cap_member: Decimal | None = None

    def applies_to(self, sale):
        """Whether time, channel and tier of the sale are the rule's.

        >>> rule = EarnRule(1, "Late shows", "spendable", "percent", Decimal(5),
        ...                 weekdays=frozenset({4}), hour_from=22.0, hour_to=2.0)
        >>> friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
        >>> def at(day, hour):
        ...     return rule.applies_to(Sale((), day, day.weekday(), hour, "till"))
        >>> at(friday, 23.5), at(saturday, 1.5), at(friday, 1.5), at(saturday, 23.5)
        (True, True, False, False)
        """
        day, weekday, in_window = self._day_of_window(sale)
        return (
            in_window
            and (self.weekdays is None or weekday in self.weekdays)
            and (self.date_from is None or self.date_from <= day)
            and (self.date_to is None or day <= self.date_to)
            and (self.channels is None or sale.channel in self.channels)
            and (self.tier_ids is None or sale.tier_id in self.tier_ids)
        )

    def _day_of_window(self, sale):
        """The day and weekday that the sale counts for, and whether its hour is in the window."""
        if self.hour_from < self.hour_to:
            inside = self.hour_from <= sale.hour < self.hour_to
        elif sale.hour < self.hour_to:  # after midnight: still the evening of the day before
            return sale.day - timedelta(days=1), (sale.weekday - 1) % 7, True
        else:
            inside = sale.hour >= self.hour_from
        return sale.day, sale.weekday, inside

    def covers(self, line):
        """Whether the line's product, or the combo that it is part of, is one of the rule's."""
        return self.covers_combo_of(line) or (
            self.product_ids is None or line.product_id in self.product_ids
        )

    def covers_combo_of(self, line):
        """Whether the line counts as a part of its combo, which is one piece."""
        return line.combo_id is not None and (
            self.product_ids is None or line.combo_id in self.product_ids
        )

    @property
    def most_per_day(self):
        """Its cap per day. A visit is a day: a rule per visit gives its points once."""
        if self.kind != "per_visit":
            return self.cap_day
        return self.rate if self.cap_day is None else min(self.cap_day, self.rate)

    def cap(self, usage):
        """The most points it may still give in this order; None: any number.

        >>> rule = EarnRule(1, "", "spendable", "percent", Decimal(5), cap_order=Decimal(500),
        ...                 cap_day=Decimal(800))
        >>> rule.cap(Usage()), rule.cap(Usage({1: (Decimal(600), Decimal(9000))}))
        (Decimal('500'), Decimal('200'))
        """
        today, ever = usage.of(self.id)
        caps = [
            cap - used
            for cap, used in (
                (self.cap_order, 0),
                (self.most_per_day, today),
                (self.cap_member, ever),
            )
            if cap is not None
        ]
        return max(min(caps), Decimal(0)) if caps else None


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of goods: what it costs with tax, after its own discount.

    :param id: anything that tells the lines of a sale apart
    :param qty: pieces, in units (``docs/earning.md``)
    :param earns: whether it earns at all; what does not still takes its part of what is off
    :param is_discounted: whether discounts on the whole order make it cheaper; delivery is not
    :param combo_id: the product of the combo that it is part of
    :param combo_qty: its share of the pieces of that combo, by price (:func:`shares_of_combo`)
    """

    id: object
    product_id: int | None
    qty: Decimal
    amount: Decimal
    earns: bool = True
    is_discounted: bool = True
    combo_id: int | None = None
    combo_qty: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Discount:
    """Something that makes goods cheaper: a reward, a coupon, a discount line.

    :param id: of its line; other than those of the goods
    :param amount: what it takes off, with tax; above zero
    :param line_ids: the goods it is for; None: all that may be cheaper
    :param is_gift: it pays for whole pieces (a free product, a discount of 100 % or by the point);
        otherwise pieces are cheaper and still pieces
    """

    id: object
    amount: Decimal
    line_ids: frozenset | None = None
    is_gift: bool = False

    def is_for(self, line):
        """Whether it makes ``line`` cheaper."""
        return line.is_discounted if self.line_ids is None else line.id in self.line_ids


@dataclass(frozen=True, slots=True)
class Sale:
    """What was sold, when (local clock of the shop) and where.

    :param unearning: how much of it was paid by points, bonus value and the like, or not at all
    :param points_day: on which its points count; default: the day of the sale
    """

    lines: tuple[SaleLine, ...]
    day: date
    weekday: int
    hour: float
    channel: str
    tier_id: int | None = None
    unearning: Decimal = Decimal(0)
    discounts: tuple[Discount, ...] = ()
    points_day: date | None = None

    @property
    def counts_on(self):
        """The day whose visit it is."""
        return self.points_day or self.day


@dataclass(frozen=True, slots=True)
class Usage:
    """What the member got by each rule before: ``{rule id: (today, ever)}``."""

    given: Mapping[int, tuple[Decimal, Decimal]] = field(default_factory=dict)

    def of(self, rule_id):
        """``(today, ever)`` of one rule."""
        return self.given.get(rule_id, (Decimal(0), Decimal(0)))

    def plus(self, by_rule, same_day=True):
        """The usage after one more order, of the same day or another, for the next of a batch.

        >>> before = Usage({1: (Decimal(1), Decimal(5))})
        >>> before.plus({1: Decimal(2), 7: Decimal(3)}).given
        {1: (Decimal('3'), Decimal('7')), 7: (Decimal('3'), Decimal('3'))}
        >>> before.plus({1: Decimal(2)}, same_day=False).given
        {1: (Decimal('1'), Decimal('7'))}
        """
        given = dict(self.given)
        for rule_id, points in by_rule.items():
            today, ever = self.of(rule_id)
            given[rule_id] = (today + points if same_day else today, ever + points)
        return Usage(given)


@dataclass(frozen=True, slots=True)
class Earning:
    """What a sale earns.

    :param spendable: points to spend, rounded by the program
    :param qualifying: points towards a tier, rounded
    :param line_points: ``{line id: share}``, unrounded, of the spendable points
    :param line_qualifying: the same of the qualifying points
    :param by_rule: ``{rule id: points}``; those of one target add up to its rounded total
    :param cut: the rules that a cap kept from giving more
    :param terms: what to evaluate again after a refund, where shares of lines do not tell
    """

    spendable: Decimal = Decimal(0)
    qualifying: Decimal = Decimal(0)
    line_points: Mapping[object, Decimal] = field(default_factory=dict)
    line_qualifying: Mapping[object, Decimal] = field(default_factory=dict)
    by_rule: Mapping[int, Decimal] = field(default_factory=dict)
    cut: frozenset = frozenset()
    terms: object = None


def shares_of_combo(qty, parts):
    """How much of ``qty`` combos each part is, by price: ``{part: Decimal}``.

    :param parts: ``{part: amount}``

    >>> {part: str(share) for part, share in shares_of_combo(
    ...     Decimal(2), {"coffee": Decimal(5), "cake": Decimal(15)}).items()}
    {'coffee': '0.5', 'cake': '1.5'}
    """
    total = sum(parts.values(), Decimal(0))
    return {part: qty * amount / total for part, amount in parts.items()} if total else {}
