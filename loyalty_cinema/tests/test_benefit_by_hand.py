from datetime import date, timedelta

from odoo.tests import Form, tagged

from ..exceptions import LoyaltyError
from .by_hand_common import TODAY, ByHandCase


@tagged("post_install", "-at_install")
class TestBenefitByHand(ByHandCase):
    """A manager gives what was missed: as at night, once for an occasion, with a reason."""

    def test_a_birthday_that_became_known_late(self):
        self.mai.partner_id.birthdate_date = date(1990, 3, 1)
        gift = self.benefit(self.gold, "birthday", days_before=7, days_after=7)
        self.by_hand(gift)
        issue = self.given()
        self.assertEqual((issue.member_id, issue.period_key), (self.mai, "2026"))
        self.assertEqual((issue.given_by_id, issue.note), (self.boss, "Told late"))
        self.assertEqual(issue.valid_until, TODAY + timedelta(days=14))
        voucher = issue.coupon_id
        self.assertEqual((voucher.points, voucher.expiration_date), (1, issue.valid_until))
        self.assertEqual(voucher.partner_id, self.mai.partner_id)
        entry = voucher.entry_ids
        self.assertEqual((entry.amount, entry.kind, entry.user_id), (1, "adjust", self.boss))
        self.assertNotIn("Told late", entry.reason, "cashiers read movements")
        self.assert_whole(voucher)
        self.night(date(2026, 3, 1))
        self.assertEqual(self.given(), issue, "this year's birthday has had its gift")
        self.night(date(2027, 3, 1))
        self.assertEqual(self.given().mapped("period_key"), ["2026", "2027"])

    def test_a_second_click_and_a_second_manager_are_told_when_it_was_given(self):
        wizard = self.by_hand(gift := self.benefit(self.gold, "period"))
        with self.assertRaisesRegex(LoyaltyError, r"Mai was given “Gift” .* 06/15/2026"):
            wizard.action_give()
        self.assert_not_given("Mai was given", gift, user=self.other_boss)
        self.assertEqual(len(self.given().coupon_id), 1)

    def test_what_the_night_gave_is_not_given_by_hand_and_the_other_way_round(self):
        photo, gift = self.benefit(self.gold, "period", "task"), self.benefit(self.gold, "period")
        self.by_hand(photo)
        self.night(TODAY)
        self.night(TODAY)
        self.assertEqual(self.given().mapped("gives"), ["task", "voucher"])
        self.assert_not_given("Mai was given", gift)

    def test_a_special_day_that_was_missed(self):
        days = self.env["loyalty.special.day"]
        feast, other = days.create(
            [{"name": name, "day": 1, "month": month} for name, month in (("Feast", 6), ("Tet", 2))]
        )
        values = {"special_day_ids": feast.ids, "valid_days": 10}
        gift = self.benefit(self.gold, "special_day", **values)
        for day in (other.id, False):
            self.assert_not_given("Choose the special day", gift, special_day_id=day)
        self.by_hand(gift)
        issue = self.given()
        self.assertEqual(issue.period_key, f"day:{feast.id}:2026")
        self.assertEqual(issue.valid_until, TODAY + timedelta(days=10))
        self.night(date(2026, 6, 1))
        self.assertEqual(self.given(), issue)

    def test_on_reaching_a_tier_once_in_a_lifetime(self):
        gift = self.benefit(self.gold)
        self.by_hand(gift)
        issue = self.given()
        self.assertEqual((issue.period_key, issue.valid_until), ("once", False))
        self.mai._tier_assign(self.silver, "Test")
        self.mai._tier_assign(self.gold, "Test")
        self.assertEqual(self.given(), issue)

    def test_only_what_the_own_tier_gives(self):
        service = self.benefit(self.gold, "always", "service")
        gift, foreign = self.benefit(self.gold, "period"), self.benefit(self.silver, "period")
        birthday = self.benefit(self.gold, "birthday")
        self.assert_not_given("personal service", service)
        self.assert_not_given("for members in Silver.* Mai", foreign)
        self.assert_not_given("for members in Gold.* Lan", gift, self.mai, self.lan)
        self.assert_not_given("birth date of Mai", birthday)
        self.assert_not_given("last day is over", gift, valid_until=date(2026, 6, 14))
        self.mai.active = False
        self.assert_not_given("have left: Mai", gift)
        self.mai.active, gift.coupon_program_id.active = True, False
        self.assert_not_given("not in use", gift)

    def test_all_or_none(self):
        self.put_in(self.gold, self.lan)
        gift = self.benefit(self.gold, "period")
        self.by_hand(gift, self.lan)
        self.assert_not_given("^Lan was given[^\n]*$", gift, self.mai, self.lan)

    def test_what_another_tier_gave_for_the_same_period_counts(self):
        food = self.food_coupons(self.env["product.category"].create({"name": "Food"}))
        food = {"occasion": "period", "coupon_program_id": food.id}
        self.benefit(self.silver, amount=400, **food)
        same, more = (self.benefit(self.gold, amount=amount, **food) for amount in (400, 750))
        self.put_in(self.silver, self.mai)
        self.night(TODAY)
        self.put_in(self.gold, self.mai)
        self.assert_not_given("nothing is left", same)
        self.by_hand(more)  # what the first has borne is not taken off again
        self.assertEqual(self.given(self.mai).mapped("value"), [400, 750])

    def test_whose_tier_is_to_be_reviewed_need_not_wait(self):
        gift = self.benefit(self.gold, "period", active_months=1)
        query = "UPDATE loyalty_member SET tier_review_on = %s WHERE id = %s"
        self.env.flush_all()
        self.cr.execute(query, (TODAY, self.mai.id))
        self.night(TODAY)
        self.assertFalse(self.given())
        self.by_hand(gift)
        self.assertTrue(self.given())

    def test_the_screen_says_for_which_day_and_until_when(self):
        self.mai.partner_id.birthdate_date = date(1990, 12, 24)
        gift = self.benefit(self.gold, "birthday", days_before=7, days_after=3)
        wizard = self.env["loyalty.benefit.by.hand"].with_user(self.boss)
        wizard = wizard.with_context(active_model="loyalty.member", active_ids=self.mai.ids)
        form = Form(wizard)
        form.benefit_id = gift
        days = form.day, form.valid_until
        self.assertEqual(days, (date(2026, 12, 24), date(2026, 12, 27)), "ahead of its day")
        form.valid_until, form.reason = date(2026, 12, 31), "Away at Christmas"
        form.save().action_give()
        self.assertEqual(self.given().valid_until, date(2026, 12, 31))
        self.night(date(2026, 12, 24))
        self.assertEqual(len(self.given()), 1)
