"""Tiers decide what is earned; spend and visits are counted as they are."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierEarning(TierCase):
    """Rules for some tiers only."""

    def points_of(self, *prices):
        """What a purchase earns to spend."""
        before = self.points.points
        self.buy(*prices)
        return self.points.points - before

    def test_a_multiplier_of_gold_is_for_gold(self):
        self.earn_rule(kind="multiplier", rate=2, tier_ids=self.gold.ids)
        self.assertEqual(self.points_of(50), 5)
        self.assign(self.gold)
        self.assertEqual(self.points_of(50), 10)
        self.assign(self.diamond)
        self.assertEqual(self.points_of(50), 5, "Diamond is not Gold")

    def test_rates_of_their_own_for_two_tiers(self):
        both = (self.gold | self.diamond).ids
        self.earn_rule(rate=15, tier_ids=both, sequence=1, exclusive=True)
        self.assertEqual(self.points_of(60), 6)
        self.assign(self.diamond)
        self.assertEqual(self.points_of(60), 9)

    def test_the_purchase_that_lifts_earns_by_the_tier_before_it(self):
        self.earn_rule(kind="multiplier", rate=2, tier_ids=self.gold.ids)
        self.assertEqual(self.points_of(100), 10)
        self.assertEqual(self.member.tier_id, self.gold)
        self.assertEqual(self.points_of(100), 20)

    def test_orders_of_one_batch_earn_as_one_by_one(self):
        """A till that was offline sends three orders of Linh, and somebody else's between."""
        self.earn_rule(kind="multiplier", rate=2, tier_ids=self.gold.ids)
        other = self.env["res.partner"].create({"name": "Mai"})
        self.enrol(other)
        orders = [
            self.order([self.ticket(price)], [(self.cash, price, False)], **values)
            for price, values in (
                (100, {}),
                (100, {"partner_id": other.id}),
                (50, {}),
                (50, {}),
            )
        ]
        before = self.points.points
        self.env["pos.order"].with_user(self.cashier).sync_from_ui(orders)
        self.assertEqual(self.points.points - before, 10 + 10 + 10)
        self.assertEqual(self.member.tier_id, self.gold)
        mai = self.env["loyalty.member"].search([("partner_id", "=", other.id)])
        self.assertEqual(mai.balance_id.points, 10)
        self.assert_whole()

    def test_orders_of_one_batch_earn_at_once_where_no_rule_looks_at_the_tier(self):
        ledger, posts = type(self.env["loyalty.ledger"]), []
        plain = ledger.post

        def post(this, movements):
            posts.append(len(movements))
            return plain(this, movements)

        orders = [self.order([self.ticket(50)], [(self.cash, 50, False)]) for _n in range(3)]
        self.patch(ledger, "post", post)
        self.env["pos.order"].with_user(self.cashier).sync_from_ui(orders)
        self.assertIn(3, posts)

    def test_a_rule_for_an_archived_tier_is_for_nobody(self):
        rule = self.earn_rule(rate=50, tier_ids=self.diamond.ids)
        self.diamond.active = False
        self.assertEqual(rule._resolve()[0].tier_ids, {self.diamond.id})
        self.assertEqual(self.points_of(50), 5)

    def test_a_tier_with_rules_is_not_deleted(self):
        self.earn_rule(rate=50, tier_ids=self.diamond.ids)
        with self.assertRaisesRegex(ValidationError, "is for this tier"):
            self.diamond.unlink()

    def test_tiers_are_of_the_rules_own_program(self):
        other = self.ladder(self.membership("Other"), Bronze=5)
        with self.assertRaisesRegex(ValidationError, "its own program"):
            self.earn_rule(tier_ids=other.ids)

    def test_a_copied_program_has_rules_for_its_own_tiers(self):
        self.earn_rule(name="Gold twice", kind="multiplier", rate=2, tier_ids=self.gold.ids)
        copied = self.program.copy()
        rule = copied.earn_rule_ids.filtered("tier_ids")
        self.assertEqual((rule.name, rule.tier_ids.name), ("Gold twice", "Gold"))
        self.assertEqual(rule.tier_ids.program_id, copied)
        self.assertEqual(rule.copy().tier_ids, rule.tier_ids)

    def test_a_rule_says_for_whom_it_is(self):
        rule = self.earn_rule(rate=5, tier_ids=(self.gold | self.diamond).ids)
        self.assertIn("for Gold / Diamond", rule.summary)
        self.assertEqual(self.gold.earn_rule_ids, rule)

    def test_tier_points_count_on_the_day_of_the_sale(self):
        self.session.start_at = "2026-03-05 07:00:00"  # a till that was offline since
        self.buy(50, date_order="2026-03-05 10:00:00")
        self.assertEqual(self.points.entry_ids[:1].qualifying_on, date(2026, 3, 5))


@tagged("post_install", "-at_install")
class TestTierMeasures(TierCase):
    """A ladder by spend or by visits."""

    def measure(self, measure):
        self.program.tier_measure = measure
        self.env.flush_all()

    def counted(self):
        """What counts for the tier, by the entries."""
        return self.points.qualifying_points

    def test_spend_is_exact_to_the_currency(self):
        self.measure("spend")
        self.buy(60.25, 39.5)
        self.assertEqual((self.counted(), self.points.points), (99.75, 9))
        self.assertEqual(self.member.tier_id, self.silver)
        self.buy(0.25)
        self.assertEqual((self.counted(), self.member.tier_id), (100, self.gold))
        self.assert_whole()

    def test_spend_leaves_with_refunds_to_the_last_cent(self):
        self.measure("spend")
        order = self.sync(self.order([self.pieces(3, 33.35)], [(self.cash, 100.05, False)]))
        self.assertEqual((self.counted(), self.member.tier_id), (100.05, self.gold))
        self.give_back((order.lines, 1))
        self.assertEqual((self.counted(), self.member.tier_id), (66.7, self.silver))
        self.give_back((order.lines, 2))
        self.assertEqual(self.counted(), 0)
        self.assert_whole()

    def test_a_visit_is_a_day_until_all_of_it_is_given_back(self):
        """Five orders within a minute are one visit."""
        self.measure("visits")
        orders = [self.order([self.ticket(70)], [(self.cash, 70, False)]) for _order in range(3)]
        self.env["pos.order"].with_user(self.cashier).sync_from_ui(orders)
        first, second = self.buy(70, 30), self.buy(5)
        self.assertEqual(self.counted(), 1)
        self.give_back((first.lines[0], 1))
        self.give_back((first.lines[1], 1))
        self.assertEqual(self.counted(), 1, "the other orders of the day are left")
        uuids = [order["uuid"] for order in orders]
        for order in self.env["pos.order"].search([("uuid", "in", uuids)]):
            self.give_back((order.lines, 1))
        self.assertEqual(self.counted(), 1)
        self.give_back((second.lines, 1))
        self.assertEqual(self.counted(), 0)
        self.assert_whole()

    def test_part_of_a_visit_is_a_visit(self):
        self.measure("visits")
        order = self.buy(70, 30)
        self.give_back((order.lines[0], 1))
        self.assertEqual(self.counted(), 1)

    def test_what_points_paid_for_is_not_spent(self):
        self.measure("spend")
        gift = self.gift_reward(cost=5)
        self.grant(5)
        line = {
            **self.line(gift.discount_line_product_id, 1, -30, False),
            "is_reward_line": True,
            "reward_id": gift.id,
            "coupon_id": self.points.id,
            "points_cost": 5,
            "reward_identifier_code": "gift",
        }
        self.poster.list_price = 30
        poster = self.line(self.poster, 1, 30, False)
        self.buy(50, lines=[poster, line])
        self.assertEqual(self.counted(), 50)

    def test_rules_for_tier_points_are_without_effect_and_say_so(self):
        self.assertEqual(self.tier_rule.is_ignored, False)
        self.measure("visits")
        self.assertTrue(self.tier_rule.is_ignored)
        self.assertIn("without effect", self.tier_rule.summary)
        self.assertFalse(self.rule.is_ignored)
