from odoo import models

from ..domain.movement import Template


class LoyaltyCardUpdateBalance(models.TransientModel):
    """Odoo's correction of a balance: the reason it asks for goes into the ledger."""

    _inherit = "loyalty.card.update.balance"

    def action_update_card_point(self):
        """Correct the balance. Who may open this wizard (managers) may correct."""
        self.check_access("write")
        reason = (self.description or "").strip()
        template = Template("adjust", "adjust", reason=reason, mirror=False)
        return super(
            LoyaltyCardUpdateBalance, self.with_context(loyalty_movement=template)
        ).action_update_card_point()
