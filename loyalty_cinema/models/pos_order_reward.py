from odoo import models

from ..domain.amounts import to_decimal
from ..domain.movement import STORED_VALUE_TYPES
from ..exceptions import RewardRefused, TenderRefused

ZERO = to_decimal(0)


class PosOrder(models.Model):
    """Whether the rewards on an order may be there, and give no more than they should (L5).

    What gives too much is refused, not corrected: the customer has seen the price.
    """

    _inherit = "pos.order"

    def _reward_claims(self):
        """The reward lines by claim: ``{(reward, balance, code): lines}``; refunds are none."""
        lines = self.lines.filtered(lambda line: line.reward_id and not line.refunded_orderline_id)
        return lines.grouped(
            lambda line: (line.reward_id, line.coupon_id, line.reward_identifier_code)
        )

    def _rounding_leeway(self):
        """By how much money rounding may move the sum of some lines (Decimal)."""
        return to_decimal(self.currency_id.rounding) * max(len(self.lines), 2)

    def _check_rewards(self, claims):
        """Refuse rewards of others, and rewards that give too much.

        :param claims: see :meth:`_reward_claims`
        """
        self._check_claims_have_cards()
        for (reward, balance, _code), lines in claims.items():
            if balance.is_stored_value or reward.program_id.is_stored_value:
                raise TenderRefused(
                    self.env._(
                        "Stored value is a payment method, not a discount. Choose it on the "
                        "payment screen."
                    )
                )
            self._check_claim_is_ours(reward, balance, lines)
        self._check_claims_taken_once(claims)
        by_reward = {}
        for (reward, _balance, code), lines in claims.items():
            # of a free product all claims together are bound by what is on the order
            key = (reward, reward.reward_type != "product" and code)
            by_reward[key] = by_reward.get(key, lines.browse()) | lines
        for (reward, _code), lines in by_reward.items():
            self._check_worth(reward, lines)

    def _check_claims_have_cards(self):
        """Who pays for a reward by card or points must be named."""
        for line in self.lines.filtered("reward_id"):
            program = line.reward_id.program_id
            paid_by_card = program.program_type in STORED_VALUE_TYPES or program.is_membership
            if paid_by_card and not line.coupon_id and not line.refunded_orderline_id:
                raise TenderRefused(
                    self.env._(
                        "“%(line)s” names no card. Remove it and apply the card again.",
                        line=line.full_product_name or line.product_id.display_name,
                    )
                )

    def _check_claim_is_ours(self, reward, balance, lines):
        """The reward is of this house, its card of the same program, points the customer's own."""
        program = reward.program_id
        foreign = program.company_id and program.company_id not in self.company_id.parent_ids
        if foreign or (balance and balance.program_id != program):
            self._refuse_reward(
                lines, self.env._("“%(reward)s” is not a reward of the card that pays for it.")
            )
        if not program._is_for_pricelist(self.pricelist_id):  # Odoo's till hides it
            self._refuse_reward(
                lines,
                self.env._(
                    "“%(reward)s” is not given with the prices of this order. Remove it, or choose "
                    "a pricelist of its program."
                ),
            )
        if program.is_membership and not (balance and balance._is_claimed_by(self.partner_id)):
            self._refuse_reward(
                lines,
                self.env._(
                    "“%(reward)s” is paid with the points of another member. Choose that member as "
                    "customer."
                ),
                owner=balance._holder() if balance else None,
            )

    def _check_claims_taken_once(self, claims):
        """One global discount on an order, and one reward of a kind per coupon."""
        once, discounts = set(), 0
        for (reward, balance, _code), lines in claims.items():
            discounts += reward.is_global_discount
            repeated = reward.program_id.program_type == "coupons" and (reward, balance) in once
            if repeated or discounts > 1:
                self._refuse_reward(
                    lines, self.env._("“%(reward)s” cannot be combined with the other rewards.")
                )
            once.add((reward, balance))

    def _check_worth(self, reward, lines):
        """Compare what reward lines take off with what the reward gives at most."""
        if reward.program_id.program_type in STORED_VALUE_TYPES:
            return  # a payment: what it takes off is what the card is charged
        worth = -sum((line._loyalty_worth() for line in lines), ZERO)
        most = reward._worth_at_most(self, lines)
        if worth > most + self._rounding_leeway():
            self._refuse_reward(
                lines,
                self.env._(
                    "“%(reward)s” takes more off this order than it may. Remove it and choose it "
                    "again."
                ),
                asked=worth,
                granted=most,
            )

    def _refuse_reward(self, lines, message, asked=0, granted=0, owner=None):
        """Refuse the order for the sake of some reward lines, and leave a trace of it.

        :param message: text with a place for ``reward``
        :param owner: whose points or voucher it is, where that is not the order's customer
        """
        message = message % {"reward": lines[:1].reward_id.description}
        self.env["loyalty.incident"]._report_refused(
            "reward",
            message,
            origin=self,
            asked=float(asked),
            granted=float(granted),
            partner=owner,
        )
        raise RewardRefused(message)
