from odoo import models

from ..domain.amounts import to_decimal
from .pos_order import PAID_STATES

ZERO = to_decimal(0)


class SaleOrder(models.Model):
    """Sales orders that are paid at the till (module ``pos_sale``): they earn, the till does not.

    What an order earns and what its rewards cost is worked out once, from the order. The till's
    lines count as invoices and credit notes do: they pay for it, and refund it.
    """

    _inherit = "sale.order"

    def _loyalty_till_lines(self):
        """The paid lines of tills that belong to these orders, and the refunds of them."""
        lines = self.env["pos.order.line"]
        if "sale_order_origin_id" not in lines._fields:
            return lines
        # sudo: salespersons do not read tills
        lines = lines.sudo().search([("sale_order_origin_id", "in", self.ids)])
        lines = lines.filtered(
            lambda line: (
                line.company_id == line.sale_order_origin_id.company_id
                and line.currency_id == line.sale_order_origin_id.currency_id
            )
        )
        return (lines | lines.refund_orderline_ids)._of_paid_orders()

    def _loyalty_till_amount(self, program=None):
        """What tills took for this order, down payments too (Decimal)."""
        lines = self._loyalty_till_lines()._not_owed()
        return sum((line._loyalty_worth() * line._loyalty_part_in(program) for line in lines), ZERO)

    def _loyalty_paid_in_full(self):
        """By whichever way, or by several."""
        if super()._loyalty_paid_in_full():
            return True
        till = self._loyalty_till_amount()
        if not till:
            return False
        invoices = self._loyalty_invoices().filtered(lambda move: move._loyalty_is_paid())
        paid = to_decimal(invoices._get_sale_order_invoiced_amount(self)) + till
        return self.currency_id.compare_amounts(float(paid), self.amount_total) >= 0

    def _loyalty_billed_in_full(self):
        """Lines that the till sold are as good as invoiced."""
        if super()._loyalty_billed_in_full():
            return True
        if self.invoice_status not in ("invoiced", "upselling"):
            return False
        sold = self._loyalty_till_lines()
        paid = sold and sold == sold._not_owed()
        return bool(paid) and self._loyalty_all_paid(self._loyalty_invoices())

    def _loyalty_down_part(self, program):
        """How much of the down payments that tills took was paid in a way that earns: 0 to 1."""
        lines = self._loyalty_till_lines().filtered(
            lambda line: (
                line.qty > 0
                and line.product_id == line.order_id.config_id["down_payment_product_id"]
            )
        )
        total = sum((line._loyalty_worth() for line in lines), ZERO)
        earning = sum(
            (line._loyalty_worth() * line._loyalty_part_in(program) for line in lines), ZERO
        )
        return earning / total if total else to_decimal(1)

    def _loyalty_paid_amount(self, program):
        return super()._loyalty_paid_amount(program) + self._loyalty_till_amount(program)


class SaleOrderLine(models.Model):
    """What tills sold and took back of a line."""

    _inherit = "sale.order.line"

    def _loyalty_billed(self, measure="price_total", program=None):
        """Tills charge and credit as invoices and credit notes do."""
        charged, credited = super()._loyalty_billed(measure, program)
        for line in self.order_id._loyalty_till_lines()._not_owed():
            sold = line.refunded_orderline_id or line
            if sold.sale_order_line_id != self:
                continue
            if measure == "quantity":
                unit = line.product_uom_id
                amount = to_decimal(
                    unit._compute_quantity(line.qty, self.product_uom_id, round=False)
                )
            else:
                amount = line._loyalty_worth() * sold._loyalty_part_in(program)
            if line == sold:
                charged += amount
            else:
                credited -= amount
        return charged, credited


class PosOrder(models.Model):
    """An order of the till that pays for a sales order, or refunds it, is an event of that one."""

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        """Afterwards the sales orders earn, or keep what is left of them."""
        result = super().action_pos_order_paid()
        # sudo: cashiers do not sell on quotations; the lines say which orders they settled
        if orders := self.sudo().lines._loyalty_sales_orders():
            orders._loyalty_earn_due()
            orders._loyalty_true_up("till")
        return result

    def _loyalty_earning_part(self, program):
        """How much of what this order sold was paid in a way that earns in ``program``: 0 to 1.

        Discounts that belong to no sales order take off what they paid for, as points do. A down
        payment that is deducted pays as it was paid itself.
        """
        lines = self.lines.filtered(
            lambda line: line._loyalty_worth() > 0 or line._loyalty_sales_orders()
        )
        sold = sum((line._loyalty_worth() for line in lines), ZERO)
        paid = self.payment_ids._loyalty_total()
        paid -= self._paid_without_earning(program) + self._bonus_paid()
        if deducted := -sum((line._loyalty_worth() for line in self.lines._deductions()), ZERO):
            sold += deducted
            paid += deducted * lines._loyalty_sales_orders()._loyalty_down_part(program)
        return min(max(paid / sold, ZERO), to_decimal(1)) if sold > 0 else ZERO


class PosOrderLine(models.Model):
    """Lines of the till that settle a sales order."""

    _inherit = "pos.order.line"

    def _of_paid_orders(self):
        return self.filtered(lambda line: line.order_id.state in PAID_STATES)

    def _not_owed(self):
        """Those that are paid, and not on an account that has to be paid first."""
        sold = {line: (line.refunded_orderline_id or line).order_id for line in self}
        owing = self.order_id.union(*sold.values()).filtered(lambda order: order._owes())
        return self.filtered(lambda line: sold[line] not in owing)

    def _loyalty_sales_orders(self):
        """The sales orders that these lines pay for, or give back; none without ``pos_sale``."""
        if "sale_order_origin_id" not in self._fields:
            return self.env["sale.order"]
        return (self | self.refunded_orderline_id).sale_order_origin_id

    def _loyalty_part_in(self, program):
        """The part of this line that earns in ``program``; all of it where nobody asks."""
        if not program:
            return to_decimal(1)
        sold = self.refunded_orderline_id or self
        if sold._deductions():
            return sold._loyalty_sales_orders()._loyalty_down_part(program)
        return sold.order_id._loyalty_earning_part(program)

    def _deductions(self):
        """Those of these lines that deduct down payments of sales orders."""
        if "down_payment_product_id" not in self.order_id.config_id._fields:
            return self.browse()
        return self.filtered(
            lambda line: (
                line.qty < 0
                and not line.refunded_orderline_id
                and line.product_id == line.order_id.config_id.down_payment_product_id
                and line._loyalty_sales_orders()
            )
        )
