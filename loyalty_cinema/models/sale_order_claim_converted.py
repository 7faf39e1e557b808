from odoo import models

from ..domain.amounts import to_decimal


class SaleOrder(models.Model):
    """Sales orders that were confirmed before the card that paid for a line was stored value."""

    _inherit = "sale.order"

    def _check_claim_of_card(self, line):
        """Such a line stays as it is: to be invoiced, credited, cancelled. It takes no more."""
        if line.coupon_id.is_stored_value and line.order_id._covers_claims(line.coupon_id):
            return None
        return super()._check_claim_of_card(line)

    def _covers_claims(self, balance):
        """Whether all that this order's lines cost ``balance`` was taken before the conversion."""
        lines = self.order_line.filtered(lambda line: line.coupon_id == balance)
        # sudo: salespersons have no rights on the ledger; only the yes or no leaves this method.
        [(taken,)] = (
            self.env["loyalty.ledger.entry"]
            .sudo()
            ._read_group(
                [
                    ("balance_id", "=", balance.id),
                    ("origin_model", "=", self._name),
                    ("origin_id", "=", self.id),
                    ("is_stored_value", "=", False),
                ],
                [],
                ["amount:sum"],
            )
        )
        cost = to_decimal(sum(lines.mapped("points_cost")))
        return 0 < cost <= -to_decimal(taken)
