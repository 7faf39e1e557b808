from odoo import models
from odoo.exceptions import ValidationError

from ..domain.movement import Template


class LoyaltyCardUpdateBalance(models.TransientModel):
    """Odoo's correction of a balance: the reason it asks for goes into the ledger.

    A member's balance is corrected like everything that is granted by hand: above the program's
    limit another manager approves.
    """

    _inherit = "loyalty.card.update.balance"

    def action_update_card_point(self):
        """Correct the balance. Who may open this wizard (managers) may correct."""
        self.check_access("write")
        # sudo: whether the balance is a member's; that it may be written is checked below
        if member := self.card_id.sudo().member_ids:
            self.card_id.check_access("write")
            return self._adjust(member)
        reason = (self.description or "").strip()
        template = Template("adjust", "adjust", reason=reason, mirror=False)
        return super(
            LoyaltyCardUpdateBalance, self.with_context(loyalty_movement=template)
        ).action_update_card_point()

    def _adjust(self, member):
        if self.new_balance < 0 or self.new_balance == self.old_balance:
            raise ValidationError(
                self.env._("The new balance is different from the old one, and not below zero.")
            )
        # sudo: sales managers correct balances too, but have no rights on adjustments
        adjustment = self.env["loyalty.adjustment"].sudo()
        adjustment = adjustment.create(
            {
                "member_id": member.id,
                "points": self.new_balance - self.old_balance,
                "reason": self.description,
            }
        )
        adjustment.action_submit()
        return adjustment._waiting_notice() or {"type": "ir.actions.act_window_close"}
