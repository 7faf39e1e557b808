"""How one earn rule counts: on which part of which lines, how many points, at most how many.

The rules of the game are told in :mod:`earning`.
"""

from decimal import Decimal

from .earning_rules import Sale, SaleLine  # noqa: F401  (used by the doctests)

NOTHING = Decimal(0)


def goods_of(sale):
    """The lines that earn: ``[(line, what of its amount earns)]``.

    >>> lines = [SaleLine(i, i, Decimal(1), Decimal(a)) for i, a in enumerate((300, 100, -40))]
    >>> [int(base) for _line, base in goods_of(Sale(tuple(lines), None, 0, 0, "till"))]
    [270, 90]
    """
    goods = [line for line in sale.lines if line.amount > 0 and line.qty > 0]
    total = sum((line.amount for line in goods), NOTHING)
    below_zero = sum((line.amount for line in sale.lines if line.amount < 0), NOTHING)
    unearning = min(max(sale.unearning - below_zero, NOTHING), total)
    return [(line, line.amount - line.amount * unearning / total) for line in goods]


def give(rules, goods, usage):
    """What each of these rules gives on each of the goods: ``{rule id: [points]}``."""
    given, so_far = {}, [NOTHING] * len(goods)
    for multiplies in (False, True):
        open_lines = set(range(len(goods)))
        for rule in rules:
            if (rule.kind == "multiplier") != multiplies:
                continue
            covered = [i for i in open_lines if rule.covers(goods[i][0])]
            points = _capped(_count(rule, goods, covered, so_far), rule.cap(usage))
            given[rule.id] = [points.get(i, NOTHING) for i in range(len(goods))]
            so_far = [sum(pair) for pair in zip(so_far, given[rule.id], strict=True)]
            if rule.exclusive:
                open_lines.difference_update(covered)
    return given


def _count(rule, goods, covered, so_far):
    """What one rule gives on the lines it covers, before caps: ``{line's index: points}``."""
    if rule.kind == "multiplier":
        return {i: so_far[i] * (rule.rate - 1) for i in covered}
    bases = {i: goods[i][1] for i in covered}
    if rule.kind == "per_unit":
        pieces = {i: goods[i][0].qty * base / goods[i][0].amount for i, base in bases.items()}
        return {i: rule.rate * qty for i, qty in pieces.items()}
    # percent, per amount, per visit: points for how much money
    money = {"percent": 100, "per_amount": rule.per_amount, "per_visit": sum(bases.values())}
    unit = money[rule.kind]
    return {i: base * rule.rate / unit for i, base in bases.items()} if unit else {}


def _capped(points, cap):
    """The same points, cut to ``cap`` in proportion.

    >>> _capped({0: Decimal(30), 1: Decimal(10)}, Decimal(20))
    {0: Decimal('15'), 1: Decimal('5')}
    """
    total = sum(points.values(), NOTHING)
    if cap is None or total <= cap:
        return points
    return {i: amount * cap / total for i, amount in points.items()}
