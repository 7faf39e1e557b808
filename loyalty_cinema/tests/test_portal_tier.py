"""A member sees the own tier and vouchers in the customer portal, and nobody else's."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .benefit_common import BenefitMixin
from .member_common import MemberCase
from .test_discount_card import DiscountCardCase


class PortalTierCase(BenefitMixin, MemberCase):
    """Mai and Minh have logins of the portal. Mai is Gold, with two vouchers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.program._today()
        cls.make_ladder()
        cls.gold.color = "#ffd700"
        cls.mai, cls.minh = (cls.with_login(name) for name in ("mai", "minh"))
        cls.give(cls.mai, 40, qualifying=130)
        cls.give(cls.minh, 40, qualifying=751)

    @classmethod
    def with_login(cls, name):
        """A member who can log in, with the own name as the password's beginning."""
        user = new_test_user(
            cls.env, f"{name}-of-the-test", "base.group_portal", password=f"{name}-portal"
        )
        return cls.env["loyalty.member"]._enrol(cls.program, user.partner_id, "portal")

    def voucher(self, member, name, coupons=None, days=30, occasion="period", **values):
        """A benefit that was given to a member; days: until the voucher's last one."""
        program = coupons or self.coupons()
        tier = member.tier_id
        benefit = self.benefit(tier, occasion, name=name, coupon_program_id=program.id, **values)
        issue = benefit._give(self.today, member.ids)
        issue.coupon_id.expiration_date = self.today + timedelta(days=days)
        return issue

    def named(self, member):
        """The vouchers that the member is told of."""
        told = member.balance_id._portal_told()[member.balance_id.id]
        return [voucher["name"] for voucher in told["vouchers"]]


@tagged("post_install", "-at_install")
class TestPortalTier(PortalTierCase, HttpCase):
    """Through the pages, as the member opens them."""

    def setUp(self):
        super().setUp()
        self.mai.partner_id.birthdate_date = self.today  # and no consent to tell it at the till
        self.gift = self.voucher(self.mai, "Birthday of Mai", occasion="birthday")
        self.food = self.voucher(
            self.mai,
            "Food and drink",
            self.food_coupons(self.env.ref("product.product_category_goods")),
            days=10,
            amount=250,
        )
        self.others = self.voucher(self.minh, "Only for Minh")
        self.env.flush_all()
        self.authenticate("mai-of-the-test", "mai-portal")

    def text(self, url):
        return " ".join(self.url_open(url).text.split())

    def values(self, member):
        url = f"/my/loyalty_card/{member.balance_id.id}/values"
        return self.make_jsonrpc_request(url, {})

    def assert_told(self, html):
        """What Mai's pages say, and what they do not."""
        review = fields.Date.add(self.today, years=1).strftime("%m/%d/%Y")
        food, gift = ((self.today + timedelta(days=days)).strftime("%m/%d/%Y") for days in (10, 30))
        for words in (
            "background-color: #ffd700; color: #212529;",
            f"Kept until the review on {review}",
            "620 tier points to Diamond",
            'aria-valuenow="17.33"',
            "30 % off your order",
            f"until {gift}",
            "250.00 off certain products",
            f"until {food}",
        ):
            self.assertIn(words, html.replace("\N{NO-BREAK SPACE}", " ").replace("$ ", ""))
        self.assertLess(html.index("Food and drink"), html.index("Birthday of Mai"))
        for secret in (self.gift.coupon_id.code, self.food.coupon_id.code, "Only for Minh"):
            self.assertNotIn(secret, html)

    def test_the_home_page_tells_the_tier_and_the_vouchers(self):
        self.assert_told(self.text("/my/home"))

    def test_the_history_page_tells_them_too(self):
        self.assert_told(self.text(f"/my/loyalty_card/{self.mai.balance_id.id}/history"))

    def test_the_dialog_adds_the_codes_of_the_own_vouchers(self):
        told = self.values(self.mai)["card"]["told"]
        self.assertEqual((told["tier"]["name"], told["progress"]["percent"]), ("Gold", 17.33))
        codes = [voucher["code"] for voucher in told["vouchers"]]
        self.assertEqual(codes, [self.food.coupon_id.code, self.gift.coupon_id.code])

    def test_the_dialog_is_in_the_language_of_the_page(self):
        """Which a visitor chooses: it need not be the user's, nor is the portal a website."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env["res.lang"]._activate_lang("en_US")
        self.env.flush_all()
        self.opener.cookies.set("frontend_lang", "vi_VN")
        self.assertIn('<html lang="vi-VN"', self.text("/my/home"))
        until = self.values(self.mai)["card"]["told"]["vouchers"][1]["until"]
        self.assertIn((self.today + timedelta(days=30)).strftime("%d/%m/%Y"), until)
        modules = self.env["ir.http"]._get_translation_frontend_modules_name()
        self.assertLessEqual({"loyalty", "loyalty_cinema"}, set(modules))

    def test_another_login_sees_the_own_only(self):
        self.authenticate("minh-of-the-test", "minh-portal")
        html = self.text("/my/home")
        self.assertTrue("Only for Minh" in html and "Diamond" in html)
        for foreign in ("Birthday of Mai", "Food and drink", "Gold"):
            self.assertNotIn(foreign, html)
        self.assertEqual(self.values(self.mai), {})
        answer = self.url_open(f"/my/loyalty_card/{self.mai.balance_id.id}/history")
        self.assertNotIn("Birthday of Mai", answer.text)
        code = self.others.coupon_id.code
        self.assertEqual(self.values(self.minh)["card"]["told"]["vouchers"][0]["code"], code)


@tagged("post_install", "-at_install")
class TestPortalVouchers(PortalTierCase):
    """Which vouchers are told, and what of the ladder."""

    def test_only_vouchers_that_can_be_used(self):
        given = {
            name: self.voucher(self.mai, name).coupon_id
            for name in ("good", "expired", "used", "on hold", "handed on", "closed", "too early")
        }
        self.assertEqual(len(self.named(self.mai)), 7)
        given["expired"].expiration_date = self.today - timedelta(days=1)
        given["used"].points = 0
        self.ledger.authorize(given["on hold"], 1, "hold:of-the-test")
        given["handed on"].partner_id = self.minh.partner_id
        given["closed"].program_id.active = False
        given["too early"].program_id.date_from = self.today + timedelta(days=1)
        self.env.invalidate_all()
        self.assertEqual(self.named(self.mai), ["good"])
        self.assertEqual(self.named(self.minh), [])

    def test_a_program_that_ends_sooner_ends_its_vouchers(self):
        issue = self.voucher(self.mai, "Gift")
        last = self.today + timedelta(days=3)
        issue.coupon_id.program_id.date_to = last
        self.assertEqual(issue._portal_until(), last)

    def test_money_that_is_left_and_free_products(self):
        food = self.food_coupons(self.env.ref("product.product_category_goods"))
        issue = self.voucher(self.mai, "Food", food, amount=250)
        issue.coupon_id.points = 90.5
        self.assertIn("90.50", issue._portal_voucher()["worth"])
        tea = self.env["product.product"].create({"name": "Tea", "default_code": "T1"})
        gift = self.coupons(reward_type="product", reward_product_id=tea.id, reward_product_qty=2)
        issue = self.voucher(self.mai, "Tea time", gift)
        self.assertEqual(issue._portal_voucher()["worth"], "Free: 2 × Tea")
        gift.reward_ids.write(
            {"reward_type": "discount", "discount": 12.5, "discount_max_amount": 20}
        )
        worth = issue._portal_voucher()["worth"]
        self.assertRegex(worth, r"^12\.50 % off your order, at most .*20\.00")

    def test_given_by_hand_until_a_day(self):
        self.mai._tier_assign(self.diamond, "Test", fields.Date.from_string("2099-12-31"))
        [standing] = self.mai._portal_standings().values()
        self.assertEqual(standing["kept"], "Kept until 12/31/2099")
        self.assertFalse(standing["progress"], "there is no higher tier")

    def test_a_ladder_of_visits(self):
        program = self.membership("Visits", tier_measure="visits")
        self.env["loyalty.tier"].create(
            {"name": "Regular", "threshold": 2, "program_id": program.id}
        )
        member = self.env["loyalty.member"]._enrol(program, self.mai.partner_id, "portal")
        [standing] = member._portal_standings().values()
        self.assertEqual(standing["progress"]["text"], "2 visits to Regular")
        self.assertEqual((standing["tier"], standing["kept"]), (False, ""))

    def test_who_has_left_has_no_tier(self):
        self.mai.active = False
        told = self.mai.balance_id._portal_told()[self.mai.balance_id.id]
        self.assertFalse(told["tier"] or told["progress"])

    def test_the_number_of_statements_is_constant(self):
        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.mai.balance_id._portal_told()
            return self.cr.sql_log_count - before

        self.voucher(self.mai, "First")
        cost()
        one = cost()
        for number in range(5):
            self.voucher(self.mai, f"Another {number}")
            self.give(self.mai, 1, qualifying=1)
        self.assertEqual(cost(), one)


@tagged("post_install", "-at_install")
class TestPortalDiscountCard(DiscountCardCase, HttpCase):
    """A discount card shows its band and the next one, and no points."""

    def test_the_band_and_what_is_missing(self):
        user = new_test_user(
            self.env, "minh-of-the-test", "base.group_portal", password="minh-portal"
        )
        self.minh = user.partner_id
        self.card = self.issue(self.minh)
        self.spend(210)
        self.env.flush_all()
        self.session = None  # the till's; from here on it is the browser's
        self.authenticate("minh-of-the-test", "minh-portal")
        html = " ".join(self.url_open("/my/home").text.split())
        card = html.partition("o_loyalty_card ")[2].partition("o_loyalty_container")[0]
        self.assertIn("10 %", card)
        self.assertRegex(card, r"290\.00.{0,9} to 15 %")
        self.assertNotIn("Points", card)
