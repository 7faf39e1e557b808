from odoo import models

from ..domain.amounts import to_decimal
from ..domain.movement import Template

ZERO = to_decimal(0)


class SaleOrder(models.Model):
    """A cancelled order whose invoice stands: what its rewards cost comes back with credit notes.

    The goods stay sold, at the price that the rewards made. What no invoice charges comes back at
    once. Odoo would give all of it back, and delete the lines by which a credit note is judged.
    """

    _inherit = "sale.order"

    def action_draft(self):
        """A new life begins: what the order earns when it is sold again is earned anew."""
        result = super().action_draft()
        # sudo: the number is the server's own
        for order in self.sudo().filtered(lambda order: order.order_line.coupon_id):
            order.loyalty_life += bool(order._loyalty_entries())
        return result

    def _action_cancel(self):
        """Afterwards give back what is not charged."""
        result = super()._action_cancel()
        for order in self.sudo():  # sudo: the salesperson has no rights on points
            if order.state == "cancel" and order._loyalty_is_charged():
                order._loyalty_true_up_claims("cancel")
        return result

    def _get_real_points_for_coupon(self, coupon, *args, **kwargs):
        """A quotation that was confirmed before may have paid for its rewards already."""
        points = super()._get_real_points_for_coupon(coupon, *args, **kwargs)
        return points + float(self._loyalty_paid_before(coupon))

    def _loyalty_paid_before(self, balance):
        """What a quotation paid for rewards in an earlier life, and did not get back (Decimal)."""
        if not self.loyalty_life or self.state == "sale":
            return ZERO
        return -self.sudo()._loyalty_net(balance)  # sudo: sellers do not read movements

    def _loyalty_true_up_claims(self, cause):
        """Of a cancelled order: claims cost what is still charged, whatever was moved before."""
        if self.state != "cancel":
            return super()._loyalty_true_up_claims(cause)
        for balance, kept in self._loyalty_kept_claims().items():
            change = -kept - self._loyalty_net(balance)
            if change > 0:
                self._loyalty_give_back(balance, change, cause)
            elif change < 0:
                self._loyalty_take_again(balance, -change, cause)
            rest = -kept - self._loyalty_net(balance)
            if change > 0 and rest > 0:  # Odoo moved what it cost and earned in one number
                key = self._loyalty_return_key(cause)
                self.env["loyalty.ledger"].credit(balance, rest, "refund", key, origin=self)
        return None

    def _get_point_changes(self):
        """Less what the claims keep; of members' balances :meth:`_action_cancel` sees to that."""
        changes = super()._get_point_changes()
        if self._loyalty_keeps_claims():
            for balance, kept in self.sudo()._loyalty_kept_claims().items():
                member = balance.program_id.is_membership
                changes[balance] = 0 if member else changes.get(balance, 0) + float(kept)
        return changes

    def _loyalty_kept_claims(self):
        """``{balance: Decimal}``: what the claims cost that are still charged."""
        kept = {}
        lines = self.order_line.filtered(lambda line: line.reward_id and line.coupon_id)
        for claim in lines.grouped(
            lambda line: (line.coupon_id, line.reward_id, line.reward_identifier_code)
        ).values():
            cost = sum((to_decimal(line.points_cost) for line in claim), ZERO)
            share = claim._loyalty_returned_share()
            back = claim._loyalty_cost_back(share) if share else ZERO
            kept[claim.coupon_id] = kept.get(claim.coupon_id, ZERO) + cost - back
        return kept

    def _loyalty_keeps_claims(self):
        """Whether Odoo's cancellation is at work on an order that is still charged."""
        template = self.env.context.get("loyalty_movement")  # an object: no client can send one
        cancelling = isinstance(template, Template) and template.credit_kind == "refund"
        return cancelling and self.sudo()._loyalty_is_charged()  # sudo: invoices are asked

    def _loyalty_is_charged(self):
        """Whether posted invoices charge more for these orders than credit notes gave back."""
        net = sum((line._loyalty_charged() for line in self.order_line), ZERO)
        return net > sum((line._loyalty_leeway() for line in self.order_line), ZERO)


class SaleOrderLine(models.Model):
    """What of a line is still charged."""

    _inherit = "sale.order.line"

    def unlink(self):
        """Lines of rewards that an invoice charges stay when Odoo cancels their order."""
        kept = self.filtered(
            lambda line: line.is_reward_line and line.order_id._loyalty_keeps_claims()
        )
        return super(SaleOrderLine, self - kept).unlink()

    def _loyalty_charged(self, measure="price_total"):
        """What posted invoices charge for this line, less credit notes: signed (Decimal)."""
        net = ZERO
        for line in self.invoice_lines.filtered(lambda line: line.parent_state == "posted"):
            sign = {"out_invoice": 1, "out_refund": -1}.get(line.move_id.move_type, 0)
            net += sign * to_decimal(self._in_own_terms(line, measure))
        return net

    def _loyalty_returned(self, sold, measure="price_total", program=None):
        """Of a cancelled order: what is not charged, or not any more."""
        if self.order_id.state != "cancel":
            return super()._loyalty_returned(sold, measure, program)
        sign = 1 if sold >= 0 else -1
        charged = sign * self._loyalty_charged(measure)
        return sign * (abs(sold) - min(max(charged, ZERO), abs(sold)))
