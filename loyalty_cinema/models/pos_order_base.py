from odoo import fields, models

from ..domain.amounts import AMOUNT_QUANTUM, split, to_decimal
from ..domain.earning import Sale, SaleLine
from ..domain.movement import STORED_VALUE_TYPES

ZERO = to_decimal(0)


class PosOrder(models.Model):
    """What of an order earns points: the goods that were paid, in money or in paid stored value.

    Worked out from prices, quantities, taxes and payments as stored. Amounts on the lines, and
    which lines are rewards, come from the till and decide nothing in its favour: what was not paid
    earns nothing, however it is named.
    """

    _inherit = "pos.order"

    def _points_sale(self, program, not_earning, bonus):
        """This order as the domain sees it, or None when nothing on it can earn.

        :param not_earning: products that never earn here, see :meth:`_products_not_earning`
        :param bonus: the part that was paid by the bonus of stored value (Decimal)
        """
        goods, discounts, worth_of_all = {}, {}, ZERO
        for line in self.lines:
            worth = line._loyalty_worth()
            worth_of_all += worth
            if line.refunded_orderline_id or line._loyalty_sales_orders():
                continue
            if worth < 0:  # discounts and rewards
                discounts[line] = -worth
            elif line._earns(not_earning) and (worth or line.combo_line_ids):
                goods[line] = worth
        if not goods:
            return None
        unearning = bonus + self._paid_without_earning(program) + _take_off(discounts, goods)
        paid = sum((to_decimal(payment.amount) for payment in self.payment_ids), ZERO)
        unearning += max(worth_of_all - paid, ZERO)
        unearning += self._unearning_returned(program, not_earning)
        unearning += self._returned_beyond(program)
        day, weekday, hour = program._moment(self._loyalty_sold_at())
        return Sale(
            tuple(
                SaleLine(line.id, line.product_id.id, to_decimal(line.qty), worth)
                for line, worth in goods.items()
            ),
            day,
            weekday,
            hour,
            "till",
            unearning=unearning,
        )

    def _payments_without_earning(self, program):
        """Payments in points, on account, and, where the program says so, by stored value."""
        kinds = {"loyalty"} if program.earn_on_stored_value else {"loyalty", *STORED_VALUE_TYPES}
        return self.payment_ids.filtered(
            lambda payment: (
                payment.payment_method_id.stored_value_type in kinds
                or payment.payment_method_id._earns_not_at_once()
            )
        )

    def _paid_without_earning(self, program):
        """What was paid by :meth:`_payments_without_earning`, and is no money since (Decimal)."""
        payments = self._payments_without_earning(program).filtered(lambda p: p.amount > 0)
        paid = sum((to_decimal(payment.amount) for payment in payments), ZERO)
        return max(paid - self._account_paid(), ZERO)

    def _unearning_returned(self, program, not_earning):
        """In an exchange: what the goods given back had cost in points, coupons or bonus.

        New goods that they pay for are paid the same way; what is given back as points, coupons and
        bonus with this very order is not.
        """
        total = ZERO
        for original in self._refunded_order():
            sale = original._points_sale(program, not_earning, original._bonus_paid())
            if not sale or not sale.unearning:
                continue
            goods = {line.id: line.amount for line in sale.lines}
            share = min(sale.unearning / (sum(goods.values()) or 1), 1)
            back = [line for line in self.lines if line.refunded_orderline_id.id in goods]
            total -= to_decimal(share * sum(line._loyalty_worth() for line in back))
        return max(total - self._given_back_otherwise(program), ZERO) if total else ZERO

    def _returned_beyond(self, program):
        """In an exchange: the worth of goods given back that pay for nothing that earns (Decimal).

        What they are said to be worth beyond what they had cost, what was given back before, and
        sales that this customer has not earned on: somebody else's, or nobody's whose receipt was
        picked up.
        """
        beyond = ZERO
        back = self.lines.filtered("refunded_orderline_id")
        for sold, lines in back.grouped("refunded_orderline_id").items():
            others = (sold.refund_orderline_ids - lines).filtered(
                lambda line: line.order_id.state in ("paid", "done")
            )
            left = sum((line._loyalty_worth() for line in sold | others), ZERO)
            if not sold.order_id._has_earned_for(self.partner_id, program):
                left = ZERO
            given = -sum((line._loyalty_worth() for line in lines), ZERO)
            beyond += max(given - max(left, ZERO), ZERO)
        return beyond

    def _has_earned_for(self, partner, program):
        """Whether this order gave ``partner`` points in ``program``, and is not owed again."""
        return not self._owes() and any(
            entry.program_id == program and entry.balance_id.partner_id == partner
            for entry in self._points_earned()
        )

    def _given_back_otherwise(self, program):
        """What this refund gives back as points, coupons and bonus instead of money or goods."""
        payments = self._payments_without_earning(program).filtered(lambda p: p.amount < 0)
        rewards = self.lines.filtered("refunded_orderline_id").mapped(
            lambda line: max(line._loyalty_worth(), ZERO)
        )
        return sum(rewards, ZERO) - sum((to_decimal(p.amount) for p in payments), ZERO)

    def _bonus_paid(self):
        """The part of these orders' payments that came from bonus lots (Decimal)."""
        return sum(self._bonus_parts().values(), ZERO)

    def _bonus_parts(self):
        """``{order id: part paid by bonus}``; no query where nothing was paid by stored value."""
        paid = self.filtered(lambda order: order._stored_value_payments())
        if not paid:
            return {}
        groups = self.env["loyalty.ledger.entry"]._read_group(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", paid.ids),
                ("kind", "=", "spend"),
                ("is_stored_value", "=", True),
            ],
            ["origin_id"],
            ["bonus_amount:sum"],
        )
        return {order_id: -to_decimal(bonus) for order_id, bonus in groups}

    def _loyalty_sold_at(self):
        """When this order counts as sold (UTC): a till chooses no hour outside its session."""
        now = fields.Datetime.now()
        since = min(self.session_id.start_at or now, now)
        return min(max(self.date_order or now, since), now)

    def _products_not_earning(self, valid):
        """Products that never earn at these orders' till: tips, down payments, Odoo's own cards.

        Loads and goods that the shop excluded say so themselves (:meth:`PosOrderLine._earns`).

        :param valid: the programs of that till
        """
        configs = self.config_id
        products = configs.tip_product_id
        if "down_payment_product_id" in configs._fields:  # the module pos_sale
            products |= configs.down_payment_product_id
        return products | configs._loyalty_value_products(valid)


def _take_off(discounts, goods):
    """Take what is off certain products off their lines; returns what is off the whole order.

    :param discounts: ``{line: amount}``; ``goods``: ``{line: amount}``, which is changed
    """
    rest = ZERO
    for discount, amount in discounts.items():
        sold = discount.product_id.union(*(line.product_id for line in goods))
        products = discount.reward_id._taken_off(sold)
        lines = [line for line in goods if line.product_id in products and goods[line] > 0]
        here = min(amount, sum((goods[line] for line in lines), ZERO))
        rest += amount - here
        if here:
            shares = split(here, [goods[line] for line in lines], AMOUNT_QUANTUM)
            goods.update(
                {line: goods[line] - share for line, share in zip(lines, shares, strict=True)}
            )
    return rest


class LoyaltyReward(models.Model):
    """Which goods a reward makes cheaper."""

    _inherit = "loyalty.reward"

    def _taken_off(self, products):
        """Those of ``products`` whose price this reward takes off; none where it is the order's.

        Asked of the reward's condition: Odoo keeps the list of the products empty by default.
        """
        if self.reward_type == "product":
            return products & self.reward_product_ids
        if self.reward_type == "discount" and self.discount_applicability == "specific":
            return products.filtered_domain(self._get_discount_product_domain())
        return products.browse()


class PosOrderLine(models.Model):
    """Whether a line is of a kind that earns."""

    _inherit = "pos.order.line"

    def _earns(self, not_earning):
        """Whether this line sells goods that earn, whatever they cost."""
        product = self.product_id
        return (
            self.qty > 0
            and not self.reward_id
            and not self.is_reward_line
            and not product.loyalty_load_type
            and not product.loyalty_no_earn
            and product not in not_earning
        )
