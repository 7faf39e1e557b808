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
        """Move everything to the new card and open it. Only who may write cards can.

        Whoever has the new card has what was on the old one: above what one person hands over
        alone, another manager approves.
        """
        self.ensure_one()
        old = self.card_id
        old.check_access("write")
        old._check_reason(self.reason)
        old._check_transition("replaced")
        if self.new_code:
            old._check_replacement(self._new_card())
        value = old._value_handed_over(old.holder_id)
        if value and self._ask_for_it(value).state == "to_approve":
            return self.env["loyalty.adjustment"]._notice_waiting()
        new = self._loyalty_do()
        return {
            "type": "ir.actions.act_window",
            "res_model": new._name,
            "res_id": new.id,
            "view_mode": "form",
        }

    def _ask_for_it(self, value):
        card = self.card_id
        new = self._new_card().display_name if self.new_code else self.env._("a new number")
        changes = [("owner_id", None), ("holder_id", None), ("replaced_by_id", new)]
        return self.env["loyalty.adjustment"]._ask(
            self,
            "replacement",
            value,
            ("card_id", "new_code", "reason"),
            program=card.balance_ids.program_id[:1] or card._program_for("ewallet"),
            partners=card.owner_id or card.holder_id,
            reason=f"{card.masked_code}: {self.reason}",
            record=card,
            lines=card._lines_handed_over(value, changes, self.reason),
        )

    def _loyalty_do(self, _adjustment=None):
        """The deed itself, at once or once another manager approves it; the new card."""
        new = self._new_card()
        self.card_id._replace(new, self.reason)
        return new

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
