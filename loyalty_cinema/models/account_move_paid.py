from odoo import models

from ..domain.amounts import to_decimal

ZERO = to_decimal(0)
#: An invoice in these states has been paid, by money or by its credit note.
PAID_STATES = ("paid", "in_payment", "reversed")
#: Accounts on which money arrives.
MONEY_ACCOUNTS = ("asset_cash", "liability_credit_card")
#: States of a payment without a journal entry in which it counts.
PAYMENT_STATES = ("in_process", "paid")


class AccountMove(models.Model):
    """What of an invoice was paid in money, and when that ceases to be so.

    Odoo calls an invoice paid when nothing of it is left: by a payment of 1 and a write-off of the
    rest, too. Points are earned on what was paid.
    """

    _inherit = "account.move"

    def write(self, vals):
        """A payment without an entry pays as soon as it is named."""
        result = super().write(vals)
        if "matched_payment_ids" in vals:
            self._loyalty_follow_payments()
        return result

    def _loyalty_is_paid(self):
        """Whether all of this invoice is settled.

        Odoo leaves an invoice paid when the entry that paid it is reset to draft, and calls it paid
        when a payment without an entry has begun.
        """
        if self.state != "posted" or self.payment_state not in PAID_STATES:
            return False
        settling = self._loyalty_receivables().matched_credit_ids.credit_move_id
        if any(line.parent_state != "posted" for line in settling):
            return False
        open_amount = to_decimal(self.amount_residual) - self._loyalty_entryless()
        return self.currency_id.compare_amounts(float(open_amount), 0) <= 0

    def _loyalty_money_share(self):
        """The part of this invoice that was paid in money, or by credit notes: 0 to 1 (Decimal).

        Credit notes lower what was sold, and are counted there. Write-offs, discounts for early
        payment and other entries pay nothing.
        """
        total = to_decimal(self.amount_total)
        if not total:
            return to_decimal(1)
        settled = self._loyalty_entryless()
        for partial in self._loyalty_receivables().matched_credit_ids:
            amount = to_decimal(partial.debit_amount_currency)
            settled += amount * partial.credit_move_id.move_id._loyalty_money_part()
        return min(max(settled / total, ZERO), to_decimal(1))

    def _loyalty_receivables(self):
        return self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def _loyalty_entryless(self):
        """What payments that make no journal entry paid of this invoice (Decimal)."""
        payments = self.matched_payment_ids.filtered(
            lambda payment: not payment.move_id and payment.state in PAYMENT_STATES
        )
        return sum(
            (
                to_decimal(
                    payment.currency_id._convert(
                        payment.amount, self.currency_id, self.company_id, payment.date
                    )
                )
                for payment in payments
            ),
            ZERO,
        )

    def _loyalty_money_part(self):
        """How much of what this entry takes off receivables is money: 0 to 1 (Decimal)."""
        if self.state != "posted":
            return ZERO
        if self.move_type == "out_refund":
            own = self.reversed_entry_id or self.invoice_line_ids.sale_line_ids
            return to_decimal(1 if own else 0)
        payment = self.origin_payment_id
        accounts = payment.outstanding_account_id
        if payment:
            accounts = payment._get_valid_liquidity_accounts()
        money = received = ZERO
        for line in self.line_ids:
            if line.account_id in accounts or line.account_id.account_type in MONEY_ACCOUNTS:
                money += to_decimal(line.balance)
            elif line.account_id.account_type == "asset_receivable":
                received -= to_decimal(line.balance)
        return min(max(money / received, ZERO), to_decimal(1)) if received else ZERO

    def _loyalty_follow_payments(self):
        """Sales orders of these invoices keep what their payments still pay, or get what is due."""
        orders = self.filtered(lambda move: move.move_type == "out_invoice")._loyalty_sale_orders()
        orders._loyalty_earn_due()
        orders._loyalty_true_up("payment")

    def _loyalty_settled_invoices(self):
        """The invoices that these entries and credit notes settle."""
        # sudo: as for AccountPartialReconcile
        moves = self.sudo().filtered(lambda move: move.move_type in ("entry", "out_refund"))
        return moves.line_ids.matched_debit_ids.debit_move_id.move_id

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._loyalty_settled_invoices()._loyalty_follow_payments()
        return posted

    def button_draft(self):
        """What was paid by these entries is not paid while they are drafts."""
        result = super().button_draft()
        self._loyalty_settled_invoices()._loyalty_follow_payments()
        return result


class AccountPartialReconcile(models.Model):
    """A payment that is undone (taken off, reset, cancelled, deleted) takes points back."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        """Afterwards the orders behind the invoices keep what is still paid."""
        # sudo: which invoices were paid is asked of whoever may undo a payment
        invoices = self.sudo().debit_move_id.move_id
        result = super().unlink()
        invoices.exists()._loyalty_follow_payments()
        return result


class AccountPayment(models.Model):
    """Payments that make no journal entry have nothing to be reconciled, only a state."""

    _inherit = "account.payment"

    def write(self, vals):
        """Follow their state."""
        result = super().write(vals)
        if "state" in vals:
            self._loyalty_invoices_without_entry()._loyalty_follow_payments()
        return result

    def unlink(self):
        """As :meth:`write`."""
        invoices = self._loyalty_invoices_without_entry()
        result = super().unlink()
        invoices._loyalty_follow_payments()
        return result

    def _loyalty_invoices_without_entry(self):
        # sudo: as for AccountPartialReconcile
        return self.sudo().filtered(lambda payment: not payment.move_id).invoice_ids
