"""Load products are sold at the till only: a shop that published them takes them off."""

from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Only a shop has the field; its module is loaded after ours, hence at the end."""
    products = api.Environment(cr, SUPERUSER_ID, {})["product.template"]
    if "is_published" in products._fields:
        products = products.with_context(active_test=False)
        products.search([("loyalty_load_type", "!=", False)]).is_published = False
