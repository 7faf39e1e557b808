from odoo import api, fields, models

#: Written by the server only, from what the order earned.
SHARE_FIELDS = frozenset({"loyalty_points", "loyalty_qualifying", "loyalty_shares"})
#: Decimals of a line's share: those of ``domain.earning.SHARE_QUANTUM``.
SHARE_DIGITS = (16, 6)


class PosOrderLine(models.Model):
    """What each line contributed to the points that its order earned.

    The shares are exact and unrounded; the order's total was rounded once. A refund takes back what
    the rest of the shares does not support any more (``pos_order_clawback.py``).
    """

    _inherit = "pos.order.line"
    _loyalty_server_fields = SHARE_FIELDS

    loyalty_points = fields.Float(
        "Points",
        digits=SHARE_DIGITS,
        min_display_digits=0,
        readonly=True,
        copy=False,
        help="The line's share of the points to spend that its order earned, before rounding.",
    )
    loyalty_qualifying = fields.Float(
        "Qualifying points",
        digits=SHARE_DIGITS,
        min_display_digits=0,
        readonly=True,
        copy=False,
        help="The line's share of the qualifying points that its order earned, before rounding.",
    )
    loyalty_shares = fields.Json(
        readonly=True,
        copy=False,
        help="The same by balance: {balance: [points, qualifying points]}, as text.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Drop shares that a client sends."""
        return super().create([self._without_shares(vals) for vals in vals_list])

    def write(self, vals):
        """Drop shares that a client sends."""
        return super().write(self._without_shares(vals))

    def _without_shares(self, vals):
        if self.env.su or SHARE_FIELDS.isdisjoint(vals):
            return vals
        self.env["loyalty.incident"]._report(
            "points",
            self.env._("Points were sent with the lines of an order."),
            origin=self.env["pos.order"].browse(vals.get("order_id") or self.order_id[:1].id),
            asked=self._sent_points(vals),
        )
        return self._loyalty_without(SHARE_FIELDS, vals)

    def _sent_points(self, vals):
        sent = vals.get("loyalty_points")
        return sent if isinstance(sent, int | float) else 0
