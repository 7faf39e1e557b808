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
        self._name_customer(payments)
        return [self._capture_tender(payment) for payment in payments]

    def _name_customer(self, payments):
        """Who pays with the own card is the customer of an order that has none, and earns.

        A card that is typed into the popup of a payment names nobody at the till, and a part of a
        table that is split off has lost its customer.
        """
        if not self.partner_id:
            holders = self.env["res.partner"].union(
                *(self._tender_hold(payment).balance_id._holder() for payment in payments)
            )
            if len(holders) == 1:
                self.partner_id = holders

    def _capture_tender(self, payment):
        """Charge what was held for ``payment``; returns its line on the receipt."""
        hold = self._tender_hold(payment)
        if payment.payment_method_id.stored_value_type == "loyalty":
            amounts = self._capture_points(payment, hold)
        else:
            self.env["loyalty.ledger"].capture(hold.key, payment.amount, origin=self)
            amounts = {"amount": payment.amount}
        balance = hold.balance_id
        payment.write({"card_no": hold._card_digits(), "card_type": balance.program_id.name})
        return {
            "label": payment.payment_method_id.name,
            "masked_code": balance._printed_code(),
            "program_type": balance.program_type,
            **amounts,
            "balance": balance.available,
        }

    def _tender_hold(self, payment):
        """The hold that covers ``payment``.

        :raises TenderRefused: when there is none of this order, or of another kind of balance
        """
        method, key = payment.payment_method_id, payment.transaction_id
        hold = self.env["loyalty.ledger"]._hold(key) if key else None
        if not hold or hold.order_uuid != self.uuid or hold._is_claim():
            raise TenderRefused(
                self.env._(
                    "The payment by %(method)s was not authorised for this order. Remove it and "
                    "choose the card again.",
                    method=method.name,
                )
            )
        program = hold.balance_id.program_id
        if program.program_type != method.stored_value_type or not self._loyalty_company_currency(
            program
        ):
            raise TenderRefused(
                self.env._(
                    "%(card)s cannot pay by %(method)s here. Choose another payment method.",
                    card=hold.balance_id.display_name,
                    method=method.name,
                )
            )
        return hold

    def _check_tenders_pay_goods(self, payments):
        """Stored value pays goods: never a load, which would breed bonus, nor change in cash."""
        paid = payments._loyalty_total()
        goods = self._loyalty_due() - self._loads_total()
        if paid > goods:
            raise TenderRefused(
                self.env._(
                    "At most %(goods)s of this order can be paid with a card: top-ups and gift "
                    "cards are paid in money, and a card gives no change.",
                    goods=self.currency_id.format(float(max(goods, 0))),
                )
            )

    def _loyalty_due(self):
        """What this order is to be paid with (Decimal), by card and points as by cash.

        Its total, rounded where the till rounds all payments and not only cash.
        """
        config = self.config_id
        if not config.cash_rounding or config.only_round_cash_method:
            return to_decimal(self.amount_total)
        return to_decimal(self._get_rounded_amount(self.amount_total, force_round=True))
