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
    suggested_holder_id = fields.Many2one(
        "res.partner", compute="_compute_people", store=True, readonly=False, precompute=True
    )
    reason = fields.Char(required=True)

    @api.depends("card_id")
    def _compute_people(self):
        for wizard in self:
            wizard.owner_id = wizard.card_id.owner_id
            wizard.holder_id = wizard.suggested_holder_id = wizard.card_id.holder_id

    @api.onchange("owner_id")
    def _onchange_owner_id(self):
        """A new owner presents the card too, unless somebody else was chosen by hand."""
        owner, by_hand = self.owner_id, self.holder_id != self.suggested_holder_id
        if owner and not owner.is_company and owner != self.card_id.owner_id and not by_hand:
            self.holder_id = self.suggested_holder_id = owner

    def action_change(self):
        """Do it, or ask another manager where it hands over more than one person may alone.

        Only who may write cards can.
        """
        self.ensure_one()
        card = self.card_id
        card.check_access("write")
        card._check_reason(self.reason)
        (self.owner_id | self.holder_id).check_access("read")
        value = card._value_handed_over(self.holder_id)
        people = [("owner_id", (self.owner_id or self.holder_id).display_name)]
        people.append(("holder_id", self.holder_id.display_name))
        adjustment = self.env["loyalty.adjustment"]._ask(
            self,
            "owner",
            value,
            ("card_id", "owner_id", "holder_id", "reason"),
            program=card.balance_ids.program_id[:1] or card._program_for("ewallet"),
            partners=self.owner_id or self.holder_id,
            reason=f"{card.masked_code}: {self.reason}",
            record=card,
            lines=card._lines_handed_over(value, people, self.reason),
        )
        if adjustment.state == "done":
            self._loyalty_do(adjustment)
        return adjustment._waiting_notice() or {"type": "ir.actions.act_window_close"}

    def _loyalty_do(self, _adjustment):
        """The deed itself, at once or once another manager approves it."""
        self.card_id._change_owner(self.owner_id, self.holder_id, self.reason)
