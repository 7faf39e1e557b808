from odoo import models

from ..domain.amounts import to_decimal
from ..exceptions import RewardRefused, TenderRefused
from .pos_order import PAID_STATES

ZERO = to_decimal(0)


class PosOrder(models.Model):
    """What a refund line may be: it gives back what its original sold, at most, and once (L5).

    Value, points, coupons and rewards go back by what a line refunds. So it is of the product of
    its original and of the opposite sign, gives back no more pieces and no more money than are
    left, and its original was sold and paid in the same company and currency.
    """

    _inherit = "pos.order"

    def _check_refund_lines(self):
        """Check the lines that name an original, together with the paid refunds before this one.

        :raises RewardRefused: for a line that gives back something else, or more
        """
        back = self.lines.filtered("refunded_orderline_id")
        for sold, lines in back.grouped("refunded_orderline_id").items():
            original = sold.order_id
            if (
                original == self
                or original.state not in PAID_STATES
                or original.company_id != self.company_id
                or original.currency_id != self.currency_id
            ):
                self._refuse_refund_line(
                    lines,
                    self.env._(
                        "“%(product)s” cannot be refunded here. Refund it from its paid order, in "
                        "the company and currency that it was sold in."
                    ),
                )
            if lines.product_id != sold.product_id or not sold._is_given_back_by(lines):
                self._refuse_refund_line(
                    lines,
                    self.env._(
                        "“%(product)s” gives back more than its original sold, or something else. "
                        "Refund what is left of the original, at its price."
                    ),
                )

    def _refuse_refund_line(self, lines, message):
        """Refuse the order for the sake of its refund lines, and leave a trace of it."""
        message = message % {"product": lines[0].product_id.display_name}
        worth = sum((line._loyalty_worth() for line in lines), ZERO)
        self.env["loyalty.incident"]._report_refused(
            "reward", message, origin=self, asked=float(abs(worth))
        )
        raise RewardRefused(message)

    def _decide_is_refund(self):
        """Whether this order is a refund, by its lines: it decides invoice or credit note.

        An exchange that the customer pays for, and one that costs nothing, is a sale. The till
        sends the lines of what it takes for a refund with the opposite sign: they go along.
        """
        is_refund = False
        if any(line.qty < 0 or line.price_unit < 0 for line in self.lines):
            is_refund = sum(line._loyalty_worth() for line in self.lines) < 0
        if self.is_refund == is_refund:
            return
        self.is_refund = is_refund
        sign = -1 if is_refund else 1
        for line in self.lines:
            amounts = line._compute_amount_line_all()
            line.write({name: sign * amount for name, amount in amounts.items()})

    def _check_money_without_original(self):
        """Money is handed out for no sale that is named: only a manager lets it go."""
        money = self._money_paid()
        if money >= 0 or self._refunded_order():
            return
        message = self.env._("Money was handed out without an original order.")
        if not self._use_cash_refund_approval():
            message = self.env._(
                "%(amount)s would be handed out without an original order. Refund it from the "
                "order, or ask a manager to approve at the till.",
                amount=self.currency_id.format(float(-money)),
            )
            raise TenderRefused(message)
        self.env["loyalty.incident"]._report(
            "tender", message, origin=self, asked=float(-money), granted=float(-money)
        )


class PosOrderLine(models.Model):
    """How much of a line can still be given back."""

    _inherit = "pos.order.line"

    def _worth_paid(self):
        """What this line is worth (Decimal); of a tip on a paid order, what of it was paid."""
        worth = self._loyalty_worth()
        if not self.loyalty_after_payment:
            return worth
        paid = self.order_id.payment_ids._loyalty_total()
        others = sum((line._loyalty_worth() for line in self.order_id.lines - self), ZERO)
        return min(worth, max(paid - others, ZERO))

    def _is_given_back_by(self, lines):
        """Whether ``lines``, with the paid refunds before, give back this line in whole or part."""
        earlier = (self.refund_orderline_ids - lines).filtered(
            lambda line: line.order_id.state in PAID_STATES
        )
        sign = 1 if self.qty > 0 else -1
        quantities = [to_decimal(-line.qty) * sign for line in lines]
        left = to_decimal(abs(self.qty)) + to_decimal(sum(line.qty for line in earlier)) * sign
        # a load is given back in parts of its money, as it is unspent; pieces are not counted
        if self.product_id.loyalty_load_type:
            left = max(left, sum(quantities))
        if any(quantity < 0 for quantity in quantities) or sum(quantities) > left:
            return False
        worth = self._worth_paid()
        sign = -1 if worth < 0 else 1
        given = [-line._loyalty_worth() * sign for line in lines]
        before = [-line._loyalty_worth() * sign for line in earlier]
        roundings = len(given) + len(before)
        if self.extra_tax_data:  # a discount on the whole order: its taxes are those of all lines
            roundings += len(self.order_id.lines)
        leeway = to_decimal(self.currency_id.rounding) * roundings
        return all(money >= -leeway for money in given) and (
            sum(given) + sum(before) <= abs(worth) + leeway
        )
