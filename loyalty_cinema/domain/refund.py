"""How much of a credit note goes back to cards, and how much is left to pay out in money.

An order was paid partly by stored value or points (*value*), partly in money. A credit note gives
back of each in proportion of what it credits; but no more value than is left to give back, and no
more money than is left of what was paid in money. What one of the two cannot take, the other does.
"""

from decimal import Decimal

from .amounts import round_half_up


def value_due(note, share, paid, returned, left, money_left, quantum):
    """The part of ``note`` that goes back to cards (Decimal).

    :param note: what the credit note credits
    :param share: how much of the invoice is credited by this and all earlier notes, 0 to 1
    :param paid: what was paid by value
    :param returned: what earlier credit notes gave back of it
    :param left: what no document has given back of it yet
    :param money_left: what was paid in money and has not been handed out again
    :param quantum: the smallest coin: parts are rounded to it once, and add up

    Of 100, of which 60 were paid by wallet, a third is credited, then the rest:

    >>> third, coin = Decimal(1) / 3, Decimal("0.01")
    >>> value_due(Decimal("33.33"), third, Decimal(60), 0, Decimal(60), Decimal(40), coin)
    Decimal('20.00')
    >>> value_due(Decimal("66.67"), Decimal(1), Decimal(60), 20, Decimal(40), Decimal(27), coin)
    Decimal('40.00')

    The till has handed out the money before: what is left goes to the card.

    >>> value_due(Decimal(50), Decimal("0.5"), Decimal(60), 0, Decimal(60), Decimal(0), coin)
    Decimal('50')

    The till has given the card its value back before: money is what is left.

    >>> value_due(Decimal(40), Decimal("0.4"), Decimal(60), 0, Decimal(0), Decimal(40), coin)
    Decimal('0')

    A manager has let the value be paid out in money before (the money left is below zero):

    >>> value_due(Decimal(60), Decimal("0.6"), Decimal(60), 0, Decimal(60), Decimal(-60), coin)
    Decimal('0')
    """
    most = min(left + min(money_left, 0), note)
    due = round_half_up(paid * share, quantum) - returned
    return max(min(max(due, note - money_left), most), Decimal(0))


def money_excess(note, value, money_left):
    """What a document hands out in money beyond what is left of the money that was paid.

    >>> money_excess(Decimal(100), Decimal(60), Decimal(40))
    Decimal('0')
    >>> money_excess(Decimal(100), Decimal(0), Decimal(40))
    Decimal('60')
    """
    money = note - value
    return max(money - max(money_left, 0), Decimal(0))
