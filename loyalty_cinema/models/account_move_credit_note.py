from odoo import models

from ..domain.movement import STORED_VALUE_TYPES


class AccountMove(models.Model):
    """A credit note gives back what was claimed from a gift card or eWallet on the invoice.

    Odoo pays the money part back and forgets the part paid by card: the customer loses it.
    """

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        for note in posted.filtered(lambda m: m.move_type == "out_refund" and not m.pos_order_ids):
            # sudo: accountants have no rights on balances; the amounts come from the posted note.
            note.sudo()._return_pos_claims()
        return posted

    def _return_pos_claims(self):
        """A point-of-sale invoice credited in full in the back office: all that it claimed."""
        invoice = self.reversed_entry_id
        if not invoice.pos_order_ids or self.currency_id.compare_amounts(
            self.amount_total, invoice.amount_total
        ):
            return
        for order in invoice.pos_order_ids:
            for balance, cost in order._claim_costs().items():
                if balance.program_type in STORED_VALUE_TYPES:
                    self._give_back(balance, order, cost)

    def _give_back(self, balance, origin, amount):
        """Reverse the entries by which ``origin`` debited ``balance``, for at most ``amount``."""
        ledger = self.env["loyalty.ledger"]
        entries = self.env["loyalty.ledger.entry"].search(
            [
                ("balance_id", "=", balance.id),
                ("origin_model", "=", origin._name),
                ("origin_id", "=", origin.id),
                ("amount", "<", 0),
            ]
        )
        for entry in entries:
            part = min(amount, ledger._reversible(entry))
            if part > 0:
                amount -= part
                key = f"credit-note:{self.id}:{entry.id}"
                ledger.reverse(entry, key, amount=part, origin=self)
