from odoo import models


class PosOrder(models.Model):
    """The visits of a customer are read from one index, however many there are."""

    _inherit = "pos.order"

    _loyalty_visit_idx = models.Index(
        "(partner_id, date_order) INCLUDE (company_id, state, is_refund) "
        "WHERE partner_id IS NOT NULL AND state IN ('paid', 'done')"
    )

    def _note_visits(self):
        """The customers of these paid orders were here, whatever they earned; refunds aside."""
        self.env["loyalty.member"]._note_visits(
            (
                order.partner_id.id,
                order.company_id.id,
                order.company_id._loyalty_day(order._loyalty_sold_at()),
            )
            for order in self
            if not order.is_refund
        )
