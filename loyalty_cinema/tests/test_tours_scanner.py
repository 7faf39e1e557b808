from odoo.tests import tagged

from ..models.loyalty_code_attempt import FAILURES_MAX
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

    def test_keys_in_fields(self):
        """T3: neither a reason, a PIN, a note nor a list of orders takes a card for text."""
        tip = self.env.ref("point_of_sale.product_product_tip")
        self.main_pos_config.write({"iface_tipproduct": True, "tip_product_id": tip.id})
        self.play("LoyaltyScannerFieldsTour")

    def test_cards_that_open_nothing(self):
        """T4: a blocked card made its holder the customer, and points were spent."""
        self.cards["spare"].holder_id = self.an
        self.cards["newGift"]._activate()
        self.cards["newGift"]._replace(
            self.cards["newGift"].copy({"state": "issued"}), "Torn, for the test"
        )
        self.cards["spare"]._report_lost("Left in a taxi")
        for name in ("blocked", "expired"):
            self.cards[name].holder_id = self.an
        self.play("LoyaltyScannerStatesTour")
        self.assertEqual(self._available("gift"), 150000)
        self.assertFalse(self.open_holds())

    def test_another_customers_card(self):
        """T10: the order went to whoever's card was scanned, and an earlier card paid."""
        self.cards["pin"].holder_id = self.an
        self.play("LoyaltyScannerOtherCustomerTour")
        self.assertEqual(self._available("named"), 50000)
        self.assertEqual(self._available("pin"), 80000)

    def test_a_manager_lifts_the_lock(self):
        """T16: nobody could lift it, and nothing said what still works."""
        attempts = self.env["loyalty.code.attempt"]
        for _guess in range(FAILURES_MAX):
            attempts.with_user(self.pos_user)._record_failure(self.main_pos_config)
        self.play("LoyaltyScannerLockedTour")
        self.assertFalse(attempts.search_count([("kind", "=", "code"), ("lifted", "=", False)]))

    def test_keys_on_the_floor_plan(self):
        """T24: an "Unknown barcode" with all of the number. `pos_restaurant` is no dependency."""
        if "restaurant.floor" not in self.env:
            return
        self.main_pos_config.module_pos_restaurant = True
        floors = {"name": "Terrace", "pos_config_ids": self.main_pos_config.ids}
        floor = self.env["restaurant.floor"].create(floors)
        self.env["restaurant.table"].create(
            {"table_number": 5, "floor_id": floor.id, "seats": 4, "position_h": 100}
        )
        self.play("LoyaltyScannerFloorTour")


@tagged("post_install", "-at_install")
class TestToursScannerMembers(PointsTourCase):
    """Cards of members, typed by a scanner wherever the focus is."""

    def test_keys_on_the_product_screen(self):
        """T1: they are no quantity."""
        self.play("LoyaltyScannerKeysSellTour")

    def test_keys_in_popups_about_members(self):
        """T3, T18: numbers of cards became names and phones of members."""
        self.play("LoyaltyScannerPopupsTour")
        lan = self.member(self.env["res.partner"].search([("name", "=", "Lan Vo")]))
        self.assertEqual(self.cards["fresh"].holder_id, lan.partner_id)
        self.assertEqual(self.cards["fresh"].state, "active")
        self.assertEqual(lan.referrer_id, self.member(self.mai))

    def test_customers_after_a_refund_to_the_wallet(self):
        """T2: the list of customers failed on a balance whose program the till has not loaded."""
        self.play("LoyaltyRefundThenCustomersTour")
        wallet = self.cards["mai"].balance_ids.filtered("program_id.is_stored_value")
        self.assertEqual(wallet.available, 80000)
