from odoo import api, models
from odoo.exceptions import ValidationError


class SaleOrderLine(models.Model):
    """Value is loaded at the till, where the ledger records it with the money."""

    _inherit = "sale.order.line"

    @api.constrains("product_id")
    def _check_load_product(self):
        """An invoiced load without its ledger entry would be a debt to nobody (L6)."""
        for line in self.filtered("product_id.loyalty_load_type"):
            raise ValidationError(
                self.env._(
                    "%(product)s can only be sold at the till: a quotation cannot put value on a "
                    "card.",
                    product=line.product_id.display_name,
                )
            )
