"""Sales orders of a member, their invoices, payments and credit notes."""

from unittest.mock import patch

from odoo import Command

from .points_common import PointsCase


class SalePointsCase(PointsCase):
    """The program gives 10 % of what a sales order was paid, when it is paid in full."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.snack | cls.poster).invoice_policy = "order"
        cls.native_gift.rule_ids.product_ids.invoice_policy = "order"

    @classmethod
    def person(cls, name, **values):
        """A customer."""
        return cls.env["res.partner"].create({"name": name, **values})

    def quotation(self, *lines, tax_ids=(), **values):
        """A quotation; ``lines`` are (quantity, price[, product])."""
        lines = [
            Command.create(
                {
                    "product_id": (product[0] if product else self.snack).id,
                    "product_uom_qty": quantity,
                    "price_unit": price,
                    "tax_ids": tax_ids or [Command.clear()],
                }
            )
            for quantity, price, *product in lines
        ]
        values = {"partner_id": self.partner.id, **values, "order_line": lines}
        return self.env["sale.order"].create(values)

    def sold(self, *lines, **values):
        """A confirmed order."""
        order = self.quotation(*lines, **values)
        order.action_confirm()
        return order

    def earned(self, *lines, **values):
        """A confirmed order, invoiced and paid."""
        order = self.sold(*lines, **values)
        self.pay(self.invoice(order))
        return order

    def invoice(self, orders):
        """What is still to invoice of these orders, posted."""
        invoice = orders._create_invoices(final=True)
        invoice.action_post()
        return invoice

    def down_payment(self, order, amount):
        """A posted invoice of a down payment."""
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
                "sale_order_ids": order.ids,
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        return invoice

    def pay(self, invoices):
        """Register the payment of posted invoices."""
        wizard = self.env["account.payment.register"]
        wizard.with_context(active_model="account.move", active_ids=invoices.ids).create(
            {"group_payment": False}
        )._create_payments()
        self.assertEqual(set(invoices.mapped("payment_state")), {"paid"})

    def credit(self, order, **line):
        """A posted credit note of the order's invoice; its lines are changed to ``line``."""
        note = order.invoice_ids.filtered(lambda m: m.move_type == "out_invoice")[:1]
        note = note._reverse_moves([{}])
        if line:
            note.invoice_line_ids.write(line)
        note.action_post()
        return note

    def paid_online(self, order, amount):
        """A payment on the website, confirmed by its provider."""
        provider = self.env["payment.provider"].create(
            {"name": "Test", "company_id": self.company.id}
        )
        method = self.env["payment.method"].create(
            {"name": "Test", "code": f"test-of-points-{amount}", "provider_ids": provider.ids}
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"points-{order.id}-{amount}",
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )
        with patch.object(type(transaction), "_create_payment"):  # no provider has a journal here
            transaction._post_process()
        return transaction

    def native_points(self):
        """A points program of Odoo's own: one point for every unit of money."""
        return self.env["loyalty.program"].create(
            {
                "name": "Odoo's points",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": self.company.id,
                "rule_ids": [
                    Command.create({"reward_point_amount": 1, "reward_point_mode": "money"})
                ],
            }
        )
