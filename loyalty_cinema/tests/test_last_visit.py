"""One last visit per member: whatever they bought, and whatever it earned."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .sale_common import SalePointsCase

MONTHS = 6


@tagged("post_install", "-at_install")
class TestLastVisit(SalePointsCase):
    """What moves a member's last visit, what does not, and what asks for it."""

    def visited(self, member=None):
        """The last visit, as the database has it."""
        member = member or self.member
        member.invalidate_recordset()
        return member.last_visit_on

    def later(self, days=200):
        """From here on it is so many days later, at noon UTC."""
        day = self.company._loyalty_day() + timedelta(days=days)
        clock = freeze_time(datetime.combine(day, datetime.min.time()) + timedelta(hours=12))
        self.enterContext(clock)
        return self.company._loyalty_day()

    def buy_now(self, *prices, **values):
        return self.buy(
            *prices, date_order=fields.Datetime.to_string(fields.Datetime.now()), **values
        )

    def expire(self):
        """The nightly job, which does not commit here."""
        self.program.write({"points_expiry": "inactivity", "expiry_months": MONTHS})
        ledger = self.env["loyalty.ledger"]
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_values: 1)
        ledger._expire_inactive(self.program, 100)
        return self.points.points

    # -- at the till -----------------------------------------------------------------------------

    def test_an_order_that_earns_nothing_is_a_visit(self):
        self.assertFalse(self.visited())
        wine = self.goods("Wine", loyalty_no_earn=True)
        for lines, prices in (([self.line(wine, 1, 50, False)], ()), ([], [1])):
            today = self.later()
            self.buy_now(*prices, lines=lines)
            self.assertEqual((self.visited(), self.points.points), (today, 0))

    def test_a_load_and_a_payment_by_wallet_are_visits_of_its_owner(self):
        today = self.later()
        self.buy_now(lines=[self.topup_line(50)])
        self.assertEqual(self.visited(), today)
        today, uuid = self.later(), str(uuid4())
        self.authorize(uuid, 20, key=uuid)
        # the card was scanned on the payment screen: nobody is the customer of the order
        self.buy_now(20, payments=[(self.tender, 20, uuid)], uuid=uuid, partner_id=False)
        self.assertEqual((self.visited(), self.wallet.points), (today, 30))

    def test_a_refund_and_what_the_house_does_are_no_visits(self):
        today = self.company._loyalty_day()
        order = self.buy_now(100)
        self.assertEqual(self.visited(), today)
        self.later()
        back = order.lines[0]
        self.give_back((back, 1), date_order=fields.Datetime.to_string(fields.Datetime.now()))
        self.grant(500)
        self.ledger.debit(self.points, 1, "adjust", self.key(), reason="Typing error")
        self.assertEqual(self.visited(), today)

    def test_a_recommendation_is_no_visit_of_who_recommended(self):
        self.program.referral_points_referrer = 100
        friend = self.person("Friend")
        newcomer = self.enrol(friend, referrer=self.member)
        self.buy_now(100, partner_id=friend.id)
        self.assertEqual(self.points.points, 100)
        self.assertEqual(self.visited(newcomer), self.company._loyalty_day())
        self.assertFalse(self.visited())

    def test_who_becomes_a_member_by_an_order_was_here(self):
        self.program.auto_enrol = True
        stranger = self.person("Stranger")
        self.buy_now(1, partner_id=stranger.id)
        member = self.env["loyalty.member"].search([("partner_id", "=", stranger.id)])
        self.assertEqual(member.last_visit_on, self.company._loyalty_day())

    def test_the_day_is_that_of_the_companys_clock_and_never_goes_back(self):
        self.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        self.cashier.tz = "Europe/Brussels"
        night = (fields.Datetime.now() + timedelta(days=40)).replace(hour=18, minute=30)
        self.enterContext(freeze_time(night))
        self.buy_now(100)
        self.assertEqual(self.visited(), night.date() + timedelta(days=1))
        late = night - timedelta(days=3)  # of a till that was offline
        self.buy(100, date_order=fields.Datetime.to_string(late))
        self.assertEqual(self.visited(), night.date() + timedelta(days=1))

    def test_a_visit_at_a_branch_counts_for_the_house_and_not_elsewhere(self):
        branch, elsewhere = self.env["res.company"].create(
            [{"name": "Branch", "parent_id": self.company.id}, {"name": "Elsewhere"}]
        )
        members = self.env["loyalty.member"]
        members._note_visits([(self.partner.id, elsewhere.id, date(2031, 1, 1))])
        self.assertFalse(self.visited())
        members._note_visits((self.partner.id, branch.id, date(2031, 1, day)) for day in (2, 3, 1))
        self.assertEqual(self.visited(), date(2031, 1, 3))

    # -- sales orders ----------------------------------------------------------------------------

    def test_a_sales_order_is_a_visit_when_it_is_paid(self):
        wine = self.goods("Wine", loyalty_no_earn=True, invoice_policy="order")
        order = self.sold((1, 100, wine))
        self.assertFalse(self.visited())
        today = self.later(3)
        self.pay(self.invoice(order))
        self.assertEqual((self.visited(), self.points.points), (today, 0))
        self.later()
        self.credit(order)
        self.assertEqual(self.visited(), today)

    def test_a_salesperson_does_not_date_visits(self):
        groups = self.env.ref("base.group_user") | self.env.ref("sales_team.group_sale_salesman")
        seller = self.cashier.copy(
            {"login": "seller-of-visits", "group_ids": [Command.set(groups.ids)]}
        )
        order = self.sold((1, 100), user_id=seller.id)
        order.with_user(seller).write({"loyalty_visit_on": "2031-01-01"})
        self.assertFalse(order.loyalty_visit_on)

    # -- who asks --------------------------------------------------------------------------------

    def test_who_comes_without_earning_keeps_the_points(self):
        self.buy_now(1000)
        self.later(150)
        self.buy_now(1)
        self.later(100)
        self.assertEqual(self.expire(), 100)
        self.later(150)
        self.assertEqual(self.expire(), 0)
        self.assert_whole()

    def test_a_gift_to_somebody_who_stays_away_has_its_own_months(self):
        self.buy_now(1000)
        self.later(300)
        self.grant(30)
        self.assertEqual(self.expire(), 30)
        self.later(300)
        self.assertEqual(self.expire(), 0)

    def test_one_person_keeps_the_later_visit(self):
        twin = self.person("Linh B")
        other = self.enrol(twin)
        self.buy_now(100)
        today = self.later(50)
        self.buy_now(1, partner_id=twin.id)
        self.env["loyalty.member"]._merge_partners(self.partner | twin, self.partner)
        self.assertFalse(other.exists())
        self.assertEqual((self.visited(), self.points.points), (today, 10))

    def test_who_comes_back_to_the_program_was_here(self):
        self.member.active = False
        today = self.later()
        self.enrol(self.partner)
        self.assertEqual(self.visited(), today)
