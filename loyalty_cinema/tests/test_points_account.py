"""What is sold on the customer's account at the till earns when it is paid in the office."""

from odoo import Command
from odoo.tests import tagged

from .points_common import PointsCase
from .rpc_common import RpcTillCase


class AccountCase(PointsCase, RpcTillCase):
    """A cashier who sells on account, and an accountant who gets the money; both over RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["pos.payment.method"].create(
            {"name": "Customer account", "split_transactions": True, "company_id": cls.company.id}
        )
        cls.config.payment_method_ids |= cls.account
        groups = cls.env.ref("base.group_user") | cls.env.ref("account.group_account_invoice")
        cls.accountant = cls.cashier.copy(
            {
                "login": "accountant-of-the-test",
                "password": "accountant-of-the-test",
                "group_ids": [Command.set(groups.ids)],
            }
        )
        cls.expense = cls.snack._get_product_accounts()["expense"]
        cls.general = cls.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )

    def on_account(self, amount=100, *others, lines=None, **values):
        """An order of one ticket, ``amount`` of it on account, the rest by ``others``."""
        self.login(self.cashier)
        payments = [(self.account, amount, False), *others]
        total = sum(payment[1] for payment in payments)
        order = self.order([self.ticket(total)] if lines is None else lines, payments, **values)
        self.rpc("pos.order", "sync_from_ui", [order])
        return self.env["pos.order"].search([("uuid", "=", order["uuid"])])

    def owed(self, *orders):
        """What is owed for these orders: lines of their session's entry, or of their invoices."""
        lines = self.env["account.move.line"]
        for order in orders:
            owed = order.sudo().payment_ids.loyalty_receivable_id
            lines |= order.account_move._loyalty_receivables() or owed
        return lines

    def pay_debt(self, lines, amount=None, **values):
        """The accountant registers a payment of ``lines``; returns it."""
        self.login(self.accountant)
        context = {"active_model": "account.move.line", "active_ids": lines.ids}
        values = {**({"amount": amount} if amount else {}), **values}
        wizard = self.rpc("account.payment.register", "create", [values], context=context)
        self.rpc("account.payment.register", "action_create_payments", wizard, context=context)
        return lines.matched_credit_ids.credit_move_id.move_id.origin_payment_id[-1:]

    def write_off(self, line, amount):
        """The accountant gives ``amount`` up."""
        self.login(self.accountant)
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.general.id,
                "line_ids": [
                    Command.create({"account_id": self.expense.id, "debit": amount}),
                    Command.create(
                        {
                            "account_id": line.account_id.id,
                            "partner_id": line.partner_id.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        credit = entry.line_ids.filtered(lambda li: li.account_id == line.account_id)
        self.reconcile_lines(line | credit)

    def reconcile_lines(self, lines):
        self.login(self.accountant)
        self.rpc("account.move.line", "reconcile", lines.ids)

    def undo(self, lines):
        """The accountant takes the payments of ``lines`` off."""
        self.login(self.accountant)
        self.rpc("account.move.line", "remove_move_reconcile", lines.ids)

    def assert_points(self, points, qualifying=0):
        self.assertEqual((self.points.points, self.points.qualifying_points), (points, qualifying))
        self.assert_whole()


@tagged("post_install", "-at_install")
class TestPointsAccount(AccountCase):
    """Without an invoice: what is owed stands in the entry of the session."""

    def test_a_sale_on_account_earns_when_it_is_paid_once(self):
        self.earn_rule(target="qualifying", kind="per_amount", rate=1, per_amount=20)
        order = self.on_account(100)
        self.close()
        self.assert_points(0)
        self.pay_debt(self.owed(order), 60)
        self.assert_points(0)
        self.pay_debt(self.owed(order))
        self.assert_points(10, 5)
        self.assertEqual(order.lines.loyalty_points, 10)
        lot = self.points.lot_ids
        self.assertEqual((len(lot), order.loyalty_receipt["points"]["earned"]), (1, 10))
        self.assertEqual(self.points.entry_ids.qualifying_on, self.program._today())

    def test_a_payment_that_is_undone_takes_back_and_paid_again_gives_again(self):
        self.rule.cap_day = 10
        order = self.on_account(100)
        self.close()
        for payment in range(2):
            self.pay_debt(self.owed(order))
            self.assert_points(10)
            self.assertEqual(order.lines.loyalty_points, 10, f"after payment {payment}")
            self.undo(self.owed(order))
            self.assert_points(0)
        payment = self.pay_debt(self.owed(order))
        self.rpc("account.payment", "action_draft", payment.ids)
        self.assert_points(0)
        self.rpc("account.payment", "action_post", payment.ids)
        self.assert_points(10)

    def test_what_is_written_off_earns_nothing(self):
        first, second, third = (self.on_account(100) for _order in range(3))
        self.close()
        self.write_off(self.owed(first), 100)
        self.assert_points(0)
        self.pay_debt(self.owed(second), 60)
        self.write_off(self.owed(second), 40)
        self.assert_points(6)
        self.pay_debt(
            self.owed(third),
            30,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.expense.id,
        )
        self.assert_points(9)
        self.undo(self.owed(third))
        self.write_off(self.owed(third), 100)
        self.assert_points(6)

    def test_a_part_in_cash_waits_for_the_rest(self):
        paid, given_up = (self.on_account(60, (self.cash, 40, False)) for _order in range(2))
        self.assert_points(0)
        self.close()
        self.pay_debt(self.owed(paid))
        self.assert_points(10)
        self.write_off(self.owed(given_up), 60)
        self.assert_points(14)

    def test_stored_value_and_bonus_beside_it(self):
        self.scheme(25)
        self.buy(lines=[self.topup_line(100)])
        self.login(self.cashier)
        order = self.order([self.ticket(200)])
        payments = (self.account, 50, False), (self.tender, 150, self.held(order, 150))
        self.rpc("pos.order", "sync_from_ui", [self.paid_in(order, *payments)])
        order = self.env["pos.order"].search([("uuid", "=", order["uuid"])])
        self.close()
        self.pay_debt(self.owed(order))
        self.assert_points(19)

    def test_what_was_refunded_before_does_not_earn(self):
        whole = self.on_account(lines=[self.pieces(2, 50)])
        half = self.on_account(lines=[self.pieces(2, 50)])
        self.give_back((whole.lines, 2), payments=[(self.account, -100, False)])
        self.give_back((half.lines, 1), payments=[(self.account, -50, False)])
        self.close()
        credits = self.owed(*self.session.order_ids.filtered("is_refund"))
        self.reconcile_lines(self.owed(whole) | credits.filtered(lambda li: li.credit == 100))
        self.assert_points(0)
        self.assertFalse(self.points.entry_ids)
        self.reconcile_lines(self.owed(half) | credits.filtered(lambda li: li.credit == 50))
        self.assert_points(0)
        self.pay_debt(self.owed(half).filtered(lambda li: li.balance > 0))
        self.assert_points(5)

    def test_a_refund_afterwards_takes_back(self):
        order = self.on_account(lines=[self.pieces(2, 50)])
        self.close()
        self.pay_debt(self.owed(order))
        self.open_session()
        self.give_back((order.lines, 1))
        self.assert_points(5)
        self.undo(self.owed(order))
        self.assert_points(0)
        self.pay_debt(self.owed(order))
        self.assert_points(5)
        self.give_back((order.lines, 1))
        self.assert_points(0)

    def test_a_debt_that_is_paid_at_the_till(self):
        order = self.on_account(100)
        self.close()
        self.open_session()
        paid = self.on_account(-100, (self.cash, 100, False), lines=[])
        self.close()
        self.reconcile_lines(self.owed(order, paid))
        self.assert_points(10)

    def test_a_credit_for_other_goods_is_no_money(self):
        self.buy(100)
        other = self.buy(100, partner_id=False)
        order = self.on_account(100)
        self.give_back((other.lines, 1), payments=[(self.account, -100, False)])
        self.close()
        credits = self.owed(*self.session.order_ids.filtered("is_refund"))
        self.reconcile_lines(self.owed(order) | credits)
        self.assert_points(10)

    def test_one_line_for_all_who_owe(self):
        self.close()
        self.account.split_transactions = False
        self.open_session()
        orders = self.on_account(100), self.on_account(50)
        self.close()
        lines = self.owed(*orders)
        self.assertEqual(len(lines), 1)
        self.pay_debt(lines, 60)
        self.assert_points(0)
        self.write_off(lines, 90)
        self.assert_points(6)

    def test_the_other_settings(self):
        self.close()
        for setting, at_once, paid in (("nothing", 4, 4), ("at_once", 10, 10)):
            with self.subTest(setting):
                before = self.points.points
                self.account.loyalty_on_account = setting
                self.open_session()
                order = self.on_account(60, (self.cash, 40, False))
                self.assert_points(before + at_once)
                self.close()
                self.pay_debt(self.owed(order))
                self.assert_points(before + paid)

    def test_on_account_by_mistake(self):
        order = self.on_account(100)
        command = Command.update(order.payment_ids.id, {"payment_method_id": self.cash.id})
        self.rpc("pos.order", "write", order.ids, {"payment_ids": [command]})
        self.assert_points(10)

    def test_l5_a_cashier_does_not_say_what_is_owed(self):
        paid, owing = self.on_account(100), self.on_account(100)
        self.close()
        self.pay_debt(self.owed(paid))
        self.login(self.cashier)
        line = {"loyalty_receivable_id": self.owed(paid).id}
        self.assert_refused("pos.payment", "write", owing.payment_ids.ids, line)
        self.rpc("pos.order", "write", paid.ids, {"loyalty_life": 1})
        self.undo(self.owed(paid))
        self.assert_points(0)
        self.pay_debt(self.owed(paid))
        self.assert_points(10)

    def test_a_recommended_first_purchase_counts_when_it_is_paid(self):
        friend = self.enrol(self.env["res.partner"].create({"name": "Friend"}), self.member)
        self.program.write({"referral_points_referrer": 7, "referral_points_newcomer": 3})
        order = self.on_account(100, partner_id=friend.partner_id.id)
        self.close()
        self.assertEqual((self.points.points, friend.points), (0, 0))
        self.pay_debt(self.owed(order))
        self.assertEqual((self.points.points, friend.points), (7, 13))
        self.undo(self.owed(order))
        self.assertEqual((self.points.points, friend.points), (0, 0))
        self.assert_whole()


@tagged("post_install", "-at_install")
class TestPointsAccountInvoiced(AccountCase):
    """With an invoice: made at the till, or in the office, before or after the session."""

    def invoiced(self, *payments, **values):
        order = self.on_account(*payments, to_invoice=True, **values)
        self.assertTrue(order.account_move)
        return order

    def test_the_invoice_of_the_till(self):
        order = self.invoiced(60, (self.cash, 40, False))
        self.assert_points(0)
        self.pay_debt(self.owed(order), 20)
        self.assert_points(0)
        self.pay_debt(self.owed(order))
        self.assert_points(10)
        self.close()
        self.assert_points(10)
        self.undo(self.owed(order))
        self.assert_points(0)

    def test_what_is_written_off_of_an_invoice(self):
        order = self.invoiced(60, (self.cash, 40, False))
        self.pay_debt(self.owed(order), 20)
        self.write_off(self.owed(order), 40)
        self.assert_points(6)

    def test_an_invoice_after_the_session_takes_the_debt_over(self):
        paid, owing = self.on_account(100), self.on_account(100)
        self.close()
        self.pay_debt(self.owed(paid))
        for order in (paid, owing):
            order.action_pos_order_invoice()
        self.assert_points(10)
        self.pay_debt(owing.account_move._loyalty_receivables())
        self.assert_points(20)

    def test_a_credit_note_before_the_money(self):
        order = self.invoiced(200, lines=[self.pieces(4, 50)])
        note = order.account_move._reverse_moves([{}])
        note.invoice_line_ids.quantity = 1
        note.action_post()
        self.reconcile_lines(
            (order.account_move | note).line_ids.filtered(
                lambda li: li.account_type == "asset_receivable"
            )
        )
        self.assert_points(0)
        self.pay_debt(self.owed(order))
        self.assert_points(15)
        self.rpc("account.move", "button_draft", note.ids)
        self.assert_points(0)
        self.undo(self.owed(order))
        self.pay_debt(self.owed(order))
        self.assert_points(20)

    def test_a_credit_note_of_all_of_it_earns_nothing(self):
        order = self.invoiced(100)
        note = order.account_move._reverse_moves([{}], cancel=True)
        self.assertEqual(order.account_move.payment_state, "reversed")
        self.assert_points(0)
        self.undo(self.owed(order))
        self.pay_debt(self.owed(order))
        self.assert_points(0)
        self.rpc("account.move", "button_draft", note.ids)
        self.assert_points(10)

    def test_a_note_beside_the_money_undone_and_made_again(self):
        order = self.invoiced(200, lines=[self.pieces(4, 50)])
        self.pay_debt(self.owed(order))
        note = order.account_move._reverse_moves([{}])
        note.invoice_line_ids.quantity = 1
        note.action_post()
        self.assert_points(15)
        self.undo(self.owed(order))
        self.pay_debt(self.owed(order))
        self.assert_points(15)
        self.rpc("account.move", "button_draft", note.ids)
        self.assert_points(20)
