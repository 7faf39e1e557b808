from odoo import api, models


class ProductProduct(models.Model):
    """The till knows a load product by its variant, as order lines do."""

    _inherit = "product.product"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["loyalty_load_type"]
