from odoo import fields, models

from ..domain.amounts import to_decimal


class SaleOrder(models.Model):
    """When a sales order is paid, and what its customer got for it."""

    _inherit = "sale.order"

    loyalty_life = fields.Integer(
        readonly=True,
        copy=False,
        help="How often the order was cancelled after it had moved points: each life earns once.",
    )
    loyalty_sold_at = fields.Datetime(
        "Sold at",
        readonly=True,
        copy=False,
        help="When the order was confirmed, by the server's clock. Rules for certain days use it.",
    )
    loyalty_visit_on = fields.Date(
        "Counts as a visit on",
        readonly=True,
        copy=False,
        help="The day on which the order was paid, or confirmed where orders earn then.",
    )
    loyalty_points_earned = fields.Float(
        "Points earned", compute="_compute_loyalty_points", compute_sudo=True, digits=(16, 4)
    )
    loyalty_points_pending = fields.Float(
        "Pending points",
        compute="_compute_loyalty_points",
        compute_sudo=True,
        digits=(16, 4),
        help="Earned by this order, but not to be spent before their day.",
    )
    loyalty_points_taken_back = fields.Float(
        "Points taken back", compute="_compute_loyalty_points", compute_sudo=True, digits=(16, 4)
    )
    loyalty_points_returned = fields.Float(
        "Points given back",
        compute="_compute_loyalty_points",
        compute_sudo=True,
        digits=(16, 4),
        help="Spent on this order, and given back by a cancellation or credit note.",
    )

    def _compute_loyalty_points(self):
        """From the ledger, in sudo: salespersons see the order's numbers, not the entries."""
        entries = self._loyalty_entries().filtered("program_id.is_membership")
        for order in self:
            own = entries.filtered(lambda entry, order=order: entry.origin_id == order.id)
            given = own.filtered(lambda entry: entry.key.startswith("earn-sale:"))
            moved = own.filtered(
                lambda entry: entry.key.startswith(("clawback-sale:", "regain-sale:"))
            )
            lots = given.lot_line_ids.lot_id.filtered("pending")
            order.loyalty_points_earned = sum(given.mapped("amount"))
            order.loyalty_points_pending = sum(lots.mapped("remaining"))
            order.loyalty_points_taken_back = -sum(moved.mapped("amount"))
            order.loyalty_points_returned = sum(
                own.filtered(lambda entry: entry.kind == "refund").mapped("amount")
            )

    def _loyalty_entries(self):
        """All movements that these orders made, the last first."""
        # sudo: the callers decide what is told of them
        return (
            self.env["loyalty.ledger.entry"]
            .sudo()
            .search([("origin_model", "=", self._name), ("origin_id", "in", self.ids)])
        )

    def _loyalty_take_rows(self):
        """Lock these orders: of two payments at once, the second runs again and finds it done."""
        self.env.cr.execute(
            """
            UPDATE sale_order SET write_date = write_date WHERE id IN (
                SELECT id FROM sale_order WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
            )
            """,
            (self.ids,),
        )

    def _loyalty_paid_in_full(self):
        """Whether all of this order was paid: online, by its invoices, or nothing is due."""
        self.ensure_one()
        total = self.amount_total
        if self._loyalty_paid_online() or self._loyalty_billed_in_full():
            return True
        invoices = self._loyalty_invoices()
        if not invoices or not self._loyalty_all_paid(invoices):
            return False
        notes = self.invoice_ids.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        billed = (invoices | notes)._get_sale_order_invoiced_amount(self)
        leeway = self.currency_id.rounding * len(invoices)  # taxes of part invoices are rounded
        return self.currency_id.compare_amounts(billed + leeway, total) >= 0

    def _loyalty_paid_online(self):
        """Whether payments online cover this order, or nothing is due."""
        online = sum(tx.amount for tx in self.transaction_ids if tx.state == "done")
        return self.currency_id.compare_amounts(online, self.amount_total) >= 0

    def _loyalty_paid_share(self, program):
        """The part of this order that was paid in a way that earns in ``program``: 0 to 1.

        For what invoices do not say line by line: down payments, orders that were paid online.
        """
        if self._loyalty_paid_online():
            return to_decimal(1)
        # taxes of part invoices are rounded
        paid = self._loyalty_paid_amount(program) + to_decimal(self.currency_id.rounding)
        return min(max(paid / to_decimal(self.amount_total), to_decimal(0)), to_decimal(1))

    def _loyalty_paid_amount(self, program):
        """What the paid invoices of this order took for it in money (Decimal)."""
        paid = to_decimal(0)
        for invoice in self._loyalty_invoices().filtered(lambda move: move._loyalty_is_paid()):
            billed = to_decimal(invoice._get_sale_order_invoiced_amount(self))
            paid += billed * invoice._loyalty_money_share() + to_decimal(self.currency_id.rounding)
        return paid

    def _loyalty_billed_in_full(self):
        """Whether every line was invoiced, at whatever price, and all of it paid."""
        invoices = self._loyalty_invoices()
        invoiced = self.invoice_status in ("invoiced", "upselling")
        return invoiced and bool(invoices) and self._loyalty_all_paid(invoices)

    def _loyalty_invoices(self):
        return self.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "cancel"
        )

    def _loyalty_all_paid(self, invoices):
        """Drafts are not paid."""
        return all(move._loyalty_is_paid() for move in invoices)


class SaleOrderLine(models.Model):
    """What of an order is value itself."""

    _inherit = "sale.order.line"

    def _loyalty_value_products(self):
        """Products that sell Odoo's own gift cards and eWallets: value earns when it is spent."""
        rules = self.env["loyalty.rule"].search(
            [
                ("program_id.program_type", "in", ("gift_card", "ewallet")),
                ("product_ids", "in", self.product_id.ids),
            ]
        )
        return rules.product_ids


class PaymentTransaction(models.Model):
    """A payment online may be what completes an order, with or without an invoice."""

    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        self.filtered(lambda tx: tx.state == "done").sale_order_ids._loyalty_earn_due()
        return result
