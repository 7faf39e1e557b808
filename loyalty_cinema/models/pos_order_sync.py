from odoo import api, models
from odoo.exceptions import UserError

from ..domain.amounts import to_decimal
from ..exceptions import InsufficientValue, LoyaltyError, RewardRefused, TenderRefused


class PosOrder(models.Model):
    """One request of a till: its orders earn in one batch, what was refused is remembered."""

    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """Synchronise, let all orders that were paid by it earn, and note a refusal for managers.

        As with Odoo, a refused order undoes the whole request; the till sends all of it again.
        """
        collecting = self._collecting()
        try:
            answer = super(PosOrder, collecting).sync_from_ui(orders)
            collecting._earn_collected()
        except UserError as refusal:
            self._report_refusal(orders, refusal)
            raise
        return answer

    def read_pos_data(self, data, config):
        """What goes back to the till says what its orders have earned: earn before it is read."""
        self._earn_collected()
        return super().read_pos_data(data, config)

    @api.model
    def _report_refusal(self, orders, refusal):
        """Note, after the rollback, what a till sent and was refused.

        A refused reward has been noted where the numbers were known, and refusals by Odoo are no
        business of ours; but a sale whose goods are gone is noted whatever the reason.
        """
        about = self._sent_about(orders if isinstance(orders, list) else [])
        if isinstance(refusal, RewardRefused) or not isinstance(refusal, LoyaltyError):
            about = [order for order in about if order["more"]["completed"]]
        kind = "tender" if isinstance(refusal, TenderRefused | InsufficientValue) else "other"
        for order in about:
            self.env["loyalty.incident"]._report_refused(kind, str(refusal), **order)

    def _report_own_fields(self, vals, names):
        """Note that a client sent what only the server writes, unless it is what it has read."""
        if len(self) == 1:
            names = {name for name in names if vals[name] != self[name]}
        if names:
            block = vals.get("loyalty_receipt")
            points = block.get("points") if isinstance(block, dict) else None
            asked = points.get("earned") if isinstance(points, dict) else 0
            self.env["loyalty.incident"]._report(
                "points",
                self.env._("A till sent what only the server writes with an order."),
                origin=self if len(self) == 1 else None,
                asked=to_decimal(asked) if isinstance(asked, int | float) else 0,
                config=self.env["pos.session"].browse(vals.get("session_id")).config_id,
            )
