from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..domain.amounts import AMOUNT_DIGITS
from ..tools import scheduled_job


class LoyaltyHold(models.Model):
    """Value set aside for a payment that is being made; later captured or voided."""

    _name = "loyalty.hold"
    _inherit = "loyalty.ledger.protected"
    _description = "Loyalty Hold"
    _order = "id desc"
    _rec_name = "key"

    balance_id = fields.Many2one("loyalty.card", required=True, index=True, ondelete="restrict")
    program_id = fields.Many2one(related="balance_id.program_id")
    partner_id = fields.Many2one(related="balance_id.partner_id")
    company_id = fields.Many2one("res.company", index=True)
    currency_id = fields.Many2one(related="balance_id.currency_id")
    amount = fields.Float(digits=AMOUNT_DIGITS, required=True)
    key = fields.Char("Idempotency key", required=True)
    state = fields.Selection(
        [("open", "Open"), ("captured", "Captured"), ("voided", "Released"), ("lapsed", "Lapsed")],
        required=True,
        help="Released: cancelled by the till or a manager. Lapsed: nobody came back for it in "
        "time.",
    )
    expires_at = fields.Datetime(required=True, help="Released by itself after this moment.")
    order_uuid = fields.Char("Order", help="The only order that may capture it.")
    origin_model = fields.Char("Document type")
    origin_id = fields.Many2oneReference("Document", model_field="origin_model")
    user_id = fields.Many2one("res.users", "By", required=True)
    entry_id = fields.Many2one("loyalty.ledger.entry", "Captured by", index="btree_not_null")

    _key_unique = models.Constraint("UNIQUE(key)", "This hold has been placed already.")
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A hold is of a positive amount.")
    _open_idx = models.Index("(expires_at) WHERE state = 'open'")

    def _card_digits(self):
        """The last four of the card that was presented, or of the one that the balance is on."""
        if self.origin_model == "loyalty.member.card":
            return self.env[self.origin_model].browse(self.origin_id).exists().masked_code[-4:]
        return self.balance_id._card_digits()

    @api.model
    @scheduled_job
    def _cron_release(self):
        """Release what abandoned orders left on hold: one UPDATE per table, whatever the number."""
        self.env["loyalty.ledger"]._release_expired_holds()

    def action_void(self):
        """Release this hold by hand: for a manager, when a till died in the middle of a sale."""
        if not self.env.user.has_group("loyalty_cinema.group_manager"):
            raise AccessError(self.env._("Only a loyalty manager releases a hold by hand."))
        # sudo: nobody has write access to holds; the group was checked on the line above.
        ledger = self.env["loyalty.ledger"].sudo()
        for hold in self:
            ledger.void(hold.key)
