from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

#: The bands that a new discount program starts with: money to spend within the period, percent.
#: Currencies without small units count in thousands.
BANDS_LARGE = ((2_000_000, 10, "#17a2b8"), (5_000_000, 15, "#6f42c1"))
BANDS_SMALL = ((200, 10, "#17a2b8"), (500, 15, "#6f42c1"))
PERIOD_MONTHS = 12
#: Whose prices hold for who has both.
TIER_PRICES = [
    ("best", "The better price"),
    ("card", "The discount card's price"),
    ("membership", "The membership's price"),
]


class ResCompany(models.Model):
    """The discount program of a company: what holders of discount cards buy, and what it gives.

    It is a membership program whose ladder counts spend and whose tiers have discounts: purchases
    are tracked by the service that earns points, refunds take back, reviews end a discount after
    its time. It gives no points and is no program that customers join by themselves.
    """

    _inherit = "res.company"

    loyalty_discount_program_id = fields.Many2one(
        "loyalty.program",
        "Discount program",
        domain=[("is_membership", "=", True)],
        help="Holders of discount cards are its members. Its tiers are the bands: so much spent, "
        "so much discount. Branches use that of the company above them unless they have their own.",
    )

    loyalty_tier_prices = fields.Selection(
        TIER_PRICES,
        "Members with a discount card pay",
        required=True,
        default="best",
        help="Which prices a member pays whose tier has prices and who has a discount card. The "
        "better price: the larger of two percentages; a pricelist with other rules cannot be "
        "compared and is used instead. Branches follow the company whose discount program they "
        "use.",
    )

    @api.constrains("loyalty_discount_program_id", "loyalty_points_program_id")
    def _check_loyalty_discount_program(self):
        for company in self.filtered("loyalty_discount_program_id"):
            program = company.sudo().loyalty_discount_program_id  # sudo: its settings only
            if not program.is_membership or program.company_id not in company.parent_ids:
                raise ValidationError(
                    self.env._(
                        "%(program)s is not a membership program of %(company)s.",
                        program=program.name,
                        company=company.name,
                    )
                )
            if program == company.loyalty_points_program_id:
                raise ValidationError(
                    self.env._(
                        "%(program)s is the program that the customers of %(company)s join. Choose "
                        "another one for its discount cards.",
                        program=program.name,
                        company=company.name,
                    )
                )

    @api.private
    def _loyalty_discount_program(self):
        """The program of this company's discount cards: its own, else that of a parent.

        In sudo: settings are not the cashier's to read, and the callers have checked who asks.
        """
        return self._loyalty_own_program("loyalty_discount_program_id")

    @api.private
    def _loyalty_price_rank(self):
        """How a member's prices rank among those of the same customer: a key, the first holds.

        In sudo: as :meth:`_loyalty_discount_program`.
        """
        discounts = self._loyalty_discount_program()
        joined = self._loyalty_membership_program()
        choice = self._loyalty_tier_prices_choice()
        first = [discounts, joined] if choice == "card" else [joined, discounts]
        places = {program.id: place for place, program in enumerate(first)}

        def rank(member):
            percent = member.tier_id._percent_off() if choice == "best" else 0
            better = float("-inf") if percent is None else -percent
            place = places.get(member.program_id.id, len(first))
            return better, place, member.program_id.sequence

        return rank

    @api.private
    def _loyalty_tier_prices_choice(self):
        """``loyalty_tier_prices`` of the company whose discount cards are taken here."""
        owner = self._loyalty_discount_program().company_id or self.sudo()  # sudo: its settings
        return owner.loyalty_tier_prices

    @api.private
    def _loyalty_setup_discount(self):
        """Make a discount program with two bands, to be edited; where there is one, nothing."""
        for company in self.filtered(lambda c: not c.loyalty_discount_program_id):
            # A clean context: the settings, which call this, have defaults of their own.
            company = company.with_context({})  # pylint: disable=context-overridden
            company = company.with_company(company).sudo()  # sudo: as _loyalty_setup
            joined = company.loyalty_points_program_id
            program = company._loyalty_create(
                "loyalty.program",
                "loyalty_discount_program_id",
                company._loyalty_discount_values(),
            )
            # the first membership program of a company is taken for the one customers join
            company.loyalty_points_program_id = joined
            company.loyalty_discount_program_id = program

    def _loyalty_discount_values(self):
        """A program without points: no earn rules, no rewards, nothing for the till to offer."""
        bands = BANDS_LARGE if self.currency_id.rounding >= 1 else BANDS_SMALL
        return {
            "program_type": "loyalty",
            "is_membership": True,
            "company_id": self.id,
            "currency_id": self.currency_id.id,
            "portal_visible": False,
            "rule_ids": [],
            "reward_ids": [],
            "tier_measure": "spend",
            "tier_window": "rolling",
            "tier_window_months": PERIOD_MONTHS,
            "tier_valid_months": PERIOD_MONTHS,
            "tier_ids": [
                Command.create(
                    {
                        "name": f"{percent} %",
                        "threshold": spend,
                        "discount": percent,
                        "color": color,
                    }
                )
                for spend, percent, color in bands
            ],
        }

    def _loyalty_names(self):
        names = super()._loyalty_names()
        return {**names, "loyalty_discount_program_id": self.env._("Discount card")}


class LoyaltyProgram(models.Model):
    """Whose members hold discount cards: lists of members keep them apart from the others."""

    _inherit = "loyalty.program"

    is_discount = fields.Boolean(
        "For discount cards", compute="_compute_is_discount", search="_search_is_discount"
    )

    def _compute_is_discount(self):
        discounts = self._discount_programs()
        for program in self:
            program.is_discount = program._origin in discounts

    def _search_is_discount(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in" if True in value else "not in", self._discount_programs().ids)]

    @api.model
    def _discount_programs(self):
        # sudo: a branch uses the program of a company that its staff need not see
        companies = self.env["res.company"].sudo()
        companies = companies.search([("loyalty_discount_program_id", "!=", False)])
        return companies.loyalty_discount_program_id.sudo(False)


class ResConfigSettings(models.TransientModel):
    """Where a business starts discount cards."""

    _inherit = "res.config.settings"

    loyalty_discount_program_id = fields.Many2one(
        related="company_id.loyalty_discount_program_id", readonly=False
    )
    loyalty_tier_prices = fields.Selection(
        related="company_id.loyalty_tier_prices", readonly=False, required=True
    )

    def action_loyalty_setup_discount(self):
        """Make the company's discount program, and open it for its bands to be set."""
        self.check_access("write")
        self.company_id._loyalty_setup_discount()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.program",
            "res_id": self.company_id.loyalty_discount_program_id.id,
            "views": [(False, "form")],
        }
