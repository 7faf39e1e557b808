"""A discount card from the settings to the end of the discount."""

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..exceptions import BalanceUnusable
from .test_tier_pricelist import TierPriceCase


class DiscountCardCase(TierPriceCase):
    """The company has set discount cards up: 200 spent within a year give 10 %, 500 give 15 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("loyalty_cinema.kind_discount")
        cls.kind.tracks_discount = True
        with Form(cls.env["res.config.settings"]) as settings:
            cls.opened = settings.save().action_loyalty_setup_discount()
        cls.discounts = cls.company.loyalty_discount_program_id
        cls.minh = cls.env["res.partner"].create({"name": "Minh"})
        cls.card = cls.issue(cls.minh)

    @classmethod
    def issue(cls, holder):
        """A card of a new holder, issued by a manager in the back office."""
        with Form(cls.env["loyalty.member.card"].with_user(cls.boss)) as form:
            form.kind_id = cls.kind
            form.holder_id = holder
        card = form.save()
        card.action_activate()
        return card

    def spend(self, *prices, partner=None, **values):
        """A purchase of the holder, today unless told otherwise."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        values = {"date_order": now, **values}
        return self.buy(*prices, partner_id=(partner or self.minh).id, **values)

    def band(self):
        """The discount that the holder has now."""
        self.card.invalidate_recordset()
        return self.card.discount


@tagged("post_install", "-at_install")
class TestDiscountCardSetup(DiscountCardCase):
    """Started from the settings."""

    def test_the_settings_make_a_program_without_points(self):
        self.assertEqual(self.opened["res_id"], self.discounts.id)
        bands = self.discounts.tier_ids.mapped(lambda tier: (tier.threshold, tier.discount))
        self.assertEqual(bands, [(200, 10), (500, 15)])
        self.assertFalse(self.discounts.earn_rule_ids or self.discounts.rule_ids)
        self.assertEqual(self.company.loyalty_points_program_id, self.program)

    def test_it_is_not_the_program_that_customers_join(self):
        with self.assertRaisesRegex(ValidationError, "Choose another one"):
            self.company.loyalty_points_program_id = self.discounts

    def test_set_up_again_changes_nothing(self):
        self.company._loyalty_setup_discount()
        self.assertEqual(self.company.loyalty_discount_program_id, self.discounts)

    def test_a_company_that_has_no_membership_keeps_none(self):
        other = self.env["res.company"].create({"name": "Other", "currency_id": self.vnd().id})
        other._loyalty_setup_discount()
        self.assertFalse(other.loyalty_points_program_id)
        bands = other.loyalty_discount_program_id.tier_ids.mapped("threshold")
        self.assertEqual(bands, [2_000_000, 5_000_000])

    def vnd(self):
        """The currency of Vietnam, in use."""
        currency = self.env.ref("base.VND")
        currency.active = True
        return currency

    def test_a_card_needs_a_holder(self):
        card = self.env["loyalty.member.card"].create({"kind_id": self.kind.id})
        with self.assertRaises(BalanceUnusable):
            card._activate()

    def test_a_card_needs_the_program(self):
        self.company.loyalty_discount_program_id = False
        card = self.env["loyalty.member.card"].create(
            {"kind_id": self.kind.id, "holder_id": self.partner.id}
        )
        with self.assertRaisesRegex(BalanceUnusable, "no discount program"):
            card._activate()


@tagged("post_install", "-at_install")
class TestDiscountCard(DiscountCardCase):
    """Tracked, reached, given, ended."""

    def test_bands_are_reached_by_purchases(self):
        self.assertEqual((self.band(), self.price(self.minh)), (0, 100))
        self.spend(150, 49.99)
        self.assertEqual((self.band(), self.card.discount_spent), (0, 199.99))
        self.spend(0.01)
        self.assertEqual((self.band(), self.price(self.minh)), (10, 90))
        self.assertEqual(self.card.discount_missing, 300)
        self.spend(300)
        self.assertEqual((self.band(), self.price(self.minh)), (15, 85))
        self.assertEqual(self.card.discount_member_id.points, 0, "no points")
        self.assert_whole()

    def test_a_sales_order_is_tracked_and_discounted(self):
        self.snack.invoice_policy = "order"
        order = self.sold_to(self.minh)
        order.order_line.product_uom_qty = 2
        order.action_confirm()
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({})._create_payments()
        self.assertEqual((self.card.discount_spent, self.band()), (200, 10))
        self.assertEqual(self.sold_to(self.minh).amount_untaxed, 90)

    def test_a_refund_takes_the_band_back(self):
        order = self.spend(200)
        self.assertEqual(self.band(), 10)
        self.give_back((order.lines, 1), partner_id=self.minh.id)
        self.assertEqual((self.band(), self.price(self.minh)), (0, 100))

    def test_the_discount_ends_after_its_time(self):
        self.spend(250)
        until = self.card.discount_review_on
        self.assertEqual(until, fields.Date.add(self.company._loyalty_day(), years=1))
        review = self.env["loyalty.tier.review"]
        review._review(self.discounts, fields.Date.subtract(until, days=1), limit=10)
        self.assertEqual(self.band(), 10)
        review._review(self.discounts, until, limit=10)._after_changes()
        self.assertEqual((self.band(), self.price(self.minh)), (0, 100))

    def test_purchases_before_the_period_do_not_count(self):
        long_ago = fields.Date.subtract(self.company._loyalty_day(), months=13)
        self.session.start_at = f"{long_ago} 07:00:00"
        self.spend(150, date_order=f"{long_ago} 10:00:00")
        self.spend(60)
        self.assertEqual((self.card.discount_spent, self.price(self.minh)), (60, 100))

    def test_a_replaced_card_keeps_what_was_reached(self):
        self.spend(200)
        new = self.env["loyalty.member.card"].create({"kind_id": self.kind.id})
        self.card._replace(new, "Broken")
        self.assertEqual((new.discount, new.discount_spent), (10, 200))

    def test_who_takes_a_card_over_starts_anew(self):
        self.spend(200)
        self.card.with_user(self.boss).holder_id = self.partner
        self.assertEqual((self.band(), self.card.discount_spent), (0, 0))
        self.assertTrue(self.discounts._member_balances(self.partner))

    def both(self, gold=20):
        """Linh is Gold with that discount, and has reached 10 % on a discount card."""
        self.gold.discount = gold
        self.card = self.issue(self.partner)
        self.spend(200, partner=self.partner)
        self.assertEqual((self.member.tier_id, self.band()), (self.gold, 10))

    def price(self, partner):
        """As the next request would find it."""
        self.env.flush_all()
        self.env.invalidate_all()
        return super().price(partner)

    def panel(self):
        """What the cashier sees of Linh, in one call."""
        answer = self.till.member(self.session.id, {"partner_id": self.partner.id})
        self.assertTrue(answer["ok"], answer)
        return answer["panel"]

    def test_the_better_price_holds_and_the_till_says_why(self):
        """E11: a Gold member (20 %) who took a card of 10 % paid the worse price from then on."""
        self.both()
        self.assertEqual(self.price(self.partner), 80)
        self.assertEqual(self.sold_to(self.partner).amount_untaxed, 80)
        panel = self.panel()
        self.assertEqual(panel["pricelist_id"], self.gold.pricelist_id.id)
        self.assertEqual(
            panel["prices"], "Prices: Gold, 20 % off (better than discount card, 10 % off)"
        )
        self.gold.discount = 5.5
        self.assertEqual(self.price(self.partner), 90)
        self.assertEqual(
            self.panel()["prices"],
            "Prices: discount card, 10 % off (better than Gold, 5.5 % off)",
        )

    def test_the_company_may_say_which_holds(self):
        self.both()
        self.company.loyalty_tier_prices = "card"
        self.assertEqual(self.price(self.partner), 90)
        self.assertIn("(goes before Gold, 20 % off)", self.panel()["prices"])
        self.gold.discount = 5
        self.company.loyalty_tier_prices = "membership"
        self.assertEqual(self.price(self.partner), 95)
        branch = self.env["res.company"].create({"name": "B", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.assertEqual(self.price(self.partner.with_company(branch)), 95)

    def test_prices_that_are_no_percentage_go_before(self):
        self.both(gold=0)
        item = {"applied_on": "1_product", "product_tmpl_id": self.snack.product_tmpl_id.id}
        item |= {"compute_price": "fixed", "fixed_price": 95}
        self.gold.pricelist_id = self.pricelist("Gold days", item_ids=[Command.create(item)])
        self.assertEqual(self.price(self.partner), 95)
        self.assertEqual(
            self.panel()["prices"], "Prices: Gold (goes before discount card, 10 % off)"
        )
        self.gold.pricelist_id = self.pricelist("Gold days", percent=30)
        self.assertEqual(self.price(self.partner), 70)

    def test_ordinary_and_own_prices_are_told_as_such(self):
        self.assertEqual(self.panel()["prices"], "")
        self.both(gold=0)
        self.assertEqual((self.price(self.partner), self.panel()["prices"]), (90, ""))
        self.partner.specific_property_product_pricelist = self.pricelist("Friends")
        self.assertEqual(self.panel()["prices"], "Prices: Friends, the customer's own")
        self.partner.specific_property_product_pricelist = self.config.pricelist_id
        self.card.sudo().discount_member_id.active = self.member.active = False
        self.assertEqual(self.panel()["prices"], "", "as everybody pays")

    def test_the_band_holds_where_it_is_the_larger_discount(self):
        """Linh is Gold (10 %) in the club; the second band of her card gives 15 %."""
        self.card = self.issue(self.partner)
        self.assign(self.gold)
        self.spend(20, partner=self.partner)
        self.assertEqual(self.price(self.partner), 90, "no band yet")
        self.spend(480, partner=self.partner)
        self.assertEqual(self.price(self.partner), 85)


@tagged("post_install", "-at_install")
class TestDiscountCardAtTill(DiscountCardCase):
    """The cashier scans it: the customer is known, and with the customer the prices."""

    def test_a_scanned_card_names_the_customer(self):
        self.spend(200)
        code = self.card.sudo().code
        answer = self.till.member(self.session.id, {"code": code})
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(answer["partner_id"], self.minh.id)
        self.assertEqual(answer["balances"], [], "there are no points to show")
        discount = answer["panel"]["discount"]
        told = [discount[name] for name in ("percent", "spent", "missing", "next")]
        self.assertEqual(told, [10, 200, 300, 15])
        partner = self.minh.with_user(self.cashier)
        self.assertEqual(partner.property_product_pricelist.item_ids.percent_price, 10)

    def test_a_cashier_activates_it_for_a_customer(self):
        card = self.env["loyalty.member.card"].create({"kind_id": self.kind.id})
        answer = self.till.card_action(
            self.session.id, "activate", {"code": card.code}, {"partner_id": self.partner.id}
        )
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(card.discount_member_id.partner_id, self.partner)

    def test_the_till_has_nothing_to_offer_from_it(self):
        programs = self.session.with_user(self.cashier).load_data([])["loyalty.program"]
        ids = [row["id"] for row in programs]
        self.assertIn(self.program.id, ids)
        self.assertNotIn(self.discounts.id, ids)

    def test_the_receipt_says_nothing_of_points(self):
        self.assertFalse((self.spend(200).loyalty_receipt or {}).get("points"))

    def test_the_receipt_tells_what_the_card_did(self):
        """Nothing saved yet, the band reached; then what it saved, and what is missing."""
        first = self.spend(200).loyalty_receipt["discount"]
        self.assertEqual((first["used"], first["saved"], first["percent"]), (0, 0, 10))
        self.assertEqual((first["missing"], first["next"]), (300, 15))
        self.assertEqual(first["masked_code"], self.card.masked_code)
        pricelist = self.minh.property_product_pricelist
        order = self.spend(180, pricelist_id=pricelist.id)
        then = order.loyalty_receipt["discount"]
        self.assertEqual((then["used"], then["saved"], then["percent"]), (10, 20, 10))
        self.assertEqual((then["missing"], then["next"]), (120, 15))
