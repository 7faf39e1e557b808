"""Exact amounts: decimals in, decimals out, rounded once, and parts that add up.

Odoo hands out floats. A float never decides anything here: it is turned into the decimal that
the database holds (four places, :data:`AMOUNT_DIGITS`) and compared as such.
"""

from decimal import ROUND_FLOOR, Decimal

#: Precision and scale of every balance, entry and lot: enough for currencies of three decimals
#: and for points earned at odd rates.
AMOUNT_DIGITS = (16, 4)
#: The finest amount a balance can hold.
AMOUNT_QUANTUM = Decimal("0.0001")
#: The largest amount one movement may carry; more is a typing mistake or an attack.
AMOUNT_MAX = Decimal("999999999999")


def to_decimal(value):
    """The exact decimal behind ``value`` (float, int, str or Decimal), at four places.

    >>> to_decimal(50 * 1.1)
    Decimal('55.0000')
    >>> to_decimal("0.1") + to_decimal(0.2)
    Decimal('0.3000')

    :raises ValueError: for text that is no number, infinities and NaN
    """
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value or 0)
    except (ArithmeticError, TypeError, ValueError):
        raise ValueError(f"not an amount: {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"not an amount: {value!r}")
    return round_half_up(number, AMOUNT_QUANTUM)


def as_text(amount):
    """``amount`` in digits, as long as it is: never ``1e+06``.

    >>> as_text(1_000_000.0), as_text(Decimal("9.6000"))
    ('1000000', '9.6')
    """
    return f"{to_decimal(amount).normalize():f}"


def round_half_up(amount, quantum):
    """Round ``amount`` to a multiple of ``quantum``, halves up (towards plus infinity).

    Shifting by whole quanta commutes with this rounding, which is what lets :func:`split` promise
    that no part exceeds its weight.

    >>> round_half_up(Decimal("2.5"), Decimal(1)), round_half_up(Decimal("-2.5"), Decimal(1))
    (Decimal('3'), Decimal('-2'))
    """
    steps = (amount / quantum + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return steps * quantum


def by_smaller_units(decimal_places, amount, amount_without):
    """A first setting for a currency: ``amount`` where it has smaller units (cents), as dollars
    have, and ``amount_without`` where it has none, as yen and đồng have.

    >>> by_smaller_units(2, 10, 50_000), by_smaller_units(0, 10, 50_000)
    (10, 50000)
    """
    return amount if decimal_places > 0 else amount_without


def is_multiple(amount, quantum):
    """Whether ``amount`` has no more decimals than ``quantum`` allows.

    >>> is_multiple(Decimal("1.50"), Decimal("0.01")), is_multiple(Decimal("1.5"), Decimal(1))
    (True, False)
    """
    return amount % quantum == 0


def split(amount, weights, quantum):
    """Share ``amount`` in proportion to ``weights``; the parts add up to it exactly.

    Each part is the difference of two rounded running totals (cumulative rounding), so that no
    rounding error is left over, and where ``amount`` does not exceed the sum of the weights no
    part exceeds its own weight.

    >>> split(Decimal(60), [Decimal(100), Decimal(20)], Decimal(1))
    [Decimal('50'), Decimal('10')]
    >>> sum(split(Decimal(100), [Decimal(1)] * 3, Decimal("0.01")))
    Decimal('100.00')
    """
    total = sum(weights)
    parts, running, given = [], Decimal(0), Decimal(0)
    for weight in weights:
        running += weight
        upto = round_half_up(amount * running / total, quantum)
        parts.append(upto - given)
        given = upto
    return parts
