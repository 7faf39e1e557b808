"""How one earn rule counts: on which part of which goods, how many points, at most how many.

The rules of the game are told in ``docs/earning.md`` and :mod:`earning`.
"""

from decimal import Decimal

NOTHING = Decimal(0)


def give(rules, goods, usage):
    """What each of these rules gives on each of the goods.

    :param goods: of :func:`~.earning_spread.goods_of`
    :return: ``({rule id: [points]}, {ids of the rules that a cap has cut})``
    """
    given, cut, so_far = {}, set(), [NOTHING] * len(goods)
    for multiplies in (False, True):
        open_lines = set(range(len(goods)))
        for rule in rules:
            if (rule.kind == "multiplier") != multiplies:
                continue
            covered = [i for i in sorted(open_lines) if rule.covers(goods[i].line)]
            counted = _count(rule, goods, covered, so_far)
            points = _capped(counted, rule.cap(usage))
            if points != counted:
                cut.add(rule.id)
            given[rule.id] = [points.get(i, NOTHING) for i in range(len(goods))]
            so_far = [sum(pair) for pair in zip(so_far, given[rule.id], strict=True)]
            if rule.exclusive:
                open_lines.difference_update(covered)
    return given, cut


def _count(rule, goods, covered, so_far):
    """What one rule gives on the goods it covers, before caps: ``{index: points}``."""
    if rule.kind == "multiplier":
        return {i: so_far[i] * (rule.rate - 1) for i in covered}
    if rule.kind == "per_unit":
        return {i: rule.rate * _pieces(rule, goods[i]) for i in covered}
    money = money_for_rate(rule, [goods[i] for i in covered])
    return {i: goods[i].money * rule.rate / money for i in covered} if money else {}


def money_for_rate(rule, covered):
    """For how much money a rule gives its rate: a hundred, its amount, all of what it covers."""
    if rule.kind == "per_visit":
        return sum((good.money for good in covered), NOTHING)
    return Decimal(100) if rule.kind == "percent" else rule.per_amount


def _pieces(rule, good):
    return good.combos if rule.covers_combo_of(good.line) else good.pieces


def _capped(points, cap):
    """The same points, cut to ``cap`` in proportion.

    >>> _capped({0: Decimal(30), 1: Decimal(10)}, Decimal(20))
    {0: Decimal('15'), 1: Decimal('5')}
    """
    total = sum(points.values(), NOTHING)
    if cap is None or total <= cap:
        return points
    return {i: amount * cap / total for i, amount in points.items()}
