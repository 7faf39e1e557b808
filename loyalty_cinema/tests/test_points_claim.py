"""Gifts and discounts for points: their price is held, and captured with the payment."""

from uuid import uuid4

from odoo.tests import tagged

from ..exceptions import InsufficientValue, RewardRefused
from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimHolds(ClaimCase):
    """DESIGN §5.5: held before the order is paid, captured with it, released without it."""

    def setUp(self):
        super().setUp()
        self.grant(100)
        self.gift = self.gift_reward(cost=50)
        self.poster.lst_price = 20
        self.uuid = str(uuid4())

    def test_held_then_captured_with_the_payment(self):
        self.assertEqual(self.hold(self.uuid, 50)["balances"], [self.free(100)])
        self.assertEqual((self.points.held, self.points.available), (50, 50))
        line = self.reward_line(self.gift, 20)
        order = self.claim(line, goods=[self.poster_line()], uuid=self.uuid)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.points.held, 0)
        self.assertEqual(self.points.points, 100 - 50 + 10)
        hold = self.points.hold_ids
        self.assertEqual((hold.state, hold.entry_id.key), ("captured", self.claim_key(order)))
        self.assertEqual(hold.entry_id.reason_text, f"Onsite {order.name}")
        self.assert_whole()

    def test_a_second_till_with_a_stale_balance_is_refused_politely(self):
        self.assertTrue(self.hold(self.uuid, 80)["ok"])
        answer = self.hold(str(uuid4()), 50)
        self.assertEqual((answer["ok"], answer["code"]), (False, "stale"))
        self.assertEqual(answer["balances"], [self.free(20)])
        self.assertIn("Linh", answer["message"])
        self.assertEqual(self.points.held, 80)

    def test_replaced_as_the_order_changes(self):
        for points in (50, 70, 70, 20):
            self.assertTrue(self.hold(self.uuid, points)["ok"])
            self.assertEqual(self.points.held, points)
        self.assertEqual(self.hold(self.uuid, 0)["balances"], [])
        self.assertEqual(self.points.held, 0)

    def test_a_stale_claim_releases_what_the_order_held(self):
        self.hold(self.uuid, 50)
        self.assertEqual(self.hold(self.uuid, 101)["code"], "stale")
        self.assertEqual(self.points.held, 0)

    def test_released_with_the_order(self):
        order = self.order([self.ticket()], state="draft", uuid=self.uuid)
        self.hold(self.uuid, 50)
        self.env["pos.order"].with_user(self.cashier).remove_from_ui(self.sync(order).ids)
        self.assertEqual(self.points.held, 0)

    def test_what_is_not_claimed_any_more_is_released_at_payment(self):
        self.hold(self.uuid, 50)
        self.buy(100, uuid=self.uuid)
        self.assertEqual((self.points.held, self.points.points), (0, 110))

    def test_without_a_hold_points_that_are_held_elsewhere_do_not_pay(self):
        self.hold(str(uuid4()), 80)
        with self.assertRaises(InsufficientValue):
            self.claim(self.reward_line(self.gift, 20), goods=[self.poster_line()])

    def test_a_lapsed_hold_does_not_stop_the_order(self):
        self.hold(self.uuid, 50)
        self.cr.execute("UPDATE loyalty_hold SET expires_at = now() - interval '1 day'")
        self.env["loyalty.hold"]._cron_release()
        self.claim(self.reward_line(self.gift, 20), goods=[self.poster_line()], uuid=self.uuid)
        self.assertEqual(self.points.points, 60)

    def test_a_complete_order_claims_nothing(self):
        self.buy(100, uuid=self.uuid)
        self.assertFalse(self.hold(self.uuid, 50)["ok"])

    def free(self, points):
        return {"id": self.points.id, "points": points}

    def claim_key(self, order):
        return f"claim:{order.id}:{self.points.id}"


@tagged("post_install", "-at_install")
class TestNativeClaims(ClaimCase):
    """Odoo's own programs: what the order itself earns may pay, but no more than that."""

    def setUp(self):
        super().setUp()
        self.promotion = self.env["loyalty.program"].create(
            {
                "name": "Ten percent from two tickets on",
                "program_type": "promotion",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {"reward_point_amount": 1, "reward_point_mode": "order"})],
                "reward_ids": [(0, 0, {"discount": 10, "required_points": 1})],
            }
        )

    def promotion_line(self, worth, **values):
        line = self.reward_line(self.promotion.reward_ids, worth)
        return {**line, "coupon_id": False, **values}

    def test_a_promotion(self):
        self.assertEqual(self.claim(self.promotion_line(10)).amount_total, 90)

    def test_l5_a_promotion_that_gives_too_much(self):
        with self.assertRaises(RewardRefused):
            self.claim(self.promotion_line(90))

    def test_l5_a_promotion_that_the_order_does_not_earn(self):
        self.promotion.rule_ids.product_ids = self.poster
        with self.assertRaises(RewardRefused):
            self.claim(self.promotion_line(10))
