from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import LoyaltyError
from .benefit_common import TODAY, BenefitDayMixin
from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestBenefit(BenefitDayMixin, MemberCase):
    """Who is given what, when, and until when it can be used."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_ladder()
        cls.mai, cls.lan = cls.member("Mai"), cls.member("Lan")
        cls.put_in(cls.gold, cls.mai)
        cls.put_in(cls.silver, cls.lan)

    def born(self, member, day):
        member.partner_id.birthdate_date = day

    def test_a_birthday_voucher_comes_some_days_before_and_lasts_some_after(self):
        benefit = self.benefit(self.gold, "birthday", days_before=7, days_after=3)
        self.born(self.mai, date(1990, 11, 29))
        self.born(self.lan, date(1990, 11, 29))
        self.night(date(2026, 11, 21))
        self.assertFalse(self.given())
        self.night(date(2026, 11, 22))
        issue = self.given()
        self.assertEqual((issue.member_id, issue.benefit_id), (self.mai, benefit))
        self.assertEqual((issue.period_key, issue.valid_until), ("2026", date(2026, 12, 2)))
        voucher = issue.coupon_id
        self.assertEqual((voucher.partner_id, voucher.points), (self.mai.partner_id, 1))
        self.assertEqual(voucher.expiration_date, date(2026, 12, 2))
        self.assert_whole(voucher)

    def test_a_birthday_in_january_is_given_once_around_new_year(self):
        self.benefit(self.gold, "birthday", days_before=7, days_after=7)
        self.born(self.mai, date(1990, 1, 2))
        for day in (date(2026, 12, 30), date(2027, 1, 1), date(2027, 1, 8)):
            self.night(day)
        self.assertEqual(self.given().mapped("period_key"), ["2027"])
        self.night(date(2027, 12, 28))
        self.assertEqual(self.given().mapped("period_key"), ["2027", "2028"])

    def test_born_on_29_february(self):
        self.benefit(self.gold, "birthday")
        self.born(self.mai, date(2004, 2, 29))
        self.night(date(2027, 2, 28))
        self.assertEqual(self.given().mapped("period_key"), ["2027"])
        self.night(date(2028, 2, 28))
        self.assertEqual(len(self.given()), 1, "in a leap year it is the 29th")
        self.night(date(2028, 2, 29))
        self.assertEqual(self.given().mapped("period_key"), ["2027", "2028"])

    def test_special_days_by_year_and_every_year(self):
        days = self.env["loyalty.special.day"].with_user(self.boss)
        dates = [(0, 0, {"date": "2026-02-17"}), (0, 0, {"date": "2027-02-06"})]
        tet = days.create({"name": "Tết", "kind": "by_year", "line_ids": dates})
        days.create({"name": "Feast", "day": 6, "month": 2})
        only_tet = {"days_before": 1, "days_after": 2, "special_day_ids": tet.ids}
        self.benefit(self.gold, "special_day", **only_tet)
        self.benefit(self.silver, "special_day", special_day_ids=False)
        self.night(date(2027, 2, 5))
        self.assertEqual(self.given().mapped("period_key"), [f"day:{tet.id}:2027"])
        self.assertEqual(self.given().valid_until, date(2027, 2, 8))
        self.night(date(2027, 2, 6))
        self.assertEqual(len(self.given(self.lan)), 2, "no days chosen: all of them")
        self.assertEqual(len(self.given(self.mai)), 1)

    def test_a_periodic_voucher_comes_every_period_and_lasts_until_its_end(self):
        category = self.env["product.category"].create({"name": "Food"})
        program = self.food_coupons(category)
        food = {"coupon_program_id": program.id, "amount": 400}
        self.benefit(self.gold, "period", period="quarter", **food)
        for day in (date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1)):
            self.night(day)
        self.assertEqual(self.given().mapped("period_key"), ["2026-Q4", "2027-Q1"])
        self.assertEqual(self.given().coupon_id.mapped("points"), [400, 400])
        self.assertEqual(self.given()[0].valid_until, date(2026, 12, 31))

    def test_who_rises_within_a_period_gets_what_the_higher_voucher_has_more(self):
        program = self.food_coupons(self.env["product.category"].create({"name": "Food"}))
        food = {"occasion": "period", "coupon_program_id": program.id}
        self.benefit(self.gold, amount=400, **food)
        self.benefit(self.diamond, amount=750, **food)
        self.night()
        self.put_in(self.diamond, self.mai)
        self.night()
        self.assertEqual(self.given(self.mai).mapped("value"), [400, 350])
        self.put_in(self.gold, self.mai)
        self.night()
        self.assertEqual(len(self.given(self.mai)), 2)

    def test_who_rises_has_as_many_vouchers_as_the_higher_tier_gives(self):
        """E9: what the lower tier gave counts once, not against each of three."""
        coupons = self.coupons("Tickets")
        tickets = {"occasion": "period", "coupon_program_id": coupons.id}
        lower = self.benefit(self.gold, name="Ticket", **tickets)
        self.night()
        higher = [self.benefit(self.diamond, name=f"Ticket {n}", **tickets) for n in (1, 2, 3)]
        self.put_in(self.gold, self.mai)
        self.night()
        self.assertEqual(self.given(self.mai).benefit_id, lower)
        self.put_in(self.diamond, self.mai)
        for _night in range(2):
            self.night()
        given = self.given(self.mai)
        self.assertEqual(sum(given.coupon_id.mapped("points")), 3)
        self.assertEqual(given.benefit_id, lower | higher[1] | higher[2])
        other = self.member("Ba")
        self.put_in(self.diamond, other)
        self.night()
        self.assertEqual(len(self.given(other)), 3)

    def test_only_members_who_were_there_lately(self):
        self.benefit(self.gold, "period", active_months=6)
        other = self.member("Ba")
        self.put_in(self.gold, other)
        self.mai.last_visit_on = date(2026, 6, 1)
        other.last_visit_on = date(2026, 5, 1)
        self.night()
        self.assertEqual(self.given().member_id, self.mai)

    def test_who_has_left_and_archived_benefits_and_programs_get_nothing(self):
        gone = self.benefit(self.gold, "period")
        gone.active = False
        closed = self.benefit(self.gold, "period")
        closed.coupon_program_id.active = False
        self.night()
        self.assertFalse(self.given(), "archived")
        self.benefit(self.gold, "period", gives="task")
        self.mai.active = False
        self.night()
        self.assertFalse(self.given(), "left")

    def test_a_chosen_day_that_is_archived_does_not_make_it_all_days(self):
        others = self.env["loyalty.special.day"]
        others.create({"name": "Anniversary", "day": TODAY.day, "month": TODAY.month})
        chosen = others.create({"name": "Opening", "day": 1, "month": 6})
        self.benefit(self.gold, "special_day", special_day_ids=[(4, chosen.id)])
        chosen.active = False
        self.night()
        self.assertFalse(self.given())

    def test_a_voucher_that_gives_nothing_any_more_is_not_given(self):
        program = self.coupons()
        self.benefit(self.gold, "period", coupon_program_id=program.id)
        program.reward_ids.active = False
        self.night()
        self.assertFalse(self.given())

    def test_another_occasion_does_not_count_against_a_voucher(self):
        program = self.coupons()
        self.benefit(self.gold, "birthday", coupon_program_id=program.id)
        self.born(self.mai, TODAY.replace(year=1990))
        self.night()
        self.put_in(self.diamond, self.mai)
        self.benefit(self.diamond, "period", period="year", coupon_program_id=program.id)
        self.night()
        self.assertEqual(self.given(self.mai).mapped("occasion"), ["birthday", "period"])

    def test_whose_tier_is_to_be_reviewed_waits_for_that(self):
        self.benefit(self.gold, "period")
        self.env.flush_all()
        query = "UPDATE loyalty_member SET tier_review_on = %s WHERE id = %s"
        self.cr.execute(query, (TODAY, self.mai.id))
        self.night()
        self.assertFalse(self.given())
        self.cr.execute(query, (date(2027, 11, 22), self.mai.id))
        self.night()
        self.assertTrue(self.given())

    def test_a_task_is_done_or_not_and_a_service_needs_no_deed(self):
        self.benefit(self.gold, "period", gives="task", name="Photo")
        service = self.benefit(self.gold, "always", "service", name="Own table")
        self.night()
        [photo] = self.given(self.mai)
        panel = self.env["loyalty.benefit.issue"]._tasks_and_services(self.mai)
        self.assertEqual(
            [(row["issue_id"], row["name"], row["gives"]) for row in panel],
            [(photo.id, "Photo", "task"), (False, service.name, "service")],
        )
        photo.with_user(self.boss).action_done()
        self.assertEqual((photo.state, photo.user_id), ("done", self.boss))
        photo.with_user(self.other_boss).action_done()
        self.assertEqual(photo.user_id, self.boss, "the second time changes nothing")
        photo.with_user(self.boss).action_not_done()
        self.assertEqual((photo.state, photo.user_id.id), ("issued", False))
        [voucher] = self.give_voucher()
        with self.assertRaises(LoyaltyError):
            voucher.with_user(self.boss).action_done()

    def give_voucher(self):
        benefit = self.benefit(self.gold, "period")
        return benefit._give(TODAY, self.mai.ids)

    def test_a_birthday_is_not_told_at_the_till_without_consent(self):
        self.benefit(self.gold, "birthday", gives="task", name="Birthday song")
        self.born(self.mai, TODAY.replace(year=1990))
        self.night()
        issues = self.env["loyalty.benefit.issue"]
        self.assertNotIn("Birthday", str(issues._tasks_and_services(self.mai)))
        self.mai.partner_id.loyalty_consent_profile = True
        self.assertIn("Birthday song", str(issues._tasks_and_services(self.mai)))

    def test_states_follow_the_voucher_and_its_last_day(self):
        [issue] = self.give_voucher()
        issue.coupon_id.points = 0
        self.night()
        self.assertEqual((issue.state, issue.spent), ("used", 1))
        issue.coupon_id.points = 1
        issue.coupon_id.expiration_date = self.company._loyalty_day() - timedelta(days=3)
        self.night()
        self.assertEqual(issue.state, "expired")
        issue.coupon_id.expiration_date = False
        self.night()
        self.assertEqual((issue.state, issue.valid_until), ("issued", False))

    def test_the_terms_of_a_benefit_fit_together_and_stay(self):
        with self.assertRaises(ValidationError):
            self.benefit(self.gold, "period", amount=100)  # the program takes a percentage
        with self.assertRaises(ValidationError):
            promo = self.coupons()
            promo.program_type = "promotion"
            self.benefit(self.gold, coupon_program_id=promo.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.benefit(self.gold, "reaching", gives="service")
        benefit = self.benefit(self.gold, "period")
        benefit.occasion = "birthday"
        benefit.occasion = "period"
        benefit._give(TODAY, self.mai.ids)
        benefit.write({"name": "Other words", "occasion": "period"})
        with self.assertRaises(LoyaltyError):
            benefit.occasion = "birthday"

    def test_a_special_day_is_a_day_of_the_calendar(self):
        days = self.env["loyalty.special.day"].with_user(self.boss)
        with self.assertRaises(ValidationError):
            days.create({"name": "Never", "day": 31, "month": 4})
        leap = days.create({"name": "Leap", "day": 29, "month": 2})
        self.assertEqual(leap._dates(date(2026, 1, 1), date(2028, 12, 31))[leap.id][0].year, 2028)
