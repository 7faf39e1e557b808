from odoo import models


class PosSession(models.Model):
    """What a till books, it books on the day of its company (L6).

    Odoo dates entries on the clock of whoever closes the till. Stored value moves on the company's
    day, so a cashier with another time zone would put the two into different days, or years.
    """

    _inherit = "pos.session"

    def _on_company_clock(self):
        """The same session on the clock that the ledger goes by."""
        return self.with_context(tz=self.company_id._loyalty_timezone())

    def _validate_session(self, *args, **kwargs):
        """Session entry, payments, cash differences."""
        result = super(PosSession, self._on_company_clock())._validate_session(*args, **kwargs)
        if self.state == "closed":
            closed = self.sudo()  # sudo: a cashier may read neither payments nor entries
            booked = closed.move_id | closed.bank_payment_ids.move_id
            booked._loyalty_keep_day(self.company_id._loyalty_day())
        return result

    def _prepare_account_bank_statement_line_vals(self, session, *args):
        """Cash brought in and taken out."""
        dated = super(PosSession, session._on_company_clock())
        return dated._prepare_account_bank_statement_line_vals(session, *args)


class PosOrder(models.Model):
    """Invoices and credit notes of a till, and the payments on them, on the same clock."""

    _inherit = "pos.order"

    def _generate_pos_order_invoice(self):
        zone = self.session_id[:1]._on_company_clock().env.context["tz"]
        invoice = super(PosOrder, self.with_context(tz=zone))._generate_pos_order_invoice()
        if self.lines.product_id.filtered("loyalty_load_type"):
            self._keep_day_of_load(invoice.sudo())  # sudo: a cashier may not read entries
        return invoice

    def _keep_day_of_load(self, invoice):
        """Remember the day of the invoice, and of what takes its orders out of their sessions."""
        invoice._loyalty_keep_day(invoice.invoice_date)
        reversing = invoice.search([("reversed_pos_order_id", "in", self.ids)])
        reversing._loyalty_keep_day(self.company_id[:1]._loyalty_day())
