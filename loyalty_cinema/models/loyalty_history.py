from odoo import api, models

from ..domain.movement import Template
from ..exceptions import LedgerProtected


class LoyaltyHistory(models.Model):
    """What members read of their movements is written by the server only (I17).

    Odoo's own wizards write their line as the user who opened them, next to ``points = …``: they
    show the template of that movement, which no client can make.
    """

    _inherit = "loyalty.history"

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for clients; Odoo's own lines are written for whoever may move the value."""
        return super(LoyaltyHistory, self._loyalty_writer()).create(vals_list).with_env(self.env)

    def write(self, vals):
        """As :meth:`create`."""
        return super(LoyaltyHistory, self._loyalty_writer()).write(vals)

    def unlink(self):
        """As :meth:`create`."""
        return super(LoyaltyHistory, self._loyalty_writer()).unlink()

    def _loyalty_writer(self):
        if isinstance(self.env.context.get("loyalty_movement"), Template):
            return self.sudo()  # sudo: see the class; the movement itself was allowed
        if not self.env.su:
            raise LedgerProtected(
                self.env._(
                    "The history that members read cannot be edited. Correct the balance, and say "
                    "why."
                )
            )
        return self
