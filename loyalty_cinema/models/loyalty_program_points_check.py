from math import ceil

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..domain.amounts import to_decimal

#: What "Suggest rules" proposes: percent to spend, and one tier point for so much money, by whether
#: the currency has small units.
SUGGESTED_PERCENT = 5
SUGGESTED_AMOUNT_LARGE, SUGGESTED_AMOUNT_SMALL = 10_000, 1
#: What "Suggest rewards" takes off an order.
SUGGESTED_REWARDS_LARGE, SUGGESTED_REWARDS_SMALL = (50_000, 100_000), (5, 10)
#: How members use their points, in Odoo's words.
MEMBERSHIP_USE = {"applies_on": "both", "trigger": "auto", "portal_visible": True}


class LoyaltyProgramPoints(models.Model):
    """What a membership program must be, what ticking it sets, and when it cannot be unticked."""

    _inherit = "loyalty.program"

    _points_step_positive = models.Constraint(
        "CHECK (points_step > 0)", "The smallest amount of points is more than zero."
    )
    _point_value_positive = models.Constraint(
        "CHECK (point_value > 0)", "A point is worth more than nothing."
    )
    _pay_share_is_percent = models.Constraint(
        "CHECK (pay_max_share > 0 AND pay_max_share <= 100)",
        "The part of an order that points may pay is between 0 and 100 percent.",
    )
    _point_settings_not_negative = models.Constraint(
        "CHECK (pay_min_points >= 0 AND pay_step_points >= 0 AND referral_points_referrer >= 0 "
        "AND referral_points_newcomer >= 0 AND grant_limit >= 0 AND expiry_notice_days >= 0)",
        "Numbers of points and days cannot be negative.",
    )
    _pending_days_positive = models.Constraint(
        "CHECK (pending_mode != 'days' OR pending_days > 0)",
        "Say after how many days points can be spent: one or more.",
    )
    _expiry_is_complete = models.Constraint(
        "CHECK (CASE points_expiry WHEN 'months' THEN expiry_months > 0 "
        "WHEN 'inactivity' THEN expiry_months > 0 "
        "WHEN 'fixed_day' THEN expiry_day BETWEEN 1 AND 31 AND expiry_month IS NOT NULL "
        "ELSE TRUE END)",
        "Say when points expire: after one month or more, or on a day of a month.",
    )

    @api.constrains("is_membership", "program_type", "company_id", "applies_on", "trigger")
    def _check_membership(self):
        for program in self.filtered("is_membership"):
            if program.program_type != "loyalty":
                raise ValidationError(
                    self.env._(
                        "%(program)s: only loyalty cards can be a membership program.",
                        program=program.name,
                    )
                )
            if not program.company_id:
                raise ValidationError(
                    self.env._(
                        "%(program)s: a membership program belongs to one company, which owes "
                        "its points. Choose the company.",
                        program=program.name,
                    )
                )
            if (program.applies_on, program.trigger) != ("both", "auto"):
                raise ValidationError(
                    self.env._(
                        "%(program)s: members collect points without a code and use them in this "
                        "order or a later one.",
                        program=program.name,
                    )
                )

    def _check_is_membership(self):
        """Refuse what is for membership programs only (members, tiers) in any other."""
        for program in self.filtered(lambda program: not program.is_membership):
            raise ValidationError(
                self.env._(
                    "%(program)s is not a membership program: tick “Membership program” on it "
                    "first.",
                    program=program.name,
                )
            )

    @api.constrains("reward_ids")
    def _constrains_reward_ids(self):
        """Members can also pay with points: a membership needs no reward."""
        return super(
            LoyaltyProgramPoints, self.filtered(lambda program: not program.is_membership)
        )._constrains_reward_ids()

    @api.onchange("is_membership")
    def _onchange_is_membership(self):
        """Ticking it is all that is needed."""
        if self.is_membership:
            self.company_id = self.company_id or self.env.company
            self.update(MEMBERSHIP_USE)
            self.reward_ids -= self.reward_ids.filtered(lambda reward: reward._is_odoo_default())

    @api.model_create_multi
    def create(self, vals_list):
        """Ticking it is enough here, too.

        Odoo's till offers the rewards of programs that have a rule: one comes with it, whose
        numbers nobody uses.
        """
        carrier = {"rule_ids": [fields.Command.create({"reward_point_mode": "money"})]}
        for vals in vals_list:
            if vals.get("is_membership"):
                vals.update({**MEMBERSHIP_USE, **carrier, **vals})
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to make an ordinary program of one that has members or movements."""
        if not vals.get("is_membership", True):
            self.filtered("is_membership")._check_unused()
        ticked = self.browse()
        if vals.get("is_membership") and "reward_ids" not in vals:
            ticked = self.filtered(lambda program: not program.is_membership)
        result = super().write(vals)
        ticked._drop_default_rewards()
        return result

    def _drop_default_rewards(self):
        """Take off the reward that Odoo gives to every new program, where nobody has touched it.

        It is 5 % of any order for 200 points, whatever a point is worth.
        """
        self.reward_ids.filtered(lambda reward: reward._is_odoo_default()).unlink()

    def _check_unused(self):
        # sudo: the settings' user need not be allowed to read members and movements
        for name in ("loyalty.member", "loyalty.ledger.entry"):
            model = self.env[name].sudo().with_context(active_test=False)
            used = model.search([("program_id", "in", self.ids)], limit=1)
            if used:
                raise UserError(
                    self.env._(
                        "%(program)s has members or points: it stays a membership program. "
                        "Archive it if it is no longer wanted.",
                        program=used.program_id.name,
                    )
                )

    def action_suggest_earn_rules(self):
        """Make the two rules most programs start with: points to spend, points towards a tier."""
        for program in self.filtered(lambda p: p.is_membership and not p.earn_rule_ids):
            whole_money = program.currency_id.rounding >= 1
            amount = SUGGESTED_AMOUNT_LARGE if whole_money else SUGGESTED_AMOUNT_SMALL
            program.earn_rule_ids = [
                fields.Command.create(
                    {
                        "name": self.env._("Points on all purchases"),
                        "target": "spendable",
                        "kind": "percent",
                        "rate": SUGGESTED_PERCENT,
                    }
                ),
                fields.Command.create(
                    {
                        "name": self.env._("Tier points on all purchases"),
                        "target": "qualifying",
                        "kind": "per_amount",
                        "rate": 1,
                        "per_amount": amount,
                    }
                ),
            ]

    def action_suggest_rewards(self):
        """Make two rewards that cost what they are worth: money off the order for points."""
        for program in self.filtered(lambda p: p.is_membership and not p.reward_ids):
            whole_money = program.currency_id.rounding >= 1
            amounts = SUGGESTED_REWARDS_LARGE if whole_money else SUGGESTED_REWARDS_SMALL
            value = to_decimal(program.point_value)
            program.reward_ids = [
                fields.Command.create(
                    {
                        "reward_type": "discount",
                        "discount_mode": "per_order",
                        "discount_applicability": "order",
                        "discount": amount,
                        "required_points": ceil(amount / value),
                    }
                )
                for amount in amounts
            ]

    @api.private
    def _runs_on(self, day):
        """Whether the program is in use on that day."""
        self.ensure_one()
        starts, ends = self.date_from, self.date_to
        return self.active and (not starts or starts <= day) and (not ends or day <= ends)

    @api.private
    def _today(self):
        """The day now, by the clock of :meth:`_moment`."""
        return self._moment(fields.Datetime.now())[0]

    @api.private
    def _moment(self, at):
        """``(day, weekday, hour)`` of a UTC datetime, by the clock of the program's company.

        It is the clock by which the company's books end their day and pending points come free,
        wherever the cashier is: a point that waits for tomorrow waits for that clock's midnight.
        """
        self.ensure_one()
        local = self.sudo().company_id._loyalty_local(at)  # sudo: only its clock
        return local.date(), local.weekday(), local.hour + local.minute / 60 + local.second / 3600
