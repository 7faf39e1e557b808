from odoo import fields, models

from ..domain.amounts import AMOUNT_DIGITS
from ..exceptions import LoyaltyError

#: How points are shown.
POINTS = {"digits": AMOUNT_DIGITS, "min_display_digits": 0}


class LoyaltyMember(models.Model):
    """A member's points as they are and as they will be, and what they came from."""

    _inherit = "loyalty.member"

    pending = fields.Float(
        related="balance_id.pending",
        aggregator="sum",
        help="Earned, but not to be spent yet.",
        **POINTS,
    )
    pending_on = fields.Date(related="balance_id.pending_on")
    qualifying_points = fields.Float(
        related="balance_id.qualifying_points",
        aggregator="sum",
        help="What decides the tier; it is not spent.",
        **POINTS,
    )
    next_expiry_on = fields.Date(related="balance_id.next_expiry_on")
    next_expiry_points = fields.Float(related="balance_id.next_expiry_points", **POINTS)
    entry_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    lot_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    card_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    order_count = fields.Integer(compute="_compute_counts", compute_sudo=True)

    def _compute_counts(self):
        """Only numbers leave this method; the lists behind them ask for the right to them."""
        counts = {
            name: dict(self.env[model]._read_group(domain, [group], ["__count"]))
            for name, (_action, model, domain, group) in self._lists().items()
        }
        for member in self:
            balance, partner = member.balance_id, member.partner_id
            member.entry_count = counts["entries"].get(balance, 0)
            member.lot_count = counts["lots"].get(balance, 0)
            member.card_count = counts["cards"].get(partner, 0)
            member.order_count = counts["orders"].get(partner, 0)

    def _lists(self):
        """What belongs to these members: ``{name: (action, model, domain, grouped by)}``."""
        balances = [("balance_id", "in", self.balance_id.ids)]
        partners = self.partner_id.ids
        return {
            "entries": (
                "loyalty_cinema.action_loyalty_ledger_entry",
                "loyalty.ledger.entry",
                balances,
                "balance_id",
            ),
            "lots": ("loyalty_cinema.action_loyalty_lot", "loyalty.lot", balances, "balance_id"),
            "cards": (
                "loyalty_cinema.action_loyalty_member_card",
                "loyalty.member.card",
                [("holder_id", "in", partners)],
                "holder_id",
            ),
            "orders": (
                "point_of_sale.action_pos_pos_form",
                "pos.order",
                [("partner_id", "in", partners)],
                "partner_id",
            ),
        }

    def action_open_list(self):
        """Open what the smart button says (``loyalty_list`` in the context)."""
        lists, wanted = self._lists(), self.env.context.get("loyalty_list")
        if wanted not in list(lists):
            raise LoyaltyError(self.env._("Open this list with a button of the member."))
        action, _model, domain, _group = lists[wanted]
        values = self.env["ir.actions.act_window"]._for_xml_id(action)
        return dict(values, domain=domain, context={})
