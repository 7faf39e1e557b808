from unittest.mock import patch

from odoo import api
from odoo.tests import tagged

from .tour_common import LoyaltyTourCase


@tagged("post_install", "-at_install")
class TestToursRefused(LoyaltyTourCase):
    """T20: a paid order that is refused when it comes late does not vanish."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["pos.payment.method"].create(
            {"name": "On account", "company_id": cls.company.id}
        )
        cls.main_pos_config.payment_method_ids |= cls.account

    def test_a_refused_sale_is_told_and_settled(self):
        """Banner, closing, and the customer's account: the sale is booked once, nothing is lost."""
        self._play_refused("LoyaltyRefusedSaleTour")
        self._assert_paid({"Cash": 300000, "On account": 150000})

    def test_a_refused_sale_is_paid_otherwise(self):
        """Sent again in vain, without a connection and with one; then another payment is taken."""
        self._play_refused("LoyaltyRefusedReopenTour")
        self._assert_paid({"Cash": 300000, "Bank": 150000})

    def _play_refused(self, tour):
        """Play a tour whose sale is refused: another till has spent its value meanwhile."""

        @api.model
        def spend_elsewhere(till):
            """The hold lapses, and another till takes the value."""
            ledger = till.env["loyalty.ledger"].sudo()
            for hold in till.env["loyalty.hold"].sudo().search([("state", "=", "open")]):
                ledger._set_hold_state(hold, "lapsed")
                ledger._change_held(hold.balance_id, -hold.amount)
                ledger.debit(hold.balance_id, hold.amount, "redeem", f"elsewhere:{hold.id}")

        till = self.env.registry["loyalty.till"]
        with patch.object(till, "tour_spend_elsewhere", spend_elsewhere, create=True):
            self.play(tour)

    def _assert_paid(self, expected):
        """Assert what paid Mai's sale, which is booked once."""
        order = self.env["pos.order"].search([("partner_id", "=", self.mai.id)])
        self.assertEqual(order.state, "paid")
        paid = {p.payment_method_id.name: p.amount for p in order.payment_ids}
        self.assertEqual(paid, expected)
        self.assertEqual(self._available("named"), 0)
