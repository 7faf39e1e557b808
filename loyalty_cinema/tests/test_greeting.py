from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .profile_common import ProfileCase


@tagged("post_install", "-at_install")
class TestGreeting(ProfileCase):
    """The cashier reads the first line that fits, and nothing that consent does not allow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.greetings = cls.env["loyalty.greeting"]
        cls.greetings.search([]).active = False
        cls.partner.loyalty_consent_profile = True

    @classmethod
    def rule(cls, text, condition="always", **values):
        return cls.greetings.create(
            {"name": text, "text": text, "condition": condition, "company_id": False, **values}
        )

    def greeted(self, **values):
        return self.panel(**values)["greeting"]

    def test_the_first_that_fits(self):
        self.rule("Hello {name}", sequence=90)
        self.rule("Happy birthday {name}", "birthday", sequence=1)
        self.rule("First time here?", "first_visit", sequence=2)
        self.rule("{days} days!", "absent", days=60, sequence=3)
        self.rule("The usual?", "regular", days=30, visits=3, sequence=4)
        self.assertEqual(self.greeted(), "First time here?")
        self.visit(70)
        self.assertEqual(self.greeted(), "70 days!")
        self.visit(2)
        self.assertEqual(self.greeted(), "Hello Linh")
        self.visit(3)
        self.visit(3)
        self.assertEqual(self.greeted(), "Hello Linh", "two orders of one day are one visit")
        self.visit(4)
        self.assertEqual(self.greeted(), "The usual?")
        self.partner.birthdate_date = self.today.replace(year=1996)
        self.assertEqual(self.greeted(), "Happy birthday Linh")

    def test_an_absence_of_years_is_known(self):
        self.rule("{days} days", "absent", days=60)
        self.visit(1000)
        self.assertEqual(self.greeted(), "1000 days")

    def test_who_came_for_the_first_time_today_is_still_new(self):
        self.rule("First time?", "first_visit")
        self.visit(0)
        self.assertEqual(self.greeted(), "First time?")

    def club(self, **values):
        """The partner as a member of a program; returns the member."""
        program = self.env["loyalty.program"].create(
            {"name": "Club", "program_type": "loyalty", "is_membership": True}
        )
        member = self.env["loyalty.member"]._enrol(program, self.partner, "till")
        member.sudo().write(values)
        return member

    def test_who_is_known_is_not_greeted_as_new(self):
        self.rule("First time?", "first_visit")

        def points(_member):
            self.ledger.credit(_member.balance_id, 5, "earn", "known:points")

        def sales_order(_member):
            order = self.env["sale.order"].create({"partner_id": self.partner.id})
            order.action_confirm()
            order.sudo().loyalty_sold_at = self.days_ago(1)

        known = {
            "nothing": ({}, None),
            "joined before": ({"joined_on": self.today - timedelta(days=1)}, None),
            "imported": ({"channel": "import"}, None),
            "points": ({}, points),
            "sales order": ({}, sales_order),
            "visit": ({"last_visit_on": self.today - timedelta(days=1)}, None),
        }
        for name, (values, happens) in known.items():
            with self.subTest(name), self.cr.savepoint() as savepoint:
                member = self.club(**values)
                if happens:
                    happens(member)
                self.assertEqual(self.greeted(), "First time?" if name == "nothing" else "")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_payment_by_wallet_and_a_sales_order_end_an_absence(self):
        self.rule("{days} days", "absent", days=60)
        self.visit(100)
        self.assertEqual(self.greeted(), "100 days")
        member = self.club(last_visit_on=self.today - timedelta(days=70))
        self.assertEqual(self.greeted(), "70 days")
        member.sudo().last_visit_on = self.today
        order = self.env["sale.order"].create({"partner_id": self.partner.id})
        order.action_confirm()
        order.sudo().loyalty_visit_on = self.today - timedelta(days=65)
        self.assertEqual(self.greeted(), "65 days")

    def test_tier_and_special_day(self):
        program = self.env["loyalty.program"].create(
            {"name": "Club", "program_type": "loyalty", "is_membership": True}
        )
        gold = self.env["loyalty.tier"].create({"name": "Gold", "program_id": program.id})
        self.rule("Happy {special_day}!", "special_day")
        self.rule("Welcome, {tier} member", "tier", tier_ids=gold.ids)
        self.assertEqual(self.greeted(), "")
        self.assertEqual(self.greeted(tier=gold), "Welcome, Gold member")
        self.assertEqual(self.greeted(tier=gold, special_day="Tết"), "Happy Tết!")

    def test_without_consent_only_a_first_visit_is_known(self):
        self.partner.write({"loyalty_consent_profile": False, "birthdate_date": "1996-01-01"})
        self.partner.birthdate_date = self.today.replace(year=1996)
        self.rule("Birthday!", "birthday")
        self.rule("First time?", "first_visit")
        self.rule("Long ago", "absent", days=1)
        self.rule("Often here", "regular", days=365, visits=1)
        self.assertEqual(self.greeted(), "First time?")
        self.visit(10)
        self.assertEqual(self.greeted(), "")

    def test_gaps_that_nothing_fills_are_refused(self):
        for text in ("Hello {nmae}", "{}", "{name.__class__}", "Hello {name", "{0}"):
            with self.assertRaises(ValidationError, msg=text):
                self.rule(text)
        with self.assertRaises(ValidationError):
            self.rule("Hello").text = "Hello {who}"

    def test_in_the_language_of_the_cashier(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.rule("Hello {name}").with_context(lang="vi_VN").text = "Chào {name}"
        partner = self.partner.with_user(self.cashier).with_context(lang="vi_VN")
        panel = partner._loyalty_profile_panel(self.config)
        self.assertEqual(panel["greeting"], "Chào Linh")

    def test_another_companys_greetings_stay_there(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.rule("Theirs", company_id=elsewhere.id)
        self.assertEqual(self.greeted(), "")
        self.assertFalse(self.greetings.with_user(self.boss).search([]))

    # -- suggestions, which a till gets when it opens ------------------------------------------

    def suggestion(self, **values):
        drink = self.product("Tea")
        return self.env["loyalty.suggestion"].create(
            {"name": "A tea?", "product_id": drink.id, "product_ids": self.snack.ids, **values}
        )

    def loaded(self):
        session = self.session.with_user(self.cashier)
        return session.load_data(["loyalty.suggestion"])["loyalty.suggestion"]

    def test_a_cashiers_till_loads_them_in_order(self):
        self.assertIn("loyalty.suggestion", self.session._load_pos_data_models(self.config))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        here = self.suggestion(company_id=self.company.id, sequence=1)
        everywhere = self.suggestion(sequence=0)
        self.suggestion(company_id=elsewhere.id)
        found = [row for row in self.loaded() if row["id"] in (here | everywhere).ids]
        self.assertEqual([row["id"] for row in found], [everywhere.id, here.id])
        self.assertEqual(found[0]["product_ids"], self.snack.ids)
        self.assertEqual(len(self.loaded()), len({row["id"] for row in self.loaded()}))

    def test_something_decides_when_it_fits(self):
        with self.assertRaises(ValidationError):
            self.suggestion(product_ids=False)

    def test_cashiers_do_not_edit_them(self):
        suggestion = self.suggestion().with_user(self.cashier)
        with self.assertRaises(AccessError):
            suggestion.name = "Buy!"
