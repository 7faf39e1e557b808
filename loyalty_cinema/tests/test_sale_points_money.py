"""A sales order earns on what was paid in money, and keeps its points as long as it is paid."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestSalePointsMoney(SalePointsCase):
    """Write-offs earn nothing; a payment that is undone takes the points back."""

    def pay_in_part(self, invoice, amount):
        """Pay ``amount`` and write the rest off; returns the payment."""
        wizard = self.env["account.payment.register"]
        wizard = wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        payment = wizard.create(
            {
                "amount": amount,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": self.snack._get_product_accounts()["expense"].id,
            }
        )._create_payments()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        return payment

    def test_what_is_written_off_earns_nothing(self):
        order = self.sold((1, 100000))
        self.pay_in_part(self.invoice(order), 1)
        self.assertEqual(self.points.points, 0)
        order = self.sold((1, 100))
        self.pay_in_part(self.invoice(order), 60)
        self.assertEqual(self.points.points, 6)
        order = self.sold((1, 100))
        self.pay_in_part(self.down_payment(order, 100), 30)
        self.assertEqual(self.points.points, 9)
        self.assert_whole()

    def test_an_entry_without_money_pays_nothing(self):
        invoice = self.invoice(self.sold((1, 100)))
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        expense = self.snack._get_product_accounts()["expense"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.env["account.journal"]
                .search([("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1)
                .id,
                "line_ids": [
                    Command.create({"account_id": expense.id, "debit": 100}),
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": self.partner.id,
                            "credit": 100,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        credit = entry.line_ids.filtered(lambda line: line.account_id == receivable.account_id)
        (receivable | credit).reconcile()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.points.points, 0)

    def test_a_payment_that_is_undone_takes_points_back(self):
        for undo in ("unreconcile", "draft", "cancel", "delete", "invoice"):
            with self.subTest(undo), self.cr.savepoint():
                before = self.points.points
                order = self.sold((1, 100), (1, 50, self.poster))
                invoice = self.invoice(order)
                self.pay(invoice)
                payment = invoice.matched_payment_ids
                self.assertEqual(self.points.points, before + 15)
                if undo == "unreconcile":
                    invoice.line_ids.remove_move_reconcile()
                elif undo == "draft":
                    payment.action_draft()
                elif undo == "cancel":
                    payment.action_cancel()
                elif undo == "delete":
                    payment.action_draft()
                    payment.unlink()
                else:
                    invoice.button_draft()
                    invoice.button_cancel()
                self.assertEqual(self.points.points, before)
        self.assert_whole()

    def test_paid_again_it_has_its_points_again_once(self):
        order = self.earned((1, 100))
        invoice = order.invoice_ids
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(self.points.points, 0)
        self.pay(invoice)
        self.assertEqual(self.points.points, 10)
        self.credit(order, quantity=0.5)
        self.assertEqual(self.points.points, 5)
        order._action_cancel()
        self.assertEqual(self.points.points, 0)
        self.assert_whole()

    def test_what_earns_when_confirmed_does_not_ask_for_payments(self):
        self.program.sale_earn_on = "confirmed"
        order = self.earned((1, 100))
        order.invoice_ids.line_ids.remove_move_reconcile()
        self.assertEqual(self.points.points, 10)

    def test_a_payment_that_waits_for_its_entry_does_not_pay(self):
        order = self.earned((1, 100))
        payment = order.invoice_ids.matched_payment_ids
        payment.action_draft()
        self.assertEqual(self.points.points, 0)
        payment.action_post()
        self.assertEqual(self.points.points, 10)

    def test_payments_without_an_entry(self):
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        journal.inbound_payment_method_line_ids.payment_account_id = False
        invoice = self.invoice(self.sold((1, 100)))
        wizard = self.env["account.payment.register"]
        wizard = wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        payments = []
        self.startPatcher(  # as where Odoo's accounting app is installed
            patch.object(type(invoice), "_get_invoice_in_payment_state", lambda self: "in_payment")
        )
        for amount, points in ((1, 0), (99, 10)):
            values = {"amount": amount, "journal_id": journal.id}
            payments.append(wizard.create(values)._create_payments())
            self.assertFalse(payments[-1].move_id)
            self.assertEqual(self.points.points, points)
        payments[0].action_cancel()
        self.assertEqual(self.points.points, 0)

    def test_one_of_two_invoices_is_not_paid_any_more(self):
        order = self.sold((2, 100))
        order.order_line.product_id.invoice_policy = "delivery"
        order.order_line.qty_delivered = 1
        first = self.invoice(order)
        self.pay(first)
        order.order_line.qty_delivered = 2
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 20)
        first.line_ids.remove_move_reconcile()
        self.assertEqual(self.points.points, 10)

    def test_a_lowest_accountant_undoes_a_payment(self):
        order = self.earned((1, 100))
        groups = self.env.ref("base.group_user") | self.env.ref("account.group_account_invoice")
        accountant = self.cashier.copy(
            {"login": "billing-of-the-test", "group_ids": [Command.set(groups.ids)]}
        )
        lines = order.invoice_ids.line_ids.with_user(accountant)
        lines.remove_move_reconcile()
        self.assertEqual(self.points.points, 0)
