from odoo import api, models
from odoo.exceptions import ValidationError


class AccountPayment(models.Model):
    """Our journals take payments from the till only, where a hold covers them."""

    _inherit = "account.payment"

    @api.model_create_multi
    def create(self, vals_list):
        """No constraint alone: a client could name a method of the till."""
        payments = super().create(vals_list)
        payments.with_env(self.env)._check_not_by_client()
        return payments

    def write(self, vals):
        """As :meth:`create`."""
        result = super().write(vals)
        if {"journal_id", "amount", "payment_type", "pos_payment_method_id"} & vals.keys():
            self._check_not_by_client()
        return result

    def _check_not_by_client(self):
        """Closing a session makes the till's payments in sudo; nobody else makes one."""
        if not self.env.su:
            for payment in self:
                if payment.journal_id in payment.company_id._loyalty_tender_journals():
                    payment._refuse_tender_journal()

    @api.constrains("journal_id", "pos_payment_method_id")
    def _check_stored_value_journal(self):
        """Anything else would lower the liability while the customer keeps the value (L6)."""
        for payment in self:
            journals = payment.company_id._loyalty_tender_journals()
            if payment.journal_id in journals and not payment.pos_payment_method_id:
                payment._refuse_tender_journal()

    def _refuse_tender_journal(self):
        raise ValidationError(
            self.env._(
                "Payments in the journal %(journal)s are made at the till with cards or "
                "points. Choose another journal.",
                journal=self.journal_id.display_name,
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
