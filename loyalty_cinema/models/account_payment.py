from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountAccount(models.Model):
    """Money is not booked on what customers hold: it would pay with nobody's card (I7)."""

    _inherit = "account.account"

    def _refuse_value_accounts(self, record, journal):
        """Refuse accounts of stored value in ``record`` of a journal that is none of the tenders'.

        A company without a journal for tenders is about to get it, on such an account.

        :raises ValidationError: when a company keeps value on one of these accounts
        """
        names = ("loyalty_stored_value_account_id", "loyalty_unamortised_bonus_account_id")
        named = fields.Domain.OR(fields.Domain(name, "in", self.ids) for name in names)
        ready = fields.Domain("loyalty_stored_value_journal_id", "!=", False)
        # sudo: the settings of all companies, to compare with
        companies = self.env["res.company"].sudo().search(named & ready) if self else ()
        for company in companies:
            if journal in company._loyalty_tender_journals():
                continue
            account = self.filtered(lambda a, c=company: a in (c[names[0]] | c[names[1]]))[:1]
            raise ValidationError(
                self.env._(
                    "%(record)s: the value of gift cards and wallets is kept on %(account)s, and "
                    "only payments with cards are booked there. Choose another account.",
                    record=record.display_name,
                    account=account.display_name,
                )
            )


class AccountPaymentMethodLine(models.Model):
    """The outstanding account of a payment method of a journal."""

    _inherit = "account.payment.method.line"

    @api.constrains("payment_account_id", "journal_id")
    def _check_no_value_account(self):
        for line in self:
            line.payment_account_id._refuse_value_accounts(line, line.journal_id)


class AccountJournal(models.Model):
    """The account of a bank or of a cash box."""

    _inherit = "account.journal"

    @api.constrains("default_account_id", "type")
    def _check_no_value_account(self):
        for journal in self.filtered(lambda journal: journal.type in ("bank", "cash", "credit")):
            journal.default_account_id._refuse_value_accounts(journal, journal)


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

    @api.constrains(
        "outstanding_account_id", "force_outstanding_account_id", "payment_method_line_id"
    )
    def _check_no_value_account(self):
        for payment in self:
            payment.outstanding_account_id._refuse_value_accounts(payment, payment.journal_id)

    @api.constrains("journal_id", "pos_payment_method_id")
    def _check_stored_value_journal(self):
        """Anything else would lower the liability while the customer keeps the value (L6)."""
        for payment in self:
            journals = payment.company_id._loyalty_tender_journals()
            if payment.journal_id in journals and not payment.pos_payment_method_id:
                payment._refuse_tender_journal()

    def _refuse_tender_journal(self):
        if session := self.sudo().pos_session_id:  # sudo: an accountant may not read sessions
            raise ValidationError(
                self.env._(
                    "%(payment)s is what cards have paid at the till in %(session)s, and stays "
                    "so. Refund the sale at the till, or credit its invoice: the cards get back "
                    "what they have paid.",
                    payment=self.display_name,
                    session=session.name,
                )
            )
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
