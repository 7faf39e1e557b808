from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts keeps the history of consents, and counts the latest word of each."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Bring the profiles together before the rows of the other contacts move."""
        src_partners._loyalty_merge_profiles(dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
