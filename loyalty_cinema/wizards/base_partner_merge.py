from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging two customers moves value from balance to balance; nothing appears or disappears.

    Odoo adds the numbers up without a trace. Lots keep their price and expiry this way.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        self.env["loyalty.adjustment"]._check_merge(src_partners | dst_partner)
        self.env["loyalty.member"]._merge_partners(src_partners | dst_partner, dst_partner)
        # sudo: merging customers is a right of its own; balances follow their customer.
        Balance = self.env["loyalty.card"].sudo()
        # A balance behind a printed card stays with that card: only its owner changes.
        found = Balance.search(
            [
                ("member_card_id", "=", False),
                ("partner_id", "in", (src_partners | dst_partner).ids),
            ]
        ).filtered("program_id.is_nominative")
        targets = found.filtered(lambda balance: balance.partner_id == dst_partner)
        for program, balances in (found - targets).grouped("program_id").items():
            target = targets.filtered(lambda b, p=program: b.program_id == p)[:1]
            if not target:
                target = balances[0]
                target.partner_id = dst_partner
            reason = self.env._("Merged with %s", dst_partner.display_name)
            for balance in balances - target:
                balance._move_into(target, reason)
