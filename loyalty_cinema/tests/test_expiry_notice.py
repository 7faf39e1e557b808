from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .ledger_points_common import PointsCase


@tagged("post_install", "-at_install")
class TestExpiryNotice(PointsCase):
    """Members are told once of each day on which they lose points."""

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2031-07-10 15:00:00"))

    def member_balance(self, email="mai@example.com", lang=None, **program):
        """A balance of a customer in a program that tells its members 10 days before."""
        program = {"points_expiry": "months", "expiry_notice_days": 10, **program}
        partner = self.env["res.partner"].create({"name": "Mai", "email": email, "lang": lang})
        return self.env["loyalty.card"].create(
            {"program_id": self.membership(**program).id, "partner_id": partner.id}
        )

    def notify(self, times=1):
        """Run the nightly job; returns the notices."""
        for _night in range(times):
            self.env["loyalty.expiry.notice"]._cron_notify()
        return self.env["loyalty.expiry.notice"].search([])

    def notices(self, balance):
        """When the owner of ``balance`` was told to lose how much."""
        notices = self.notify(2).filtered(lambda notice: notice.balance_id == balance)
        return sorted((notice.expires_on.day, notice.points) for notice in notices)

    def mails(self, balance):
        """The mails to the owner of ``balance``."""
        return self.env["mail.mail"].search([("recipient_ids", "=", balance.partner_id.id)])

    def test_one_mail_for_each_day_however_often_the_job_runs(self):
        balance = self.member_balance()
        for day, points in ((15, 30), (15, 5), (20, 7), (21, 100)):
            self.earn(balance, points, expires_on=date(2031, 7, day))
        self.assertEqual(self.notices(balance), [(15, 35), (20, 7)])
        self.assertEqual(len(self.mails(balance)), 2)

    def test_the_mail_is_in_the_member_s_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        template = self.env.ref("loyalty_cinema.mail_template_points_expiry")
        template.with_context(lang="vi_VN").subject = "Sắp hết hạn: {{ object.points_text }}"
        balance = self.member_balance(lang="vi_VN")
        self.earn(balance, 30, expires_on=date(2031, 7, 15))
        self.notify()
        self.assertRegex(self.mails(balance).subject, "^Sắp hết hạn: 30")

    def test_who_stays_away_is_told_before_all_is_gone(self):
        balance = self.member_balance(points_expiry="inactivity", expiry_months=6)
        with freeze_time("2031-01-15 12:00:00"):
            self.earn(balance, 30)
        self.assertEqual(self.notices(balance), [(15, 30)])
        self.ledger.debit(balance, 1, "redeem", self.key())
        self.assertEqual(self.notices(balance), [(15, 30)])

    def test_nobody_is_told_without_an_address_or_when_the_program_does_not_want_it(self):
        for values in ({"email": False}, {"expiry_notice_days": 0}):
            balance = self.member_balance(**values)
            self.earn(balance, 30, expires_on=date(2031, 7, 15))
            self.assertEqual(self.notices(balance), [])
