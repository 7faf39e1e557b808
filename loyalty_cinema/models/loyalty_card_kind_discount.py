from odoo import fields, models


class LoyaltyCardKind(models.Model):
    """A card that tracks purchases for a discount, and collects no points."""

    _inherit = "loyalty.card.kind"

    tracks_discount = fields.Boolean(
        "Discount by purchases",
        help="What the holder buys is added up in the company's discount program. Each band that "
        "is reached lowers the holder's prices, at the till, in sales orders and on the website.",
    )
