"""Members pay the prices of their tier: at the till, in sales orders, and nobody else does."""

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .tier_common import TierCase


class TierPriceCase(TierCase):
    """Gold has 10 % off; a manager set it, with nothing but a manager's rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.office_user("price-manager", "loyalty_cinema.group_manager")
        cls.seller = cls.office_user("price-seller", "sales_team.group_sale_salesman_all_leads")
        cls.gold.with_user(cls.boss).discount = 10

    @classmethod
    def office_user(cls, login, groups):
        """A user of this company with exactly these groups."""
        return new_test_user(
            cls.env,
            login=f"{login}-of-the-test",
            groups=f"base.group_user,{groups}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def sold_to(self, partner):
        """A quotation of one snack, typed by a salesperson."""
        self.snack.list_price = 100
        orders = self.env["sale.order"].with_user(self.seller)
        lines = [Command.create({"product_id": self.snack.id})]
        return orders.create({"partner_id": partner.id, "order_line": lines})

    def pricelist(self, name="List", percent=50, **values):
        """A pricelist of the business."""
        item = {"compute_price": "percentage", "percent_price": percent}
        return self.env["product.pricelist"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "item_ids": [Command.create(item)],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestTierPrices(TierPriceCase):
    """Who gets which prices."""

    def test_a_sales_order_has_the_tiers_prices(self):
        self.assertEqual(self.sold_to(self.partner).amount_untaxed, 100)
        self.assign(self.gold)
        self.assertEqual(self.sold_to(self.partner).amount_untaxed, 90)
        self.assign(self.silver)
        self.assertEqual(self.sold_to(self.partner).amount_untaxed, 100)

    def test_a_purchase_that_lifts_changes_the_next_price(self):
        self.assertEqual(self.price(self.partner), 100)
        order = self.buy(100)
        self.assertEqual((self.member.tier_id, self.price(self.partner)), (self.gold, 90))
        self.give_back((order.lines, 1))
        self.assertEqual((self.member.tier_id, self.price(self.partner)), (self.silver, 100))

    def test_others_do_not_get_it(self):
        """Odoo falls back on any pricelist there is; there is no other one here."""
        self.assign(self.gold)
        others = self.env["product.pricelist"].search([]) - self.gold.pricelist_id
        others.active = False
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        left = self.enrol(stranger.create({"name": "Left"}))
        self.assign(self.gold, left)
        left.active = False
        self.assertEqual(self.price(stranger), 100)
        self.assertEqual(self.price(left.partner_id), 100)
        self.assertEqual(self.price(self.partner), 90)

    def test_a_list_that_has_to_be_earned_is_not_everybodys(self):
        self.diamond.pricelist_id = self.pricelist(sequence=1)
        self.assertEqual(self.price(self.env["res.partner"].create({"name": "Stranger"})), 100)
        self.assign(self.diamond)
        self.assertEqual(self.price(self.partner), 50)

    def test_a_customers_own_pricelist_goes_first(self):
        self.assign(self.gold)
        self.partner.specific_property_product_pricelist = self.pricelist()
        self.assertEqual(self.price(self.partner), 50)

    def test_a_tier_of_another_company_counts_nothing_here(self):
        self.assign(self.gold)
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        self.assertEqual(self.price(self.partner.with_company(other)), 100)

    def test_branches_give_the_prices_of_the_company_above(self):
        self.assign(self.gold)
        branch = self.env["res.company"].create({"name": "B", "parent_id": self.company.id})
        self.env.user.company_ids |= branch
        self.assertEqual(self.price(self.partner.with_company(branch)), 90)

    def test_many_customers_cost_one_query(self):
        self.assign(self.gold)
        partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(20)])
        for partner in partners[:10]:
            self.assign(self.gold, self.enrol(partner))
        prices = self.env["product.pricelist"].with_user(self.seller)
        counts = []
        for some in (partners, partners[:2], partners):  # the first one fills caches
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = prices._loyalty_tier_prices(some.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
        self.assertEqual(len(found), 10)


@tagged("post_install", "-at_install")
class TestTierPriceAtTill(TierPriceCase):
    """The till knows the tiers' prices, and whose they are."""

    def loaded(self, model):
        """What the cashier's till loads of a model."""
        session = self.session.with_user(self.cashier)
        return session.load_data([])[model]

    def test_the_till_loads_the_prices_of_tiers(self):
        lists = [row["id"] for row in self.loaded("product.pricelist")]
        self.assertIn(self.gold.pricelist_id.id, lists)
        items = self.loaded("product.pricelist.item")
        [item] = [row for row in items if row["pricelist_id"] == self.gold.pricelist_id.id]
        self.assertEqual((item["compute_price"], item["percent_price"]), ("percentage", 10))

    def test_the_till_loads_what_prices_are_worked_out_from(self):
        base = self.pricelist("Base")
        item = {"base": "pricelist", "base_pricelist_id": base.id, "compute_price": "formula"}
        self.diamond.pricelist_id = self.pricelist(item_ids=[Command.create(item)])
        lists = [row["id"] for row in self.loaded("product.pricelist")]
        self.assertIn(base.id, lists)
        self.assertIn(self.diamond.pricelist_id.id, lists)

    def test_the_till_is_told_the_customers_list(self):
        self.assign(self.gold)
        partner = self.partner.with_user(self.cashier)
        names = partner._load_pos_data_fields(self.config)
        [row] = partner.read(names, load=False)
        self.assertEqual(row["property_product_pricelist"], self.gold.pricelist_id.id)

    def test_lists_of_another_currency_stay_out(self):
        other = self.env.ref("base.EUR" if self.company.currency_id.name != "EUR" else "base.USD")
        other.active = True
        self.diamond.pricelist_id = self.pricelist(currency_id=other.id)
        lists = [row["id"] for row in self.loaded("product.pricelist")]
        self.assertNotIn(self.diamond.pricelist_id.id, lists)


@tagged("post_install", "-at_install")
class TestTierDiscount(TierPriceCase):
    """A percentage keeps a pricelist."""

    def test_the_list_follows_the_discount(self):
        kept = self.gold.pricelist_id
        self.assertEqual(kept.item_ids.percent_price, 10)
        self.gold.with_user(self.boss).discount = 12.5
        self.assertEqual((self.gold.pricelist_id, kept.item_ids.percent_price), (kept, 12.5))
        self.gold.with_user(self.boss).discount = 0
        self.assertEqual((self.gold.pricelist_id.id, kept.active), (False, False))
        self.gold.with_user(self.boss).discount = 5
        self.assertEqual((self.gold.pricelist_id, kept.active), (kept, True))

    def test_it_is_set_on_the_tiers_form(self):
        with Form(self.diamond.with_user(self.boss)) as form:
            form.discount = 20
        self.assertEqual(self.diamond.pricelist_id.item_ids.percent_price, 20)

    def test_the_list_is_changed_on_the_tier_only(self):
        seller = self.office_user("price-seller-2", "sales_team.group_sale_manager")
        kept = self.gold.pricelist_id.with_user(seller)
        with self.assertRaisesRegex(UserError, "Change it on the tier"):
            kept.item_ids.percent_price = 99
        with self.assertRaisesRegex(UserError, "Change it on the tier"):
            kept.item_ids = [Command.create({"compute_price": "fixed", "fixed_price": 1})]

    def test_cashiers_and_salespersons_change_no_prices_of_tiers(self):
        for user in (self.cashier, self.seller):
            for record, values in (
                (self.gold, {"discount": 90}),
                (self.gold, {"pricelist_id": False}),
                (self.gold.pricelist_id.item_ids, {"percent_price": 90}),
                (self.gold.pricelist_id, {"loyalty_tier_id": False}),
                (self.rule, {"tier_ids": [Command.clear()]}),
                (self.company, {"loyalty_discount_program_id": self.program.id}),
            ):
                with self.subTest(user=user.login, record=record), self.assertRaises(UserError):
                    record.with_user(user).write(values)

    def test_either_a_discount_or_a_list(self):
        with self.assertRaisesRegex(ValidationError, "either a discount or a pricelist"):
            self.diamond.write({"discount": 5, "pricelist_id": self.pricelist().id})

    def test_a_list_of_another_company_is_refused(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "of its own company"):
            self.diamond.pricelist_id = self.pricelist(company_id=other.id)

    def test_nobody_types_which_tier_keeps_a_pricelist(self):
        clerk = self.office_user("list-clerk", "point_of_sale.group_pos_manager")
        lists = self.env["product.pricelist"].with_user(clerk)
        with self.assertRaises(UserError):
            lists.create({"name": "Mine", "loyalty_tier_id": self.gold.id})
        forged = lists.with_context(default_loyalty_tier_id=self.gold.id).create({"name": "Mine"})
        self.assertFalse(forged.loyalty_tier_id)
        with self.assertRaises(UserError):
            forged.loyalty_tier_id = self.gold
        with self.assertRaises(UserError):
            self.gold.pricelist_id.with_user(clerk).loyalty_tier_id = False
        item = self.pricelist().item_ids
        with self.assertRaises(UserError):
            item.with_user(clerk).pricelist_id = self.gold.pricelist_id

    def test_pricelists_are_switched_on_with_the_first_discount(self):
        settings = self.env["res.config.settings"]
        settings.create({"group_product_pricelist": False}).execute()
        self.assertFalse(self.gold.pricelist_id.active, "Odoo archives them all")
        self.diamond.with_user(self.boss).discount = 15
        self.assertTrue(self.seller.has_group("product.group_product_pricelist"))
        self.assertTrue(self.gold.pricelist_id.active)
        self.assign(self.diamond)
        self.assertEqual(self.price(self.partner), 85)

    def test_a_deleted_tier_leaves_no_prices_behind(self):
        kept = self.gold.pricelist_id
        self.gold.unlink()
        self.assertFalse(kept.active)
        self.assertEqual(self.price(self.partner), 100)
