from odoo import api, models

from ..exceptions import TenderRefused


class PosPayment(models.Model):
    """A payment by stored value belongs to a settled order: it is not slipped in or out later."""

    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        """A payment cannot be added to an order that has been settled."""
        payments = super().create(vals_list)
        payments._check_not_settled()
        return payments

    def write(self, vals):
        """Amount, method and hold of a settled payment stay."""
        if {"amount", "payment_method_id", "transaction_id", "pos_order_id"} & vals.keys():
            self._check_not_settled()
            result = super().write(vals)
            self._check_not_settled()
            return result
        return super().write(vals)

    def unlink(self):
        """A settled payment stays."""
        self._check_not_settled()
        return super().unlink()

    def _check_not_settled(self):
        settled = self.filtered(
            lambda payment: (
                payment.payment_method_id.stored_value_type and payment.pos_order_id.loyalty_settled
            )
        )
        if settled:
            raise TenderRefused(
                self.env._(
                    "Order %(order)s is paid: its payment by %(method)s cannot be changed. Refund "
                    "the order instead.",
                    order=settled[0].pos_order_id.display_name,
                    method=settled[0].payment_method_id.name,
                )
            )
