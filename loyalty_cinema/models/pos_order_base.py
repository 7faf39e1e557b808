from odoo import fields, models

from ..domain.amounts import to_decimal
from ..domain.earning import Sale, SaleLine
from ..domain.earning_spread import paid_goods
from ..domain.earning_terms import Terms, due_of
from ..domain.movement import STORED_VALUE_TYPES

ZERO = to_decimal(0)


class PosOrder(models.Model):
    """What of an order earns points: the goods that were paid, in money or in paid stored value.

    Worked out from prices, quantities, taxes and payments as stored. Amounts on the lines, and
    which lines are rewards, come from the till and decide nothing in its favour: what was not paid
    earns nothing, however it is named. The rules are told in ``docs/earning.md``.
    """

    _inherit = "pos.order"

    def _points_sale(self, program, not_goods, bonus):
        """This order as the domain sees it.

        :param not_goods: products that are no goods here, see :meth:`_products_not_goods`
        :param bonus: the part that was paid by the bonus of stored value (Decimal)
        """
        worth = {line: line._loyalty_worth() for line in self.lines}
        sold = self.lines.filtered(
            lambda line: not line.refunded_orderline_id and not line._loyalty_sales_orders()
        )
        goods = sold.filtered(lambda line: worth[line] > 0 and line._is_goods(not_goods))
        below = sold.filtered(lambda line: worth[line] < 0)
        below, by_value = below._without_value_payments(worth, program)
        unearning = bonus + self._paid_without_earning(program) + by_value
        unearning += max(sum(worth.values(), ZERO) - self.payment_ids._loyalty_total(), ZERO)
        if goods:  # a refund of nothing but goods costs no more
            unearning += self._unearning_returned(program, not_goods)
            unearning += self._returned_beyond(program)
        day, weekday, hour = program._moment(self._loyalty_sold_at())
        return Sale(
            goods._as_sale_lines(worth) + self._settled_as_goods(worth),
            day,
            weekday,
            hour,
            "till",
            unearning=unearning,
            discounts=below._as_discounts(worth, goods),
            points_day=self._points_day(program, day),
        )

    def _settled_as_goods(self, worth):
        """What this order settles of sales orders: paid as its goods are, and earning there."""
        settled = self.lines.filtered(
            lambda line: not line.refunded_orderline_id and line._loyalty_sales_orders()
        )
        due = sum((worth[line] for line in settled), ZERO)
        one = to_decimal(1)
        return (SaleLine(0, None, one, due, earns=False),) if due > 0 else ()

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
        return max(payments._loyalty_total() - self._account_paid(), ZERO)

    def _unearning_returned(self, program, not_goods):
        """In an exchange: what the goods given back had cost in points, bonus and the like.

        New goods that they pay for are paid the same way; what is given back as points and bonus
        with this very order is not.
        """
        originals, total = self._refunded_order(), ZERO
        keys = {original: original._earn_key(program) for original in originals}
        bases = self.env["loyalty.earn.basis"]._by_key(keys.values()) if originals else {}
        for original, key in keys.items():
            sale = original._points_sale(program, not_goods, original._bonus_paid())
            total += self._unearning_of(original, sale, key in bases)
        given_back = self._payments_without_earning(program).filtered(lambda p: p.amount < 0)
        return max(total + given_back._loyalty_total(), ZERO)

    def _unearning_of(self, original, sale, stays):
        """The part of what is given back of ``original`` that was not paid in a way that earns.

        :param stays: whether discounts that are not given back are off what is left of it. Of
            orders from before they are off all lines, in proportion
        """
        lines = self.lines.filtered(lambda line: line.refunded_orderline_id.order_id == original)
        goods = {good.line.id: good for good in paid_goods(sale)}
        back = lines.filtered(lambda line: line.refunded_orderline_id.id in goods)
        worth = {line: -line._loyalty_worth() for line in back}
        discounts = sum((max(line._loyalty_worth(), ZERO) for line in lines - back), ZERO)
        if stays:
            given = max(sum(worth.values(), ZERO) - discounts, ZERO)
            return max(given - self._earned_worth(original, sale, lines), ZERO)
        total = ZERO
        for line in back:
            good = goods[line.refunded_orderline_id.id]
            total += worth[line] * (1 - good.money / good.line.amount)
        return max(total - discounts, ZERO)

    def _earned_worth(self, original, sale, lines):
        """How much less of ``original`` earns since ``lines`` gave a part of it back (Decimal)."""
        after = original._parts_kept(original._refunded_quantities(self))
        before = dict(after)
        for line in lines:
            sold = line.refunded_orderline_id
            back = to_decimal(line.qty) / to_decimal(sold.qty)
            before[sold.id] = min(before[sold.id] - back, 1)
        due = due_of(sale)
        less = due_of(Terms((), sale).left(before)[1]) - due_of(Terms((), sale).left(after)[1])
        return less * (1 - min(sale.unearning / due, 1)) if due else ZERO

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
        """Whether this order gave ``partner`` points in ``program``, and is not owed again.

        Less than a point, or none under a cap, is known by what it was worked out from.
        """
        basis = self.env["loyalty.earn.basis"]._by_key([self._earn_key(program)])
        balances = self._points_earned().balance_id.union(*(b.balance_id for b in basis.values()))
        return not self._owes() and any(
            balance.program_id == program and balance.partner_id == partner for balance in balances
        )

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

    def _products_not_goods(self, valid):
        """Products that are no goods at these orders' till: down payments, Odoo's own cards.

        Loads say so themselves (:meth:`PosOrderLine._is_goods`).

        :param valid: the programs of that till
        """
        configs = self.config_id
        products = configs._loyalty_value_products(valid)
        if "down_payment_product_id" in configs._fields:  # the module pos_sale
            products |= configs.down_payment_product_id
        return products


class PosPayment(models.Model):
    """What was paid, as exact amounts."""

    _inherit = "pos.payment"

    def _loyalty_total(self):
        """The sum of these payments (Decimal); change is below zero."""
        return sum((to_decimal(payment.amount) for payment in self), ZERO)


class PosOrderLine(models.Model):
    """What the till sold, for the rules of earning."""

    _name = "pos.order.line"
    _inherit = ["loyalty.sold.line", "pos.order.line"]

    def _is_goods(self, not_goods):
        """Whether this line sells goods, whether they earn or not."""
        return (
            self.qty > 0
            and not self.product_id.loyalty_load_type
            and self.product_id not in not_goods
        )

    def _earns(self):
        return super()._earns() and not self.is_reward_line

    def _is_tip(self):
        return self.product_id == self.order_id.config_id.tip_product_id

    def _combo_line(self):
        # the till names it: a menu of another order says nothing of this one
        return self.combo_parent_id.filtered(lambda line: line.order_id == self.order_id)

    def _sold_quantity(self):
        return self.qty

    def _sold_amount(self):
        return self._loyalty_worth()
