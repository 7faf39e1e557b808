from odoo.tests import tagged

from .benefit_common import BenefitMixin
from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestBenefitWords(BenefitMixin, MemberCase):
    """A benefit says what it is worth (O2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_ladder()

    def worth(self, program, **values):
        return self.benefit(self.gold, coupon_program_id=program.id, **values).worth

    def test_worth(self):
        food = self.env["product.category"].create({"name": "Food and drink"})
        popcorn = self.env["product.product"].create({"name": "Popcorn"})
        money = self.program.currency_id.format
        self.assertEqual(self.worth(self.coupons()), "30 % off the whole order")
        self.assertEqual(
            self.worth(self.food_coupons(food), amount=400), f"{money(400)} for Food and drink"
        )
        most = self.coupons(discount_max_amount=50, discount_applicability="cheapest")
        self.assertEqual(self.worth(most), f"30 % off the cheapest product, at most {money(50)}")
        fixed = self.coupons(discount_mode="per_order", discount=5)
        self.assertEqual(self.worth(fixed), f"{money(5)} off the whole order")
        free = self.coupons(
            reward_type="product", reward_product_id=popcorn.id, reward_product_qty=2
        )
        self.assertEqual(self.worth(free), "2 × Popcorn for free")

    def test_a_service_has_no_worth(self):
        benefit = self.benefit(self.gold, "always", "service")
        self.assertFalse(benefit.worth)
