from odoo import api, models

from ..exceptions import LoadRefused

#: Where guests order by themselves (``pos_self_order``, no dependency).
GUEST_SOURCES = ("kiosk", "mobile")


class PosOrder(models.Model):
    """What guests ring up by themselves: never a gift card or top-up, which the staff sells."""

    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """Refuse what guests cannot order; their requests come from Odoo's server, in sudo."""
        if self.env.su:
            guests = [order for order in orders if order.get("source") in GUEST_SOURCES]
            self._check_no_loads(guests)
        return super().sync_from_ui(orders)

    def _check_no_loads(self, orders):
        values = [
            command[2]
            for order in orders
            for command in order.get("lines") or []
            if isinstance(command, list | tuple) and len(command) == 3
        ]
        ids = [v["product_id"] for v in values if isinstance(v, dict) and v.get("product_id")]
        products = self.env["product.product"].browse(ids).exists()
        if load := products.filtered("loyalty_load_type")[:1]:
            raise LoadRefused(
                self.env._(
                    "“%(product)s” is sold by our staff: please ask them.",
                    product=load.display_name,
                )
            )
