from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .rpc_common import RpcTillCase


def far_away():
    """A time zone in which it is another day than in UTC right now, and its hours from UTC."""
    return ("Pacific/Kiritimati", 14) if fields.Datetime.now().hour > 10 else ("Etc/GMT+12", -12)


@tagged("post_install", "-at_install")
class TestCompanyClock(RpcTillCase):
    """A cashier in UTC at a company for which it is yesterday or tomorrow (B8)."""

    def setUp(self):
        super().setUp()
        name, self.hours = far_away()
        self.cashier.tz = "UTC"
        self.company.partner_id.tz = name
        self.assertNotEqual(self.day(), fields.Datetime.now().date())
        self.login(self.cashier)

    def day(self):
        """Today at the company."""
        return (fields.Datetime.now() + timedelta(hours=self.hours)).date()

    def sell(self, **values):
        now = fields.Datetime.to_string(fields.Datetime.now())
        order = self.order([self.ticket()], date_order=now, **values)
        order = self.paid_in(order, (self.tender, 40, self.held(order, 40)), (self.cash, 60, False))
        answer = self.rpc("pos.order", "sync_from_ui", [order])
        return self.env["pos.order"].browse(answer["pos.order"][0]["id"])

    def test_session_payments_and_invoice_are_of_the_companys_day(self):
        self.sell()
        invoiced = self.sell(to_invoice=True)
        extras = {"translatedType": "in", "formattedAmount": "10"}
        session = self.session.with_user(self.cashier).sudo()
        session.try_cash_in_out("in", 10, "change", False, extras)
        self.rpc("pos.session", "post_closing_cash_details", [self.session.id], 125)
        self.rpc("pos.session", "close_session_from_ui", [self.session.id])

        self.assertEqual(self.session.state, "closed")
        moves = self.session._get_related_account_moves() | invoiced.account_move
        self.assertGreater(len(moves), 4)
        self.assertEqual(set(moves.mapped("date")), {self.day()})
        self.assertEqual(invoiced.account_move.invoice_date, self.day())
        for day in (None, self.day()):
            position = self.posting._position(self.company, day)
            self.assertEqual(position["difference"], position["undocumented"])
