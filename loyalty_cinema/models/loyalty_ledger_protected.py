from odoo import api, models

from ..exceptions import LedgerProtected


class LoyaltyLedgerProtected(models.AbstractModel):
    """What the ledger writes, nobody else writes: not by RPC, not as administrator (L3).

    The service inserts and updates with SQL in a few set-based statements. Every ORM way in is
    therefore closed for everyone, and no context or right opens it.
    """

    # pylint: disable=method-required-super
    _name = "loyalty.ledger.protected"
    _description = "Written by the loyalty ledger only"

    @api.model_create_multi
    def create(self, vals_list):
        """Refused, as all that follow."""
        self._refuse()

    def write(self, vals):
        """Refused."""
        self._refuse()

    def unlink(self):
        """Refused."""
        self._refuse()

    def copy(self, default=None):
        """Refused."""
        self._refuse()

    def _refuse(self):
        raise LedgerProtected(
            self.env._(
                "Movements of value cannot be changed or deleted. Correct them with a new movement "
                "that gives its reason."
            )
        )
