from odoo import models


class AccountMove(models.Model):
    """Invoices that are paid complete sales orders; credit notes take points back.

    Point-of-sale invoices are settled with their orders (``pos_order_*.py``).
    """

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        """A paid invoice may be the last of its orders, or what was credited and invoiced again."""
        result = super()._invoice_paid_hook()
        orders = self._loyalty_sale_orders()
        orders._loyalty_earn_due()
        orders._loyalty_true_up("paid")
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._loyalty_follow_notes()
        return posted

    def button_draft(self):
        """What a credit note took back is given again while it is a draft."""
        posted = self.filtered(lambda move: move.state == "posted")
        result = super().button_draft()
        posted._loyalty_follow_notes()
        return result

    def _loyalty_follow_notes(self):
        for move in self.filtered(lambda move: move.move_type in ("out_refund", "out_invoice")):
            move._loyalty_sale_orders()._loyalty_true_up(str(move.id))

    def _loyalty_sale_orders(self):
        """The sales orders behind these invoices and credit notes."""
        # sudo: accountants need no rights on sales for their invoices to count
        moves = self.sudo().filtered(lambda move: not move.pos_order_ids)
        lines = (moves | moves.reversed_entry_id).invoice_line_ids
        return lines.sale_line_ids.order_id


class AccountMoveLine(models.Model):
    """An invoice that its credit note settles is done with, as a paid one is."""

    _inherit = "account.move.line"

    def _reconcile_post_hook(self, data):
        """Odoo announces paid invoices, and not those that were reversed."""
        result = super()._reconcile_post_hook(data)
        settled = data["not_paid_invoices"].filtered(lambda move: move.payment_state == "reversed")
        settled._loyalty_sale_orders()._loyalty_earn_due()
        return result
