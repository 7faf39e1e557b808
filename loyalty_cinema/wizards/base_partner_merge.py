from odoo import fields, models

from ..exceptions import SecondPersonNeeded
from ..models.loyalty_member_card_owner import APPROVED


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging two customers moves value from balance to balance; nothing appears or disappears.

    Odoo adds the numbers up without a trace. Lots keep their price and expiry this way. What one
    person may not hand over alone, waits for another manager
    (``models/loyalty_adjustment_merge.py``).
    """

    _inherit = "base.partner.merge.automatic.wizard"

    loyalty_waiting = fields.Integer("Merges that wait for approval", readonly=True)

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge them, or ask another manager and leave them as they are.

        Odoo's own checks come first, and choose the contact that is kept.

        :raises SecondPersonNeeded: without a wizard, which tells that somebody has been asked
        """
        try:
            with self.env.cr.savepoint():
                return super()._merge(partner_ids, dst_partner, extra_checks)
        except SecondPersonNeeded as needed:
            if not self:
                raise
            sources, target = needed.merge
        partners = self.env["res.partner"].browse
        self.env["loyalty.adjustment"]._ask_merge(partners(sources), partners(target))
        self.loyalty_waiting += 1
        return None

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        if self.env.context.get("loyalty_second_person") is not APPROVED:
            self.env["loyalty.adjustment"]._hand_over_by_merge(src_partners, dst_partner)
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
