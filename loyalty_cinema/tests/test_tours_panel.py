from odoo.tests import tagged

from .panel_tour_common import PanelTourCase


@tagged("post_install", "-at_install")
class TestToursPanel(PanelTourCase):
    """The member before the cashier, in a real browser on the real server."""

    def test_a_diamond_members_birthday(self):
        """Recognised by one scan; a gift, a part of a voucher and a task, each by one touch."""
        self.play("LoyaltyDiamondTour")
        gift, food = self.coupon("Birthday popcorn"), self.coupon("Food voucher")
        self.assertEqual(gift.state, "used")
        self.assertEqual(food.coupon_id.points, 500000, "750,000 less a combo of 250,000")
        self.assertEqual(self.coupon("30 % today").state, "issued", "it was taken off again")
        photo = self.coupon("Photo on the wall")
        self.assertEqual((photo.state, photo.user_id), ("done", self.pos_user))

    def test_a_newcomer(self):
        """Enrolled, greeted, noted down; a drink and the combo that contains it all."""
        self.play("LoyaltyNewcomerTour")
        lan = self.env["res.partner"].search([("name", "=", "Lan Vo")])
        self.assertEqual(str(lan.birthdate_date), "2001-05-17")
        self.assertTrue(lan.loyalty_consent_profile and lan.loyalty_taste_ids)
        self.assertEqual(lan.loyalty_comes, "friends")
        [order] = self.env["pos.order"].search([("partner_id", "=", lan.id)])
        self.assertEqual(order.amount_total, 65000)

    def test_long_absent_and_unknown(self):
        """A Gold member is asked how he has been; who is no member is greeted, too."""
        self.play("LoyaltyAbsentTour")

    def test_the_place_of_the_panel(self):
        """At 1024 × 600 the order keeps its lines; products stay where a finger aims at them."""
        self.play("LoyaltyPanelPlaceTour")

    def test_the_customer_display(self):
        """A member reads tier, points and what is missing; the next customer's are not these."""
        self.play("LoyaltyDisplayTour")
        config = self.main_pos_config
        address = f"/pos_customer_display/{config.id}/{config.access_token}"
        self.start_tour(address, "LoyaltyCustomerDisplayTour", login="pos_user")

    def test_free_pieces_are_not_lost_without_a_word(self):
        """E9: a voucher of three on an order with one piece; the others are rung up in time."""
        three = {"reward_type": "product", "reward_product_id": self.popcorn.id}
        program = self.coupons("Three popcorns", **three, reward_product_qty=3)
        mai = self.env["res.partner"].search([("name", "=", "Mai Tran")], limit=1)
        voucher = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": mai.id, "points": 1}
        )
        self.play("LoyaltyPiecesLostTour")
        self.assertEqual(voucher.points, 0)
        line = self.env["pos.order.line"].search([("coupon_id", "=", voucher.id)])
        self.assertEqual(line.qty, 3)

    def test_offline(self):
        """What was known last is shown with its hour, and corrected when the network is back."""
        self.play("LoyaltyPanelOfflineTour")

    def test_a_voucher_on_the_bill_of_another(self):
        """T23: two orders put together; the voucher stays its owner's, the top-up reaches her."""
        wallet = self.company.loyalty_wallet_program_id._balance_of(self.mai)
        before = wallet.points
        self.play("LoyaltyMergedTour")
        self.assertEqual(self.coupon("Food voucher").coupon_id.available, 750000)
        self.assertEqual(self.coupon("Food voucher").state, "issued")
        self.assertEqual(wallet.points, before + 100000)
        self.assertFalse(self.env["loyalty.hold"].search([("state", "=", "open")]))

    def test_in_vietnamese(self):
        """The same panel for a cashier who works in Vietnamese."""
        self.env["res.lang"]._activate_lang("vi_VN")
        modules = self.env["ir.module.module"].search([("state", "=", "installed")])
        modules.filtered(lambda module: "loyalty" in module.name)._update_translations("vi_VN")
        self.pos_user.lang = "vi_VN"
        self.main_pos_config.current_session_id.set_opening_control(0, "")
        self.play("LoyaltyPanelLookTour")


@tagged("post_install", "-at_install")
class TestToursPanelSmall(PanelTourCase):
    """A telephone: the panel is one line until it is unfolded."""

    browser_size = "412x915"
    touch_enabled = True

    def test_the_panel_folds(self):
        self.main_pos_config.current_session_id.set_opening_control(0, "")
        self.play("LoyaltyPanelSmallTour")
