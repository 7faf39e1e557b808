from odoo import api, models

from ..domain.amounts import to_decimal
from .loyalty_ledger_claim import CLAIM_PREFIX


class LoyaltyCard(models.Model):
    """Whose PIN guards a balance."""

    _inherit = "loyalty.card"

    @api.private
    def _guarding_card(self):
        """The card whose PIN guards this balance; empty where it lies open.

        The card it is on; and what lies on no card (points, vouchers, a wallet) is guarded by the
        card that its owner carries: choosing the customer must not be a way around the PIN. The
        till holds the same balances (``claimsToHold`` in ``utils/points.js``).
        """
        program = self.program_id
        voucher = program.program_type == "coupons"
        guarded = program.is_stored_value or program.is_membership or voucher
        if self.member_card_id or not guarded or not self.partner_id:
            return self.member_card_id
        cards = self.env["loyalty.member.card"].sudo()  # sudo: who may ask was checked before
        carried = cards.search([("holder_id", "=", self.partner_id.id), ("state", "=", "active")])
        opened = program.program_type if program.is_stored_value else "loyalty"
        return carried.filtered(
            lambda card: (
                card.pin_required and card.kind_id._opens(opened) and not card._is_past_expiry()
            )
        )[:1]


class PosOrder(models.Model):
    """Rewards of a customer whose card has a PIN were held with that PIN (L5).

    A till asks for it when it has them held (``loyalty_till_claims.py``); an order that claims more
    than was held never asked.
    """

    _inherit = "pos.order"

    def _check_covered(self, costs):
        """Also that the PIN was given, where there is one."""
        result = super()._check_covered(costs)
        for balance, cost in costs.items():
            card = balance._guarding_card() if cost > 0 else balance.member_card_id.browse()
            if not card.pin_required or cost <= self._held_with_pin(balance):
                continue
            lines = self.lines.filtered(lambda line, balance=balance: line.coupon_id == balance)
            self._refuse_reward(
                lines,
                self.env._("“%(reward)s” needs the PIN of the customer's card. Validate again."),
                asked=cost,
                granted=to_decimal(0),
            )
        return result

    def _held_with_pin(self, balance):
        """What this order has held of ``balance``; it counts, too, when it lapsed meanwhile."""
        holds = self.env["loyalty.hold"].search(
            [
                ("order_uuid", "=", self.uuid or ""),
                ("balance_id", "=", balance.id),
                ("state", "in", ("open", "lapsed")),
                ("key", "=like", f"{CLAIM_PREFIX}%"),
            ]
        )
        return max((to_decimal(hold.amount) for hold in holds), default=to_decimal(0))
