from odoo import api, models
from odoo.exceptions import ValidationError

from ..domain.amounts import to_decimal
from ..exceptions import LoadRefused, TenderRefused


class PosOrderLine(models.Model):
    """What is left to refund of a load that this line sold."""

    _inherit = "pos.order.line"

    @api.constrains("refunded_orderline_id", "order_id")
    def _check_refund_is_no_circle(self):
        """An order gives back what an earlier one sold: never itself, nor one that refunds it."""
        for order in self.filtered("refunded_orderline_id").order_id:
            if order in order._refunded_order()._with_exchanged():
                raise ValidationError(
                    self.env._(
                        "%(order)s would refund itself. A refund names the lines of an earlier "
                        "order.",
                        order=order.display_name,
                    )
                )

    def _loyalty_refundable(self):
        """The money that a refund of this load can hand out (Decimal): what is unspent of it.

        A load and its bonus are taken back in one proportion: where more of the bonus is spent
        (it expired or was used sooner), it decides.
        """
        ledger, quantum = self.env["loyalty.ledger"], to_decimal(self.currency_id.rounding)
        load = ledger._entry_by_key(f"load:{self.id}")
        bonus = ledger._entry_by_key(f"bonus:{self.id}")
        left = min(load._unspent(), ledger._reversible(load))
        if bonus:
            share = bonus._unspent() * to_decimal(load.amount) / to_decimal(bonus.amount)
            left = min(left, share // quantum * quantum)
        return left


class PosOrder(models.Model):
    """Refunds go back the way the payment came: value into its lots, money as money.

    What holds a refund to that is one sum: of an order, no more money may be handed out than was
    paid in money, unless a manager approved it and said why.
    """

    _inherit = "pos.order"

    def _refunded_order(self):
        """The order whose lines this one refunds; empty for a plain sale."""
        return self.lines.refunded_orderline_id.order_id

    def _with_exchanged(self):
        """These orders, and those whose goods were given back for theirs: they paid for them."""
        orders = self
        while earlier := orders._refunded_order() - orders:
            orders |= earlier
        return orders

    def _take_refunded_orders(self):
        """Lock the orders whose lines this one refunds.

        Of two refunds of one order at a moment the second runs again, and finds what the first has
        handed out: without cards and points on the order nothing else would make it wait.
        """
        if originals := self._refunded_order():
            self.env.cr.execute(
                """
                UPDATE pos_order SET write_date = write_date WHERE id IN (
                    SELECT id FROM pos_order WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
                )
                """,
                (originals.ids,),
            )

    def _return_tenders(self):
        """Give negative payments by stored value back to the lots the original payment took."""
        payments = self._stored_value_payments().filtered(lambda p: p.amount < 0)
        lines = []
        for payment in payments:
            lines += self._return_tender(payment)
        return lines

    def _return_tender(self, payment):
        method, left = payment.payment_method_id, -to_decimal(payment.amount)
        ledger, result = self.env["loyalty.ledger"], []
        original = self._refunded_order()._with_exchanged()
        for entry in original._captured_entries(method.stored_value_type):
            amount = min(left, original._tender_left(entry))
            if amount <= 0:
                continue
            key = f"refund:{payment.id}:{entry.id}"
            back = original._tender_back(entry, amount)
            ledger.reverse(entry, key, amount=back, origin=self)
            left -= amount
            balance = entry.balance_id
            result.append(
                {
                    "label": method.name,
                    "masked_code": balance._printed_code(),
                    "program_type": balance.program_type,
                    "amount": float(amount),
                    "points": float(back),
                    "balance": balance.available,
                }
            )
        if left:
            raise TenderRefused(
                self.env._(
                    "The original order was not paid with as much %(method)s: %(amount)s too much "
                    "is returned. Lower the amount.",
                    method=method.name,
                    amount=self.currency_id.format(float(left)),
                )
            )
        return result

    def _captured_entries(self, stored_value_type):
        """The payments of these orders by one kind of stored value, the last first."""
        return self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("kind", "=", "spend"),
                ("is_stored_value", "=", True),
                ("program_id.program_type", "=", stored_value_type),
            ]
        )

    def _take_back_loads(self):
        """Take the value of refunded loads and their bonus off the cards again."""
        # what the original line sold decides: the till chooses the product of the refund line
        lines = self.lines.filtered("refunded_orderline_id.product_id.loyalty_load_type")
        return [self._take_back_load(line) for line in lines]

    def _take_back_load(self, line):
        ledger, origin = self.env["loyalty.ledger"], line.refunded_orderline_id
        load = ledger._entry_by_key(f"load:{origin.id}")
        bonus = ledger._entry_by_key(f"bonus:{origin.id}")
        amount = -line._loyalty_worth()
        if not load or amount <= 0:
            raise LoadRefused(
                self.env._("Refund this top-up from its original order, for a positive amount.")
            )
        balance = load.balance_id
        ledger.reverse(load, f"unload:{line.id}", amount=amount, origin=self)
        share = 0
        if bonus:
            left = ledger._reversible(bonus)
            share = min(left, self._bonus_share(load, bonus, amount))
            if share:
                ledger.reverse(bonus, f"unbonus:{line.id}", amount=share, origin=self)
        return {
            "label": line.product_id.display_name,
            "masked_code": balance._printed_code(),
            "amount": -float(amount),
            "bonus": float(share),
            "balance": balance.available,
        }

    def _bonus_share(self, load, bonus, amount):
        """The bonus that goes with ``amount`` of a load; all that is left with the last part."""
        ledger = self.env["loyalty.ledger"]
        if not ledger._reversible(load):
            return ledger._reversible(bonus)
        share = to_decimal(bonus.amount) * amount / to_decimal(load.amount)
        return to_decimal(self.currency_id.round(float(share)))

    def _check_money_refunded(self):
        """Of the refunded order, hand out no more money than was paid in money."""
        original = self._refunded_order()
        if not original or self._money_paid() >= 0:
            return
        excess = -self._money_paid() - sum(order._money_left(before=self) for order in original)
        if excess > 0 and not self._use_cash_refund_approval():
            raise TenderRefused(
                self.env._(
                    "%(excess)s of this sale was paid with a card or gift card and goes back to "
                    "it, not out in money. Choose that payment method, or ask a manager to "
                    "approve.",
                    excess=self.currency_id.format(float(excess)),
                )
            )

    def _money_left(self, before=None):
        """How much of this order was paid in money and has not been handed out again (Decimal).

        An exchange hands out goods instead: the money that they were paid with is then money of the
        exchange order. Negative where a manager let more out.

        :param before: leave this refund and later ones out
        """
        left = self._money_paid() if self._money_paid() > 0 else to_decimal(0)
        for original in self._refunded_order():
            left += self._money_carried(original._money_left(before=self))
        refunds = self.lines.refund_orderline_ids.order_id.filtered(
            lambda order: order.state in ("paid", "done") and order != before
        )
        for refund in refunds.sorted("id"):
            if not before or refund.id < before.id:
                left -= max(-refund._money_paid(), 0)
                left -= refund._money_carried(left)
        return left

    def _money_carried(self, left):
        """The money, ``left`` at most, that goods given back for this order's new goods stand for.

        Zero for a plain refund: what it gives back is handed out.
        """
        back = self.lines.filtered("refunded_orderline_id")
        worth = -sum((line._loyalty_worth() for line in back), to_decimal(0))
        handed_out = -sum(to_decimal(min(payment.amount, 0)) for payment in self.payment_ids)
        return max(min(worth - handed_out, left), to_decimal(0))

    def _money_paid(self):
        """What was paid in money (negative: handed out), stored value left aside."""
        money = self.payment_ids - self._stored_value_payments()
        return sum((to_decimal(payment.amount) for payment in money), to_decimal(0))

    def _use_cash_refund_approval(self):
        """Use up a manager's approval for this order, if there is one."""
        return bool(self.env["loyalty.approval"]._use("cash_refund", order_uuid=self.uuid))
