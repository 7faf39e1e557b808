from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..domain.amounts import AMOUNT_DIGITS, by_smaller_units, to_decimal
from ..exceptions import LoyaltyError

#: Which field of a kind opens a balance of which of Odoo's program types.
OPENS_BY_PROGRAM_TYPE = {
    "gift_card": "opens_gift",
    "ewallet": "opens_wallet",
    "loyalty": "opens_points",
}

#: The limits that a company begins with, of each kind that comes with the addon: in a currency that
#: has smaller units, and in one without. Managers change them on the kind.
FIRST_LIMITS = {
    "kind_gift": {
        "load_min": (5, 50_000),
        "load_max": (500, 10_000_000),
        "balance_max": (500, 10_000_000),
        "denominations": ("20, 50, 100, 200", "100000, 200000, 500000, 1000000"),
    },
    "kind_prepaid": {
        "load_min": (5, 50_000),
        "load_max": (1_000, 20_000_000),
        "balance_max": (5_000, 100_000_000),
        "load_daily_max": (2_000, 40_000_000),
        "denominations": ("50, 100, 200, 500", "200000, 500000, 1000000, 2000000"),
    },
}
FIRST_LIMITS["kind_combined"] = FIRST_LIMITS["kind_prepaid"]


class LoyaltyCardKind(models.Model):
    """What a member card is good for: which balances it opens, its limits, its validity.

    Kinds are shared by all companies, or belong to one. Amounts are never shared: each company sets
    the limits in its own currency (company-dependent fields), zero meaning "no limit".
    """

    _name = "loyalty.card.kind"
    _inherit = "loyalty.shared.mixin"
    _description = "Kind of Member Card"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env["res.company"] if self.env.su else self.env.company,
        help="Empty: used by all companies of this database. Then an administrator keeps it, and "
        "each company sets its own limits.",
    )
    opens_gift = fields.Boolean("Gift value", help="The card holds a gift card balance.")
    opens_wallet = fields.Boolean(
        "Prepaid value", help="The card holds a member wallet that can be topped up."
    )
    opens_points = fields.Boolean("Points", help="The card collects points.")
    named = fields.Boolean(help="A card of this kind needs a holder before it is activated.")
    corporate = fields.Boolean(
        "Company cards",
        help="A company may own cards of this kind. The money is the company's; each card names "
        "the employee who presents it.",
    )
    pin_required = fields.Boolean("PIN required", help="Paying with the card needs its PIN.")
    validity_months = fields.Integer(
        "Validity (months)",
        help="How long a card can be used after its activation. 0: it does not expire.",
    )
    value_expires = fields.Boolean(
        "Value expires with the card",
        help="What is loaded on the card can be spent until the card's last day, and becomes "
        "breakage income after it. Otherwise the value is kept for a replacement card. Many "
        "countries set a minimum life of gift cards: check before you tick this.",
    )
    reloadable = fields.Boolean(default=True, help="Value can be loaded more than once.")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    load_min = fields.Float(
        "Smallest load", digits=AMOUNT_DIGITS, company_dependent=True, help="0: no limit."
    )
    load_max = fields.Float(
        "Largest load", digits=AMOUNT_DIGITS, company_dependent=True, help="0: no limit."
    )
    balance_max = fields.Float(
        "Highest balance", digits=AMOUNT_DIGITS, company_dependent=True, help="0: no limit."
    )
    load_daily_max = fields.Float(
        "Loads per day",
        digits=AMOUNT_DIGITS,
        company_dependent=True,
        help="The most that one card takes in one day. 0: no limit.",
    )
    denominations = fields.Char(
        "Preset amounts",
        company_dependent=True,
        help="Amounts offered at the till, separated by commas, for example: 100000, 200000",
    )
    printed_terms = fields.Text(
        "Terms on the card",
        translate=True,
        help="Printed small on the cards of the sheet, about five lines: where they can be used, "
        "what happens when one is lost.",
    )
    card_count = fields.Integer(compute="_compute_card_count")

    _validity_not_negative = models.Constraint(
        "CHECK (validity_months >= 0)", "The validity of a card cannot be negative."
    )

    @api.constrains("load_min", "load_max", "balance_max", "load_daily_max")
    def _check_limits(self):
        for kind in self:
            limits = (kind.load_min, kind.load_max, kind.balance_max, kind.load_daily_max)
            if min(limits) < 0:
                raise ValidationError(
                    self.env._("Limits cannot be negative. Enter 0 for no limit.")
                )
            upper = [limit for limit in limits[1:] if limit]
            if upper and kind.load_min > min(upper):
                raise ValidationError(
                    self.env._("The smallest load cannot be more than the other limits allow.")
                )

    @api.constrains("denominations")
    def _check_denominations(self):
        for kind in self:
            try:
                amounts = kind._denominations()
            except ValueError:
                amounts = [0]
            if any(amount <= 0 for amount in amounts):
                raise ValidationError(
                    self.env._("Enter the preset amounts as numbers, separated by commas.")
                )

    def write(self, vals):
        """Of a kind that all companies share, a manager sets the own company's limits only."""
        self._check_shared(any(not self._fields[name].company_dependent for name in vals))
        return super().write(vals)

    @api.private
    def _check_offered(self):
        """:raises LoyaltyError: for an archived kind, of which no new cards are made"""
        if archived := self.filtered(lambda kind: not kind.active):
            raise LoyaltyError(
                self.env._(
                    "%(kind)s is archived, and no new cards are made of it. Choose another kind.",
                    kind=archived[0].name,
                )
            )

    @api.model
    @api.private
    def _set_first_limits(self, company):
        """Give the shipped kinds the limits that ``company`` begins with.

        Where it has set none, or those that it began with are of another currency.
        """
        decimals = company.currency_id.decimal_places
        for name, limits in FIRST_LIMITS.items():
            kind = self.env.ref(f"loyalty_cinema.{name}", raise_if_not_found=False)
            if not kind:
                continue
            kind = kind.with_user(SUPERUSER_ID).with_company(company)  # the installation's terms
            now = {field: kind[field] for field in limits}
            first = [
                dict(zip(limits, amounts, strict=True))
                for amounts in zip(*limits.values(), strict=True)
            ]
            if not any(now.values()) or now in first:
                kind.write({f: by_smaller_units(decimals, *limits[f]) for f in limits})

    def _check_shared(self, changes_all):
        shared = self.filtered("is_kept_by_others")
        if changes_all and shared:
            raise AccessError(
                self.env._(
                    "%(kind)s is used by all companies: an administrator changes it. You set its "
                    "limits for your company, or make a kind of your own.",
                    kind=shared[0].name,
                )
            )

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    def _compute_card_count(self):
        counts = dict(
            self.env["loyalty.member.card"]._read_group(
                [("kind_id", "in", self.ids)], ["kind_id"], ["__count"]
            )
        )
        for kind in self:
            kind.card_count = counts.get(kind, 0)

    def action_view_cards(self):
        """Open the cards of this kind."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_member_card"
        )
        return dict(action, domain=[("kind_id", "in", self.ids)], context={})

    def _denominations(self):
        """The preset amounts as numbers, in the order they were entered.

        :raises ValueError: when the text holds something that is no number
        """
        self.ensure_one()
        parts = (part.strip() for part in (self.denominations or "").split(","))
        return [float(to_decimal(part)) for part in parts if part]

    @api.model
    @api.private
    def _that_opens(self, program_type, company):
        """The first kind of card of ``company`` that holds a balance of this program type."""
        kinds = self.search([("company_id", "in", [company.id, False])])
        return kinds.filtered(lambda kind: kind._opens(program_type))[:1].with_company(company)

    def _opens(self, program_type):
        """Whether cards of this kind hold a balance of this program type."""
        self.ensure_one()
        field_name = OPENS_BY_PROGRAM_TYPE.get(program_type)
        return bool(field_name and self[field_name])
