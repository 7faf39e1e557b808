from odoo import api, models
from odoo.exceptions import ValidationError


class AccountPayment(models.Model):
    """Our journals take payments from the till only, where a hold covers them."""

    _inherit = "account.payment"

    @api.constrains("journal_id", "pos_payment_method_id")
    def _check_stored_value_journal(self):
        """Anything else would lower the liability while the customer keeps the value (L6)."""
        for payment in self:
            journals = payment.company_id._loyalty_tender_journals()
            if payment.journal_id in journals and not payment.pos_payment_method_id:
                raise ValidationError(
                    self.env._(
                        "Payments in the journal %(journal)s are made at the till with cards or "
                        "points. Choose another journal.",
                        journal=payment.journal_id.display_name,
                    )
                )


class AccountPaymentRegister(models.TransientModel):
    """Do not offer our journals for invoices and bills."""

    _inherit = "account.payment.register"

    @api.depends("payment_type", "company_id", "can_edit_wizard")
    def _compute_available_journal_ids(self):
        result = super()._compute_available_journal_ids()
        for wizard in self:
            wizard.available_journal_ids -= wizard.company_id._loyalty_tender_journals()
        return result
