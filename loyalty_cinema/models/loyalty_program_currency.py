from odoo import api, models
from odoo.exceptions import ValidationError


class LoyaltyProgram(models.Model):
    """Stored value is kept in the money of the company that owes it."""

    _inherit = "loyalty.program"

    @api.constrains("is_stored_value", "currency_id", "company_id")
    def _check_stored_value_currency(self):
        """A debt in a foreign currency would need revaluation, and its tender a till in it."""
        for program in self.filtered("is_stored_value"):
            company_currency = program.company_id.currency_id
            if company_currency and program.currency_id != company_currency:
                raise ValidationError(
                    self.env._(
                        "%(program)s: stored value is kept in the currency of its company, "
                        "%(currency)s.",
                        program=program.name,
                        currency=company_currency.name,
                    )
                )
