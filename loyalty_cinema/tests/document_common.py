"""Credit notes and returns of the till's orders, made in the office by who may do no more."""

from odoo import Command

from .rpc_common import RpcCase
from .tender_common import PointsTenderCase


class DocumentCase(RpcCase, PointsTenderCase):
    """A biller (Odoo's role *Billing*) and orders with invoices, paid by wallet, points, cash."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.member.balance_id  # RpcCase calls another balance so
        cls.biller = cls.user_of("biller-of-the-test", "account.group_account_invoice")
        cls.tender_of = {"wallet": cls.tender, "points": cls.by_points, "cash": cls.cash}

    @classmethod
    def user_of(cls, login, *groups):
        """A user of the company with these groups and no others."""
        ids = [cls.env.ref(group).id for group in ("base.group_user", *groups)]
        user = cls.cashier.copy({"login": login, "group_ids": [Command.set(ids)]})
        user.password = login
        return user

    def load(self, amount):
        """Top the wallet up, paid in cash."""
        return self.sell([(self.topup, 1, amount)], [(self.cash, amount)])

    def invoiced(self, price, **paid):
        """An invoiced order of one ticket: ``wallet=60, cash=40``."""
        payments = [(self.tender_of[name], amount) for name, amount in paid.items()]
        order = self.sell([(self.snack, 1, price)], payments, to_invoice=True)
        self.assertEqual(order.account_move.payment_state, "paid")
        return order

    def payment(self, order_uuid, method, amount):
        """As the till: payments with points get their hold, too."""
        if method == self.by_points and amount > 0:
            key = self.held(order_uuid, amount)
            return {**super().payment(order_uuid, self.cash, amount)} | {
                "payment_method_id": method.id,
                "transaction_id": key,
            }
        return super().payment(order_uuid, method, amount)

    def reverse(self, invoice, way="refund_moves", **values):
        """A credit note in draft, made over HTTP with Odoo's wizard *Reverse*."""
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        values = {"journal_id": invoice.journal_id.id, "move_ids": invoice.ids, **values}
        wizard = self.rpc("account.move.reversal", "create", [values], context=context)
        self.rpc("account.move.reversal", way, wizard, context=context)
        return invoice.reversal_move_ids.sorted("id")[-1]

    def post(self, note):
        """Post it over HTTP."""
        self.rpc("account.move", "action_post", note.ids)
        self.assertEqual(note.state, "posted")
        return note

    def credit(self, order, price=None):
        """A posted credit note of the order's invoice, of ``price`` where not all is credited."""
        note = self.reverse(order.account_move)
        if price:
            lines = [[1, note.invoice_line_ids.id, {"price_unit": price}]]
            self.rpc("account.move", "write", note.ids, {"invoice_line_ids": lines})
        return self.post(note)

    def pay(self, note):
        """Pay out what is left of a credit note, with Odoo's wizard."""
        context = {"active_model": "account.move", "active_ids": note.ids}
        wizard = self.rpc("account.payment.register", "create", [{}], context=context)
        self.rpc("account.payment.register", "action_create_payments", wizard, context=context)

    def till_refund(self, order, **paid):
        """Refund the order's one line at the till."""
        payments = [(self.tender_of[name], -amount) for name, amount in paid.items()]
        total = sum(paid.values())
        return self.sell([(self.snack, -1, total)], payments, refund_of=order)

    def approve(self, note, reason="The card is lost"):
        """A manager of loyalty and billing approves that a note is paid out in money."""
        self.login(self.user_of("boss-of-the-test", *MANAGER_GROUPS))
        wizard = self.rpc(
            "loyalty.refund.approval", "create", [{"move_id": note.id, "reason": reason}]
        )
        self.rpc("loyalty.refund.approval", "action_approve", wizard)
        self.login(self.biller)

    def assert_books(self):
        """L1 to L4 hold, and the books owe what customers hold, but for what the fixture gave."""
        self.assert_whole()
        position = self.posting._position(self.company)
        self.assertEqual(position["difference"], position["undocumented"])
        self.assertEqual(position["bonus_difference"], position["bonus_undocumented"])
        wrong = self.reconcile().line_ids.filtered("is_wrong")
        self.assertLessEqual(set(wrong.mapped("name")), {"Load"})
        return position


MANAGER_GROUPS = ("loyalty_cinema.group_manager", "account.group_account_invoice")
