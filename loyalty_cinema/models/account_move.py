from odoo import fields, models


class AccountMove(models.Model):
    """A journal entry of the posting batch leads to the movements that it posted."""

    _inherit = "account.move"

    loyalty_entry_count = fields.Integer(
        "Loyalty movements",
        compute="_compute_loyalty_entry_count",
        groups="loyalty_cinema.group_accountant,loyalty_cinema.group_manager",
    )

    def _compute_loyalty_entry_count(self):
        groups = self.env["loyalty.ledger.entry"]._read_group(
            [("move_id", "in", self.ids)], ["move_id"], ["__count"]
        )
        counts = {move.id: count for move, count in groups}
        for move in self:
            move.loyalty_entry_count = counts.get(move._origin.id, 0)

    def action_open_loyalty_entries(self):
        """Show the movements of members' balances that this journal entry posted."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Loyalty movements"),
            "res_model": "loyalty.ledger.entry",
            "domain": [("move_id", "=", self.id)],
            "view_mode": "list,form",
        }
