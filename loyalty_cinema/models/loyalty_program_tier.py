from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..domain.amounts import to_decimal
from ..domain.tier_ladder import Ladder
from ..domain.tier_periods import GRACE_DAYS_MAX, WINDOWS, Window
from ..domain.tiers import DOWNGRADES
from .loyalty_program_points import MONTHS
from .loyalty_program_points_check import SUGGESTED_AMOUNT_LARGE, SUGGESTED_AMOUNT_SMALL

#: What a ladder counts. All of them end as qualifying points on entries of the ledger.
MEASURES = [
    ("points", "Qualifying points, by the earn rules"),
    ("spend", "What members spend"),
    ("visits", "Visits"),
]
#: Settings that decide who has which tier, and when it is reviewed.
RULE_FIELDS = frozenset(
    {
        "tier_window",
        "tier_window_months",
        "tier_valid_months",
        "tier_grace_days",
        "tier_carry_over",
        "tier_carry_day",
        "tier_carry_month",
    }
)


class LoyaltyProgram(models.Model):
    """The ladder of a membership program: its tiers, and when members rise and fall."""

    _inherit = "loyalty.program"

    tier_ids = fields.One2many("loyalty.tier", "program_id", "Tiers", copy=True)
    tier_measure = fields.Selection(
        MEASURES,
        "Tiers count",
        default="points",
        required=True,
        help="Spending and visits are counted by a built-in rule; rules for points towards a tier "
        "are not used then. It stays as it is once something was counted.",
    )
    tier_window = fields.Selection(
        WINDOWS,
        "Counted",
        default="rolling",
        required=True,
        help="Over which time. Whoever collects enough within it rises at once; whoever does not "
        "any more falls at the review after it.",
    )
    tier_window_months = fields.Integer("Months counted", default=12)
    tier_valid_months = fields.Integer(
        "Months a tier is kept",
        default=12,
        help="After so many months the member is reviewed, and keeps the tier or falls.",
    )
    tier_grace_days = fields.Integer(
        "Days of grace",
        help="The review waits so many days after the period's end. What is bought in them counts "
        "for both periods.",
    )
    tier_downgrade = fields.Selection(
        DOWNGRADES, "A member who falls comes", default="earned", required=True
    )
    tier_carry_over = fields.Boolean(
        "Late joiners are carried over",
        help="Who joins late in a year keeps the tier, and the points counted, through the whole "
        "next year.",
    )
    tier_carry_day = fields.Integer("Joined on or after (day)", default=1)
    tier_carry_month = fields.Selection(MONTHS, "Joined on or after (month)", default="11")
    tier_stale = fields.Boolean(
        "Ladder changed",
        copy=False,
        readonly=True,
        help="Tiers or thresholds were changed. The nightly review brings the members in line: "
        "nobody falls by it before their own review.",
    )
    tier_stale_after = fields.Integer(copy=False, readonly=True)

    _tier_numbers = models.Constraint(
        f"CHECK (tier_window_months > 0 AND tier_valid_months > 0 "
        f"AND tier_grace_days BETWEEN 0 AND {GRACE_DAYS_MAX} "
        f"AND tier_carry_day BETWEEN 1 AND 31)",
        "Tiers are counted and kept for a month at least, with at most 180 days of grace.",
    )

    @api.private
    def _ladder(self):
        """The tiers and rules of this program as the domain knows them."""
        self.ensure_one()
        program = self.sudo()  # sudo: tiers are for managers to read; what follows, for everybody
        carry = (int(program.tier_carry_month or 11), program.tier_carry_day)
        window = Window(
            program.tier_window,
            program.tier_window_months,
            program.tier_valid_months,
            program.tier_grace_days,
            carry if program.tier_carry_over and program.tier_window == "calendar" else None,
        )
        pairs = [(tier.id, to_decimal(tier.threshold)) for tier in program.tier_ids]
        by_hand = set(program.tier_ids.filtered("by_hand").ids)
        return Ladder.of(pairs, window, program.tier_downgrade, by_hand)

    def write(self, vals):
        """What a ladder counts stays; how it counts may change, for the members too."""
        changed = self.browse()
        if "tier_measure" in vals:
            self._check_measure(vals["tier_measure"])
        if not RULE_FIELDS.isdisjoint(vals):
            changed = self.filtered(
                lambda program: any(
                    program[name] != vals[name] for name in RULE_FIELDS & vals.keys()
                )
            )
        result = super().write(vals)
        changed._tiers_changed()
        return result

    def _check_measure(self, measure):
        """Points, money and visits cannot be added up.

        :raises ValidationError: when something was counted by another measure
        """
        changed = self.filtered(lambda program: program.tier_measure != measure)
        # sudo: that something was counted, not what
        entries = self.env["loyalty.ledger.entry"].sudo()
        counted = entries.search(
            [("program_id", "in", changed.ids), ("qualifying_points", "!=", 0)], limit=1
        )
        if counted:
            raise ValidationError(
                self.env._(
                    "%(program)s: members have collected points towards its tiers. What the tiers "
                    "count cannot be changed any more.",
                    program=counted.program_id.name,
                )
            )

    @api.constrains("tier_carry_over", "tier_carry_month", "tier_carry_day")
    def _check_carry_over(self):
        for program in self.filtered("tier_carry_over"):
            if not program.tier_carry_month:
                raise ValidationError(
                    self.env._(
                        "%(program)s: choose the day from which joiners are carried over.",
                        program=program.name,
                    )
                )

    def _tiers_changed(self):
        """Let the next review look at all members of these programs, not only at those due."""
        if self:
            # sudo: the mark follows from a change that was allowed
            self.sudo().write({"tier_stale": True, "tier_stale_after": 0})

    def action_apply_tiers(self):
        """Do not wait for the night: the review starts within a minute, in the background."""
        self.check_access("write")
        # sudo: jobs are an administrator's; this one does what it would do at night
        self.env.ref("loyalty_cinema.cron_tier_review").sudo()._trigger()
        message = self.env._("Members get their tiers within the next minutes.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": message},
        }

    def action_suggest_tiers(self):
        """Make four tiers to start with, to be edited."""
        for program in self.filtered(lambda program: not program.tier_ids):
            scale = program._tier_scale()
            self.env["loyalty.tier"].create(
                [
                    {
                        "name": name,
                        "program_id": program.id,
                        "threshold": threshold * scale,
                        "color": color,
                    }
                    for name, threshold, color in (
                        (self.env._("Silver"), 0, "#8a9ba8"),
                        (self.env._("Gold"), 100, "#c99700"),
                        (self.env._("Platinum"), 300, "#5b6f82"),
                        (self.env._("Diamond"), 750, "#1f7ae0"),
                    )
                ]
            )

    def _tier_scale(self):
        """What a point of the suggested tiers is in this program: a point, money, or visits."""
        whole_money = self.currency_id.rounding >= 1
        amount = SUGGESTED_AMOUNT_LARGE if whole_money else SUGGESTED_AMOUNT_SMALL
        return {"spend": amount, "visits": 0.1}.get(self.tier_measure, 1)
