from odoo import models


class PosOrder(models.Model):
    """Being written."""

    _inherit = "pos.order"
