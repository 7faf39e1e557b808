from odoo.tests import tagged

from .panel_common import PanelMixin
from .test_tours_points import PointsTourCase


@tagged("post_install", "-at_install")
class TestToursPrices(PanelMixin, PointsTourCase):
    """A ladder by spend: who spent 50,000 is Gold and pays 10 % less."""

    def test_prices_follow_the_tier(self):
        """The till knows the customer since it was opened; the tier changes meanwhile."""
        self.program.tier_measure = "spend"
        _silver, gold = self.ladder(Silver=(0, "#a8a9ad"), Gold=(50000, "#d4af37"))
        gold.discount = 10
        self.member(self.mai)._tier_start()
        # Odoo's test data gives every customer a pricelist of their own, which goes first
        self.mai.specific_property_product_pricelist = False
        self.play("LoyaltyTierPricesTour")
        orders = self.env["pos.order"].search([("partner_id", "=", self.mai.id)], order="id")
        self.assertEqual(orders.mapped("amount_total"), [50000, 45000, -50000])
        self.assertEqual(orders[1].pricelist_id, gold.pricelist_id)
