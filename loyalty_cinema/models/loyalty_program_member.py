from odoo import api, models


class LoyaltyProgram(models.Model):
    """The members of a membership program, and their balances."""

    _inherit = "loyalty.program"

    @api.private
    def _member_balances(self, partners):
        """The balances of those of ``partners`` who are members: ``{partner id: balance}``.

        One query; nothing is made. The balances are in sudo: the callers have checked who asks.
        """
        self.ensure_one()
        members = self.env["loyalty.member"].sudo()  # sudo: see above
        found = members.search_fetch(
            [("program_id", "=", self.id), ("partner_id", "in", partners.ids)],
            ["partner_id", "balance_id"],
        )
        return {member.partner_id.id: member.balance_id for member in found}
