from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ..exceptions import LoyaltyError
from .profile_common import ProfileCase


@tagged("post_install", "-at_install")
class TestTaste(ProfileCase):
    """Purchases teach tastes, at night, of those who let them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()  # tastes are learned by UTC
        cls.partner.loyalty_consent_profile = True
        cls.taste = cls.env["loyalty.taste"].create(
            {"name": "Popcorn", "category": "food", "product_ids": cls.snack.ids}
        )

    def learn(self, batch_size=5000):
        """One night; the tastes of the customer."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=True):
            self.env["loyalty.taste"]._cron_learn(batch_size)
        return self.partner.loyalty_learned_taste_ids

    def again(self, days=1):
        """As if the last run was so many days ago."""
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_partner SET loyalty_learned_on = %s::date - %s", (self.today, days)
        )
        self.env.invalidate_all()

    def visits(self, count, *products, **values):
        return [self.visit(days + 1, *products, **values) for days in range(count)]

    def test_so_many_orders_teach_it(self):
        self.visits(2, self.snack, self.snack)
        self.assertFalse(self.learn(), "two orders, however much is in them")
        self.again()
        self.visit(0)
        self.assertEqual(self.learn(), self.taste)

    def test_what_was_given_back_or_is_too_old_teaches_nothing(self):
        first, *_rest = self.visits(3)
        self.visit(0, self.snack, refund_of=first)
        self.visit(380)
        self.assertFalse(self.learn())

    def test_sales_orders_teach_too(self):
        self.visits(2)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [Command.create({"product_id": self.snack.id})],
            }
        )
        self.assertFalse(self.learn(), "a quotation is no purchase")
        order.action_confirm()
        self.again()
        self.assertEqual(self.learn(), self.taste)

    def test_products_categories_below_and_tags_teach(self):
        Category, PosCategory = self.env["product.category"], self.env["pos.category"]
        films, snacks = Category.create({"name": "Films"}), PosCategory.create({"name": "Snacks"})
        below = Category.create({"name": "Horror", "parent_id": films.id})
        salty = PosCategory.create({"name": "Salty", "parent_id": snacks.id})
        tags = self.env["product.tag"].create([{"name": "Hot"}, {"name": "Iced"}])
        taught = {
            "categ": ({"category_ids": films.ids}, {"categ_id": below.id}),
            "pos": ({"pos_category_ids": snacks.ids}, {"pos_categ_ids": salty.ids}),
            "tag": ({"tag_ids": tags[0].ids}, {"product_tag_ids": tags[0].ids}),
            "variant": ({"tag_ids": tags[1].ids}, {"additional_product_tag_ids": tags[1].ids}),
        }
        for name, (teaches, product) in taught.items():
            taste = self.taste.create({"name": name, "learned_after": 1, **teaches})
            self.visit(1, self.product(name, **product))
            with self.subTest(name):
                self.assertEqual(self.learn() & taste, taste)
            self.again()

    def test_only_with_consent_and_forgotten_with_it(self):
        self.visits(3)
        self.partner.loyalty_consent_profile = False
        self.assertFalse(self.learn())
        self.partner.loyalty_consent_profile = True
        self.assertEqual(self.learn(), self.taste)
        self.partner.with_user(self.boss).loyalty_consent_profile = False
        self.assertFalse(self.partner.loyalty_learned_taste_ids)

    def test_a_taste_that_purchases_no_longer_show_is_forgotten(self):
        for days in (40, 41, 42):
            self.visit(days)
        self.learn()
        self.taste.learned_after = 4
        self.again(days=20)
        self.assertEqual(self.learn(), self.taste, "nothing new was bought: looked at once a month")
        self.again(days=31)
        self.assertFalse(self.learn())

    def test_a_taste_of_another_company_is_not_learned(self):
        self.taste.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.visits(3)
        self.assertFalse(self.learn())

    def test_nobody_types_what_is_learned(self):
        partner = self.partner.with_user(self.boss)
        for values in (
            {"loyalty_learned_taste_ids": [Command.set(self.taste.ids)]},
            {"loyalty_learned_on": self.today},
        ):
            with self.assertRaises(LoyaltyError):
                partner.write(values)
            with self.assertRaises(LoyaltyError):
                partner.create({"name": "Mai", **values})
            defaults = {f"default_{name}": value for name, value in values.items()}
            new = partner.with_context(**defaults).create({"name": "Mai"})
            self.assertFalse(new.loyalty_learned_taste_ids or new.loyalty_learned_on)

    def test_batches_cost_the_same_and_a_stopped_run_is_gone_on_with(self):
        guests = self.env["res.partner"].create(
            [{"name": str(n), "loyalty_consent_profile": True} for n in range(6)]
        )
        for guest in guests:
            self.visits(3, partner=guest)
        learn, counts = self.env["loyalty.taste"]._learn, []
        teaching = self.env["loyalty.taste"]._teaching()
        for limit in (2, 5):
            self.env.flush_all()
            before = self.cr.sql_log_count
            found = learn(limit=limit, teaching=teaching)
            self.assertEqual(len(found), limit)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts, [2, 2])
        self.learn()
        self.assertEqual(guests.loyalty_learned_taste_ids, self.taste)
        self.assertEqual(set(guests.mapped("loyalty_learned_on")), {self.today})
        self.assertEqual(learn(), [], "who was learned of today is not due")
