"""What happened is stored; the words are the reader's."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..domain.saying import Saying, _lt
from ..tools import said
from .benefit_common import BenefitMixin
from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestSaying(BenefitMixin, SalePointsCase):
    """A customer who reads Vietnamese, served by a cashier who reads English (O7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("vi_VN")
        cls.partner.lang = "vi_VN"
        cls.boss = cls.cashier.copy({"login": "boss-of-words", "lang": "en_US"})
        cls.boss.group_ids = cls.env.ref("loyalty_cinema.group_manager")

    def said(self, entries, lang):
        """How these movements are told to a manager who reads ``lang``."""
        return entries.with_user(self.boss).with_context(lang=lang).mapped("reason_text")

    def read_by_the_member(self, balance=None):
        """The lines on the member's own page, latest first."""
        balance = balance or self.points
        balance.invalidate_recordset()
        return balance.history_ids.mapped("description")

    def test_a_sale_and_its_refund_are_told_to_each_reader_by_the_orders_name(self):
        order = self.buy(100)
        back = self.give_back((order.lines, 1))
        entries = self.points.entry_ids.sorted("id")
        terms = [_lt("Onsite %s", order.name), _lt("Refund %s", back.name)]
        self.assertNotIn("/", (order.name, back.name))
        for lang in ("en_US", "vi_VN"):
            self.assertEqual(self.said(entries, lang), [said(term, lang) for term in terms])
        self.assertNotEqual(self.said(entries, "en_US"), self.said(entries, "vi_VN"))
        self.assertEqual(self.read_by_the_member()[::-1], self.said(entries, "vi_VN"))
        told = self.till.member(self.session.id, {"partner_id": self.partner.id})
        self.assertTrue(told["ok"])

    def test_a_reward_is_told_by_the_orders_name(self):
        self.grant(100)
        reward = self.gift_reward(cost=50)
        line = {
            **self.line(reward.discount_line_product_id, 1, -20, False),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": self.points.id,
            "points_cost": 50,
            "reward_identifier_code": "code",
        }
        order = self.buy(lines=[self.line(self.poster, 1, 20, False), line])
        entry = self.points.entry_ids.filtered(lambda entry: entry.kind == "redeem")
        self.assertEqual(self.said(entry, "en_US"), [f"Onsite {order.name}"])
        self.assertNotIn("/", order.name)
        self.assertIn(said(_lt("Onsite %s", order.name), "vi_VN"), self.read_by_the_member())

    def test_a_sales_order(self):
        order = self.earned((1, 100))
        entry = self.points.entry_ids
        self.assertEqual(self.said(entry, "en_US"), [f"Order {order.name}"])
        self.assertEqual(self.read_by_the_member(), self.said(entry, "vi_VN"))

    def test_what_people_write_stays_as_they_wrote_it(self):
        self.grant(100)
        self.assertEqual(self.said(self.points.entry_ids, "vi_VN"), ["Test"])
        self.assertEqual(self.read_by_the_member(), ["Test"])

    def test_an_expiry_is_told_to_each_customer_in_their_language(self):
        other = self.enrol(self.person("Ba", lang="en_US")).balance_id
        for balance in (self.points, other):
            self.grant(50, balance)
        self.program.write({"points_expiry": "inactivity", "expiry_months": 6})
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_values: 1)
        with freeze_time(fields.Datetime.now() + timedelta(days=400)):
            self.env["loyalty.ledger"]._expire_inactive(self.program, 100)
        term = _lt("No visit for %s months", 6)
        self.assertEqual(self.read_by_the_member()[0], said(term, "vi_VN"))
        self.assertEqual(self.read_by_the_member(other)[0], "No visit for 6 months")
        entry = other.entry_ids.sorted("id")[-1]
        self.assertEqual(Saying.of(entry.saying), term)

    def test_a_voucher_bears_the_name_that_its_owner_reads(self):
        self.make_ladder()
        self.member._tier_start()
        gift = self.benefit(self.gold, name="Popcorn")
        gift.with_context(lang="vi_VN").name = "Bỏng ngô"
        self.member._tier_assign(self.gold, "Test")
        voucher = self.given().coupon_id
        self.assertEqual(self.read_by_the_member(voucher), ["Bỏng ngô"])
        self.assertEqual(self.said(voucher.entry_ids, "en_US"), ["Popcorn"])
        self.assertEqual(self.said(voucher.entry_ids, "vi_VN"), ["Bỏng ngô"])
