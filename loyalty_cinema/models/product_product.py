from odoo import api, models

from .product_template import fit_for_loads, loads_apart


class ProductProduct(models.Model):
    """The till knows a load product by its variant, as order lines do."""

    _inherit = "product.product"

    def write(self, vals):
        """As of templates, to which Odoo passes it on one by one."""
        loads, rest = loads_apart(self, vals)
        if loads:
            super(ProductProduct, loads).write(fit_for_loads(vals))
        return super(ProductProduct, rest).write(vals)

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["loyalty_load_type"]
