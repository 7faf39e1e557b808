from odoo import fields, models
from odoo.exceptions import ValidationError

from ..domain.amounts import AMOUNT_DIGITS, to_decimal


class LoyaltyCardUpdateBalance(models.TransientModel):
    """Odoo's correction of a balance: with its reason, and above the limit by two people.

    Whatever the balance holds, it becomes an adjustment, which can be undone.
    """

    _inherit = "loyalty.card.update.balance"

    is_stored_value = fields.Boolean(related="card_id.program_id.is_stored_value")
    currency_id = fields.Many2one(related="card_id.currency_id")
    new_balance = fields.Float(digits=AMOUNT_DIGITS)
    is_paid = fields.Boolean(
        "The customer paid for it",
        help="Value that was paid and did not come on the balance. Otherwise it is a gift.",
    )

    def action_update_card_point(self):
        """Correct the balance. Who may open this wizard (managers) may correct."""
        self.ensure_one()
        self.check_access("write")
        self.card_id.check_access("read")
        # sudo: of what the user may read; the ledger and adjustments are the server's
        balance = self.card_id.sudo()
        difference = to_decimal(self.new_balance) - to_decimal(balance.points)
        if self.new_balance < 0 or not difference:
            raise ValidationError(
                self.env._("The new balance is different from the old one, and not below zero.")
            )
        # sudo: sales managers correct balances too, but have no rights on adjustments
        adjustment = self.env["loyalty.adjustment"].sudo()
        adjustment = adjustment.create(
            {
                "member_id": balance.member_ids[:1].id,
                "balance_id": not balance.member_ids and balance.id,
                "points": difference,
                "reason": self.description,
                "is_paid": self.is_paid and difference > 0,
            }
        )
        adjustment.action_submit()
        return adjustment._waiting_notice() or {"type": "ir.actions.act_window_close"}
