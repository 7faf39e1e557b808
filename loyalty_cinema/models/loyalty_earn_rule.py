from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..domain.amounts import AMOUNT_DIGITS
from ..domain.earning import KINDS, TARGETS

#: Fields of the weekdays, Monday first, and of the channels, by the domain's names.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHANNEL_FIELDS = {"till": "at_till", "sales": "in_sales", "web": "on_web"}


class LoyaltyEarnRule(models.Model):
    """What members earn: on which products, when and where, how much, and at most how much.

    What a rule means is told in :mod:`~odoo.addons.loyalty_cinema.domain.earning`. How it gets
    there is in ``loyalty_earn_rule_resolve.py``, the sentence that sums it up in
    ``loyalty_earn_rule_summary.py``.
    """

    _name = "loyalty.earn.rule"
    _description = "Earn Rule"
    _order = "program_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    program_id = fields.Many2one(
        "loyalty.program",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_membership", "=", True)],
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    target = fields.Selection(
        TARGETS,
        "Which points",
        required=True,
        default="spendable",
        help="Points to spend buy gifts and pay. Points towards a tier only decide the tier: they "
        "are counted apart, and are not used up by spending.",
    )
    kind = fields.Selection(
        KINDS,
        "Counts",
        required=True,
        default="percent",
        help="What is paid is the price with tax, after discounts, without what points, coupons "
        "or bonus value paid for. Free pieces are not counted. A visit is a day.",
    )
    rate = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        required=True,
        default=1,
        help="Percent, points, or the factor of a multiplier: 2 doubles.",
    )
    per_amount = fields.Monetary(
        "For every",
        default=1,
        help="In proportion: half the amount gives half the points. Only the total of an order is "
        "rounded.",
    )
    exclusive = fields.Boolean(
        "Last rule for these products",
        help="Rules below this one give nothing on the products it counts. Multipliers still "
        "multiply what it gives.",
    )
    # ondelete: a rule that loses its last product would count them all
    product_ids = fields.Many2many("product.product", string="Products", ondelete="restrict")
    category_ids = fields.Many2many(
        "product.category",
        string="Product categories",
        ondelete="restrict",
        help="With all categories below them.",
    )
    tag_ids = fields.Many2many("product.tag", string="Product tags", ondelete="restrict")
    at_till = fields.Boolean("At the till", default=True)
    in_sales = fields.Boolean("In sales orders", default=True)
    on_web = fields.Boolean("On the website", default=True)
    # the names that Odoo's widget of weekdays knows
    mon = fields.Boolean(default=True)
    tue = fields.Boolean(default=True)
    wed = fields.Boolean(default=True)
    thu = fields.Boolean(default=True)
    fri = fields.Boolean(default=True)
    sat = fields.Boolean(default=True)
    sun = fields.Boolean(default=True)
    hour_from = fields.Float("From", default=0)
    hour_to = fields.Float(
        "To",
        default=24,
        help="Not included. Earlier than the start: over midnight, and the night belongs to the "
        "day it starts on.",
    )
    date_from = fields.Date("First day", help="Empty: since ever.")
    date_to = fields.Date("Last day", help="Empty: for ever.")
    cap_order = fields.Float(
        "At most per order",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="The most points this rule gives for one order. 0: no limit.",
    )
    cap_day = fields.Float(
        "At most per day",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="The most points this rule gives to one member on one day. 0: no limit.",
    )
    cap_member = fields.Float(
        "At most per member",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="The most points this rule ever gives to one member. 0: no limit.",
    )

    _rate_positive = models.Constraint(
        "CHECK (rate > 0)", "A rule gives something: its rate is more than zero."
    )
    _per_amount_positive = models.Constraint(
        "CHECK (kind != 'per_amount' OR per_amount > 0)",
        "Points per amount need an amount of more than zero.",
    )
    _caps_not_negative = models.Constraint(
        "CHECK (cap_order >= 0 AND cap_day >= 0 AND cap_member >= 0)",
        "A limit of points is more than zero, or zero for no limit.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A rule cannot end before it starts."
    )
    _hours_of_a_day = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < 24 AND hour_to > 0 AND hour_to <= 24 "
        "AND hour_from != hour_to)",
        "Hours are between 0:00 and 24:00, and a window that ends when it starts counts nothing.",
    )

    @api.constrains("kind", "rate")
    def _check_rate(self):
        for rule in self:
            if rule.kind == "percent" and rule.rate > 100:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: more than 100 percent is surely a typing mistake.",
                        rule=rule.name,
                    )
                )
            if rule.kind == "multiplier" and rule.rate <= 1:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: a multiplier of 1 or less adds nothing. 2 doubles the points.",
                        rule=rule.name,
                    )
                )

    @api.constrains(*WEEKDAYS, *CHANNEL_FIELDS.values())
    def _check_counts_something(self):
        for rule in self:
            if not any(rule[day] for day in WEEKDAYS):
                raise ValidationError(
                    self.env._("%(rule)s: choose at least one weekday.", rule=rule.name)
                )
            if not any(rule[channel] for channel in CHANNEL_FIELDS.values()):
                raise ValidationError(
                    self.env._(
                        "%(rule)s: choose where it counts: at the till, in sales orders or on the "
                        "website.",
                        rule=rule.name,
                    )
                )

    @api.constrains("program_id")
    def _check_program(self):
        for rule in self:
            if not rule.program_id.is_membership:
                raise ValidationError(
                    self.env._(
                        "%(program)s is no membership program: its points come from Odoo's own "
                        "conditional rules.",
                        program=rule.program_id.name,
                    )
                )

    def copy(self, default=None):
        """A duplicate says that it is one. (Copied with its program, a rule keeps its name.)"""
        copies = super().copy(default)
        if "name" not in (default or {}):
            for rule in copies:
                rule.name = self.env._("%(name)s (copy)", name=rule.name)
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: whoever deletes rules need not be allowed to read what they gave
        used = self.env["loyalty.earning"].sudo().search([("rule_id", "in", self.ids)], limit=1)
        if used:
            raise ValidationError(
                self.env._(
                    "%(rule)s has given points and stays in their report. Archive it instead.",
                    rule=used.rule_id.name,
                )
            )
