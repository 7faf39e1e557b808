"""The ladder of another business, set up from its settings screens alone.

A grill house: its tiers go by what is spent within the calendar year and start anew after every
31 December. Meat and drinks have rates of their own in each tier. Who joins on or after 1 November
takes what was spent along through the next year. Forms only: what they do not show cannot be set.
"""

from datetime import date

from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from .points_common import PointsCase

#: Percent to spend, by tier: on meat, on drinks.
RATES = {"Guest": (3, 1), "Regular": (6, 2), "Patron": (10, 4)}
THRESHOLDS = {"Guest": 0, "Regular": 1000, "Patron": 5000}


@tagged("post_install", "-at_install")
class TestOtherLadder(PointsCase):
    """Its owner may change settings and look after members, and is no administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,point_of_sale.group_pos_manager,product.group_product_manager"
        cls.owner = new_test_user(
            cls.env,
            login="grill-of-the-test",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        categories = cls.env["product.category"].create([{"name": "Meat"}, {"name": "Drinks"}])
        cls.meat, cls.drinks = categories
        cls.steak = cls.goods("Steak", categ_id=cls.meat.id)
        cls.beer = cls.goods("Beer", categ_id=cls.drinks.id)
        cls.grill = cls.set_up_program()
        cls.set_up_rates()
        cls.tiers = {tier.name: tier for tier in cls.grill.tier_ids}
        cls.this_year = cls.company._loyalty_day().year

    # -- the settings screens ------------------------------------------------------------------

    @classmethod
    def set_up_program(cls):
        """The program's form: what tiers count, over which time, and the tiers."""
        view = "loyalty.loyalty_program_view_form"
        with Form(cls.env["loyalty.program"].with_user(cls.owner), view) as form:
            form.name = "Grill club"
            form.program_type = "loyalty"
            form.is_membership = True
            form.points_expiry = "fixed_day"
            form.expiry_day, form.expiry_month = 31, "12"
            form.tier_measure = "spend"
            form.tier_window = "calendar"
            form.tier_carry_over = True
            form.tier_carry_day, form.tier_carry_month = 1, "11"
            for name, threshold in THRESHOLDS.items():
                with form.tier_ids.new() as tier:
                    tier.name, tier.threshold = name, threshold
        return form.record

    @classmethod
    def set_up_rates(cls):
        """The program's form again: a rate for each tier and category."""
        view = "loyalty.loyalty_program_view_form"
        with Form(cls.grill, view) as form:
            for tier in cls.grill.tier_ids:
                for category, rate in zip((cls.meat, cls.drinks), RATES[tier.name], strict=True):
                    with form.earn_rule_ids.new() as rule:
                        rule.name = f"{category.name} for {tier.name}"
                        rule.rate = rate
                        rule.category_ids.add(category)
                        rule.tier_ids.add(tier)

    def join(self, name, joined_on):
        """A member, by the form of members."""
        members = self.env["loyalty.member"].with_user(self.owner)
        with Form(members.with_context(default_program_id=self.grill.id)) as form:
            form.partner_id = self.env["res.partner"].create({"name": name})
            form.joined_on = joined_on
        return form.record

    # -- what happens then ---------------------------------------------------------------------

    def eat(self, member, meat, drinks=0, on=None):
        """A bill at the till; returns the points it brought."""
        before = member.points
        lines = [self.line(self.steak, 1, meat, False)]
        lines += [self.line(self.beer, 1, drinks, False)] if drinks else []
        day = on or self.company._loyalty_day()
        if on:
            self.session.start_at = f"{on} 07:00:00"  # a till that was offline since
        self.buy(lines=lines, partner_id=member.partner_id.id, date_order=f"{day} 10:00:00")
        member.invalidate_recordset()
        return member.points - before

    def review(self, year):
        """The nightly review of the first of January."""
        day = date(year, 1, 1)
        self.env["loyalty.tier.review"]._review(self.grill, day)._after_changes()

    def test_each_tier_has_its_rates_for_each_category(self):
        member = self.join("Guest", self.company._loyalty_day())
        for tier, (meat, drinks) in RATES.items():
            member.sudo()._tier_assign(self.tiers[tier], "Test")
            self.assertEqual(self.eat(member, 200, 100), 2 * meat + drinks, tier)

    def test_tiers_are_reached_by_what_is_spent(self):
        member = self.join("Guest", self.company._loyalty_day())
        self.assertEqual(member.tier_id, self.tiers["Guest"])
        self.assertEqual(self.eat(member, 999.99), 29)
        self.assertEqual(member.tier_id, self.tiers["Guest"])
        self.eat(member, 0.01)
        self.assertEqual(member.tier_id, self.tiers["Regular"])
        self.assertEqual(self.eat(member, 4000), 240)
        self.assertEqual(member.tier_id, self.tiers["Patron"])

    def test_the_year_starts_anew_after_31_december(self):
        last_year = self.this_year - 1
        member = self.join("October", date(last_year, 10, 31))
        self.eat(member, 600, on=date(last_year, 12, 20))
        self.eat(member, 500)
        self.assertEqual(member.tier_id, self.tiers["Guest"], "600 were last year's")
        self.assertEqual(member.qualifying_in_period, 500)
        self.eat(member, 500)
        self.assertEqual(member.tier_id, self.tiers["Regular"])
        self.assertEqual(member.tier_review_on, date(self.this_year + 1, 1, 1))
        self.review(self.this_year + 1)
        self.assertEqual(member.tier_id, self.tiers["Regular"], "earned for the next year")
        self.review(self.this_year + 2)
        self.assertEqual(member.tier_id, self.tiers["Guest"])

    def test_who_joins_from_november_on_is_carried_over(self):
        last_year = self.this_year - 1
        member = self.join("November", date(last_year, 11, 1))
        self.eat(member, 600, on=date(last_year, 12, 20))
        self.review(self.this_year)
        self.eat(member, 500)
        self.assertEqual(member.tier_id, self.tiers["Regular"], "600 of last year count")
        self.assertEqual(member.tier_review_on, date(self.this_year + 1, 1, 1))

    def test_points_to_spend_end_with_the_year(self):
        member = self.join("Guest", self.company._loyalty_day())
        self.eat(member, 100)
        lots = member.sudo().balance_id.lot_ids
        self.assertEqual(lots.mapped("expires_on"), [date(self.this_year, 12, 31)])
