from odoo import Command
from odoo.tests import tagged

from .tour_common import LoyaltyTourCase


@tagged("post_install", "-at_install")
class TestConvertTours(LoyaltyTourCase):
    """A gift card that Odoo sold, at the till after its program became stored value."""

    def test_old_code(self):
        """Scanned as what it was, scanned to pay, typed: it pays three times, then it is empty."""
        program = self.env["loyalty.program"].create(
            {"name": "Odoo's gift cards", "program_type": "gift_card"}
        )
        product = self.env["product.product"].create({"name": "Voucher", "type": "service"})
        program.rule_ids.product_ids = [Command.set(product.ids)]
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "code": "0447-a1b2-4c3d", "points": 150000}
        )
        # sudo: who may convert is tested without a browser
        wizards = self.env["loyalty.stored.value.convert"].sudo()
        wizards.create({"program_id": program.id}).action_convert()
        self.play("LoyaltyOldCodeTour")
        self.assertEqual(card.points, 0)
        self.assertFalse(self.open_holds())
