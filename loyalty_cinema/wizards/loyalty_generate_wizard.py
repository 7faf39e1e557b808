from odoo import models
from odoo.exceptions import UserError

from ..domain.movement import Template


class LoyaltyGenerateWizard(models.TransientModel):
    """Odoo's generator of coupons and cards: what they hold enters the ledger, with its reason."""

    _inherit = "loyalty.generate.wizard"

    def generate_coupons(self):
        """Generate them. Who may open this wizard (managers) may give their value away."""
        self.check_access("write")
        if any(wizard.program_id.is_stored_value for wizard in self):
            raise UserError(
                self.env._(
                    "Stored value is issued on member cards and loaded at the till. Use Cards → "
                    "Issue cards."
                )
            )
        reason = self[:1].description or self.env._("Generated in the back office")
        template = Template("adjust", "adjust", reason=reason, mirror=False)
        return super(
            LoyaltyGenerateWizard, self.with_context(loyalty_movement=template)
        ).generate_coupons()
