from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS
from ..exceptions import LoyaltyError

#: Kept by the service of tiers. Nobody else writes them, whatever rights or context.
TIER_FIELDS = frozenset(
    {
        "tier_id",
        "tier_since",
        "tier_review_on",
        "tier_secured_id",
        "tier_secured_review_on",
        "tier_floor_id",
        "tier_until",
        "tier_change_ids",
    }
)
POINTS = {"digits": AMOUNT_DIGITS, "min_display_digits": 0}


class LoyaltyMember(models.Model):
    """A member's standing: the tier, since when, until when, and how far it is to the next.

    Written by SQL by the verbs in ``loyalty_member_tier_moves.py`` and by the nightly review in
    ``loyalty_tier_review.py``, by the rules of :mod:`~odoo.addons.loyalty_cinema.domain.tiers`.
    """

    _inherit = "loyalty.member"

    tier_id = fields.Many2one(
        "loyalty.tier", "Tier", readonly=True, copy=False, index=True, ondelete="restrict"
    )
    tier_since = fields.Date("In the tier since", readonly=True, copy=False)
    tier_review_on = fields.Date(
        "Review",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="On this day it is looked at whether the member still earns the tier. Empty: never.",
    )
    tier_secured_id = fields.Many2one(
        "loyalty.tier",
        "Secured tier",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The tier with which the period began. No refund takes it away.",
    )
    tier_secured_review_on = fields.Date("Secured until the review of", readonly=True, copy=False)
    tier_floor_id = fields.Many2one(
        "loyalty.tier",
        "Given by hand",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The member does not fall below this tier before the end that was set.",
    )
    tier_until = fields.Date(
        "Given until", readonly=True, copy=False, help="Empty: until further notice."
    )
    tier_change_ids = fields.One2many("loyalty.tier.change", "member_id", "Tiers held")
    qualifying_in_period = fields.Float(
        "Counted for the tier",
        compute="_compute_tier_outlook",
        compute_sudo=True,
        help="Qualifying points of the running period.",
        **POINTS,
    )
    next_tier_id = fields.Many2one(
        "loyalty.tier", "Next tier", compute="_compute_tier_outlook", compute_sudo=True
    )
    tier_missing = fields.Float(
        "Missing for the next tier",
        compute="_compute_tier_outlook",
        compute_sudo=True,
        **POINTS,
    )
    tier_progress = fields.Float(
        "Progress",
        compute="_compute_tier_outlook",
        compute_sudo=True,
        digits=(5, 2),
        help="How much of what the next tier needs has been collected, in percent.",
    )

    @api.depends("tier_id", "program_id", "partner_id", "balance_id.qualifying_points")
    def _compute_tier_outlook(self):
        for member in self:
            member.qualifying_in_period = 0
            member.next_tier_id = False
            member.tier_missing = 0
            member.tier_progress = 0

    def _check_fixed(self, vals, names):
        """Tiers are changed by the service and by the button of managers."""
        if not self.env.su and not TIER_FIELDS.isdisjoint(vals):
            raise LoyaltyError(
                self.env._("A tier is not typed in. Managers give one with “Assign a tier”.")
            )
        super()._check_fixed(vals, names)

    @api.model
    @api.private
    def _tier_standings(self, day=None):
        """``{member: Outlook}`` of these members on ``day`` (default: today).

        For screens: :class:`~odoo.addons.loyalty_cinema.domain.tier_ladder.Outlook` has ``tier_id``,
        ``since``, ``review_on``, ``until``, ``qualifying``, ``next_tier_id``, ``missing`` and
        ``progress`` (0 to 100). One query beside the program's tiers. Members of programs without
        tiers have empty ones.
        """
        return {}
