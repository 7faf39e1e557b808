"""The panel at the till: what the cashier is told of a customer, and at what price."""

from odoo import Command
from odoo.tests import tagged

from ..domain.amounts import to_decimal
from ..domain.movement import Movement
from .panel_common import PanelMixin
from .test_till_member import TillMemberCase


@tagged("post_install", "-at_install")
class TestTillPanel(PanelMixin, TillMemberCase):
    """One answer, in a constant number of statements, and only what consent allows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.silver, cls.gold = cls.ladder(Silver=(0, "#c0c0c0"), Gold=(100, "#ffd700"))
        cls.member._tier_start()
        cls.comedy = cls.env["loyalty.taste"].create({"name": "Comedies", "category": "film"})
        today = cls.company._loyalty_day()
        cls.partner.write(
            {
                "birthdate_date": today.replace(year=1992),  # a leap year, as today's may be
                "loyalty_taste_ids": [Command.set(cls.comedy.ids)],
                "loyalty_comes": "family",
                "loyalty_consent_profile": True,
            }
        )

    def panel(self, partner=None):
        """The panel of a customer, as a cashier is answered."""
        answer = self.ask_member(partner_id=(partner or self.partner).id)
        self.assertTrue(answer["ok"], answer)
        return answer["panel"]

    def benefit(self, **values):
        return self.env["loyalty.benefit"].create(
            {"name": "Benefit", "tier_id": self.gold.id, **values}
        )

    # -- what is told --------------------------------------------------------------------------

    def test_tier_and_progress(self):
        self.qualify(self.member, 60, "some")
        panel = self.panel()
        self.assertEqual(panel["tier"]["name"], "Silver")
        self.assertEqual(panel["tier"]["color"], "#c0c0c0")
        progress = panel["progress"]
        self.assertEqual((progress["missing"], progress["next"]), (40, "Gold"))
        self.assertEqual((progress["percent"], progress["measure"]), (60, "points"))

    def test_vouchers_of_the_customer_only(self):
        program = self.coupons("Birthday gift")
        other = self.env["res.partner"].create({"name": "Nam"})
        mine = self.voucher(program, self.partner)
        theirs = self.voucher(program, other)  # of a customer who is no member
        self.voucher(program, self.partner, days=-1)
        [voucher] = self.panel()["vouchers"]
        self.assertEqual((voucher["coupon_id"], voucher["program_id"]), (mine.id, program.id))
        self.assertNotIn(mine.code, str(self.panel()), "codes are never told")
        self.assertEqual([v["coupon_id"] for v in self.panel(other)["vouchers"]], [theirs.id])

    def test_what_staff_do_for_a_member(self):
        self.benefit(name="Photo on the wall", occasion="reaching", gives="task")
        self.benefit(name="Personal service", occasion="always", gives="service")
        self.qualify(self.member, 100, "gold")
        panel = self.panel()
        self.assertEqual([service["name"] for service in panel["services"]], ["Personal service"])
        [task] = panel["tasks"]
        self.assertTrue(self.till.benefit_done(self.session.id, task["issue_id"])["ok"])
        self.assertEqual(self.panel()["tasks"], [])

    def test_the_wallet_and_the_special_day(self):
        self.ledger.credit(self.wallet, 70, "load", self.key())
        today = self.company._loyalty_day()
        self.env["loyalty.special.day"].create(
            {"name": "Our anniversary", "day": today.day, "month": today.month}
        )
        panel = self.panel()
        self.assertEqual(panel["wallet"], 70)
        self.assertIn("Our anniversary", panel["special_day"])

    def test_prices_of_the_tier(self):
        self.gold.discount = 10
        self.qualify(self.member, 100, "gold")
        self.assertEqual(self.panel()["pricelist_id"], self.gold.pricelist_id.id)

    def test_tastes_and_company_with_consent_only(self):
        panel = self.panel()
        self.assertEqual([taste["name"] for taste in panel["tastes"]["stated"]], ["Comedies"])
        self.assertEqual(panel["comes"], "With the family")
        self.assertEqual(panel["birthday"], {"in_days": 0})
        self.partner.loyalty_consent_profile = False
        panel = self.panel()
        self.assertEqual(panel["tastes"], {"stated": [], "learned": []})
        self.assertFalse(panel["comes"] or panel["usual"] or panel["last_visit"])
        self.assertFalse(panel["birthday"] or panel["visits"])

    def test_a_customer_who_is_no_member(self):
        partner = self.env["res.partner"].create({"name": "Nam"})
        panel = self.panel(partner)
        self.assertFalse(panel["tier"] or panel["progress"] or panel["vouchers"])

    # -- where it comes with -------------------------------------------------------------------

    def test_a_scanned_card_tells_in_the_same_call(self):
        card = self.card(self.kind_points, self.partner)
        answer = self.till.lookup(self.session.id, {"code": card.code})
        self.assertEqual(answer["panel"]["tier"]["name"], "Silver")

    def test_an_anonymous_card_tells_of_nobody(self):
        kind = self.env["loyalty.card.kind"].create({"name": "Wallet", "opens_wallet": True})
        card = self.card(kind, self.env["res.partner"])
        self.assertFalse(self.ask_member(code=card.code)["panel"])

    def test_who_is_enrolled_is_shown_at_once(self):
        self.assertEqual(self.enrol_at_till()["panel"]["tier"]["name"], "Silver")

    def test_a_saved_profile_answers_the_whole_panel(self):
        tastes = self.partner.loyalty_taste_ids.ids
        values = {"tastes": {"remove": tastes}, "consents": {"profile": True}}
        answer = self.till.save_profile(self.session.id, self.partner.id, values)
        self.assertEqual(answer["panel"]["tier"]["name"], "Silver")
        self.assertEqual(answer["panel"]["tastes"]["stated"], [])

    # -- what it costs -------------------------------------------------------------------------

    def history(self, entries, orders, vouchers):
        """So many movements, orders and used-up vouchers more."""
        one = to_decimal(1)
        self.ledger.post(
            [
                Movement(self.points.id, one, "earn", self.key(), qualifying=one)
                for _number in range(entries)
            ]
        )
        for _number in range(orders):
            self.buy(10)
        program = self.program_of_vouchers
        for _number in range(vouchers):
            self.voucher(program, self.partner)

    def statements(self):
        """How many SQL statements one call takes, with a cold cache and a warm registry."""
        self.panel()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.panel()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_long_history_costs_no_more_statements(self):
        """The call is counted at 10 and at 1,000 entries, and with more of everything else."""
        self.program_of_vouchers = self.coupons("Gift")
        self.benefit(name="Photo", occasion="reaching", gives="task")
        self.qualify(self.member, 100, "gold")
        self.history(entries=10, orders=1, vouchers=1)
        short = self.statements()
        self.history(entries=990, orders=9, vouchers=5)
        entries = self.env["loyalty.ledger.entry"].search_count(
            [("balance_id", "=", self.points.id)]
        )
        self.assertGreaterEqual(entries, 1000)
        self.assertEqual(self.statements(), short)
        self.assertLess(short, 120, "one call of a till, and not a crowd of queries")
