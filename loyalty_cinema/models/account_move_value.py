from odoo import api, models
from odoo.exceptions import UserError

#: In the context of Odoo's own invoicing of a till's orders: an object, which RPC cannot send.
TILL_INVOICING = object()
#: The link from a till's order to its invoice.
INVOICE_FIELD = frozenset({"account_move"})


class AccountMove(models.Model):
    """Stored value is sold at the till: documents of the office do not move what customers hold.

    An invoice or credit note on the liability would change what the books owe customers, and their
    cards would not know. Journal entries by hand stay possible (opening balances): the
    reconciliation lists them.
    """

    _inherit = "account.move"
    _loyalty_server_fields = frozenset({"pos_order_ids"})

    @api.model_create_multi
    def create(self, vals_list):
        """Which orders an invoice is of, only the till's own invoicing says."""
        self._loyalty_check_links(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Links between documents, and their kind, are what their refunds are judged by."""
        self._loyalty_check_links(vals)
        if "move_type" in vals and not self.env.su:
            self._loyalty_check_kind(vals["move_type"])
        if "reversed_entry_id" in vals and not self.env.su:
            posted = self.filtered(lambda move: move.state == "posted")
            if any(move.reversed_entry_id.id != vals["reversed_entry_id"] for move in posted):
                raise UserError(
                    self.env._(
                        "A posted credit note stays linked to its invoice. Reset it to draft first."
                    )
                )
        if vals.get("state") == "cancel":
            self._loyalty_check_cancel()
        return super().write(vals)

    def _post(self, soft=True):
        self._loyalty_check_no_value_sold()
        return super()._post(soft)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_value(self):
        """A deleted invoice would be as a cancelled one."""
        self._loyalty_check_cancel()

    def _loyalty_check_links(self, *vals_list):
        if not self.env.su and any(vals.get("pos_order_ids") for vals in vals_list):
            raise UserError(
                self.env._("Orders of the till are invoiced with their own button “Invoice”.")
            )

    def _loyalty_check_kind(self, move_type):
        """A credit note stays one, and an invoice that was posted: as with Odoo's own button.

        :raises UserError: when another kind of document would forget what it gave back or sold
        """
        for move in self:
            # sudo: accountants have no rights on orders
            fixed = move.posted_before or move.reversed_entry_id or move.sudo().pos_order_ids
            if fixed and move.move_type != move_type:
                raise UserError(
                    self.env._(
                        "%(document)s cannot become another kind of document. Cancel it, or "
                        "reverse it, and make a new one.",
                        document=move.display_name,
                    )
                )

    def _loyalty_check_cancel(self):
        """Cancelling is no way round the credit note, which gives back what cards have paid.

        :raises UserError: for the invoice of an order that was paid by card, or loaded one
        """
        # sudo: accountants have no rights on orders
        for invoice in self.sudo().filtered("pos_order_ids"):
            orders = invoice.pos_order_ids
            if orders._stored_value_payments() or orders.lines.product_id.filtered(
                "loyalty_load_type"
            ):
                raise UserError(
                    self.env._(
                        "%(invoice)s is of an order that was paid with a card or loaded one: it "
                        "cannot be cancelled. Credit it, or refund the order at the till.",
                        invoice=invoice.name,
                    )
                )

    def _loyalty_check_no_value_sold(self):
        """:raises UserError: for an invoice or credit note that books stored value"""
        # sudo: accountants have no rights on the till's orders
        for move in self.sudo():
            if move.is_invoice(include_receipts=True) and not move._loyalty_is_tills():
                move._loyalty_check_lines()

    def _loyalty_check_lines(self):
        accounts, sale = self._loyalty_value_accounts(), self.is_sale_document(True)
        for line in self.line_ids:
            # what an order of before the product was a load sold is not booked on the liability
            sells = sale and line.product_id.loyalty_load_type and not line.sale_line_ids
            if not sells and line.account_id not in accounts:
                continue
            if self.reversed_entry_id.pos_order_ids:
                raise UserError(
                    self.env._(
                        "“%(line)s” was loaded on a card at the till: a credit note cannot take it "
                        "off again. Refund it at the till, from order %(orders)s.",
                        line=line.name or line.product_id.display_name,
                        orders=", ".join(self.reversed_entry_id.pos_order_ids.mapped("name")),
                    )
                )
            raise UserError(
                self.env._(
                    "“%(line)s” books stored value, but no card would be loaded or charged: gift "
                    "cards and top-ups are sold and refunded at the till. Remove the line.",
                    line=line.name or line.product_id.display_name,
                )
            )

    def _loyalty_value_accounts(self):
        """The accounts on which stored value and its bonus part are owed."""
        # sudo: a branch books on the accounts of its root
        companies = self.company_id.sudo() | self.company_id.sudo().root_id
        return (
            companies.loyalty_stored_value_account_id
            | companies.loyalty_unamortised_bonus_account_id
        )

    def _loyalty_is_tills(self):
        """Whether this is the till's own document, and books what its orders loaded.

        Posted again after somebody has changed it, it has to be compared.
        """
        if not self.pos_order_ids:
            return False
        if self.env.context.get("loyalty_invoicing") is TILL_INVOICING:
            return True
        booked = self.line_ids.filtered(lambda li: li.account_id in self._loyalty_value_accounts())
        lines = self.pos_order_ids.lines.filtered("product_id.loyalty_load_type")
        sold = float(sum(line._loyalty_worth() for line in lines))
        return not self.currency_id.compare_amounts(-sum(booked.mapped("amount_currency")), sold)


class PosOrder(models.Model):
    """Odoo's own invoicing of orders, known by an object that no client can send."""

    _inherit = "pos.order"

    def _get_invoice_post_context(self):
        return {**super()._get_invoice_post_context(), "loyalty_invoicing": TILL_INVOICING}

    @api.model_create_multi
    def create(self, vals_list):
        """The server links an order with its invoice: a client would choose one."""
        return super().create([self._loyalty_without(INVOICE_FIELD, vals) for vals in vals_list])

    def write(self, vals):
        """As :meth:`create`; a till sends back the link that it has read."""
        if self.env.su or "account_move" not in vals:
            return super().write(vals)
        if any(order.account_move.id != (vals["account_move"] or False) for order in self.sudo()):
            raise UserError(
                self.env._("Orders of the till are invoiced with their own button “Invoice”.")
            )
        return super().write(self._loyalty_without(INVOICE_FIELD, vals))
