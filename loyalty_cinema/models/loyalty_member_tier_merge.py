from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..domain.tier_periods import FIXED_WINDOWS, review_after
from ..domain.tiers import merge


class LoyaltyMember(models.Model):
    """Tiers when members become one, and when it turns out that they joined on another day."""

    _inherit = "loyalty.member"

    def _absorb(self, others):
        """The higher tier is kept. Sums add up by themselves: they are the customer's."""
        ids = (self | others).ids
        if others:
            rows = self._tier_lock(SQL("m.id = ANY(%s)", ids))
            if kept := rows.get(self.id):
                self._tier_take_over(kept, [row for row in rows.values() if row is not kept])
        return super()._absorb(others)

    def _tier_take_over(self, kept, others):
        standing = kept.standing
        for other in others:
            standing = merge(standing, other.standing)
        names = self.browse(other.id for other in others).mapped("partner_id.display_name")
        reason = self.env._("Merged with %s", ", ".join(names))
        # the history of the others stays, as that of the one who stays
        self.env.cr.execute(
            "UPDATE loyalty_tier_change SET member_id = %s WHERE member_id = ANY(%s)",
            (kept.id, [other.id for other in others]),
        )
        self.env["loyalty.tier.change"].invalidate_model(["member_id"])
        kept.became(standing, "merge", self._tier_today({0: kept})[kept.program_id], reason=reason)
        self._tier_store({kept.id: kept})

    def write(self, vals):
        """Another joining date moves the review, where periods start on it."""
        moved = self.filtered(lambda member: "joined_on" in vals and member.tier_review_on)
        result = super().write(vals)
        if moved:
            moved.sudo()._tier_date(again=True)  # sudo: it follows from a change that was allowed
        return result

    @api.private
    def _tier_date(self, again=False):
        """Give a day of review to who could fall and has none, as after a change of the ladder.

        :param again: also to who has one that is still to come, in periods that start on joining
        """
        rows = self._tier_lock(SQL("m.id = ANY(%s)", self.ids))
        today = self._tier_today(rows)
        for row in rows.values():
            standing, window, day = row.standing, row.ladder.window, today[row.program_id]
            if not standing.tier or not standing.tier.threshold or standing.tier == standing.floor:
                continue
            review_on = review_after(window, row.joined_on, day)
            if standing.review_on and again:
                ends = standing.review_on - timedelta(days=window.grace_days)
                if window.kind not in FIXED_WINDOWS or ends <= day:
                    continue
            elif standing.review_on:
                continue
            row.standing = replace(standing, review_on=review_on)
        self._tier_store(rows)


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What two customers earned counts together from now on."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: merging customers is a right of its own, and members follow their customer
        members = self.env["loyalty.member"].sudo()
        members.search([("partner_id", "=", dst_partner.id)])._tier_rise()
        return result
