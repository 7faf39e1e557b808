from odoo import fields, models


class LoyaltyCardAction(models.TransientModel):
    """Block, unblock or report cards lost; the reason is kept with each card."""

    _name = "loyalty.card.action"
    _description = "Block Cards"

    card_ids = fields.Many2many("loyalty.member.card", string="Cards", required=True)
    action = fields.Selection(
        [("block", "Block"), ("unblock", "Unblock"), ("lost", "Report lost")],
        required=True,
        default="block",
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Do it. Only who may write cards can; the change itself is made by the cards."""
        self.card_ids.check_access("write")
        steps = {
            "block": self.card_ids._block,
            "unblock": self.card_ids._unblock,
            "lost": self.card_ids._report_lost,
        }
        steps[self.action](self.reason)
