from odoo import api, fields, models


class PosOrder(models.Model):
    """An order is settled in the very transaction that marks it paid (DESIGN §5.5).

    Order of events, all of it rolled back together when one is refused: gift cards and wallets
    captured (``pos_order_tender.py``), loads brought onto their balances (``pos_order_load.py``),
    refunds returned to where they came from (``pos_order_refund.py``), claims of Odoo's own
    programs debited (``pos_order_claim.py``). Nothing the till says is believed: amounts come from
    the lines and payments as stored, value from holds and entries.
    """

    _inherit = "pos.order"

    loyalty_receipt = fields.Json(
        "Stored value on the receipt",
        readonly=True,
        copy=False,
        help="What the receipt says of cards: tenders, loads and refunds with the new balances.",
    )
    loyalty_confirmed = fields.Boolean(
        "Loyalty confirmed",
        readonly=True,
        copy=False,
        help="The rewards that the till asked for after the sale have been handed out.",
    )

    def action_pos_order_paid(self):
        """Mark the order paid and settle its stored value, wholly or not at all."""
        result = super().action_pos_order_paid()
        # sudo: value belongs to the house; what a cashier may do with it is checked in _settle.
        self.sudo()._settle_stored_value()
        return result

    def _settle_stored_value(self):
        self.ensure_one()
        receipt = {
            "refunds": self._return_tenders() + self._take_back_loads(),
            "tenders": self._capture_tenders(),
            "loads": self._bring_loads(),
        }
        self._claim_rewards()
        self._check_money_refunded()
        if any(receipt.values()):
            self.loyalty_receipt = receipt

    def _loyalty_company_currency(self, program):
        """Whether ``program`` can be used in this order: same company (or a parent's), same money."""
        return program.company_id in self.company_id.parent_ids and program.currency_id == self.currency_id

    def action_pos_order_cancel(self):
        """Cancel, releasing what was set aside for these orders."""
        result = super().action_pos_order_cancel()
        self._release_holds()
        return result

    @api.model
    def remove_from_ui(self, server_ids):
        """Remove draft orders, releasing what was set aside for them."""
        result = super().remove_from_ui(server_ids)
        self.browse(server_ids).exists()._release_holds()
        return result

    def _release_holds(self):
        # sudo: cashiers have no rights on holds; only those of these cancelled orders are released.
        cancelled = self.sudo().filtered(lambda order: order.state == "cancel" and order.uuid)
        holds = self.env["loyalty.hold"].sudo().search(
            [("order_uuid", "in", cancelled.mapped("uuid")), ("state", "=", "open")]
        )
        for hold in holds:
            self.env["loyalty.ledger"].sudo().void(hold.key)
