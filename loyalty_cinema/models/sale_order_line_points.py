from decimal import Decimal

from odoo import api, fields, models

from ..domain.amounts import to_decimal
from .pos_order_line_points import SHARE_DIGITS, SHARE_FIELDS

#: Written by the server only, when the order earns.
OWN_FIELDS = SHARE_FIELDS | {"loyalty_paid"}
#: A change of these on a confirmed order changes what it still earns.
AMOUNT_FIELDS = frozenset({"product_uom_qty", "price_unit", "discount", "tax_ids"})
ZERO = Decimal(0)


class SaleOrderLine(models.Model):
    """What each line contributed to the points of its order, and what became of it since.

    The shares are exact and unrounded; the order's total was rounded once. Refunds are measured in
    money, by line: invoices and credit notes change prices as well as quantities.
    """

    _inherit = "sale.order.line"

    loyalty_points = fields.Float(
        "Points",
        digits=SHARE_DIGITS,
        min_display_digits=0,
        readonly=True,
        copy=False,
        help="The line's share of the points to spend that its order earned, before rounding.",
    )
    loyalty_qualifying = fields.Float(
        "Qualifying points",
        digits=SHARE_DIGITS,
        min_display_digits=0,
        readonly=True,
        copy=False,
        help="The line's share of the qualifying points that its order earned, before rounding.",
    )
    loyalty_shares = fields.Json(
        readonly=True,
        copy=False,
        help="The same by balance: {balance: [points, qualifying points]}, as text.",
    )
    loyalty_paid = fields.Monetary(
        "Earned on",
        readonly=True,
        copy=False,
        help="What was paid for the line when it earned points, with tax.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Drop shares that a client sends."""
        return super().create([self._loyalty_without(OWN_FIELDS, vals) for vals in vals_list])

    def write(self, vals):
        """Drop shares that a client sends; a smaller order keeps fewer points."""
        result = super().write(self._loyalty_without(OWN_FIELDS, vals))
        if not AMOUNT_FIELDS.isdisjoint(vals):
            self._follow_change()
        return result

    def unlink(self):
        """What a line earned goes with it."""
        orders = self.filtered("loyalty_shares").order_id
        result = super().unlink()
        orders._loyalty_true_up("line")
        return result

    def _follow_change(self):
        # sudo: who may change the line of an order need not know of its shares
        self.sudo().filtered("loyalty_shares").order_id._loyalty_true_up("line")

    def _loyalty_billed(self, measure="price_total", program=None):
        """What paid invoices charged for this line and credit notes gave back: two decimals.

        In the currency (or unit) of the order, with tax. Unpaid invoices do not count: what is
        invoiced again after a credit note earns again when it is paid.

        :param measure: "price_total" or "quantity"
        :param program: of what was charged, only what was paid in a way that earns in it
        """
        self.ensure_one()
        billed = {"out_invoice": ZERO, "out_refund": ZERO}
        for line in self.invoice_lines:
            move = line.move_id
            if move.state != "posted" or move.move_type not in billed:
                continue
            if not self.order_id._loyalty_is_own(move):
                continue
            if move.move_type == "out_invoice" and not move._loyalty_is_paid():
                continue
            amount = to_decimal(self._in_own_terms(line, measure))
            if program and move.move_type == "out_invoice":
                amount *= move._loyalty_money_share()
            billed[move.move_type] += amount
        return billed["out_invoice"], billed["out_refund"]

    def _in_own_terms(self, invoice_line, measure):
        """This line's share of an invoice line, in the order's currency or unit."""
        share = invoice_line[measure] / len(invoice_line.sale_line_ids)
        if measure == "quantity":
            unit = invoice_line.product_uom_id or self.product_uom_id
            return unit._compute_quantity(share, self.product_uom_id, round=False)
        day = invoice_line.move_id.invoice_date or invoice_line.move_id.date
        return invoice_line.currency_id._convert(
            share, self.currency_id, self.company_id, day, round=False
        )

    def _loyalty_returned(self, sold, measure="price_total", program=None):
        """How much of ``sold`` (signed) was credited and not charged again, with the same sign."""
        charged, credited = self._loyalty_billed(measure, program)
        sign = 1 if sold >= 0 else -1
        return credited - sign * max(sign * (charged - sold), ZERO)

    def _loyalty_amount(self, by_invoice, program):
        """What the line costs with tax: as ordered, or as paid by invoices when that is less."""
        ordered = to_decimal(self.price_total)
        if not by_invoice:
            return ordered
        charged, credited = self._loyalty_billed(program=program)
        return min(ordered, charged - credited, key=abs)

    def _loyalty_lost(self, program):
        """How much of what the line earned on is not sold any more (Decimal).

        Credited and not invoiced again, or taken off the order.
        """
        earned_on = to_decimal(self.loyalty_paid)
        reduced = earned_on - to_decimal(self.price_total)
        return max(self._loyalty_returned(earned_on, program=program), reduced, ZERO)

    def _loyalty_unpaid(self, program):
        """How much of what the line earned on is not paid by an invoice any more (Decimal)."""
        charged, _credited = self._loyalty_billed(program=program)
        return max(to_decimal(self.loyalty_paid) - charged, ZERO)

    def _loyalty_leeway(self):
        """What rounding of taxes may leave over after the last of several part refunds."""
        return to_decimal(self.currency_id[:1].rounding) * len(self.invoice_lines)

    def _loyalty_returned_share(self):
        """The part of these lines (of one reward) that was credited: 0 to 1.

        By amount; free products, which cost nothing, by quantity.
        """
        measure, leeway = "price_total", self._loyalty_leeway()
        sold = {line: to_decimal(line.price_total) for line in self}
        if not any(sold.values()):
            measure, leeway = "quantity", ZERO
            sold = {line: to_decimal(line.product_uom_qty) for line in self}
        total = sum(sold.values(), ZERO)
        back = sum((line._loyalty_returned(sold[line], measure) for line in self), ZERO)
        if not total or not back:
            return ZERO
        return Decimal(1) if abs(total - back) <= leeway else min(max(back / total, ZERO), 1)
