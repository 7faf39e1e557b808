"""Any rules, orders and refunds: the pure functions behind points keep what they promise.

Hypothesis makes them up, and shrinks the first that breaks a promise. Derandomised: the same in
every run.
"""

import json
from datetime import date
from decimal import Decimal
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..domain.earning import (
    SHARE_QUANTUM,
    Discount,
    EarnRule,
    Rounding,
    Sale,
    SaleLine,
    Usage,
    entitled,
    evaluate,
)
from ..domain.earning_terms import Terms

PRODUCTS = range(1, 5)
DAY = date(2026, 11, 27)
TARGETS = ("spendable", "qualifying")
any_case = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

amounts = (st.integers(0, 3_000_000) | st.integers(0, 30).map(lambda n: n * 10_000)).map(Decimal)
roundings = st.builds(
    Rounding,
    st.sampled_from([Decimal(1), Decimal(10), Decimal("0.01")]),
    st.sampled_from(["down", "half_up", "up"]),
)
some_products = st.none() | st.frozensets(st.sampled_from(PRODUCTS))
no_cap = st.none()
caps = no_cap | st.integers(0, 500).map(Decimal)
LINEAR = ("percent", "per_amount", "per_unit", "multiplier")


@st.composite
def rules(draw, kinds=LINEAR, cap=no_cap):
    """Up to six rules."""
    return [
        EarnRule(
            id=number,
            name="",
            target=draw(st.sampled_from(TARGETS)),
            kind=(kind := draw(st.sampled_from(kinds))),
            rate=Decimal(draw(st.integers(2 if kind == "multiplier" else 1, 20))),
            per_amount=Decimal(draw(st.sampled_from([1, 1000, 7000, 10_000, 30_000]))),
            sequence=draw(st.integers(0, 2)),
            exclusive=draw(st.booleans()),
            product_ids=draw(some_products),
            cap_order=draw(cap),
            cap_day=draw(cap),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


def sale_of(lines, unearning=Decimal(0), discounts=()):
    return Sale(tuple(lines), DAY, DAY.weekday(), 19.5, "till", None, unearning, tuple(discounts))


@st.composite
def sales(draw):
    """Up to six lines, some that earn nothing or are of a combo; discounts; paid by points."""
    lines = [
        SaleLine(
            number,
            product,
            Decimal(draw(st.integers(1, 5))),
            draw(amounts),
            earns=draw(st.integers(0, 3)) > 0,
            combo_id=draw(st.none() | st.just(1)),
            combo_qty=Decimal(draw(st.integers(0, 2))),
        )
        for number, product in enumerate(draw(st.lists(st.sampled_from(PRODUCTS), max_size=6)))
    ]
    return sale_of(lines, draw(st.just(Decimal(0)) | amounts), draw(discounts(lines)))


@st.composite
def discounts(draw, lines):
    """Up to two gifts or price cuts, of some lines or of all."""
    ids = [line.id for line in lines]
    of_some = st.frozensets(st.sampled_from(ids)) if ids else st.just(frozenset())
    return [
        Discount(
            f"discount {number}", draw(amounts) + 1, draw(st.none() | of_some), draw(st.booleans())
        )
        for number in range(draw(st.integers(0, 2)))
    ]


def shares_of(earning, target):
    return earning.line_points if target == "spendable" else earning.line_qualifying


def parts(sale, earning, refunded, target="spendable"):
    """What ``entitled`` wants, when ``refunded`` pieces of each line are back."""
    shares = shares_of(earning, target)
    return [(shares[line.id], line.qty, refunded.get(line.id, Decimal(0))) for line in sale.lines]


@st.composite
def refunds(draw, sale, done=None):
    """How many pieces of each line are back; at least those that were before."""
    return {
        line.id: Decimal(draw(st.integers(int((done or {}).get(line.id, 0)), int(line.qty))))
        for line in sale.lines
    }


@tagged("post_install", "-at_install")
class TestEarningDomain(BaseCase):
    """evaluate and entitled, for any rules and sales."""

    @any_case
    @given(rules((*LINEAR, "per_visit"), caps), sales())
    def test_parts_add_up_exactly(self, some_rules, sale):
        earning = evaluate(some_rules, sale, rounding=Rounding())
        for target, total in zip(TARGETS, (earning.spendable, earning.qualifying), strict=True):
            ids = {rule.id for rule in some_rules if rule.target == target}
            by_rule = [points for rule_id, points in earning.by_rule.items() if rule_id in ids]
            self.assertEqual(sum(by_rule), total)
            shares = shares_of(earning, target).values()
            self.assertEqual(set(shares_of(earning, target)), {line.id for line in sale.lines})
            self.assertTrue(all(share >= 0 for share in shares))
            self.assertEqual(total, entitled([(share, 1, 0) for share in shares]))

    @any_case
    @given(rules((*LINEAR, "per_visit"), caps), sales())
    def test_the_order_of_the_rules_in_the_list_does_not_matter(self, some_rules, sale):
        self.assertEqual(evaluate(some_rules, sale), evaluate(some_rules[::-1], sale))

    @any_case
    @given(rules(("percent", "per_amount", "per_unit", "per_visit"), caps), sales(), amounts)
    def test_no_rule_gives_more_than_its_cap(self, some_rules, sale, given_today):
        usage = Usage({rule.id: (given_today, given_today) for rule in some_rules})
        earning = evaluate(some_rules, sale, usage)
        for rule in some_rules:
            cap = rule.cap(usage)
            if cap is not None:
                # what the rule's neighbours round up to is less than the finest amount of points
                self.assertLessEqual(earning.by_rule.get(rule.id, 0), cap + Decimal("0.001"))

    @any_case
    @given(st.data(), rules(), sales(), roundings)
    def test_what_is_left_only_falls_and_ends_at_zero(self, data, some_rules, sale, rounding):
        earning = evaluate(some_rules, sale, rounding=rounding)
        some = data.draw(refunds(sale))
        more = data.draw(refunds(sale, some))
        everything = {line.id: line.qty for line in sale.lines}
        for target, total in zip(TARGETS, (earning.spendable, earning.qualifying), strict=True):
            left = [
                entitled(parts(sale, earning, back, target), rounding)
                for back in ({}, some, more, everything)
            ]
            self.assertEqual(left[0], total)
            self.assertEqual(left, sorted(left, reverse=True))
            self.assertEqual(left[-1], 0)

    @any_case
    @given(st.data(), rules(), sales(), roundings)
    def test_what_is_left_is_what_the_rest_alone_earns(self, data, some_rules, sale, rounding):
        """But for the sixth decimals in which shares are stored."""
        goods = sale.lines
        before = sale_of(goods)
        back = data.draw(refunds(before))
        rest = sale_of(
            SaleLine(
                line.id,
                line.product_id,
                line.qty - back[line.id],
                line.amount * (line.qty - back[line.id]) / line.qty,
                line.earns,
                combo_id=line.combo_id,
                combo_qty=line.combo_qty * (line.qty - back[line.id]) / line.qty,
            )
            for line in goods
        )
        left = entitled(parts(before, evaluate(some_rules, before), back), rounding)
        unrounded = sum(evaluate(some_rules, rest).line_points.values())
        allowed = rounding.apply(unrounded + 3 * (len(goods) + 1) * SHARE_QUANTUM)
        self.assertLessEqual(left, allowed)
        if rounding.mode == "down":
            self.assertGreaterEqual(left, rounding.apply(unrounded))

    @any_case
    @given(st.data(), rules((*LINEAR, "per_visit"), caps), sales(), roundings)
    def test_what_is_evaluated_again_starts_where_it_was_and_ends_at_zero(
        self, data, some_rules, sale, rounding
    ):
        """Kept as text in between; and with everything kept, it is what was earned."""
        earning = evaluate(some_rules, sale, rounding=rounding)
        terms = Terms.from_json(json.loads(json.dumps(Terms.of(some_rules, sale).to_json())))
        back = data.draw(refunds(sale))
        some = {line.id: 1 - back[line.id] / line.qty for line in sale.lines}
        nothing = dict.fromkeys(back, Decimal(0))
        whole, part, none = (
            evaluate(*terms.left(kept), rounding=rounding) for kept in ({}, some, nothing)
        )
        for target in TARGETS:
            earned, again = shares_of(earning, target), shares_of(whole, target)
            for line_id, share in earned.items():
                self.assertAlmostEqual(share, again[line_id], 4)
            self.assertLessEqual(
                sum(shares_of(part, target).values()),
                sum(earned.values()) + 2 * len(earned) * SHARE_QUANTUM,
            )
        self.assertEqual((none.spendable, none.qualifying), (0, 0))

    def test_thirds_of_a_point_are_not_lost(self):
        """Six lines of a third each are two points; any three of them are one."""
        rule = EarnRule(1, "", "spendable", "per_amount", Decimal(1), per_amount=Decimal(30_000))
        sale = sale_of(SaleLine(i, 1, Decimal(1), Decimal(10_000)) for i in range(6))
        earning = evaluate([rule], sale)
        self.assertEqual(earning.spendable, 2)
        for kept in combinations(range(6), 3):
            back = {line.id: line.qty for line in sale.lines if line.id not in kept}
            self.assertEqual(entitled(parts(sale, earning, back)), 1)
