"""Paying with points: how many points a payment costs, and which payments are possible.

Grammar
    A point has a value in money. What is paid is money; what is taken is points, and the two must
    say the same exactly: no rounding stands between them. Hence points pay in *units*: the smallest
    number of points that the program lets pay and that is worth whole coins.

Example
    A point is worth 0.5 ₫; there is no half đồng, so points pay in pairs:

    >>> terms = PointTerms(value=Decimal("0.5"), coin=Decimal(1))
    >>> terms.unit
    Decimal('2')
    >>> terms.payable(available=Decimal(101), money=Decimal(1000))
    Decimal('100')
    >>> terms.money(Decimal(100))
    Decimal('50.0')

    At least 50 points, in tens, for at most 30 % of the goods:

    >>> terms = PointTerms(Decimal(1), Decimal(1), minimum=Decimal(50), step=Decimal(10),
    ...                    max_share=Decimal(30))
    >>> terms.payable(Decimal(500), money=terms.most(goods=Decimal(995)))
    Decimal('290')
    >>> terms.payable(Decimal(500), money=Decimal(49))
    Decimal('0')
"""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from .amounts import AMOUNT_QUANTUM


@dataclass(frozen=True, slots=True)
class PointTerms:
    """On which terms the points of a program pay.

    :param value: money per point
    :param coin: the smallest amount of the currency
    :param finest: points pay in multiples of this at least
    :param minimum: the fewest points that pay; 0: any number
    :param step: points pay in multiples of this; 0: of ``finest``
    :param max_share: percent of the goods that points may pay
    """

    value: Decimal
    coin: Decimal
    finest: Decimal = Decimal(1)
    minimum: Decimal = Decimal(0)
    step: Decimal = Decimal(0)
    max_share: Decimal = Decimal(100)

    @property
    def unit(self):
        """The smallest number of points that pays whole coins."""
        step = self.step or self.finest or AMOUNT_QUANTUM
        coins = Fraction(step) * Fraction(self.value) / Fraction(self.coin)
        return step * coins.denominator

    def money(self, points):
        """What ``points`` are worth."""
        return points * self.value

    def points(self, money):
        """The points that are worth exactly ``money``; None when no number of points is.

        >>> PointTerms(Decimal("0.03"), Decimal("0.01")).points(Decimal("0.90"))
        Decimal('30')
        >>> PointTerms(Decimal("0.03"), Decimal("0.01")).points(Decimal("1.00")) is None
        True
        """
        units = Fraction(money) / (Fraction(self.unit) * Fraction(self.value))
        return self.unit * units.numerator if units.denominator == 1 else None

    def most(self, goods):
        """The money of ``goods`` that points may pay, whatever the steps."""
        return max(goods, Decimal(0)) * self.max_share / 100

    def payable(self, available, money):
        """The most points that pay at most ``money``; zero when that is below the minimum."""
        points = min(available, money / self.value)
        points = (points / self.unit).to_integral_value(ROUND_FLOOR) * self.unit
        return points if points > 0 and points >= self.minimum else Decimal(0)
