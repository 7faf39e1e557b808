from odoo import api, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

from ..domain.tier_color import letters_on


class LoyaltyCard(models.Model):
    """What members see on their own pages beside their points."""

    _inherit = "loyalty.card"

    @api.private
    def _portal_told(self):
        """The standing of these members and the vouchers they can use, as texts to be shown.

        The caller has checked that the balances are those of the contact who asks. Beside the key
        ``vouchers`` (``loyalty_benefit_portal.py``):

        - ``has_points``: False for discount cards, which collect none
        - ``tier``: False, or ``{"name", "color", "letters"}``
        - ``kept``: until when the tier is kept; empty: until further notice
        - ``progress``: False, or ``{"percent", "text", "color"}`` of the way to the next tier

        :return: ``{id of the balance: …}``, without balances that are not a member's. A constant
            number of statements, whatever the members have done and were given.
        """
        # sudo: portal users have no rights on any of this; whose it is, was checked by the caller
        balances = self.sudo().filtered("program_id.is_membership")
        standings = balances.member_ids.filtered("active")._portal_standings()
        vouchers = balances._portal_vouchers()
        nothing = {"tier": False, "kept": "", "progress": False}  # who has left
        return {
            balance.id: {
                "has_points": not balance.program_id.is_discount,
                "vouchers": vouchers[balance.id],
                **standings.get(balance.id, nothing),
            }
            for balance in balances
        }


class LoyaltyMember(models.Model):
    """A member's tier and the way to the next one, in words."""

    _inherit = "loyalty.member"

    def _portal_standings(self):
        """``{id of the balance: texts}``, see ``_portal_told``."""
        outlooks = self._tier_standings()
        ids = {id_ for view in outlooks.values() for id_ in (view.tier_id, view.next_tier_id)}
        tiers = {tier.id: tier for tier in self.env["loyalty.tier"].browse(ids - {None})}
        return {
            member.balance_id.id: {
                "tier": member._portal_tier(tiers.get(view.tier_id)),
                "kept": member._portal_kept(view),
                "progress": member._portal_progress(view, tiers.get(view.next_tier_id)),
            }
            for member, view in outlooks.items()
        }

    def _portal_tier(self, tier):
        """Its name, and the colours that it is written in."""
        if not tier:
            return False
        return {"name": tier.name, "color": tier.color, "letters": letters_on(tier.color)}

    def _portal_kept(self, view):
        """Until when nobody takes the tier away."""
        if view.until:
            return self.env._("Kept until %(day)s", day=format_date(self.env, view.until))
        if view.tier_id and view.review_on:
            day = format_date(self.env, view.review_on)
            return self.env._("Kept until the review on %(day)s", day=day)
        return ""

    def _portal_progress(self, view, following):
        """What is missing for the tier that follows.

        Nothing may be missing before the night in which a changed ladder is applied.
        """
        if not following or not view.missing:
            return False
        amount = self._portal_amount(view.missing)
        return {
            "percent": view.progress,
            "text": self.env._("%(amount)s to %(tier)s", amount=amount, tier=following.name),
            "color": following.color,
        }

    def _portal_amount(self, amount):
        """``amount`` in what the ladder counts: money, visits, or points towards a tier."""
        program = self.program_id
        if program.tier_measure == "spend":
            return format_amount(self.env, float(amount), program.currency_id)
        is_visits = program.tier_measure == "visits"
        if amount == 1:
            return self.env._("1 visit") if is_visits else self.env._("1 tier point")
        number = formatLang(self.env, float(amount), digits=0 if amount == int(amount) else 2)
        if is_visits:
            return self.env._("%(number)s visits", number=number)
        return self.env._("%(number)s tier points", number=number)
