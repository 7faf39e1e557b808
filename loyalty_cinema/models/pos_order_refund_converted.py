from odoo import Command, models

from ..domain.amounts import to_decimal


class PosOrderLine(models.Model):
    """What was sold by one of Odoo's own programs that has become stored value since."""

    _inherit = "pos.order.line"

    def _converted_loads(self):
        """``[(load, opening)]``: what Odoo recorded for this line, and where its value is now."""
        if not self.product_id.loyalty_load_type:
            return []
        ledger = self.env["loyalty.ledger"]
        loads = self.order_id._native_loads(self.product_id)
        pairs = [(load, ledger._entry_by_key(f"convert:{load.balance_id.id}:in")) for load in loads]
        return [(load, opening) for load, opening in pairs if opening]

    def _loyalty_refundable(self):
        """The paid value that is left, and never more than the line was sold for."""
        pairs = self._converted_loads()
        if not pairs:
            return super()._loyalty_refundable()
        left = sum((self._paid_left(*pair) for pair in pairs), to_decimal(0))
        return min(left, self._loyalty_worth())

    def _paid_left(self, load, opening):
        paid = sum((part.amount for part in opening._parts_left("paid")), to_decimal(0))
        return min(paid, self.env["loyalty.ledger"]._reversible(load))


class PosOrder(models.Model):
    """Refunds of gift cards and top-ups that were sold before their program was converted."""

    _inherit = "pos.order"

    def _take_back_load(self, line):
        """Take it from the lots that the conversion opened, with its share of the bonus."""
        origin = line.refunded_orderline_id
        pairs, left = origin._converted_loads(), -line._loyalty_worth()
        if not pairs:
            return super()._take_back_load(line)
        total, none = left, self.env["loyalty.ledger.entry"]
        if total <= 0 or total > origin._loyalty_refundable():
            self._refuse_unload(line, origin._loyalty_refundable())
        for load, opening in pairs:
            amount = min(left, origin._paid_left(load, opening))
            if amount > 0:
                left -= amount
                paid, bonus = opening._parts_left("paid"), opening._parts_left("bonus")
                self._unload(line, load, paid, none, bonus, amount)
        self._refund_without_tax(line)
        balance = pairs[0][0].balance_id
        return {
            "label": line.product_id.display_name,
            "masked_code": balance._printed_code(),
            "amount": -float(total),
            "balance": balance.available,
        }

    def _refund_without_tax(self, line):
        """The opening entry has taken the tax of the sale back: the refund does not do so again."""
        if line.tax_ids:
            line.write(
                {
                    "tax_ids": [Command.clear()],
                    "discount": 0,
                    "price_unit": float(line._loyalty_worth() / to_decimal(line.qty)),
                    "price_subtotal": line.price_subtotal_incl,
                }
            )
            self.amount_tax = sum(
                other.price_subtotal_incl - other.price_subtotal for other in self.lines
            )
