from odoo import fields, models

from ..domain.amounts import to_decimal

ZERO = to_decimal(0)


class PosOrder(models.Model):
    """Vouchers on till orders: used by their owner, in time; what was given knows when it is used.

    What one costs and how much it takes off at most is worked out as for every reward
    (``loyalty_reward.py``); it is debited with the sale, and a refund gives it back
    (``pos_order_unclaim.py``).
    """

    _inherit = "pos.order"

    def _check_rewards(self, claims):
        """All rewards together take no more off than the goods cost: nobody is paid for them.

        Each alone is bounded by what it may give (``pos_order_reward.py``); a percentage and a
        voucher that is money would together turn the voucher into cash.
        """
        result = super()._check_rewards(claims)
        goods = sum(
            (
                max(line._loyalty_worth(), ZERO)
                for line in self.lines
                if not line.reward_id and not line.refunded_orderline_id
            ),
            ZERO,
        )
        rewards = self.lines.browse().union(*claims.values())
        worth = -sum((line._loyalty_worth() for line in rewards), ZERO)
        if worth > goods + self._rounding_leeway():
            self._refuse_reward(
                rewards,
                self.env._(
                    "“%(reward)s” and the other rewards take more off this order than its goods "
                    "cost. Remove one of them."
                ),
                asked=worth,
                granted=goods,
            )
        return result

    def _check_claim_is_ours(self, reward, balance, lines):
        """A coupon that belongs to somebody is used by nobody else, and not after its last day.

        Odoo asks this when the code is typed; a till that knows the id need not type it.
        """
        result = super()._check_claim_is_ours(reward, balance, lines)
        if not balance._is_voucher():
            return result
        if not balance._is_claimed_by(self.partner_id):
            self._refuse_reward(
                lines,
                self.env._(
                    "“%(reward)s” is a voucher of another customer. Choose that customer, or "
                    "remove it."
                ),
                owner=balance.partner_id,
            )
        if balance._is_over(self._day_of_claim(balance.program_id)):
            self._refuse_reward(
                lines, self.env._("“%(reward)s” is by a voucher that has expired. Remove it.")
            )
        return result

    def _day_of_claim(self, program):
        """The day on which a voucher is used, by the clock of its program's company.

        An order of a till that was offline counts on the day that it was paid; the till says which,
        and is believed back to the opening of its session.
        """
        return program._moment(self._loyalty_sold_at())[0]

    def _vouchers_used(self):
        """What the receipt says of vouchers that are spent in parts: used, and what is left."""
        parts = self.lines.filtered(
            lambda line: line.coupon_id and line.reward_id._is_spent_in_parts()
        )
        return [
            {
                "label": coupon.program_id.name,
                "amount": -float(sum((line._loyalty_worth() for line in lines), ZERO)),
                "balance": coupon.available * lines.reward_id[:1].discount,
                "expires_on": fields.Date.to_string(coupon.expiration_date) or False,
            }
            for coupon, lines in parts.grouped("coupon_id").items()
        ]

    def _settle_stored_value(self):
        """Afterwards the vouchers that this order used or gave back are noted as such."""
        result = super()._settle_stored_value()
        coupons = (self.lines | self._refunded_order().lines).coupon_id
        self.env["loyalty.benefit.issue"]._refresh_states(
            coupons.filtered(lambda coupon: coupon._is_voucher())
        )
        return result
