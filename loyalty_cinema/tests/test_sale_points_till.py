"""Sales orders that are paid at the till (module ``pos_sale``): once in all, by whichever way."""

from odoo.tests import tagged

from .sale_common import SalePointsCase
from .test_points_account import AccountCase


class SettledCase(SalePointsCase):
    """Runs where ``pos_sale`` is installed; it is no dependency."""

    def setUp(self):
        super().setUp()
        if not self.without_pos_sale():
            self.down = self.goods("Down payment", invoice_policy="order")
            self.session.config_id.down_payment_product_id = self.down
            # Odoo's own screen for this needs a cashier who sells
            self.cashier.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")

    def without_pos_sale(self):
        """Whether there is nothing to try here."""
        return "sale_order_origin_id" not in self.env["pos.order.line"]._fields

    def settled_line(self, line, price=None):
        price = line.price_unit if price is None else price
        values = self.line(line.product_id, line.product_uom_qty, price, False)
        values["discount"] = line.discount
        if line.discount == 100:
            values.update(price_subtotal=0, price_subtotal_incl=0)
        return {
            **values,
            "sale_order_origin_id": line.order_id.id,
            "sale_order_line_id": line.id,
        }

    def down_payment_line(self, order, amount, quantity=1):
        return {
            **self.line(self.down, quantity, amount, False),
            "sale_order_origin_id": order.id,
        }

    def pay_at_till(self, *lines, method=None):
        total = sum(line["price_subtotal_incl"] for line in lines)
        payments = [(method or self.cash, total, False)] if total else []
        return self.sync(self.order(lines, payments))

    def settle(self, order, *more):
        lines = order.order_line.filtered(lambda li: li.product_id and not li.is_downpayment)
        return self.pay_at_till(*map(self.settled_line, lines), *more)


@tagged("post_install", "-at_install")
class TestSalePointsTill(SettledCase):
    """Paid in cash."""

    def test_a_down_payment_and_the_rest(self):
        if self.without_pos_sale():
            return
        order = self.quotation((1, 100))
        self.pay_at_till(self.down_payment_line(order, 40))
        self.assertEqual(self.points.points, 0)
        self.settle(order, self.down_payment_line(order, 40, -1))
        self.assertEqual((order.state, self.points.points), ("sale", 10))
        self.assert_whole()

    def test_what_earned_when_confirmed_earns_once(self):
        if self.without_pos_sale():
            return
        self.program.sale_earn_on = "confirmed"
        order = self.sold((1, 100))
        self.assertEqual(self.points.points, 10)
        paid = self.settle(order)
        self.assertEqual(self.points.points, 10)
        self.give_back((paid.lines,))
        self.assertEqual(self.points.points, 0)

    def test_a_quotation_with_a_reward_refunded(self):
        if self.without_pos_sale():
            return
        reward = self.gift_reward(20)
        self.grant(50)
        order = self.quotation((1, 100))
        order._update_programs_and_rewards()
        self.assertFalse(order._apply_program_reward(reward, self.points))
        paid = self.settle(order)
        self.assertEqual(self.points.points, 50 - 20 + 10)
        free = paid.lines.filtered(lambda line: line.discount == 100)
        back = {**self.back_line(free), "discount": 100}
        back.update(price_subtotal=0, price_subtotal_incl=0)
        self.give_back((paid.lines - free,), lines=[back])
        self.assertEqual(self.points.points, 50)
        self.assert_whole()

    def test_a_quotation_with_a_discount_refunded(self):
        if self.without_pos_sale():
            return
        reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "discount_mode": "per_order",
                "discount": 10,
                "required_points": 20,
            }
        )
        self.grant(50)
        order = self.quotation((1, 100))
        order._update_programs_and_rewards()
        self.assertFalse(order._apply_program_reward(reward, self.points))
        paid = self.settle(order)
        self.assertEqual(self.points.points, 50 - 20 + 9)
        self.give_back(*((line,) for line in paid.lines))
        self.assertEqual(self.points.points, 50)
        self.assert_whole()

    def test_points_spent_elsewhere_do_not_stop_the_till(self):
        if self.without_pos_sale():
            return
        reward = self.gift_reward(20)
        self.grant(20)
        order = self.quotation((1, 100))
        order._update_programs_and_rewards()
        self.assertFalse(order._apply_program_reward(reward, self.points))
        self.ledger.debit(self.points, 10, "redeem", self.key())
        self.settle(order)
        self.assertEqual((order.state, self.points.points), ("sale", 20))
        self.assertTrue(self.incidents(kind="reward"))

    def test_a_lower_price_at_the_till_and_goods_beside(self):
        if self.without_pos_sale():
            return
        order = self.sold((1, 100))
        self.pay_at_till(self.settled_line(order.order_line, 80), self.ticket(50))
        self.assertEqual(self.points.points, 8 + 5)

    def test_a_discount_at_the_till_earns_nothing(self):
        if self.without_pos_sale():
            return
        order = self.sold((1, 100))
        self.pay_at_till(self.settled_line(order.order_line), self.line(self.snack, 1, -60, False))
        self.assertEqual(self.points.points, 4)

    def test_a_part_is_refunded_and_the_rest_credited_once(self):
        if self.without_pos_sale():
            return
        order = self.sold((2, 50))
        paid = self.settle(order)
        self.assertEqual(self.points.points, 10)
        self.give_back((paid.lines, 1))
        self.assertEqual(self.points.points, 5)
        order._action_cancel()
        self.assertEqual(self.points.points, 0)
        self.assert_whole()


@tagged("post_install", "-at_install")
class TestSalePointsTillAccount(SettledCase, AccountCase):
    """Settled on the customer's account: it earns when that is paid."""

    def test_it_earns_when_the_account_is_paid(self):
        if self.without_pos_sale():
            return
        order = self.sold((2, 50))
        paid = self.pay_at_till(self.settled_line(order.order_line), method=self.account)
        self.assert_points(0)
        self.close()
        self.assert_points(0)
        for _time in range(2):
            self.pay_debt(self.owed(paid))
            self.assert_points(10)
            self.undo(self.owed(paid))
            self.assert_points(0)
        self.pay_debt(self.owed(paid))
        self.open_session()
        self.give_back((paid.lines, 1))
        self.assert_points(5)

    def down_payment_and_rest_on_account(self):
        """The till's order that settles a sales order of 100, of which 40 were paid in cash."""
        order = self.quotation((1, 100))
        self.pay_at_till(self.down_payment_line(order, 40))
        lines = self.settled_line(order.order_line[0]), self.down_payment_line(order, 40, -1)
        return self.pay_at_till(*lines, method=self.account)

    def test_a_down_payment_in_cash_and_the_rest_on_account(self):
        if self.without_pos_sale():
            return
        paid = self.down_payment_and_rest_on_account()
        self.assert_points(0)
        self.close()
        self.pay_debt(self.owed(paid), 30)
        self.assert_points(0)
        self.pay_debt(self.owed(paid))
        self.assert_points(10)

    def test_a_part_is_written_off_beside_a_down_payment(self):
        if self.without_pos_sale():
            return
        paid = self.down_payment_and_rest_on_account()
        self.close()
        self.pay_debt(self.owed(paid), 30)
        self.write_off(self.owed(paid), 30)
        self.assert_points(7)

    def test_a_down_payment_that_is_written_off(self):
        if self.without_pos_sale():
            return
        order = self.quotation((1, 100))
        down = self.pay_at_till(self.down_payment_line(order, 40), method=self.account)
        self.pay_at_till(
            self.settled_line(order.order_line[0]), self.down_payment_line(order, 40, -1)
        )
        self.assert_points(0)
        self.close()
        self.write_off(self.owed(down), 40)
        self.assert_points(6)

    def test_nothing_is_earned_on_what_is_written_off(self):
        if self.without_pos_sale():
            return
        order = self.sold((1, 100))
        paid = self.pay_at_till(self.settled_line(order.order_line), method=self.account)
        self.close()
        self.write_off(self.owed(paid), 100)
        self.assert_points(0)
