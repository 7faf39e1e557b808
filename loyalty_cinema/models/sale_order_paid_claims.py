from odoo import models


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
        """Take off the last claims of every balance that cannot pay for all of them."""
        left_out = []
        for balance in self.order_line.coupon_id:
            self.env["loyalty.ledger"]._expire_due(balance)
            while self._get_real_points_for_coupon(balance) < 0:
                claims = self.order_line.filtered(
                    lambda line, balance=balance: line.coupon_id == balance
                )
                if not claims:
                    break
                code = claims[-1:].reward_identifier_code
                lost = claims.filtered(lambda line, code=code: line.reward_identifier_code == code)
                left_out.append((balance, lost[:1].name, sum(lost.mapped("points_cost"))))
                self._leave_out(lost.with_context(self._as_movement("refund", "spend").env.context))
        for balance, reward, cost in left_out:
            self._report_left_out(balance, reward, cost)

    def _leave_out(self, claim):
        """Take these lines off; what a till has handed out stays sold, and costs no points."""
        if not self._loyalty_till_lines():
            claim.unlink()
            return
        claim.write(
            {
                "coupon_id": False,
                "reward_id": False,
                "reward_identifier_code": False,
                "points_cost": 0,
            }
        )

    def _report_left_out(self, balance, reward, cost):
        names = {"reward": reward, "cost": balance._format_points(cost), "order": self.name}
        if self._loyalty_till_lines():
            message = self.env._(
                "The till gave “%(reward)s” on %(order)s, but the %(cost)s that it costs had been "
                "spent before: nobody paid for it.",
                **names,
            )
        else:
            message = self.env._(
                "“%(reward)s” was left out: the %(cost)s that it costs had been spent before the "
                "payment of %(order)s was done. What is missing is still to be paid.",
                **names,
            )
        self.message_post(body=message)
        self.env["loyalty.incident"]._report(
            "reward", message, origin=self, asked=cost, partner=self.partner_id
        )
