from odoo import Command, models

from ..domain.amounts import to_decimal
from ..domain.lots import Part, restore
from ..domain.movement import Movement
from ..exceptions import LoadRefused


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


class LoyaltyLedgerEntry(models.Model):
    """What is left of the lots that an opening entry made."""

    _inherit = "loyalty.ledger.entry"

    def _parts_left(self, source):
        """What remains of this entry's lots of one source, as parts above zero."""
        lots = self.env["loyalty.lot"].search(
            [("entry_id", "in", self.ids), ("source", "=", source), ("remaining", ">", 0)]
        )
        return [Part(lot.id, to_decimal(lot.remaining)) for lot in lots]


class PosOrder(models.Model):
    """Refunds of gift cards and top-ups that were sold before their program was converted."""

    _inherit = "pos.order"

    def _take_back_load(self, line):
        """Take it from the lots that the conversion opened, with its share of the bonus."""
        origin = line.refunded_orderline_id
        pairs, left = origin._converted_loads(), -line._loyalty_worth()
        if not pairs:
            return super()._take_back_load(line)
        movements, total = [], left
        for load, opening in pairs:
            amount = min(left, origin._paid_left(load, opening))
            if amount > 0:
                movements += self._unload_movements(line, load, opening, amount)
                left -= amount
        if left or total <= 0:
            raise LoadRefused(
                self.env._(
                    "“%(product)s” cannot be refunded: %(left)s of its value has been spent.",
                    product=line.product_id.display_name,
                    left=self.currency_id.format(float(left)),
                )
            )
        self.env["loyalty.ledger"].post(movements)
        self._refund_without_tax(line)
        balance = pairs[0][0].balance_id
        return {
            "label": line.product_id.display_name,
            "masked_code": balance._printed_code(),
            "amount": -float(total),
            "balance": balance.available,
        }

    def _unload_movements(self, line, load, opening, amount):
        """The paid part, which the refund books on the liability, and the bonus that goes along."""
        quantum = to_decimal(self.currency_id.rounding)
        paid, bonus = opening._parts_left("paid"), opening._parts_left("bonus")
        paid_left = sum(part.amount for part in paid)
        share = sum((part.amount for part in bonus), to_decimal(0)) * amount / paid_left
        share = to_decimal(self.currency_id.round(float(share)))
        steps = [
            ("refund", "unload", amount, paid, load.id),
            ("bonus", "unbonus", share, bonus, None),
        ]
        return [
            Movement(
                load.balance_id.id,
                -value,
                kind,
                f"{step}:{line.id}:{opening.id}",
                origin=(self._name, self.id),
                parts=tuple(_taken(parts, value, quantum)),
                reverses_id=reverses_id,
            )
            for kind, step, value, parts, reverses_id in steps
            if value
        ]

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


def _taken(parts, amount, quantum):
    """``amount`` taken from ``parts`` in proportion: negative parts."""
    given = restore([Part(part.lot_id, -part.amount) for part in parts], amount, quantum)
    return [Part(part.lot_id, -part.amount) for part in given]
