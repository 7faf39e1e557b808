from decimal import ROUND_DOWN, Decimal

from odoo import models

from ..domain.amounts import AMOUNT_QUANTUM, round_half_up, to_decimal
from ..domain.earning import Rounding, entitled
from ..domain.movement import STORED_VALUE_TYPES, Movement

ZERO = Decimal(0)


class SaleOrder(models.Model):
    """What a credited part of an order spent on rewards goes back; what natives earned goes too.

    Odoo pays the money part of a credit note back and forgets the rest: points, coupons, gift cards
    and eWallets that paid, and the points that its own programs gave for the goods.
    """

    _inherit = "sale.order"

    def _loyalty_true_up_claims(self, cause):
        """Give back and take back by balance what the credited lines spent and natively earned."""
        due = self._loyalty_returns_due()
        done = self._loyalty_returns_done()
        for balance in set(due) | set(done):
            change = due.get(balance, ZERO) - done.get(balance, ZERO)
            if change > 0:
                self._loyalty_give_back(balance, change, cause)
            elif change < 0:
                self._loyalty_take_again(balance, -change, cause)

    def _loyalty_returns_due(self):
        """``{balance: Decimal}``: what credit notes make good on each balance, net (signed)."""
        due = {}
        lines = self.order_line.filtered(lambda line: line.reward_id and line.coupon_id)
        for claim in lines.grouped(
            lambda line: (line.coupon_id, line.reward_id, line.reward_identifier_code)
        ).values():
            balance = claim.coupon_id
            if balance._is_made_and_used_by(self):
                continue
            share = claim._loyalty_returned_share()
            if share:
                due[balance] = due.get(balance, ZERO) + claim._loyalty_cost_back(share)
        for given in self.coupon_point_ids.filtered("points"):
            balance = given.coupon_id
            if balance.program_type == "loyalty" and not balance.program_id.is_membership:
                lost = to_decimal(given.points) - self._loyalty_native_entitled(given)
                if lost:
                    due[balance] = due.get(balance, ZERO) - lost
        return due

    def _loyalty_native_entitled(self, given):
        """What the unrefunded lines keep of the points that one of Odoo's programs gave."""
        rules, points = given.coupon_id.program_id.rule_ids, to_decimal(given.points)
        goods = self.order_line.filtered(
            lambda line: not line.reward_id and not line.is_downpayment and line.price_total > 0
        )
        products = self.env["product.product"].union(
            *(goods.product_id.filtered_domain(rule._get_valid_product_domain()) for rule in rules)
        )
        goods = goods.filtered(lambda line: line.product_id in products)
        sold = {line: to_decimal(line.price_total) for line in goods}
        total = sum(sold.values(), ZERO)
        parts = [
            (points * amount / total, amount, line._loyalty_returned_closed(amount))
            for line, amount in sold.items()
        ]
        return entitled(parts, Rounding(AMOUNT_QUANTUM, "half_up")) if parts else points

    def _loyalty_returns_done(self):
        """``{balance: Decimal}``: what was made good in this life of the order (signed)."""
        prefix = self._loyalty_return_key("")
        entries = self._loyalty_entries().filtered(lambda entry: entry.key.startswith(prefix))
        return {
            balance: sum((to_decimal(entry.amount) for entry in of_balance), ZERO)
            for balance, of_balance in entries.grouped("balance_id").items()
        }

    def _loyalty_return_key(self, cause):
        key = f"return-sale:{self.id}.{self.loyalty_life}:"
        return f"{key}{cause}:{self._loyalty_serial()}" if cause else key

    def _loyalty_give_back(self, balance, amount, cause):
        """Reverse what the order took from ``balance``, into the very lots, the last first.

        What a credit note took (points of Odoo's own programs) comes back before what was spent.
        """
        ledger, prefix = self.env["loyalty.ledger"], self._loyalty_return_key("")
        taken = self._loyalty_entries().filtered(
            lambda entry: entry.balance_id == balance and entry.amount < 0
        )
        noted = taken.filtered(lambda entry: entry.key.startswith(prefix))
        spent = (taken - noted).filtered(lambda entry: entry.kind != "clawback")
        left = ledger._left_of(noted | spent)
        for entry in (*noted, *spent):
            part = min(amount, max(-left[entry][0], ZERO))
            if part:
                amount -= part
                key = self._loyalty_return_key(cause)
                reason = self._loyalty_reason()
                ledger.reverse(entry, key, amount=part, reason=reason, origin=self)

    def _loyalty_take_again(self, balance, amount, cause):
        """Take off ``balance`` what it got back by a credit note that does not count any more.

        Also what Odoo's own programs gave for goods that were refunded.

        :raises InsufficientValue: when value given back has been spent meanwhile
        """
        stored = balance.program_type in STORED_VALUE_TYPES
        native = balance.program_type == "loyalty" and not balance.program_id.is_membership
        movement = Movement(
            balance.id,
            -amount,
            "clawback" if native else "spend" if stored else "redeem",
            self._loyalty_return_key(cause),
            reason=self._loyalty_reason(),
            origin=(self._name, self.id),
            by_office=True,
        )
        self.env["loyalty.ledger"].post([movement])


class SaleOrderLine(models.Model):
    """Parts of claims."""

    _inherit = "sale.order.line"

    def _loyalty_returned_closed(self, sold):
        """As ``_loyalty_returned``, closed where rounding leaves less than a unit over."""
        back = min(max(self._loyalty_returned(sold), ZERO), sold)
        return sold if back and sold - back <= self._loyalty_leeway() else back

    def _loyalty_cost_back(self, share):
        """What comes back of the cost of these lines (one claim) for the credited ``share``.

        Value and points in proportion; a coupon comes back whole or not at all.
        """
        cost = sum((to_decimal(line.points_cost) for line in self), ZERO)
        program = self.coupon_id.program_id
        if program.is_membership:
            step = program._rounding().step
        elif (
            program.program_type in ("loyalty", *STORED_VALUE_TYPES)
            or program.program_type == "coupons"
            and self.reward_id.discount_mode == "per_point"
        ):
            step = AMOUNT_QUANTUM
        else:
            step = to_decimal(self.reward_id.required_points) or cost
        if share == 1:
            return cost
        amount = round_half_up(cost * share, AMOUNT_QUANTUM)
        return (amount / step).to_integral_value(ROUND_DOWN) * step
