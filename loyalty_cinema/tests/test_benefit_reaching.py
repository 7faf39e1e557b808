from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .benefit_common import BenefitMixin
from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestBenefitReaching(BenefitMixin, PointsCase):
    """Gifts on reaching a tier: at the till, at once, once; withdrawn when a refund undoes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.cashier.copy({"login": "boss-of-the-test"})
        cls.boss.group_ids = cls.env.ref("loyalty_cinema.group_manager")
        cls.earn_rule(target="qualifying", kind="per_amount", rate=1, per_amount=1)
        cls.make_ladder()
        cls.member._tier_start()

    def setUp(self):
        super().setUp()
        self.gift = self.benefit(self.gold, valid_days=30)

    def test_a_purchase_that_reaches_the_tier_brings_its_gift(self):
        self.buy(99)
        self.assertFalse(self.given())
        self.buy(1)
        self.assertEqual(self.member.tier_id, self.gold)
        issue = self.given()
        self.assertEqual((issue.benefit_id, issue.member_id), (self.gift, self.member))
        self.assertEqual(issue.valid_until, issue.issued_on + timedelta(days=30))
        self.assertEqual(issue.coupon_id.points, 1)
        self.buy(200)
        self.night(issue.issued_on)
        self.assertEqual(self.given(), issue)

    def test_a_refund_that_undoes_the_upgrade_withdraws_the_unused_gift(self):
        photo = self.benefit(self.gold, gives="task")
        order = self.buy(100)
        issues = self.given()
        self.assertEqual(issues.benefit_id, self.gift | photo)
        voucher = issues.coupon_id
        self.give_back((order.lines, 1))
        self.assertEqual(self.member.tier_id, self.silver)
        self.assertEqual(issues.mapped("state"), ["cancelled"] * 2)
        self.assertEqual((voucher.points, voucher.active), (0, False))
        self.buy(100)
        self.assertEqual(len(self.given(benefit_id=self.gift.id)), 2, "reached again, honestly")
        self.assertEqual(self.given(benefit_id=self.gift.id, state="issued").coupon_id.points, 1)
        self.assert_whole()

    def test_of_two_unused_vouchers_for_one_occasion_one_is_left(self):
        """S1: each of them had reached the tier; together they have reached it once."""
        yearly = self.benefit(self.gold, "period")
        self.buy(100)
        partner = self.env["res.partner"].create({"name": "Linh B"})
        first = self.member
        second = self.env["loyalty.member"]._enrol(self.program, partner, "back_office")
        second._tier_start()
        self.ledger.credit(second.balance_id, 1, "earn", "linh-b", qualifying=110)
        yearly._give(yearly._today(), (first | second).ids)
        issues = self.given(first | second)
        self.assertEqual(issues.benefit_id, self.gift | yearly)
        self.assertEqual(len(issues), 4)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((first | second).partner_id.ids, first.partner_id)
        left = issues.filtered(lambda issue: issue.state == "issued")
        gone = issues - left
        self.assertEqual(left.benefit_id, self.gift | yearly)
        self.assertEqual((len(left), set(gone.mapped("state"))), (2, {"cancelled"}))
        self.assertEqual(left.coupon_id.mapped("points"), [1, 1])
        self.assertEqual(gone.coupon_id.mapped("points"), [0, 0])
        self.assertFalse(any(gone.coupon_id.mapped("active")))
        self.buy(100)
        for benefit in (self.gift, yearly):
            self.assertFalse(
                benefit._give(benefit._today(), first.ids), "given once for this occasion"
            )
        self.assertEqual(self.given(first), issues)

    def test_a_voucher_that_an_order_held_meanwhile_is_withdrawn_at_night(self):
        order = self.buy(100)
        issue = self.given()
        hold = self.env["loyalty.ledger"].authorize(issue.coupon_id, 1, "held-meanwhile")
        self.give_back((order.lines, 1))
        self.assertEqual((self.member.tier_id, issue.state), (self.silver, "issued"))
        self.night(issue.issued_on)
        self.assertEqual(issue.state, "issued", "a payment is still under way")
        self.env["loyalty.ledger"].void(hold.key)
        self.night(issue.issued_on)
        self.assertEqual((issue.state, issue.coupon_id.points), ("cancelled", 0))

    def test_what_was_used_of_the_gift_is_kept_and_not_given_again(self):
        order = self.buy(100)
        issue = self.given()
        issue.coupon_id.points = 0
        self.env["loyalty.benefit.issue"]._refresh_states(issue.coupon_id)
        self.give_back((order.lines, 1))
        self.assertEqual(self.member.tier_id, self.silver)
        self.assertEqual(issue.state, "used")
        self.buy(100)
        self.assertEqual(self.given(), issue)

    def test_a_refund_withdraws_what_the_night_gave_for_that_tier_too(self):
        food = self.food_coupons(self.env["product.category"].create({"name": "Food"}))
        self.benefit(self.gold, "period", coupon_program_id=food.id, amount=400)
        order = self.buy(100)
        self.night(self.given().issued_on)
        voucher = self.given(occasion="period").coupon_id
        voucher.points = 150
        self.give_back((order.lines, 1))
        self.assertEqual(self.given(occasion="period").state, "used", "a part was spent")
        self.assertEqual(voucher.points, 0)

    def test_a_gift_of_a_tier_that_was_earned_before_stays(self):
        self.buy(100)
        earned = self.given()
        top = self.benefit(self.diamond)
        order = self.buy(700)
        self.assertEqual(self.given(benefit_id=top.id).state, "issued")
        self.give_back((order.lines, 1))
        self.assertEqual(self.member.tier_id, self.gold)
        self.assertEqual(self.given(benefit_id=top.id).state, "cancelled")
        self.assertEqual(earned.state, "issued")

    def test_assigned_by_hand_upwards_only(self):
        self.member._tier_assign(self.gold, "A friend of the house")
        self.assertEqual(len(self.given()), 1)
        other = self.enrol(self.env["res.partner"].create({"name": "Other"}))
        other._tier_assign(self.diamond, "Test")
        other._tier_assign(self.gold, "Test")
        self.assertFalse(self.given(other))

    def test_a_gift_that_cannot_be_given_does_not_cost_the_sale_and_comes_at_night(self):
        benefits = type(self.gift)
        with (
            patch.object(benefits, "_make_vouchers", side_effect=UserError("Broken")),
            mute_logger("odoo.addons.loyalty_cinema.models.loyalty_benefit_tier"),
        ):
            order = self.buy(100)
        self.assertEqual((order.state, self.member.tier_id), ("paid", self.gold))
        self.assertFalse(self.given())
        self.night(self.gift._today())
        self.assertEqual(len(self.given()), 1)

    def test_who_reached_the_tier_before_there_was_the_benefit_is_not_given_it(self):
        self.buy(100)
        self.cr.execute("UPDATE loyalty_tier_change SET date = date - 1")
        late = self.benefit(self.gold)
        self.night(late._today())
        self.assertFalse(self.given(benefit_id=late.id))
