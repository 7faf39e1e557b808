"""What rewards cost and give: the server says, whatever the till has sent (L5)."""

from odoo.tests import tagged

from ..exceptions import LoyaltyError, RewardRefused, TenderRefused
from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimCost(ClaimCase):
    """A claim costs what the server says; a till that says another is reported."""

    def setUp(self):
        super().setUp()
        self.grant(1000)
        self.poster.lst_price = 20

    def spent(self, order):
        entry = self.ledger._entry_by_key(f"claim:{order.id}:{self.points.id}")
        return -entry.amount

    def assert_cost(self, order, cost, reported=False):
        self.assertEqual(self.spent(order), cost)
        self.assertEqual(sum(order.lines.mapped("points_cost")), cost)
        self.assertEqual(bool(self.incidents(kind="cost")), reported)

    def test_free_products_at_their_price_each(self):
        gift = self.gift_reward(cost=50)
        line = self.reward_line(gift, 60, qty=3, cost=150)
        self.assert_cost(self.claim(line, goods=[self.poster_line(qty=3)]), 150)

    def test_two_at_a_time(self):
        gift = self.gift_reward(cost=50)
        gift.reward_product_qty = 2
        line = self.reward_line(gift, 60, qty=3, cost=100)
        self.assert_cost(self.claim(line, goods=[self.poster_line(qty=3)]), 100)

    def test_l5_a_told_cost_of_nothing(self):
        line = self.reward_line(self.gift_reward(cost=50), 60, qty=3, cost=0)
        self.assert_cost(self.claim(line, goods=[self.poster_line(qty=3)]), 150, reported=True)

    def test_l5_a_told_cost_of_too_much(self):
        line = self.reward_line(self.gift_reward(cost=50), 20, cost=900)
        self.assert_cost(self.claim(line, goods=[self.poster_line()]), 50, reported=True)

    def test_discount_per_point_by_its_worth(self):
        reward = self.reward(discount_mode="per_point", discount=0.1)
        self.assert_cost(self.claim(self.reward_line(reward, 30, cost=300)), 300)
        self.assert_cost(self.claim(self.reward_line(reward, 30, cost=1)), 300, reported=True)

    def test_rounding_of_a_discount_per_point_is_the_tills(self):
        reward = self.reward(discount_mode="per_point", discount=0.03)
        self.assert_cost(self.claim(self.reward_line(reward, 3.33, cost=111.11)), 111.11)

    def test_a_reward_that_takes_all_points(self):
        reward = self.reward(discount=50, clear_wallet=True, required_points=10)
        self.assert_cost(self.claim(self.reward_line(reward, 50, cost=1000)), 1000)

    def test_l5_a_reward_that_takes_all_points_but_says_ten(self):
        reward = self.reward(discount=50, clear_wallet=True, required_points=10)
        self.assert_cost(self.claim(self.reward_line(reward, 50, cost=10)), 1000, reported=True)

    def test_several_claims_on_one_order(self):
        gift, percent = self.gift_reward(cost=50), self.reward(discount=10, required_points=30)
        lines = [self.reward_line(gift, 20), self.reward_line(percent, 10)]
        self.assert_cost(self.claim(*lines, goods=[self.poster_line()]), 80)

    def test_a_claim_in_two_tax_lines_costs_once(self):
        reward = self.reward(discount=20, required_points=30)
        lines = [
            self.reward_line(reward, 12, code="one"),
            self.reward_line(reward, 8, cost=0, code="one"),
        ]
        self.assert_cost(self.claim(*lines), 30)


@tagged("post_install", "-at_install")
class TestRewardBounds(ClaimCase):
    """A reward line gives no more than the reward gives; more is refused and reported (L5)."""

    def setUp(self):
        super().setUp()
        self.grant(1000)
        self.poster.lst_price = 20

    def assert_refused(self, *lines, goods=(), error=RewardRefused):
        before = self.points.points
        with self.assertRaises(error), self.cr.savepoint():
            self.claim(*lines, goods=goods)
        self.env.invalidate_all()
        self.assertEqual(self.points.points, before)

    def test_percent_of_the_order(self):
        reward = self.reward(discount=10)
        self.assertTrue(self.claim(self.reward_line(reward, 10)))
        self.assert_refused(self.reward_line(reward, 11))

    def test_the_most_that_a_discount_takes(self):
        reward = self.reward(discount=50, discount_max_amount=15)
        self.assertTrue(self.claim(self.reward_line(reward, 15)))
        self.assert_refused(self.reward_line(reward, 50))

    def test_a_fixed_discount(self):
        reward = self.reward(discount_mode="per_order", discount=5)
        self.assertTrue(self.claim(self.reward_line(reward, 5)))
        self.assert_refused(self.reward_line(reward, 6))

    def test_a_discount_on_certain_products(self):
        reward = self.reward(
            discount=50,
            discount_applicability="specific",
            discount_product_ids=self.poster.ids,
        )
        self.assertTrue(self.claim(self.reward_line(reward, 10), goods=[self.poster_line()]))
        self.assert_refused(self.reward_line(reward, 60), goods=[self.poster_line()])
        self.assert_refused(self.reward_line(reward, 10))

    def test_what_the_order_takes_back_itself_is_not_discounted(self):
        """A poster and its own return leave nothing that the discount could be taken of."""
        off = self.reward(
            discount=100,
            discount_applicability="specific",
            discount_product_ids=self.poster.ids,
        )
        back_and_forth = [self.poster_line(), self.poster_line(qty=-1)]
        self.assert_refused(self.reward_line(off, 20), goods=back_and_forth)
        self.assert_refused(self.reward_line(self.gift_reward(), 20), goods=back_and_forth)
        self.assertTrue(
            self.claim(self.reward_line(off, 20), goods=[*back_and_forth, self.poster_line()])
        )

    def test_a_discount_on_the_cheapest(self):
        reward = self.reward(discount=100, discount_applicability="cheapest")
        self.assertTrue(self.claim(self.reward_line(reward, 20), goods=[self.poster_line(qty=3)]))
        self.assert_refused(self.reward_line(reward, 60), goods=[self.poster_line(qty=3)])

    def test_a_gift_is_worth_its_product(self):
        gift = self.gift_reward()
        self.assert_refused(self.reward_line(gift, 90), goods=[self.poster_line()])

    def test_a_gift_is_on_the_order(self):
        self.assert_refused(self.reward_line(self.gift_reward(), 20))

    def test_gifts_are_as_many_as_are_on_the_order(self):
        gift = self.gift_reward()
        lines = [self.reward_line(gift, 20), self.reward_line(gift, 20)]
        self.assert_refused(*lines, goods=[self.poster_line()])
        self.assertTrue(self.claim(*lines, goods=[self.poster_line(qty=2)]))

    def test_one_discount_on_the_whole_order(self):
        one, two = self.reward(discount=10), self.reward(discount=20)
        self.assert_refused(self.reward_line(one, 10), self.reward_line(two, 20))

    def test_a_reward_of_another_program(self):
        other = self.env["loyalty.reward"].create(
            {"program_id": self.membership("Other").id, "discount": 90}
        )
        line = {**self.reward_line(other, 90), "coupon_id": self.points.id}
        self.assert_refused(line)

    def test_points_of_another_member(self):
        member = self.enrol(self.env["res.partner"].create({"name": "Hoa"}))
        self.grant(500, member.balance_id)
        line = self.reward_line(self.reward(discount=10), 10, balance=member.balance_id)
        self.assert_refused(line)

    def test_no_card(self):
        line = {**self.reward_line(self.reward(discount=10), 10), "coupon_id": False}
        self.assert_refused(line, error=TenderRefused)

    def test_points_that_the_order_earns_do_not_pay_for_it(self):
        self.ledger.debit(self.points, 1000, "redeem", self.key())
        line = self.reward_line(self.reward(discount=10, required_points=5), 10)
        self.assert_refused(line, error=LoyaltyError)
