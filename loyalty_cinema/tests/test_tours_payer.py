from odoo.tests import tagged

from .tour_common import LoyaltyTourCase


@tagged("post_install", "-at_install")
class TestToursPayer(LoyaltyTourCase):
    """Who pays by a card, and how much: seen, typed, kept, and given back."""

    def test_another_customer(self):
        """T6: the wallet of one customer does not pay the bill of the next."""
        self.play("LoyaltyAnotherCustomerTour")
        self.assertEqual(self._available("named"), 150000)
        self.assertEqual(self._available("gift"), 0)
        self.assertFalse(self.open_holds())

    def test_removed_line(self):
        """A line that is removed while the server is asked: its hold goes, and the till goes on."""
        self.play("LoyaltyRemovedLineTour")
        self.assertEqual(self._available("named"), 150000)
        self.assertEqual(self._available("gift"), 0)
        self.assertFalse(self.open_holds())

    def test_one_more(self):
        """T7, T17: the amount is typed first; a card that has paid is not asked for again."""
        self.play("LoyaltyOneMoreTour")
        self.assertEqual(self._available("pin"), 30000)
        self.assertFalse(self.open_holds())
