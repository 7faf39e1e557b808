"""How each screen of ours looks at the till, at three sizes and in two languages.

With ``LOYALTY_SHOTS=folder`` the pictures are kept there; somebody has to look at them. Without it
axe-core looks for what people who see, hear or touch less could not use.
"""

from odoo.tests import tagged

from .panel_tour_common import PanelTourCase


@tagged("post_install", "-at_install")
class TestToursLook(PanelTourCase):
    """Every screen and popup, once."""

    def setUp(self):
        super().setUp()
        self.main_pos_config.current_session_id.set_opening_control(0, "")

    def test_screens_in_english(self):
        """A counter, a small counter, a telephone."""
        self.play("LoyaltyScreensEnglishTour")

    def test_screens_in_vietnamese(self):
        """The same for a cashier who works in Vietnamese."""
        self.env["res.lang"]._activate_lang("vi_VN")
        modules = self.env["ir.module.module"].search([("state", "=", "installed")])
        modules.filtered(lambda module: "loyalty" in module.name)._update_translations("vi_VN")
        self.pos_user.lang = "vi_VN"
        self.play("LoyaltyScreensVietnameseTour")
