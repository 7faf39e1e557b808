from odoo import models


class PosOrder(models.Model):
    """The visits of a customer are read from one index, however many there are."""

    _inherit = "pos.order"

    _loyalty_visit_idx = models.Index(
        "(partner_id, date_order) INCLUDE (company_id, state) "
        "WHERE partner_id IS NOT NULL AND state IN ('paid', 'done')"
    )
