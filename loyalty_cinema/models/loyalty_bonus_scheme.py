from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..domain.amounts import to_decimal
from ..domain.bonus import BONUS_MODES, Band, bonus_for


class LoyaltyBonusScheme(models.Model):
    """Extra value on loads: on which, when, how much from which load on, and how long it lasts."""

    _name = "loyalty.bonus.scheme"
    _description = "Bonus on Loads"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="Where several schemes would grant a bonus, the first in this order does."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    program_type = fields.Selection(
        [("ewallet", "Wallet top-ups"), ("gift_card", "Gift cards")],
        "For",
        required=True,
        default="ewallet",
    )
    date_from = fields.Date("From", help="First day. Empty: since ever.")
    date_to = fields.Date("Until", help="Last day. Empty: for ever.")
    bonus_validity_days = fields.Integer(
        "Bonus valid (days)",
        help="How long the bonus can be spent after the load. 0: it never expires.",
    )
    band_ids = fields.One2many("loyalty.bonus.band", "scheme_id", "Bands", copy=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A bonus scheme cannot end before it starts."
    )
    _validity_not_negative = models.Constraint(
        "CHECK (bonus_validity_days >= 0)", "The validity of a bonus cannot be negative."
    )

    @api.model
    @api.private
    def _bonus_for(self, program, amount, on_date):
        """What a load grants: ``(bonus, last day on which it can be spent)``.

        The first scheme in order that grants anything decides; bonuses do not add up.

        :param program: the balance's program; its company, type and currency decide
        :return: Decimal rounded to the currency, 0 when there is no bonus; date or None for never
        """
        amount, company = to_decimal(amount), program.company_id
        quantum = to_decimal((company or self.env.company).currency_id.rounding)
        # sudo: cashiers have no access to schemes; only the bonus leaves this method.
        for scheme in self.sudo().search(self._running_domain(program, on_date)):
            bonus = bonus_for(scheme.band_ids._bands(), amount, quantum)
            if bonus > 0:
                days = scheme.bonus_validity_days
                return bonus, on_date + timedelta(days=days) if days else None
        return Decimal(0), None

    @api.model
    def _running_domain(self, program, on_date):
        return (
            Domain("company_id", "=", program.company_id.id)
            & Domain("program_type", "=", program.program_type)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", on_date))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", on_date))
        )


class LoyaltyBonusBand(models.Model):
    """One step of a scheme: from this load on, so much percent or so much value."""

    _name = "loyalty.bonus.band"
    _description = "Band of a Bonus"
    _order = "scheme_id, from_amount"

    scheme_id = fields.Many2one(
        "loyalty.bonus.scheme", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scheme_id.company_id", store=True)
    currency_id = fields.Many2one(related="scheme_id.currency_id")
    from_amount = fields.Monetary("Load from", required=True)
    mode = fields.Selection(BONUS_MODES, "Kind", required=True, default="percent")
    value = fields.Float("Bonus", digits=(16, 2), required=True)

    _one_band_per_amount = models.Constraint(
        "UNIQUE(scheme_id, from_amount)", "Two bands cannot start at the same amount."
    )
    _amounts_make_sense = models.Constraint(
        "CHECK (from_amount >= 0 AND value > 0)",
        "A band starts at zero or more, and its bonus is more than zero.",
    )

    @api.constrains("mode", "value")
    def _check_value(self):
        if any(band.mode == "percent" and band.value > 100 for band in self):
            raise ValidationError(
                self.env._("A bonus of more than 100 percent is surely a typing mistake.")
            )

    def _bands(self):
        """The bands as the domain knows them."""
        return [Band(to_decimal(b.from_amount), b.mode, to_decimal(b.value)) for b in self]
