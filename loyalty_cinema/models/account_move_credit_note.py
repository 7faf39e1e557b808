from odoo import models

from ..domain.amounts import to_decimal


class AccountMove(models.Model):
    """A credit note of the back office undoes what the credited order did beside its money.

    Odoo pays the money part back and forgets the rest: the customer would lose what was paid by
    card, and keep the points.
    """

    _inherit = "account.move"

    def _post(self, soft=True):
        posted = super()._post(soft)
        for note in posted.filtered(lambda m: m.move_type == "out_refund" and not m.pos_order_ids):
            # sudo: accountants have no rights on balances; the amounts come from the posted note.
            note.sudo()._undo_pos_loyalty()
        return posted

    def _undo_pos_loyalty(self):
        """Of a point-of-sale invoice: points in proportion; claims when all of it is credited."""
        orders = self.reversed_entry_id.pos_order_ids
        if not orders:
            return
        share = self._share_credited()
        orders._claw_back_share(self, share)
        if share >= 1:
            for order in orders:
                order._return_all_claims(self)
        self.env["loyalty.card"]._rejoin_merged(self)

    def _share_credited(self):
        """How much of the invoice is credited by this and earlier notes: 0 to 1 (Decimal).

        Refunds at the till, which make credit notes of their own, are not in it.
        """
        invoice = self.reversed_entry_id
        notes = self | invoice.reversal_move_ids.filtered(
            lambda note: note.state == "posted" and not note.pos_order_ids
        )
        credited = sum(to_decimal(note.amount_total) for note in notes)
        apart = self.currency_id.compare_amounts(float(credited), invoice.amount_total)
        return credited / to_decimal(invoice.amount_total) if apart < 0 else to_decimal(1)
