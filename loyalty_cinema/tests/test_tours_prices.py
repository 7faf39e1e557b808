from odoo import SUPERUSER_ID
from odoo.tests import tagged

from .panel_common import PanelMixin
from .test_tours_points import POINTS_CARDS, PointsTourCase


@tagged("post_install", "-at_install")
class TestToursPrices(PanelMixin, PointsTourCase):
    """A ladder by spend: who spent 50,000 pays 10 % less, as a Gold member or by discount card."""

    def test_prices_follow_the_tier(self):
        """The till knows the customer since it was opened; the tier changes meanwhile."""
        self.program.tier_measure = "spend"
        _silver, gold = self.ladder(Silver=(0, "#a8a9ad"), Gold=(50000, "#d4af37"))
        gold.with_user(SUPERUSER_ID).discount = 10  # terms that nobody has to agree to
        self.member(self.mai)._tier_start()
        # Odoo's test data gives every customer a pricelist of their own, which goes first
        self.mai.specific_property_product_pricelist = False
        self.play("LoyaltyTierPricesTour")
        orders = self.env["pos.order"].search([("partner_id", "=", self.mai.id)], order="id")
        self.assertEqual(orders.mapped("amount_total"), [50000, 45000, -50000])
        self.assertEqual(orders[1].pricelist_id, gold.pricelist_id)

    def test_prices_follow_the_discount_card(self):
        """A shop without a membership: the card is scanned, then its holder chosen by name."""
        self.company.loyalty_points_program_id = False
        self.program.active = False
        self.company._loyalty_setup_discount()
        band, _second = self.company.loyalty_discount_program_id.tier_ids.sorted("threshold")
        band.threshold = 50000
        self._discount_card(self.mai)
        self.mai.specific_property_product_pricelist = False
        self.play("LoyaltyDiscountCardTour")
        orders = self.env["pos.order"].search([("partner_id", "=", self.mai.id)], order="id")
        self.assertEqual(orders.mapped("amount_total"), [50000, 45000])
        self.assertEqual(orders[1].pricelist_id, band.pricelist_id)

    def _discount_card(self, holder):
        card = self.env["loyalty.member.card"].sudo()  # sudo: numbers are not chosen
        card = card.create(
            {
                "code": POINTS_CARDS["discount"],
                "kind_id": self.env.ref("loyalty_cinema.kind_discount").id,
                "company_id": self.company.id,
                "holder_id": holder.id,
            }
        )
        card._activate()
