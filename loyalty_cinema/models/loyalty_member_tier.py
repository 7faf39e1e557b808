from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS
from ..domain.tier_ladder import Outlook, outlook
from ..exceptions import LoyaltyError
from .loyalty_member_tier_store import STANDING_COLUMNS, MemberRow, standing_of

#: Kept by the service of tiers. Nobody else writes them, whatever rights or context.
STANDING_FIELDS = frozenset({*STANDING_COLUMNS, "tier_change_ids"})
POINTS = {"digits": AMOUNT_DIGITS, "min_display_digits": 0}


class LoyaltyMember(models.Model):
    """A member's standing: the tier, since when, until when, and how far it is to the next.

    Written by SQL by the verbs in ``loyalty_member_tier_moves.py`` and by the nightly review in
    ``loyalty_tier_review.py``, by the rules of :mod:`~odoo.addons.loyalty_cinema.domain.tiers`.
    """

    _inherit = "loyalty.member"

    tier_id = fields.Many2one(
        "loyalty.tier", readonly=True, copy=False, index=True, ondelete="restrict"
    )
    tier_since = fields.Date("In the tier since", readonly=True, copy=False)
    tier_review_on = fields.Date(
        "Review",
        readonly=True,
        copy=False,
        help="On this day it is looked at whether the member still earns the tier. Empty: never.",
    )
    tier_secured_id = fields.Many2one(
        "loyalty.tier",
        "Secured tier",
        readonly=True,
        copy=False,
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
    tier_measure = fields.Selection(related="program_id.tier_measure")
    qualifying_in_period = fields.Float(
        "Counted in this period",
        compute="_compute_tier_outlook",
        compute_sudo=True,
        help="Qualifying points, money spent or visits of the running period.",
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

    _tier_due_idx = models.Index("(program_id, tier_review_on) WHERE tier_review_on IS NOT NULL")

    @api.depends(*STANDING_COLUMNS, "joined_on", "partner_id", "balance_id.qualifying_points")
    def _compute_tier_outlook(self):
        """Two queries, whatever the number of members."""
        outlooks = self._tier_standings()
        for member in self:
            view = outlooks[member]
            member.qualifying_in_period = float(view.qualifying)
            member.next_tier_id = view.next_tier_id
            member.tier_missing = float(view.missing)
            member.tier_progress = view.progress

    @api.model_create_multi
    def create(self, vals_list):
        """Who joins starts in the lowest tier, if that starts at zero."""
        members = super().create(vals_list)
        # sudo: tiers are given by the rules, to whoever was allowed to make the member
        members.sudo()._tier_start()
        return members

    def _check_fixed(self, vals, names):
        """Tiers are changed by the service and by the button of managers."""
        if not self.env.su and not STANDING_FIELDS.isdisjoint(vals):
            raise LoyaltyError(
                self.env._("A tier is not typed in. Managers give one with “Assign a tier”.")
            )
        return super()._check_fixed(vals, names)

    @api.private
    def _tier_standings(self, day=None):
        """``{member: Outlook}`` of these members on ``day`` (default: today).

        For screens: :class:`~odoo.addons.loyalty_cinema.domain.tier_ladder.Outlook` has
        ``tier_id``, ``since``, ``review_on``, ``until``, ``qualifying``, ``next_tier_id``,
        ``missing`` and ``progress`` (0 to 100). One query beside those that read members and
        tiers. Members of programs without tiers have empty ones.
        """
        members = self.filtered("id").sudo()  # sudo: the callers have checked who asks
        rows = {}
        for program, of_program in members.grouped("program_id").items():
            ladder, today = program._ladder(), day or program._today()
            rungs = {rung.id: rung for rung in ladder.rungs}
            for member in of_program if ladder.rungs else ():
                rows[member.id] = member._tier_row(ladder, rungs), today
        asked = {(id_,): row.running(today) for id_, (row, today) in rows.items()}
        sums = self._tier_sums({id_: row for id_, (row, _today) in rows.items()}, asked)
        views = {
            id_: outlook(row.ladder, row.standing, sums[id_,])
            for id_, (row, _today) in rows.items()
        }
        return {member: views.get(member.id, Outlook()) for member in self}

    def _tier_row(self, ladder, rungs):
        """This member as the verbs know it, from the cache and without a lock."""
        values = [self[name] for name in STANDING_COLUMNS]
        standing = standing_of(rungs, [getattr(value, "id", value) for value in values])
        ids = self.id, self.partner_id.id, self.program_id.id, self.company_id.id
        return MemberRow(*ids, self.joined_on, ladder, standing, standing)
