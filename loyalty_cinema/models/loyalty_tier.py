import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..domain.amounts import AMOUNT_DIGITS

COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class LoyaltyTier(models.Model):
    """One tier of a membership program: what members reach who collected enough.

    Together the tiers of a program are its ladder. When somebody rises or falls is told in
    :mod:`~odoo.addons.loyalty_cinema.domain.tiers`; the settings are the program's.
    """

    _name = "loyalty.tier"
    _description = "Tier"
    _order = "program_id, threshold, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    program_id = fields.Many2one(
        "loyalty.program",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_membership", "=", True)],
        default=lambda self: self.env.company._loyalty_membership_program(),
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    threshold = fields.Float(
        "From",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        aggregator=None,
        help="Qualifying points that a member needs to reach the tier. 0: members start in it.",
    )
    by_hand = fields.Boolean(
        "Only given by hand",
        help="No points reach this tier, and nobody is told to collect for it: members get it by "
        "“Assign a tier” only. “From” says between which tiers it stands.",
    )
    color = fields.Char(
        default="#6c757d", required=True, help="Cashiers see the tier in this colour."
    )
    note = fields.Text("Description", translate=True, help="For staff: what the tier stands for.")
    member_count = fields.Integer("Members", compute="_compute_member_count", compute_sudo=True)

    _threshold_unique = models.UniqueIndex(
        "(program_id, threshold) WHERE active",
        "Two tiers of a program cannot start at the same points.",
    )
    _threshold_not_negative = models.Constraint(
        "CHECK (threshold >= 0)", "A tier starts at zero points or more."
    )
    # members do not fall out of the tier that starts at zero
    _by_hand_above_zero = models.Constraint(
        "CHECK (NOT by_hand OR threshold > 0)",
        "Members start in the tier from 0. One that is only given by hand starts above it.",
    )

    def _compute_member_count(self):
        counts = dict(
            self.env["loyalty.member"]._read_group(
                [("tier_id", "in", self.ids)], ["tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.member_count = counts.get(tier, 0)

    @api.constrains("color")
    def _check_color(self):
        for tier in self:
            if not COLOR.fullmatch(tier.color):
                raise ValidationError(
                    self.env._("%(tier)s: write the colour as #rrggbb.", tier=tier.name)
                )

    @api.constrains("program_id")
    def _check_program(self):
        self.program_id._check_is_membership()

    @api.model_create_multi
    def create(self, vals_list):
        """A ladder that changed is applied to its members by the next nightly review."""
        tiers = super().create(vals_list)
        tiers.program_id._tiers_changed()
        return tiers

    def write(self, vals):
        """A tier stays in its program; one that members hold is not archived."""
        if "program_id" in vals and any(tier.program_id.id != vals["program_id"] for tier in self):
            raise ValidationError(
                self.env._("A tier stays in its program. Make another one there.")
            )
        if vals.get("active") is False:
            self._check_unheld()
        result = super().write(vals)
        if not {"threshold", "active", "by_hand"}.isdisjoint(vals):
            self.program_id._tiers_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        """History keeps its tiers."""
        self._check_unheld()
        # sudo: that there is history, not which
        changes = self.env["loyalty.tier.change"].sudo()
        used = changes.search(
            ["|", ("from_tier_id", "in", self.ids), ("to_tier_id", "in", self.ids)], limit=1
        )
        if used:
            raise ValidationError(
                self.env._("Members have held this tier; it stays in their history. Archive it.")
            )

    def _check_unheld(self):
        """Nobody loses a tier because it was archived.

        :raises ValidationError: when members hold one of these tiers
        """
        # sudo: that somebody holds it, not who
        members = self.env["loyalty.member"].sudo().with_context(active_test=False)
        held = ["tier_id", "tier_secured_id", "tier_floor_id"]
        for name in held:
            if member := members.search([(name, "in", self.ids)], limit=1):
                raise ValidationError(
                    self.env._(
                        "%(tier)s: members hold it. Assign them another tier first.",
                        tier=member[name].name,
                    )
                )

    def action_view_members(self):
        """Open the members who hold this tier."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_member"
        )
        return dict(action, domain=[("tier_id", "in", self.ids)], context={})
