from odoo import models
from odoo.exceptions import UserError

#: What makes a line a claim.
NOT_CLAIMED = ("coupon_id", "reward_id", "reward_identifier_code", "points_cost")


class SaleOrder(models.Model):
    """An order that was paid is confirmed, also where a reward on it cannot be paid any more.

    A quotation holds no points. Who pays online, or at the till, may have spent them elsewhere by
    the time the payment is done: then the order is confirmed without the reward, and says so.
    """

    _inherit = "sale.order"

    def action_confirm(self):
        """Leave out what cannot be paid any more, of orders whose money has arrived."""
        # sudo: customers and providers complete payments
        for order in self.sudo().filtered(lambda order: order._loyalty_money_came()):
            order._leave_out_lost_claims()
        return super().action_confirm()

    def _loyalty_money_came(self):
        if self.state == "sale" or not self.order_line.coupon_id:
            return False
        paid = self.transaction_ids.filtered(lambda tx: tx.state in ("authorized", "done"))
        return bool(paid and self._is_confirmation_amount_reached() or self._loyalty_till_lines())

    def _leave_out_lost_claims(self):
        """Take off what cannot be paid any more: of each balance, the last claims first."""
        for line in self.order_line.filtered("coupon_id"):
            if line.exists() and (reason := self._refusal_of(line)):
                self._leave_out(line, reason)
        for balance in self.order_line.coupon_id:
            self.env["loyalty.ledger"]._expire_due(balance)
            while self._get_real_points_for_coupon(balance) < 0:
                claims = self.order_line.filtered(
                    lambda line, balance=balance: line.coupon_id == balance and line.points_cost
                )
                if not claims:
                    break
                reason = self.env._("the points that it costs had been spent before.")
                self._leave_out(claims[-1:], reason)

    def _refusal_of(self, line):
        """Why the card may not pay for this line; None where it may."""
        try:
            self._check_claim_of_card(line)
        except UserError as error:
            return str(error)
        return None

    def _leave_out(self, line, reason):
        """Take the claim of ``line`` off; what a till has handed out stays sold, for no points."""
        claim = self.order_line.filtered(
            lambda other: (
                other.coupon_id == line.coupon_id
                and other.reward_identifier_code == line.reward_identifier_code
            )
        )
        names = {"reward": line.name, "order": self.name, "reason": reason}
        cost, balance = sum(claim.mapped("points_cost")), line.coupon_id
        moving = self._as_movement("refund", "spend").env.context
        claim = claim.with_context(loyalty_movement=moving["loyalty_movement"])
        if self._loyalty_till_lines():
            message = self.env._(
                "The till gave “%(reward)s” on %(order)s, and nobody paid for it: %(reason)s",
                **names,
            )
            claim.write(dict.fromkeys(NOT_CLAIMED, False))
        else:
            message = self.env._(
                "%(order)s is paid and was confirmed without “%(reward)s”: %(reason)s What is "
                "missing is still to be paid.",
                **names,
            )
            claim.unlink()
        self.message_post(body=message)
        self.env["loyalty.incident"]._report(
            "reward", message, origin=self, asked=cost, partner=balance.partner_id
        )
