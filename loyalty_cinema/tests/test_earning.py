from datetime import timedelta
from decimal import Decimal

from odoo.tests import tagged

from ..exceptions import LedgerProtected
from .earn_common import FRIDAY, EarnCase


@tagged("post_install", "-at_install")
class TestEarning(EarnCase):
    """What rules gave: recorded with the movement, counted for caps, taken back by a refund."""

    def setUp(self):
        super().setUp()
        self.points = self.balance(program=self.program)

    def record(self, earning, day=FRIDAY):
        """Post an earning and what its rules gave of it; returns the entry."""
        entry = self.ledger.credit(self.points, earning.spendable, "earn", self.key())
        self.env["loyalty.earning"]._record([(entry.id, day, earning.by_rule)])
        return entry

    def claw_back(self, entry, points, kind="clawback"):
        """Take some of an earning back, or of a clawback."""
        back = self.ledger.reverse(entry, self.key(), amount=points, kind=kind)
        self.env["loyalty.earning"]._record_clawbacks(back)
        return back

    def given(self, entry):
        """``{rule: points}`` of one entry."""
        rows = self.env["loyalty.earning"].search([("entry_id", "=", entry.id)])
        return {row.rule_id.id: row.points for row in rows}

    def usage(self, day=FRIDAY):
        """What was given before, by rules with caps."""
        rules = self.program._earn_rules()
        return self.program._usage(rules, self.points.ids, day).get(self.points.id)

    def test_a_day_has_a_cap(self):
        rule = self.rule(cap_day=12000)  # 5 % of 219,000 = 10,950
        self.record(self.earn())
        second = self.earn(self.usage())
        self.assertEqual(second.by_rule, {rule.id: 1050})
        self.record(second)
        self.assertEqual(self.earn(self.usage()).spendable, 0)
        tomorrow = self.usage(FRIDAY + timedelta(days=1))
        self.assertEqual(self.earn(tomorrow).spendable, 10950)

    def test_a_member_has_a_cap_for_ever(self):
        self.rule(cap_member=12000)
        self.record(self.earn())
        tomorrow = self.usage(FRIDAY + timedelta(days=1))
        self.assertEqual(self.earn(tomorrow).spendable, 1050)

    def test_usage_of_many_balances_is_one_query_and_none_without_caps(self):
        balances = [self.balance(program=self.program).id for _i in range(20)]
        rules = self.program._earn_rules()
        with self.assertQueryCount(0):
            self.program._usage(rules, balances, FRIDAY)
        self.rule(cap_day=1)
        self.rule(cap_member=1)
        rules = self.program._earn_rules()
        with self.assertQueryCount(1):
            self.program._usage(rules, balances, FRIDAY)

    def test_a_batch_is_recorded_in_one_statement_and_once(self):
        rule = self.rule()
        self.rule(target="qualifying", kind="per_amount", rate=1, per_amount=10000)
        earning = self.earn()
        entries = [
            self.ledger.credit(self.points, earning.spendable, "earn", self.key())
            for _order in range(3)
        ]
        rows = [(entry.id, FRIDAY, earning.by_rule) for entry in entries]
        for _again in range(2):
            with self.assertQueryCount(1):
                self.env["loyalty.earning"]._record(rows)
        stored = self.env["loyalty.earning"].search([("balance_id", "=", self.points.id)])
        self.assertEqual(len(stored), 6)
        self.assertEqual(sum(stored.mapped("points")), 3 * 10950)
        self.assertEqual(sum(stored.mapped("qualifying")), 3 * 21)
        self.assertEqual(stored.filtered("points").rule_id.id, rule.id)

    def test_a_clawback_is_spread_over_the_rules_and_gives_the_cap_back(self):
        first, second = self.rule(cap_day=20000), self.rule(kind="per_visit", rate=3)
        entry = self.record(self.earn())  # 10,950 and 3
        back = self.claw_back(entry, 1000)
        taken = self.given(back)
        self.assertEqual(sum(map(Decimal, map(str, taken.values()))), -1000)
        self.assertEqual(round(taken[second.id], 2), -0.27)
        regained = self.claw_back(back, 1000, "earn")
        self.assertEqual(self.given(regained), {rule: -points for rule, points in taken.items()})
        self.claw_back(regained, 1000)
        rest = self.claw_back(entry, 9953)
        net = [self.given(e) for e in (entry, back, rest)]
        for rule in (first, second):
            self.assertAlmostEqual(sum(rows[rule.id] for rows in net), 0, 3)
        self.assertAlmostEqual(float(self.usage().of(first.id)[0]), 0, 3)

    def test_the_report_is_read_by_managers_and_changed_by_nobody(self):
        rule = self.rule()
        self.record(self.earn())
        rows = self.env["loyalty.earning"].with_user(self.boss).search([("rule_id", "=", rule.id)])
        self.assertEqual(rows.points, 10950)
        for change in (
            lambda: rows.sudo().write({"points": 1}),
            lambda: rows.sudo().unlink(),
            lambda: rows.sudo().create({"rule_id": rule.id}),
        ):
            with self.assertRaises(LedgerProtected):
                change()
        with self.assertRaisesRegex(Exception, "Archive it"):
            rule.unlink()
