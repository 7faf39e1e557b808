from odoo import api, fields, models


class LoyaltyCardOwner(models.TransientModel):
    """Give a card with what is on it to another owner or holder; the reason is kept with both."""

    _name = "loyalty.card.owner"
    _description = "Change the Owner of a Card"

    card_id = fields.Many2one("loyalty.member.card", required=True, readonly=True)
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
        """Do it, or ask another manager where it hands over more than one person may alone.

        Only who may write cards can.
        """
        self.ensure_one()
        card = self.card_id
        card.check_access("write")
        card._check_reason(self.reason)
        (self.owner_id | self.holder_id).check_access("read")
        adjustment = self.env["loyalty.adjustment"]._ask(
            self,
            "owner",
            card._value_handed_over(self.holder_id),
            ("card_id", "owner_id", "holder_id", "reason"),
            program=card.balance_ids.program_id[:1] or card._program_for("ewallet"),
            partners=self.owner_id or self.holder_id,
            reason=f"{card.masked_code}: {self.reason}",
            record=card,
        )
        if adjustment.state == "done":
            self._loyalty_do(adjustment)
        return adjustment._waiting_notice() or {"type": "ir.actions.act_window_close"}

    def _loyalty_do(self, _adjustment):
        """The deed itself, at once or once another manager approves it."""
        self.card_id._change_owner(self.owner_id, self.holder_id, self.reason)
