from datetime import date

from odoo.tests import tagged

from ..exceptions import LoyaltyError, ReasonMissing
from .by_hand_common import TODAY, ByHandCase


@tagged("post_install", "-at_install")
class TestBenefitWithdraw(ByHandCase):
    """A manager takes back what is unused; it does not come again by itself."""

    def test_withdrawn_it_comes_again_by_hand_only(self):
        gift = self.benefit(self.gold, "period")
        self.by_hand(gift)
        issue = self.given()
        voucher = issue.coupon_id
        self.withdraw(issue)
        self.assertEqual((issue.state, issue.withdrawn_by_id), ("cancelled", self.boss))
        self.assertEqual(issue.note, "Told late · A slip")
        self.assertEqual((voucher.points, voucher.active), (0, False))
        entry = voucher.entry_ids.filtered(lambda entry: entry.amount < 0)
        self.assertEqual((entry.reason, entry.user_id), ("A slip", self.boss))
        self.assert_whole(voucher)
        self.night(TODAY)
        self.assertEqual(self.given(), issue, "the manager's word stands at night")
        self.by_hand(gift)
        self.assertEqual(self.given(state="issued").coupon_id.points, 1)
        self.night(date(2027, 1, 1))
        self.assertEqual(len(self.given(state="issued")), 2, "another year is another occasion")

    def test_what_the_night_gave_is_withdrawn_several_at_once(self):
        self.put_in(self.gold, self.lan)
        self.benefit(self.gold, "period", "task")
        self.night(TODAY)
        issues = self.given()
        self.withdraw(issues)
        self.night(TODAY)
        self.assertEqual(self.given().mapped("state"), ["cancelled"] * 2)
        self.assertEqual(issues.mapped("note"), ["A slip"] * 2)

    def test_of_a_voucher_used_in_part_the_rest(self):
        food = self.food_coupons(self.env["product.category"].create({"name": "Food"}))
        self.by_hand(self.benefit(self.gold, "period", coupon_program_id=food.id, amount=400))
        issue = self.given()
        issue.coupon_id.points = 150
        self.withdraw(issue)
        self.assertEqual((issue.state, issue.coupon_id.points), ("used", 0))

    def test_what_is_on_hold_is_named_and_nothing_withdrawn(self):
        self.put_in(self.gold, self.lan)
        self.by_hand(self.benefit(self.gold, "period"), self.mai, self.lan)
        issues = self.given()
        self.ledger.authorize(self.given(self.lan).coupon_id, 1, self.key())
        with self.assertRaisesRegex(LoyaltyError, "^Gift: Lan is on hold[^\n]*$"):
            self.withdraw(issues)
        self.assertEqual(issues.mapped("state"), ["issued"] * 2)

    def test_what_is_used_done_or_withdrawn_already_is_not(self):
        gift, photo = self.benefit(self.gold, "period"), self.benefit(self.gold, "period", "task")
        self.by_hand(gift)
        self.by_hand(photo)
        used, done = self.given()
        used.coupon_id.points = 0
        done.with_user(self.boss).action_done()
        with self.assertRaisesRegex(LoyaltyError, "Mai cannot be withdrawn: Used"):
            self.withdraw(used)
        with self.assertRaisesRegex(LoyaltyError, "Mai cannot be withdrawn: Done"):
            self.withdraw(done)
        done.with_user(self.boss).action_not_done()
        self.withdraw(done)
        with self.assertRaisesRegex(LoyaltyError, "Mai cannot be withdrawn: Withdrawn"):
            self.withdraw(done)

    def test_no_reason_nothing_given_nothing_withdrawn(self):
        gift = self.benefit(self.gold, "period")
        with self.assertRaises(ReasonMissing):
            self.by_hand(gift, reason=" ")
        self.by_hand(gift)
        with self.assertRaises(ReasonMissing):
            self.withdraw(self.given(), reason=" ")

    def test_a_refund_that_undoes_the_tier_withdraws_it_like_any_other(self):
        gift = self.benefit(self.silver, "period"), self.benefit(self.gold, "period")
        entry = self.earn(self.lan, 110)
        self.by_hand(gift[1], self.lan)
        self.bring_back(entry)
        self.assertEqual((self.lan.tier_id, self.given().state), (self.silver, "cancelled"))
        self.by_hand(gift[0], self.lan)
        self.earn(self.lan, 110)
        self.night(TODAY)
        again = self.given(self.lan, benefit_id=gift[1].id)
        self.assertEqual(len(again), 2, "earned again, honestly")

    def test_merged_members_had_it_together(self):
        self.put_in(self.gold, self.lan)
        gift, photo = self.benefit(self.gold, "period"), self.benefit(self.gold, "period", "task")
        self.by_hand(gift, self.mai, self.lan)
        self.by_hand(photo, self.lan)
        self.withdraw(self.given(gives="task"))
        partners = (self.mai | self.lan).partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, self.mai.partner_id)
        self.night(TODAY)
        self.assertEqual(len(self.given(self.mai)), 3)
        self.assert_not_given("Mai was given", gift)
