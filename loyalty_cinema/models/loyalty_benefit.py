from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..domain.amounts import AMOUNT_DIGITS, AMOUNT_QUANTUM, round_half_up, to_decimal
from ..domain.benefits import GIFTS, OCCASIONS, PERIODS, WINDOW_DAYS_MAX
from ..exceptions import LoyaltyError

#: What was given under these terms was given by them: afterwards they stay.
FIXED_ONCE_GIVEN = frozenset({"tier_id", "occasion", "gives", "coupon_program_id", "period"})


class LoyaltyBenefit(models.Model):
    """What a tier gives beyond points and prices: a voucher, a task for the staff, a service.

    A voucher is a coupon of one of Odoo's coupon programs, so the till, sales orders and the
    website take it; the program's reward says what it is worth. A task is something that somebody
    has to do (the photo on the wall). A service is shown to the cashier and needs no deed.

    When something falls due is worked out in ``loyalty_benefit_due.py``, given exactly once in
    ``loyalty_benefit_give.py``, and kept as ``loyalty.benefit.issue``.
    """

    _name = "loyalty.benefit"
    _description = "Benefit of a Tier"
    _order = "tier_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(
        required=True, translate=True, help="What the cashier and the customer call it."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    tier_id = fields.Many2one("loyalty.tier", required=True, index=True, ondelete="restrict")
    program_id = fields.Many2one(related="tier_id.program_id", store=True, index=True)
    company_id = fields.Many2one(related="tier_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    occasion = fields.Selection(
        OCCASIONS,
        required=True,
        default="reaching",
        help="Reaching: given at once to whoever rises to the tier or is assigned it, once in a "
        "lifetime. Members who start in the tier do not reach it.",
    )
    gives = fields.Selection(GIFTS, required=True, default="voucher")
    coupon_program_id = fields.Many2one(
        "loyalty.program",
        "Coupon program",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("program_type", "=", "coupons")],
        help="Its reward is what the voucher is worth.",
    )
    spendable_in_parts = fields.Boolean(compute="_compute_spendable_in_parts")
    amount = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        aggregator=None,
        help="Money on the voucher, for programs whose reward takes money off for every point: it "
        "can be spent in parts. Other vouchers are used once. Where a member rises within a "
        "period, what a lower tier gave in the same coupon program counts towards it.",
    )
    period = fields.Selection(PERIODS, default="year")
    days_before = fields.Integer(help="The voucher is given so many days before the day.")
    days_after = fields.Integer(help="The voucher can be used until so many days after the day.")
    valid_days = fields.Integer(
        "Valid for",
        help="Days. 0: until the period ends; what is given on reaching a tier has no last day.",
    )
    active_months = fields.Integer(
        help="Only for members who were here in the last months, whatever they bought. 0: for all."
    )
    # ondelete: a benefit that loses its last day would be one for all days
    special_day_ids = fields.Many2many(
        "loyalty.special.day",
        string="On these days",
        check_company=True,
        ondelete="restrict",
        help="Empty: all.",
    )
    issue_count = fields.Integer(compute="_compute_issue_count", compute_sudo=True)
    summary = fields.Char("When", compute="_compute_summary")

    _window = models.Constraint(
        f"CHECK (days_before BETWEEN 0 AND {WINDOW_DAYS_MAX} "
        f"AND days_after BETWEEN 0 AND {WINDOW_DAYS_MAX})",
        f"A window reaches at most {WINDOW_DAYS_MAX} days before and after its day.",
    )
    _not_negative = models.Constraint(
        "CHECK (amount >= 0 AND valid_days >= 0 AND active_months >= 0)",
        "Amounts, days and months cannot be negative.",
    )
    _service_always = models.Constraint(
        "CHECK ((gives = 'service') = (occasion = 'always'))",
        "A personal service is there always; vouchers and tasks need an occasion.",
    )
    _voucher_program = models.Constraint(
        "CHECK (gives <> 'voucher' OR coupon_program_id IS NOT NULL)",
        "A voucher needs the coupon program that says what it is worth.",
    )
    _period_set = models.Constraint(
        "CHECK (occasion <> 'period' OR period IS NOT NULL)", "Choose the period."
    )

    @api.depends("name", "tier_id.name")
    def _compute_display_name(self):
        """With its tier: several tiers give a gift of the same name."""
        for benefit in self:
            benefit.display_name = f"{benefit.tier_id.name or ''}: {benefit.name or ''}"

    @api.onchange("gives")
    def _onchange_gives(self):
        """A service is there always."""
        if self.gives == "service":
            self.occasion = "always"
        elif self.occasion == "always":
            self.occasion = "reaching"

    @api.onchange("occasion")
    def _onchange_occasion(self):
        """What is there always is a service."""
        if self.occasion == "always":
            self.gives = "service"
        elif self.gives == "service":
            self.gives = "voucher"

    @api.depends("coupon_program_id.reward_ids.discount_mode")
    def _compute_spendable_in_parts(self):
        for benefit in self:
            benefit.spendable_in_parts = bool(benefit._reward_by_point())

    def _compute_issue_count(self):
        counts = self.env["loyalty.benefit.issue"]._read_group(
            [("benefit_id", "in", self.ids)], ["benefit_id"], ["__count"]
        )
        counts = {benefit.id: count for benefit, count in counts}
        for benefit in self:
            benefit.issue_count = counts.get(benefit.id, 0)

    @api.depends("occasion", "period", "days_before", "days_after", "special_day_ids.name")
    def _compute_summary(self):
        labels = dict(self._fields["occasion"]._description_selection(self.env))
        periods = dict(self._fields["period"]._description_selection(self.env))
        for benefit in self:
            parts = [labels.get(benefit.occasion, "")]
            if benefit.occasion == "period":
                parts = [periods.get(benefit.period, "")]
            if benefit.occasion == "special_day" and benefit.special_day_ids:
                parts = benefit.special_day_ids.mapped("name")
            if benefit.occasion in ("birthday", "special_day"):
                window = self.env._(
                    "days −%(before)s to +%(after)s",
                    before=benefit.days_before,
                    after=benefit.days_after,
                )
                parts.append(window)
            benefit.summary = ", ".join(filter(None, parts))

    @api.constrains("gives", "coupon_program_id", "amount")
    def _check_worth(self):
        for benefit in self.filtered(lambda benefit: benefit.gives == "voucher"):
            program = benefit.coupon_program_id
            if program.program_type != "coupons" or not program.reward_ids:
                raise ValidationError(
                    self.env._(
                        "%(program)s: choose a program of the type Coupons, with a reward.",
                        program=program.name,
                    )
                )
            if bool(benefit.amount) != bool(benefit._reward_by_point()):
                raise ValidationError(
                    self.env._(
                        "%(benefit)s: an amount is for programs whose reward takes money off for "
                        "every point, and they need one.",
                        benefit=benefit.name,
                    )
                )

    def write(self, vals):
        """What has been given keeps its terms: archive the benefit and make another."""
        if FIXED_ONCE_GIVEN & vals.keys():
            # sudo: that something was given, not to whom
            issues = self.env["loyalty.benefit.issue"].sudo()
            changed = self.filtered(
                lambda benefit: any(
                    benefit._fields[name].convert_to_write(benefit[name], benefit) != vals[name]
                    for name in FIXED_ONCE_GIVEN & vals.keys()
                )
            )
            if issues.search([("benefit_id", "in", changed.ids)], limit=1):
                raise LoyaltyError(
                    self.env._(
                        "Members have been given this benefit already. Archive it, and make "
                        "another one with the new terms."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never_given(self):
        # sudo: that something was given, not to whom
        if (
            self.env["loyalty.benefit.issue"]
            .sudo()
            .search([("benefit_id", "in", self.ids)], limit=1)
        ):
            raise LoyaltyError(
                self.env._("Members have been given this benefit. Archive it instead.")
            )

    def action_view_issues(self):
        """Show to whom this benefit was given."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_benefit_issue"
        )
        return dict(action, domain=[("benefit_id", "in", self.ids)], context={})

    # -- worth ---------------------------------------------------------------------------------

    def _reward_by_point(self):
        """The reward that takes money off for every point, if the voucher has one."""
        rewards = self.coupon_program_id.reward_ids
        return rewards.filtered(
            lambda r: r.reward_type == "discount" and r.discount_mode == "per_point"
        )[:1]

    def _voucher_points(self):
        """What a new voucher holds (Decimal): its amount in points, or one use. 0: no voucher."""
        if self.gives != "voucher":
            return to_decimal(0)
        if reward := self._reward_by_point():
            points = to_decimal(self.amount) / to_decimal(reward.discount)
            return round_half_up(points, AMOUNT_QUANTUM)
        return to_decimal(self.coupon_program_id._loyalty_cheapest_reward())
