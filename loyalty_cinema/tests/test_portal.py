from datetime import timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestPortal(MemberCase, HttpCase):
    """A member sees the own points on Odoo's own pages, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = new_test_user(cls.env, "mai-of-the-test", "base.group_portal", password="mai-portal")
        today = cls.company._loyalty_day()
        cls.mai = cls.env["loyalty.member"]._enrol(cls.program, user.partner_id, "portal")
        cls.program.portal_visible = True
        cls.give(cls.mai, 100, expires_on=today + timedelta(days=20))
        cls.give(cls.mai, 40, available_on=today + timedelta(days=1))
        cls.linh = cls.member("Linh", points=77)

    def setUp(self):
        super().setUp()
        self.authenticate("mai-of-the-test", "mai-portal")

    def page(self, balance):
        return self.url_open(f"/my/loyalty_card/{balance.id}/history")

    def values(self, balance):
        return self.make_jsonrpc_request(f"/my/loyalty_card/{balance.id}/values", {})

    def test_the_home_page_shows_what_comes_and_what_goes(self):
        html = " ".join(self.url_open("/my/home").text.split())
        for words in ("> 140 Points", "> 40 Points pending until", "> 100 Points expire after"):
            self.assertTrue(words in html, words)

    def test_the_history_shows_the_balance_and_the_movements(self):
        html = self.page(self.mai.balance_id).text
        self.assertTrue("o_loyalty_outlook" in html and "pending" in html)
        self.assertEqual(html.count("Points earned"), 2)
        again = self.url_open(f"/my/loyalty_card/{self.mai.balance_id.id}/history?sortby=nonsense")
        self.assertEqual(again.status_code, 200)

    def test_the_dialog_shows_the_card_masked(self):
        kind = self.env.ref("loyalty_cinema.kind_points")
        card = self.member_card(kind, holder_id=self.mai.partner_id.id)
        self.env.flush_all()
        values = self.values(self.mai.balance_id)
        self.assertEqual(values["card"]["code"], card.masked_code)
        self.assertNotIn(self.mai.balance_id.code, str(values))
        self.assertIn("40", values["card"]["outlook"]["pending"])
        self.assertIn("100", values["card"]["outlook"]["expiring"])

    def test_nobody_elses_points_are_shown(self):
        self.assertEqual(self.values(self.linh.balance_id), {})
        answer = self.page(self.linh.balance_id)
        self.assertTrue(answer.url.rstrip("/").endswith(("/my", "/my/home")), answer.url)
        self.assertNotIn("77", answer.text.partition("<main")[2].partition("</main")[0])
