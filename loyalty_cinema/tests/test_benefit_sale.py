from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .benefit_common import BenefitMixin
from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestBenefitSale(BenefitMixin, SalePointsCase):
    """Vouchers on sales orders: there without a code, used in parts, given back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.cashier.copy({"login": "boss-of-the-test"})
        cls.boss.group_ids = cls.env.ref("loyalty_cinema.group_manager")
        cls.make_ladder()
        cls.put_in(cls.diamond, cls.member)
        category = cls.env["product.category"].create({"name": "Food"})
        cls.burger = cls.goods("Burger", categ_id=category.id, invoice_policy="order")
        cls.food_program = cls.food_coupons(category)
        cls.percent_program = cls.coupons("30 % of the house")
        cls.seller = new_test_user(
            cls.env,
            "seller-of-vouchers",
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        for program in (cls.food_program, cls.percent_program):
            program.reward_ids.discount_line_product_id.invoice_policy = "order"

    def setUp(self):
        super().setUp()
        food = {"coupon_program_id": self.food_program.id, "amount": 750}
        benefit = self.benefit(self.diamond, "period", **food)
        self.food = benefit._give(benefit._today(), self.member.ids)
        self.voucher = self.food.coupon_id

    def order_of(self, *lines, **values):
        """A quotation of a salesperson, with what can be claimed on it."""
        order = self.quotation(*lines, **values).with_user(self.seller)
        order._update_programs_and_rewards()
        return order

    def claimed(self, price, program=None, **values):
        """An order of a burger on which the voucher is claimed; not confirmed."""
        order = self.order_of((1, price, self.burger), **values)
        rewards = order._get_claimable_rewards()
        voucher = next(v for v in rewards if v.program_id == (program or self.food_program))
        order._apply_program_reward(rewards[voucher], voucher)
        order._update_programs_and_rewards()
        return order

    def test_a_members_voucher_needs_no_code_and_is_spent_in_parts(self):
        order = self.claimed(300)
        self.assertEqual(order.amount_total, 0)
        order.action_confirm()
        self.assertEqual((self.voucher.points, self.food.state), (450, "issued"))
        order = self.claimed(500)
        self.assertEqual(order.amount_total, 50)
        order.action_confirm()
        self.assertEqual((self.voucher.points, self.food.state), (0, "used"))
        self.assertFalse(self.order_of((1, 100, self.burger))._get_claimable_rewards())
        self.assert_whole()

    def test_a_cancelled_order_gives_it_back(self):
        order = self.claimed(300)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual((self.voucher.points, self.food.state), (750, "issued"))

    def test_a_credit_note_gives_it_back(self):
        order = self.claimed(1000)
        order.action_confirm()
        order = order.with_env(self.env)
        self.invoice(order)
        self.assertEqual((self.voucher.points, self.food.state), (0, "used"))
        self.credit(order)
        self.assertEqual((self.voucher.points, self.food.state), (750, "issued"))
        self.assert_whole()

    def test_a_percentage_is_used_once(self):
        benefit = self.benefit(
            self.diamond, "period", coupon_program_id=self.percent_program.id, name="30 %"
        )
        issue = benefit._give(benefit._today(), self.member.ids)
        order = self.claimed(100, self.percent_program)
        self.assertEqual(order.amount_total, 70)
        order.action_confirm()
        self.assertEqual((issue.coupon_id.points, issue.state), (0, "used"))

    def test_an_expired_voucher_is_not_offered_and_comes_off_a_quotation(self):
        order = self.claimed(300)
        self.voucher.expiration_date = self.company._loyalty_day() - timedelta(days=2)
        order.action_confirm()
        self.assertEqual((order.amount_total, self.voucher.points), (300, 750))
        self.assertFalse(self.order_of((1, 100, self.burger))._get_claimable_rewards())

    def test_a_line_that_names_an_expired_voucher_by_hand_is_refused(self):
        order = self.claimed(300)
        values = order.order_line.filtered("coupon_id").copy_data()[0]
        other = self.order_of((1, 300, self.burger))
        other.action_confirm()
        self.voucher.expiration_date = self.company._loyalty_day() - timedelta(days=2)
        with self.assertRaisesRegex(UserError, "could be used until"), self.cr.savepoint():
            other.order_line.create({**values, "order_id": other.id})

    def test_who_began_to_pay_in_time_is_in_time(self):
        order = self.claimed(300)
        yesterday = self.company._loyalty_day() - timedelta(days=1)
        self.voucher.expiration_date = yesterday
        with patch.object(type(order), "_get_confirmed_tx_create_date", lambda _order: yesterday):
            order.action_confirm()
        self.assertEqual((order.state, self.voucher.points), ("sale", 450))

    def test_it_leaves_with_its_owner(self):
        order = self.claimed(300).with_env(self.env)
        order.partner_id = self.person("Other")
        order._update_programs_and_rewards()
        self.assertFalse(order.order_line.coupon_id | order.applied_coupon_ids)
        self.assertEqual(order.amount_total, 300)

    def test_a_seller_gives_it_to_nobody_else_and_takes_its_price(self):
        order = self.claimed(300)
        line = order.order_line.filtered("coupon_id")
        line.points_cost = 1
        order.action_confirm()
        self.assertEqual(self.voucher.points, 450, "Odoo worked the price out again")
        other = self.order_of((1, 300, self.burger), partner_id=self.person("Other").id)
        other.order_line.create(
            {
                "order_id": other.id,
                "name": "Food and drink",
                "product_id": line.product_id.id,
                "price_unit": -300,
                "coupon_id": self.voucher.id,
                "reward_id": line.reward_id.id,
                "points_cost": 300,
            }
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            other._check_claims()
        other.action_confirm()
        self.assertFalse(other.order_line.coupon_id, "Odoo took it off")
        self.assertEqual(self.voucher.points, 450)

    def test_what_else_is_refunded_does_not_take_from_the_voucher(self):
        order = self.claimed(300)
        order.action_confirm()
        again = self.sold((1, 100))
        self.invoice(again)
        self.credit(again)
        self.assertEqual(self.voucher.points, 450)
