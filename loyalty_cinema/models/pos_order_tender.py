from odoo import models

from ..domain.amounts import to_decimal
from ..exceptions import TenderRefused


class PosOrder(models.Model):
    """Payments by gift card and wallet: each must be covered by a hold of this very order (L5)."""

    _inherit = "pos.order"

    def _stored_value_payments(self):
        return self.payment_ids.filtered("payment_method_id.stored_value_type")

    def _capture_tenders(self):
        """Capture the hold of each payment by stored value; returns the receipt's lines."""
        payments = self._stored_value_payments().filtered(lambda p: p.amount > 0)
        if payments:
            self._check_tenders_pay_goods(payments)
        if len(set(payments.mapped("transaction_id"))) < len(payments):
            raise TenderRefused(
                self.env._(
                    "One authorisation pays once. Remove the payments by card and choose it again."
                )
            )
        return [self._capture_tender(payment) for payment in payments]

    def _capture_tender(self, payment):
        method = payment.payment_method_id
        ledger = self.env["loyalty.ledger"]
        hold = ledger._hold(payment.transaction_id) if payment.transaction_id else None
        if not hold or hold.order_uuid != self.uuid:
            raise TenderRefused(
                self.env._(
                    "The payment by %(method)s was not authorised for this order. Remove it and "
                    "choose the card again.",
                    method=method.name,
                )
            )
        balance = hold.balance_id
        program = balance.program_id
        if program.program_type != method.stored_value_type or not self._loyalty_company_currency(
            program
        ):
            raise TenderRefused(
                self.env._(
                    "%(card)s cannot pay by %(method)s here. Choose another payment method.",
                    card=balance.display_name,
                    method=method.name,
                )
            )
        ledger.capture(hold.key, payment.amount, origin=self)
        payment.write({"card_no": balance._printed_code()[-4:], "card_type": program.name})
        return {
            "label": method.name,
            "masked_code": balance._printed_code(),
            "amount": payment.amount,
            "balance": balance.available,
        }

    def _check_tenders_pay_goods(self, payments):
        """Stored value pays goods: never a load, which would breed bonus, nor change in cash."""
        paid = sum(to_decimal(payment.amount) for payment in payments)
        goods = to_decimal(self.amount_total) - self._loads_total()
        if paid > goods:
            raise TenderRefused(
                self.env._(
                    "At most %(goods)s of this order can be paid with a card: top-ups and gift "
                    "cards are paid in money, and a card gives no change.",
                    goods=self.currency_id.format(float(max(goods, 0))),
                )
            )
