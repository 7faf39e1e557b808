from odoo import api, fields, models


class LoyaltyCardOwner(models.TransientModel):
    """Give a card with what is on it to another owner or holder; the reason is kept with both."""

    _name = "loyalty.card.owner"
    _description = "Change the Owner of a Card"

    card_id = fields.Many2one("loyalty.member.card", "Card", required=True, readonly=True)
    available = fields.Monetary(related="card_id.available")
    currency_id = fields.Many2one(related="card_id.currency_id")
    owner_id = fields.Many2one(
        "res.partner",
        "New owner",
        compute="_compute_people",
        store=True,
        readonly=False,
        precompute=True,
        help="Whose money it is. Empty: the holder's, or the bearer's.",
    )
    holder_id = fields.Many2one(
        "res.partner",
        "New holder",
        compute="_compute_people",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("is_company", "=", False)],
        help="Who presents the card. Empty: anonymous.",
    )
    reason = fields.Char(required=True)

    @api.depends("card_id")
    def _compute_people(self):
        for wizard in self:
            wizard.owner_id = wizard.card_id.owner_id
            wizard.holder_id = wizard.card_id.holder_id

    def action_change(self):
        """Do it. Only who may write cards can."""
        self.ensure_one()
        self.card_id.check_access("write")
        (self.owner_id | self.holder_id).check_access("read")
        self._loyalty_do()
        return {"type": "ir.actions.act_window_close"}

    def _loyalty_do(self, _adjustment=None):
        """The deed itself, at once or once another manager approves it."""
        self.card_id._change_owner(self.owner_id, self.holder_id, self.reason)
