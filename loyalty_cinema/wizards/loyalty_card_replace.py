from odoo import fields, models
from odoo.exceptions import UserError


class LoyaltyCardReplace(models.TransientModel):
    """Give a customer another card: a printed one at hand, or a new number."""

    _name = "loyalty.card.replace"
    _description = "Replace a Card"

    card_id = fields.Many2one("loyalty.member.card", "Old card", required=True, readonly=True)
    new_code = fields.Char(
        "New card", help="Scan or type the number of an unused card. Empty: a new number is made."
    )
    reason = fields.Char(required=True)

    def action_replace(self):
        """Move everything to the new card and open it. Only who may write cards can."""
        self.ensure_one()
        old = self.card_id
        old.check_access("write")
        new = self._new_card()
        old._replace(new, self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": new._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def _new_card(self):
        cards, company = self.env["loyalty.member.card"], self.card_id.company_id
        if not self.new_code:
            return cards._issue(self.card_id.kind_id, company_id=company.id)
        card = cards._find_by_code(self.new_code, company)
        if not card:
            raise UserError(
                self.env._("There is no card with this number. Check it and try again.")
            )
        return card.with_env(self.env)
