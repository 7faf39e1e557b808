"""What is left of a sale earns what it would have earned alone, by the rules of its day.

:class:`Terms` are what the points of a sale were worked out from, kept as text. A cap, or a
discount that is not given back, makes what is left earn something else than its share; so it is
evaluated again.

    900 bought, 1 point per 1, 500 at most; 600 given back leave 300. The rule may change meanwhile.

    >>> from .earning import evaluate
    >>> rule = EarnRule(1, "", "spendable", "per_amount", Decimal(1), cap_order=Decimal(500))
    >>> poster = SaleLine(7, 1, Decimal(3), Decimal(900))
    >>> terms = Terms.of([rule], Sale((poster,), date(2026, 11, 27), 4, 19.5, "till"))
    >>> terms = Terms.from_json(terms.to_json())
    >>> [int(evaluate(*terms.left({7: Decimal(kept) / 3})).spendable) for kept in (3, 1, 0)]
    [500, 300, 0]
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .earning_count import money_for_rate
from .earning_rules import Discount, EarnRule, Sale, SaleLine
from .earning_spread import all_goods, goods_of

ONE, NOTHING = Decimal(1), Decimal(0)
#: What of a rule counts after the day of the sale; its other filters were asked then.
RULE_PARTS = ("id", "target", "kind", "rate", "per_amount", "sequence", "exclusive", "product_ids")
CAPS = ("cap_order", "cap_day", "cap_member")


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules that applied to a sale, and the sale."""

    rules: tuple[EarnRule, ...]
    sale: Sale

    @classmethod
    def of(cls, rules, sale):
        """Those of ``rules`` that apply, with what they need of themselves.

        A rule per visit has its rate for all that was paid; what is left has its part of it.
        """
        sold = {product for line in sale.lines for product in (line.product_id, line.combo_id)}
        rules = sorted((r for r in rules if r.applies_to(sale)), key=lambda r: (r.sequence, r.id))
        visits, applying = _money_of_visits(rules, goods_of(sale)), []
        for rule in rules:
            if rule.id in visits:
                rule = replace(
                    rule,
                    kind="per_amount",
                    per_amount=visits[rule.id],
                    cap_day=rule.most_per_day,
                )
            products = None if rule.product_ids is None else rule.product_ids & sold
            kept = {name: getattr(rule, name) for name in (*RULE_PARTS, *CAPS)}
            applying.append(EarnRule(name="", **{**kept, "product_ids": products}))
        return cls(tuple(applying), replace(sale, hour=0.0, channel="till", tier_id=None))

    def left(self, kept):
        """``(rules, sale)`` of what is left, for :func:`~.earning.evaluate`.

        :param kept: ``{id of a line or discount: 0 to 1}``; what is not in it is kept
        """
        lines = tuple(
            replace(
                line,
                qty=line.qty * part,
                amount=line.amount * part,
                combo_qty=line.combo_qty * part,
            )
            for line in self.sale.lines
            for part in (kept.get(line.id, ONE),)
        )
        discounts = tuple(
            replace(discount, amount=discount.amount * kept.get(discount.id, ONE))
            for discount in self.sale.discounts
        )
        left = replace(self.sale, lines=lines, discounts=discounts)
        before = due_of(self.sale)
        part = min(due_of(left) / before, ONE) if before else NOTHING
        return self.rules, replace(left, unearning=self.sale.unearning * part)

    @property
    def has_cap_for_ever(self):
        """Whether a cap per member is among the rules."""
        return any(rule.cap_member is not None for rule in self.rules)

    # -- as text -------------------------------------------------------------------------------

    def to_json(self):
        """Lists and texts only."""
        return {
            "rules": [
                [_text(getattr(r, name)) for name in (*RULE_PARTS, *CAPS)] for r in self.rules
            ],
            "lines": [[_text(part) for part in _parts(line)] for line in self.sale.lines],
            "discounts": [[_text(part) for part in _parts(d)] for d in self.sale.discounts],
            "unearning": str(self.sale.unearning),
            "day": self.sale.day.isoformat(),
            "points_day": self.sale.counts_on.isoformat(),
        }

    @classmethod
    def from_json(cls, told):
        """The same terms again."""
        day = date.fromisoformat(told["day"])
        sale = Sale(
            tuple(_line(*parts) for parts in told["lines"]),
            day,
            day.weekday(),
            0.0,
            "till",
            unearning=Decimal(told["unearning"]),
            discounts=tuple(_discount(*parts) for parts in told["discounts"]),
            points_day=date.fromisoformat(told["points_day"]),
        )
        return cls(tuple(_rule(*parts) for parts in told["rules"]), sale)


def due_of(sale):
    """What is to pay for the goods of ``sale``, when gifts and price cuts are off them."""
    return sum((good.money for good in all_goods(sale)), NOTHING)


def _money_of_visits(rules, goods):
    """For how much money each rule per visit gave its points: ``{rule id: money}``."""
    money, closed = {}, {}
    for rule in rules:
        taken = closed.setdefault(rule.target, set())
        covered = [g for g in goods if rule.covers(g.line) and g.line.id not in taken]
        if rule.kind == "per_visit":
            money[rule.id] = money_for_rate(rule, covered) or ONE
        if rule.exclusive and rule.kind != "multiplier":
            taken.update(good.line.id for good in covered)
    return money


def _parts(value):
    return [getattr(value, name) for name in value.__slots__]


def _text(part):
    if isinstance(part, Decimal):
        return str(part)
    return sorted(part) if isinstance(part, frozenset) else part


def _set(part):
    return None if part is None else frozenset(part)


def _decimal(part):
    return None if part is None else Decimal(part)


def _rule(id, target, kind, rate, per_amount, sequence, exclusive, product_ids, *caps):
    caps = dict(zip(CAPS, map(_decimal, caps), strict=True))
    return EarnRule(
        id,
        "",
        target,
        kind,
        Decimal(rate),
        Decimal(per_amount),
        sequence,
        exclusive,
        _set(product_ids),
        **caps,
    )


def _line(id, product_id, qty, amount, earns, is_discounted, combo_id, combo_qty):
    return SaleLine(
        id,
        product_id,
        Decimal(qty),
        Decimal(amount),
        earns,
        is_discounted,
        combo_id,
        Decimal(combo_qty),
    )


def _discount(id, amount, line_ids, is_gift):
    return Discount(id, Decimal(amount), _set(line_ids), is_gift)
