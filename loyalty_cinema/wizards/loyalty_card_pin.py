from odoo import api, fields, models

from ..exceptions import LoyaltyError


class LoyaltyCardPin(models.TransientModel):
    """Give a card its PIN in the office: typed twice by the customer, and never shown again.

    Only the hash is stored, here as on the card. Of a card with much on it two people set the PIN,
    at a till.
    """

    _name = "loyalty.card.pin"
    _description = "Set the PIN of a Card"

    card_id = fields.Many2one("loyalty.member.card", required=True, readonly=True)
    pin = fields.Char("PIN", compute="_compute_pin", inverse="_inverse_pin", help="4 to 8 digits.")
    pin_again = fields.Char("Once more", compute="_compute_pin", inverse="_inverse_pin")
    pin_hash = fields.Char(copy=False, readonly=True, groups=fields.NO_ACCESS)

    def _compute_pin(self):
        self.pin = self.pin_again = False

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody brings a hash."""
        if not self.env.su:
            vals_list = [{k: v for k, v in vals.items() if k != "pin_hash"} for vals in vals_list]
        return super().create(vals_list)

    def _inverse_pin(self):
        """Keep the hash of what was typed twice.

        :raises LoyaltyError: when the two differ, or are not 4 to 8 digits
        """
        for wizard in self:
            if (wizard.pin or "") != (wizard.pin_again or ""):
                raise LoyaltyError(
                    self.env._("The two PINs are not the same. Let the customer type it again.")
                )
            pin_hash = self.env["res.users"]._loyalty_hash_pin(wizard.pin)
            wizard.sudo().pin_hash = pin_hash  # sudo: nobody has access to the hash
        self.invalidate_recordset(["pin", "pin_again"])

    def action_set(self):
        """Set it. Who may write the card may, up to what one person hands over alone."""
        self.ensure_one()
        self.card_id.check_access("write")
        self.card_id._check_can_have_pin()
        if self.card_id.state != "issued":
            self.card_id._check_new_pin(0)
        pin_hash = self.sudo().pin_hash  # sudo: as above
        if not pin_hash:
            raise LoyaltyError(self.env._("Let the customer choose a PIN of 4 to 8 digits."))
        self.card_id._set_pin_hash(pin_hash)
        self.sudo().pin_hash = False
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Card %(card)s has its new PIN.", card=self.card_id.masked_code
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
