from odoo import api, models


class LoyaltyMember(models.Model):
    """How tiers change: at enrolment, by what is earned, by refunds, by hand.

    Each verb takes any number of members and costs a constant number of statements. They lock
    their members, so that two of them never work on the same standing.
    """

    _inherit = "loyalty.member"

    @api.private
    def _tier_start(self, day=None, kind="start"):
        """Put members without a tier into the lowest one, if that starts at zero."""

    @api.private
    def _tier_rise(self, day=None, kind="upgrade"):
        """Raise these members to what they have earned, at once.

        Called for every movement of qualifying points by ``loyalty.ledger.post``: nobody else needs
        to. ``day`` (default: today): the day whose period is looked at.
        """

    @api.private
    def _tier_undo(self, day=None):
        """Undo upgrades that refunds have taken the points away from; called as ``_tier_rise``."""

    @api.private
    def _tier_assign(self, tier, reason, until=None):
        """Give these members ``tier`` by hand, through ``until`` (default: until further notice).

        They do not fall below it before; they may rise above it.

        :raises ReasonMissing: without a reason
        """
