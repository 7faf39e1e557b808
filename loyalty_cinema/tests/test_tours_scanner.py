from odoo.tests import tagged

from .test_tours_points import PointsTourCase
from .tour_common import LoyaltyTourCase


@tagged("post_install", "-at_install")
class TestToursScanner(LoyaltyTourCase):
    """A scanner at the till as it really comes: trusted key presses, 5 ms apart, and Enter."""

    def test_keys_on_the_payment_screen(self):
        """T1: the digits became 9,020,000,000,000 in cash where the server answered quickly."""
        self.play("LoyaltyScannerKeysPayTour")
        self.assertEqual(self._available("gift"), 0)
        self.assertEqual(self._available("named"), 150000)
        self.assertFalse(self.open_holds())


@tagged("post_install", "-at_install")
class TestToursScannerMembers(PointsTourCase):
    """Cards of members, typed by a scanner wherever the focus is."""

    def test_keys_on_the_product_screen(self):
        """T1: they are no quantity."""
        self.play("LoyaltyScannerKeysSellTour")

    def test_customers_after_a_refund_to_the_wallet(self):
        """T2: the list of customers failed on a balance whose program the till has not loaded."""
        self.play("LoyaltyRefundThenCustomersTour")
        wallet = self.cards["mai"].balance_ids.filtered("program_id.is_stored_value")
        self.assertEqual(wallet.available, 80000)
