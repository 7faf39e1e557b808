"""What of a sale is left to earn on, when gifts, price cuts and other payments have come off it.

The steps 1 to 5 of ``docs/earning.md``: everything is spread over *all* goods that it is for, and
only then what earns nothing falls out. Linear in lines × discounts.
"""

from dataclasses import dataclass
from decimal import Decimal

from .earning_rules import Discount, Sale, SaleLine  # noqa: F401  (used by the doctests)

NOTHING = Decimal(0)


@dataclass(slots=True)
class Good:
    """One line that was sold at a price, and what is left of it.

    :param money: what was paid for it in a way that earns
    :param pieces: how many of the line's pieces that is, as pieces of the line's product
    :param combos: and as pieces of the combo that the line is part of
    """

    line: SaleLine
    money: Decimal
    pieces: Decimal
    combos: Decimal

    def take(self, amount):
        """Take ``amount`` of the money off, and the pieces that it paid for."""
        left = (self.money - amount) / self.money if self.money else NOTHING
        self.money -= amount
        self.pieces *= left
        self.combos *= left

    def cut(self, amount):
        """Lower the price by ``amount``; what costs nothing in the end is no piece."""
        self.money -= amount
        if not self.money:
            self.pieces = self.combos = NOTHING


def goods_of(sale):
    """The goods of ``sale`` that earn, with what is left of them: a list of :class:`Good`.

    Ticket and wine (which earns nothing) at 100; a free wine, or 10 % off both, or 50 points:

    >>> def left(*discounts, unearning=0):
    ...     lines = (SaleLine("ticket", 1, Decimal(1), Decimal(100)),
    ...              SaleLine("wine", 2, Decimal(1), Decimal(100), earns=False))
    ...     sale = Sale(lines, None, 0, 0, "till", None, Decimal(unearning), discounts)
    ...     return [(good.line.id, int(good.money)) for good in goods_of(sale)]
    >>> left(Discount("voucher", Decimal(100), frozenset({"wine"}), is_gift=True))
    [('ticket', 100)]
    >>> left(Discount("off", Decimal(20))), left(unearning=50)
    ([('ticket', 90)], [('ticket', 75)])

    Of three coffees one is free, or all of them cost a third less:

    >>> coffee = SaleLine("coffee", 3, Decimal(3), Decimal(30))
    >>> def pieces(is_gift):
    ...     discount = Discount("off", Decimal(10), is_gift=is_gift)
    ...     [good] = goods_of(Sale((coffee,), None, 0, 0, "till", discounts=(discount,)))
    ...     return round(good.pieces), int(good.money)
    >>> pieces(True), pieces(False)
    ((2, 20), (3, 20))
    """
    return [good for good in paid_goods(sale) if good.line.earns]


def paid_goods(sale):
    """All goods of ``sale``, those that earn nothing too, with what was paid for them."""
    goods = all_goods(sale)
    spread(goods, sale.unearning, Good.take)
    return goods


def all_goods(sale):
    """All goods of ``sale`` with what gifts and price cuts leave of them.

    Gifts first, for they pay for whole pieces; of each kind first what is for certain goods. What
    is more than these cost comes off all that may be cheaper.
    """
    goods = [
        Good(line, line.amount, line.qty, line.combo_qty)
        for line in sale.lines
        if line.amount > 0 and line.qty > 0
    ]
    for is_gift in (True, False):
        method, rest = (Good.take if is_gift else Good.cut), NOTHING
        for discount in sale.discounts:
            if discount.is_gift == is_gift:
                rest += spread(
                    [good for good in goods if discount.is_for(good.line)], discount.amount, method
                )
        over = spread([good for good in goods if good.line.is_discounted], rest, method)
        spread(goods, over, method)
    return goods


def spread(goods, amount, method):
    """Take ``amount`` off ``goods`` in proportion of what is left of them; returns what is over.

    :param method: :meth:`Good.take` or :meth:`Good.cut`
    """
    total = sum((good.money for good in goods), NOTHING)
    here = min(amount, total)
    if here <= 0:
        return max(amount, NOTHING)
    for good in goods:
        method(good, good.money * here / total if here < total else good.money)
    return amount - here
