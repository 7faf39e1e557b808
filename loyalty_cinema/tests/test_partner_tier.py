"""Contacts show, find and group by the tier, without anything stored on them."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestPartnerTier(TierCase):
    """Linh is Gold, An is Silver, Bao is no member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.an, cls.bao = cls.partner.create([{"name": "An"}, {"name": "Bao"}])
        cls.enrol(cls.an)._tier_start()
        cls.member._tier_assign(
            cls.gold, "Test", fields.Date.add(cls.company._loyalty_day(), days=10)
        )
        cls.people = cls.partner | cls.an | cls.bao

    def contacts(self, user=None):
        """Contacts as a cashier sees them."""
        return self.env["res.partner"].with_user(user or self.cashier)

    def found(self, *domain, user=None):
        """Which of the three are found."""
        return self.contacts(user).search([("id", "in", self.people.ids), *domain])

    def test_tier_progress_and_review(self):
        partner = self.partner.with_user(self.cashier)
        self.assertEqual(partner.loyalty_tier_id, self.gold)
        self.assertEqual(partner.loyalty_next_tier_id, self.diamond)
        self.assertEqual(partner.loyalty_tier_review_on, self.member.tier_review_on)
        self.assertFalse(self.bao.loyalty_tier_id | self.bao.loyalty_next_tier_id)
        self.assertEqual(self.an.loyalty_tier_progress, 0)
        self.buy(75, partner_id=self.an.id)
        self.an.invalidate_recordset()
        self.assertEqual(self.an.loyalty_tier_progress, 75)
        self.assertEqual(self.an.loyalty_tier_missing, 25)

    def test_searched_by_tier(self):
        for domain, expected in (
            (("loyalty_tier_id", "=", self.gold.id), self.partner),
            (("loyalty_tier_id", "!=", self.gold.id), self.an | self.bao),
            (("loyalty_tier_id", "in", (self.gold | self.silver).ids), self.partner | self.an),
            (("loyalty_tier_id", "in", [False, self.gold.id]), self.partner | self.bao),
            (("loyalty_tier_id", "=", False), self.bao),
            (("loyalty_tier_id", "!=", False), self.partner | self.an),
            (("loyalty_tier_id", "ilike", "gol"), self.partner),
            (("loyalty_tier_id.threshold", ">=", 100), self.partner),
            (("loyalty_tier_review_on", "<=", "today +30d"), self.partner),
            (("loyalty_tier_review_on", ">", "today +30d"), self.partner.browse()),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self.found(domain), expected)

    def test_grouped_by_tier_and_review(self):
        domain = [("id", "in", self.people.ids)]
        groups = self.contacts().formatted_read_group(domain, ["loyalty_tier_id"], ["__count"])
        told = {group["loyalty_tier_id"] and group["loyalty_tier_id"][0] for group in groups}
        self.assertEqual(told, {self.gold.id, self.silver.id, False})
        for group in groups:
            self.assertEqual(self.found(*group["__extra_domain"]).ids.__len__(), group["__count"])
        months = self.contacts()._read_group(domain, ["loyalty_tier_review_on:month"], ["__count"])
        self.assertEqual(sorted(count for _month, count in months), [1, 2])

    def test_sorted_and_offered_in_the_client(self):
        found = self.contacts().search([("id", "in", self.people.ids)], order="loyalty_tier_id, id")
        self.assertEqual(found, self.an | self.partner | self.bao)
        described = self.contacts().fields_get(["loyalty_tier_id", "loyalty_tier_review_on"])
        self.assertTrue(all(d["groupable"] and d["searchable"] for d in described.values()))

    def test_who_left_has_no_tier(self):
        self.member.active = False
        self.assertFalse(self.partner.loyalty_tier_id)
        self.assertFalse(self.found(("loyalty_tier_id", "=", self.gold.id)))
        self.assertEqual(self.found(("loyalty_tier_id", "=", False)), self.partner | self.bao)

    def test_the_tier_is_that_of_the_current_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        partner = self.partner.with_company(other)
        self.assertFalse(partner.loyalty_tier_id)
        self.assertFalse(partner.search([("loyalty_tier_id", "=", self.gold.id)]))

    def test_the_number_of_contacts_costs_no_queries(self):
        counts = []
        for some in (self.people, self.partner, self.people):  # the first one fills caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.cashier).mapped("loyalty_tier_id")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    def test_a_condition_on_the_tier_reaches_what_the_user_may_read_only(self):
        self.assertEqual(self.found(("loyalty_tier_id.name", "=", self.gold.name)), self.partner)
        self.assertEqual(self.found(("loyalty_tier_id", "ilike", self.gold.name)), self.partner)
        codes = [("program_id.coupon_ids", "any", [("code", "=like", "0%")])]
        for asked in (
            ("loyalty_tier_id", "any", codes),
            ("loyalty_tier_id.program_id.coupon_ids.code", "=like", "0%"),
            ("loyalty_tier_id.program_id.coupon_ids.member_card_id.pin_hash", "=like", "$%"),
        ):
            with self.assertRaises(AccessError):
                self.found(asked)

    def test_others_do_not_see_tiers(self):
        plain = new_test_user(self.env, "plain-of-the-test", "base.group_user")
        with self.assertRaises(AccessError):
            self.found(("loyalty_tier_id", "=", self.gold.id), user=plain)
        with self.assertRaises(AccessError):
            self.partner.with_user(plain).read(["loyalty_tier_id"])

    def test_the_form_of_a_contact_shows_it(self):
        with Form(self.partner) as form:
            self.assertEqual(form.loyalty_tier_id, self.gold)
            form.name = "Linh Nguyen"
