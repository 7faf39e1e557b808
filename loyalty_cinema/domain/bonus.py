"""How much extra value a load grants: bands by the amount loaded, in percent or a fixed amount."""

from decimal import Decimal
from typing import NamedTuple

from .amounts import round_half_up

#: How a band's value is meant.
BONUS_MODES = [("percent", "Percent of the load"), ("fixed", "Fixed amount")]


class Band(NamedTuple):
    """From which load on, and what it grants. ``value``: percent (10 = 10 %) or an amount."""

    from_amount: Decimal
    mode: str
    value: Decimal


def bonus_for(bands, amount, quantum):
    """The bonus on a load: that of the highest band it reaches, rounded to ``quantum``.

    The band reached counts for the whole load, not only for what lies above its start: this is how
    such offers are printed ("15 % from 1,000,000 ₫").

    >>> ten, fifteen = (Band(Decimal(a), "percent", Decimal(p)) for a, p in [(200, 10), (1000, 15)])
    >>> [bonus_for([ten, fifteen], Decimal(load), Decimal(1)) for load in (199, 200, 1000)]
    [Decimal('0'), Decimal('20'), Decimal('150')]
    >>> bonus_for([Band(Decimal(0), "fixed", Decimal(5))], Decimal(50), Decimal("0.01"))
    Decimal('5.00')
    """
    reached = [band for band in bands if band.from_amount <= amount]
    if not reached or amount <= 0:
        return Decimal(0)
    band = max(reached)
    bonus = amount * band.value / 100 if band.mode == "percent" else band.value
    return round_half_up(bonus, quantum)
