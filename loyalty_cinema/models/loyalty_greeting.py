from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..domain import greeting as rules
from ..domain.greeting import CONDITIONS, Facts, Rule, bad_gaps


class LoyaltyGreeting(models.Model):
    """One line that the cashier reads when a customer is recognised: the first rule that fits.

    What fits is decided in :mod:`~odoo.addons.loyalty_cinema.domain.greeting`. Of customers who do
    not consent to be known, only their first visit, tier and the special day are known.
    """

    _name = "loyalty.greeting"
    _inherit = "loyalty.shared.mixin"
    _description = "Greeting"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help="The first rule that fits is shown.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env["res.company"] if self.env.su else self.env.company,
        help="Empty: used by all companies of this database, and kept by an administrator.",
    )
    text = fields.Char(
        required=True,
        translate=True,
        help="What the cashier reads. {name}, {tier}, {days} since the last visit and "
        "{special_day} are filled in; a rule for which one of them is not known is passed over.",
    )
    condition = fields.Selection(CONDITIONS, required=True, default="always")
    days = fields.Integer(
        default=60,
        help="Has not come for so many days; or the days in which the visits of somebody who comes "
        "often are counted, at most 365.",
    )
    visits = fields.Integer(
        default=4, help="So many days with a purchase make somebody who comes often."
    )
    tier_ids = fields.Many2many(
        "loyalty.tier",
        string="Tiers",
        ondelete="cascade",
        help="Who has one of these tiers.",
    )

    _days_positive = models.Constraint(
        "CHECK (condition NOT IN ('absent', 'regular') OR days > 0)",
        "Say how many days: at least one.",
    )
    _days_counted = models.Constraint(
        "CHECK (condition != 'regular' OR days <= 365)",
        "Visits are counted within the last 365 days at most.",
    )
    _visits_positive = models.Constraint(
        "CHECK (condition != 'regular' OR visits > 0)", "Say how many visits: at least one."
    )

    @api.constrains("text")
    def _check_text(self):
        for greeting in self:
            bad = bad_gaps(greeting.text or "")
            if bad:
                raise ValidationError(
                    self.env._(
                        "%(bad)s cannot be filled in. Use {name}, {tier}, {days} or {special_day}.",
                        bad=", ".join(bad),
                    )
                )

    @api.model
    @api.private
    def _choose(self, partner, company, habits, *, birthday=False, tier=None, special_day=""):
        """The line for ``partner`` in the user's language, empty when no rule fits.

        :param habits: of ``res.partner._loyalty_habits``; ``tier``: a record or None
        """
        greetings = self.sudo()  # sudo: cashiers are shown the line, not the rules
        domain = Domain("company_id", "=", False) | Domain("company_id", "parent_of", company.id)
        facts = Facts(
            name=partner.name or "",
            today=company._loyalty_day(),
            first_visit=habits["first_visit"],
            visits=habits["visit_days"] or tuple(filter(None, [habits["last_visit"]])),
            birthday=birthday,
            special_day=special_day or "",
            tier=tier.name if tier else "",
            tier_id=tier.id if tier else 0,
        )
        found = greetings.search(domain)
        return rules.choose([greeting._rule() for greeting in found], facts)

    def _rule(self):
        return Rule(self.condition, self.text, self.days, self.visits, tuple(self.tier_ids.ids))
