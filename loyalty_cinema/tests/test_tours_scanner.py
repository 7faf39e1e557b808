from odoo.tests import tagged

from .tour_common import LoyaltyTourCase


@tagged("post_install", "-at_install")
class TestToursScanner(LoyaltyTourCase):
    """A scanner at the till as it really comes: trusted key presses, 5 ms apart, and Enter."""

    def test_keys_on_the_payment_screen(self):
        """T1: the digits became 9,020,000,000,000 in cash where the server answered quickly."""
        self.play("LoyaltyScannerKeysPayTour")
        self.assertEqual(self._available("gift"), 0)
        self.assertFalse(self.open_holds())
