from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """A load product sells stored value: it is money for later, not revenue and not taxed."""

    _inherit = "product.template"

    loyalty_load_type = fields.Selection(
        [("gift_card", "Gift card"), ("ewallet", "Member wallet")],
        "Loads",
        help="Selling this product puts its price on a gift card or member wallet. It carries no "
        "tax and is booked on the stored value account, whatever its income account says.",
    )
    loyalty_no_earn = fields.Boolean(
        "Earns no points",
        help="Members get no points for this product, for example a deposit, a tip or a fee.",
    )

    @api.constrains("loyalty_load_type", "taxes_id", "type")
    def _check_load_product(self):
        for product in self.filtered("loyalty_load_type"):
            if product.sudo().taxes_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s loads stored value: remove its sales taxes. Tax is due on "
                        "what the value buys, when it is spent.",
                        product=product.name,
                    )
                )
            if product.type != "service":
                raise ValidationError(
                    self.env._(
                        "%(product)s loads stored value: make it a service.", product=product.name
                    )
                )

    @api.onchange("loyalty_load_type")
    def _onchange_loyalty_load_type(self):
        if self.loyalty_load_type:
            self.type = "service"
            self.taxes_id = False

    def _get_product_accounts(self):
        """A load is always booked on the liability, whatever was typed as income account (L6)."""
        accounts = super()._get_product_accounts()
        if self.loyalty_load_type:
            company = (self.company_id or self.env.company).sudo()
            liability = company.loyalty_stored_value_account_id.sudo(False)
            accounts["income"] = liability or accounts["income"]
        return accounts

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["loyalty_load_type"]
