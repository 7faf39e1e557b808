"""What becomes of a native gift card or eWallet program when it becomes stored value.

Odoo books such a program as revenue when value is sold and as a discount when it is spent. Stored
value is a debt until it is spent. The conversion therefore divides what each balance holds into
paid and bonus lots, and asks for one opening journal entry.
"""

from decimal import ROUND_CEILING, Decimal
from itertools import groupby
from typing import NamedTuple

from .amounts import round_half_up, split
from .lots import NewLot
from .posting import PROMOTIONAL_DISCOUNT, STORED_VALUE, UNAMORTISED_BONUS, show  # noqa: F401

#: The accounts of the opening entry that an accountant chooses: where the sale was booked, and
#: where the tax on it was.
COUNTER = "counter"
TAX = "tax"


class Holding(NamedTuple):
    """What one balance holds until one last day (None: for ever)."""

    balance_id: int
    expires_on: object
    amount: Decimal


def rounded_up(holdings, quantum):
    """The holdings with amounts that the currency can express, in favour of the customer.

    Points of four decimals come from rules such as 1.1 per unit of money; a debt has as many
    decimals as its currency.

    >>> [h.amount for h in rounded_up([Holding(1, None, Decimal("36.6667"))], Decimal("0.01"))]
    [Decimal('36.67')]
    """
    return [
        holding._replace(
            amount=(holding.amount / quantum).to_integral_value(ROUND_CEILING) * quantum
        )
        for holding in holdings
    ]


def given_away(total, factor, quantum):
    """The part of ``total`` that nobody paid for, when a rule gave ``factor`` for each unit paid.

    >>> given_away(Decimal(55), Decimal("1.1"), Decimal("0.01"))
    Decimal('5.00')
    >>> given_away(Decimal(55), Decimal(1), Decimal("0.01"))
    Decimal('0.00')
    """
    if factor <= 1:
        return round_half_up(Decimal(0), quantum)
    return round_half_up(total * (factor - 1) / factor, quantum)


def lots_of(holdings, bonus, quantum):
    """The lots to open: ``{balance id: [NewLot]}``, with ``bonus`` shared in proportion.

    The shares add up to ``bonus`` exactly, and none exceeds what it is a share of.

    >>> holdings = [Holding(1, None, Decimal(55)), Holding(2, None, Decimal(11))]
    >>> lots = lots_of(holdings, 6, Decimal(1))
    >>> [(lot.source, int(lot.amount)) for lot in lots[1] + lots[2]]
    [('paid', 50), ('bonus', 5), ('paid', 10), ('bonus', 1)]

    :param holdings: in the order of their balances, amounts above zero
    """
    if not holdings:
        return {}
    shares = split(Decimal(bonus), [holding.amount for holding in holdings], quantum)
    lots = {}
    pairs = zip(holdings, shares, strict=True)
    for balance_id, members in groupby(pairs, key=lambda pair: pair[0].balance_id):
        lots[balance_id] = [
            NewLot(source, holding.expires_on, amount)
            for holding, share in members
            for source, amount in (("paid", holding.amount - share), ("bonus", share))
            if amount
        ]
    return lots


def opening_lines(total, bonus, tax=Decimal(0), booked=None):
    """The balanced lines of the opening entry: ``{account: debit}``, a credit being negative.

    >>> show(opening_lines(Decimal(55), Decimal(5)))
    counter 50, unamortised_bonus 5, stored_value -55

    Whoever had Odoo book a program on the liability itself has the paid part there already. What
    is missing is the bonus: the unspent part of it, and what was spent without being booked:

    >>> show(opening_lines(Decimal(35), Decimal("3.18"), booked=Decimal(30)))
    unamortised_bonus 3.18, promotional_discount 1.82, stored_value -5

    :param total: what all balances hold
    :param bonus: the part of it that was given away
    :param tax: the tax on the sale that is taken back; it becomes due on what the value buys
    :param booked: what stands on the liability already, when that is the counter account
    """
    if booked is None:
        lines = {COUNTER: total - bonus - tax, TAX: tax, UNAMORTISED_BONUS: bonus}
    else:
        lines = {TAX: tax, UNAMORTISED_BONUS: bonus}
        lines[PROMOTIONAL_DISCOUNT] = total - booked - bonus - tax
    lines[STORED_VALUE] = -(total - (booked or 0))
    return {account: debit for account, debit in lines.items() if debit}
