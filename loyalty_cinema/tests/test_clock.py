from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..exceptions import BalanceUnusable, LoadRefused
from .till_common import CashierCase

#: In Viet Nam the first day of November has begun; in Brussels and in UTC it is still October.
NOW = "2026-10-31 18:30:00"
OCTOBER, NOVEMBER = fields.Date.to_date("2026-10-31"), fields.Date.to_date("2026-11-01")


@tagged("post_install", "-at_install")
class TestClock(CashierCase):
    """A day is the company's, whatever zone the cashier's profile or the request's context name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        cls.cashier.tz = "Europe/Brussels"
        cls.till = cls.till.with_context(tz="America/Lima")
        cls.kind = cls.env.ref("loyalty_cinema.kind_prepaid")

    def setUp(self):
        self.enterContext(freeze_time(NOW))
        super().setUp()

    def card(self, **values):
        """A prepaid card in use."""
        values = {"kind_id": self.kind.id, "company_id": self.company.id, **values}
        card = self.env["loyalty.member.card"].create(values)
        card._activate()
        return card

    def band(self, percent, **dates):
        """A bonus on loads of wallets, between dates."""
        self.scheme(percent).write(dates)

    def load(self, amount, **values):
        """A top-up of the customer's wallet in cash, sent by the till; what came on the wallet."""
        before = self.wallet.points
        order = self.order([self.topup_line(amount)], [(self.cash, amount, False)], **values)
        self.sync(order)
        return self.wallet.points - before

    def test_a_membership_begins_on_the_company_s_day(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Club",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": self.company.id,
            }
        )
        members = self.env["loyalty.member"].with_user(self.cashier)
        member = members._enrol(program, self.partner, "till")
        self.assertEqual(member.joined_on, NOVEMBER)
        defaults = self.env["loyalty.member"].with_context(tz="UTC").default_get(["joined_on"])
        self.assertEqual(defaults["joined_on"], NOVEMBER)

    def test_a_card_expires_at_the_till_and_at_night_on_the_same_day(self):
        with freeze_time("2026-10-30 12:00:00"):
            over, good = self.card(expires_on=OCTOBER), self.card(expires_on=NOVEMBER)
        with self.assertRaises(BalanceUnusable):
            over.with_user(self.cashier).sudo()._check_usable()
        good.with_user(self.cashier).sudo()._check_usable()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=1):
            self.env["loyalty.member.card"].with_context(tz="UTC")._cron_expire()
        self.assertEqual((over.state, good.state), ("expired", "active"))
        self.assertEqual(self.card().activated_on, NOVEMBER)

    def test_a_limit_per_day_starts_anew_at_the_company_s_midnight(self):
        self.kind.with_company(self.company).load_daily_max = 500
        card = self.card()
        balance = card.balance_ids
        with freeze_time("2026-10-31 16:59:59"):  # one second before midnight
            self.ledger.credit(balance, 500, "load", "evening")
        checked = card.with_user(self.cashier).with_context(tz="America/Lima").sudo()
        checked._check_load(balance, 500)
        self.ledger.credit(balance, 500, "load", "night")
        with self.assertRaises(LoadRefused):
            checked._check_load(balance, 1)

    def test_a_bonus_is_of_the_day_on_which_the_load_is_paid(self):
        self.band(10, date_from=NOVEMBER, date_to=NOVEMBER)
        self.assertEqual(self.load(100), 110)
        answer = self.till.prepare_load(
            self.session.id, self.topup.id, 100, {"balance_id": self.wallet.id}
        )
        self.assertEqual(answer["bonus"]["amount"], 10, answer)

    def test_no_till_chooses_the_day_of_a_bonus(self):
        self.band(50, date_from="2025-01-01", date_to="2025-12-31")
        self.band(90, date_from="2031-01-01", date_to="2031-12-31")
        for at in ("2025-06-01 10:00:00", "2031-06-01 10:00:00"):
            self.assertEqual(self.load(100, date_order=at), 100)

    def test_points_of_a_product_sold_now_are_of_today(self):
        order = self.order([self.ticket(100)], [(self.cash, 100, False)])
        order["date_order"] = "2031-06-01 10:00:00"
        self.assertEqual(self.sync(order)._loyalty_sold_at(), fields.Datetime.now())

    def test_the_reconciliation_opens_with_today(self):
        screens = self.env["loyalty.reconciliation"].with_context(tz="UTC")
        self.assertEqual(screens.default_get(["date"])["date"], NOVEMBER)
