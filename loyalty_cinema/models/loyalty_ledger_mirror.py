from odoo import models
from odoo.tools import format_date


class LoyaltyLedgerMirror(models.AbstractModel):
    """The members' list of movements (``loyalty.history``), written from the entries.

    Never read back as truth: later Odoo versions change how history and points relate.
    """

    _inherit = "loyalty.ledger"

    def _mirror_history(self, batch, now):
        """Write a line for each entry of ``batch`` that moves something a member can spend."""
        rows = [
            (
                row.movement.balance_id,
                self._history_text(row.movement, batch),
                max(row.movement.amount, 0),
                max(-row.movement.amount, 0),
                *(row.movement.origin or (None, None)),
                self.env.uid,
                now,
            )
            for row in batch.rows
            if row.movement.mirror and row.movement.amount
        ]
        if rows:
            self.env.cr.execute_values(
                "INSERT INTO loyalty_history (card_id, description, issued, used, order_model, "
                "order_id, create_uid, create_date) VALUES %s",
                rows,
                page_size=len(rows),
            )

    def _history_text(self, movement, batch):
        """What a member reads: the reason or the kind, and from when it can be spent."""
        text = movement.reason or self._kind_label(movement.kind)
        days = [lot.available_on for lot in movement.new_lots if batch.is_pending(lot)]
        if not days:
            return text
        day = format_date(self.env, max(days))
        return self.env._("%(movement)s, available from %(day)s", movement=text, day=day)

    def _kind_label(self, kind):
        """The kind of a movement, in the language of the user."""
        kinds = self.env["loyalty.ledger.entry"]._fields["kind"]
        return dict(kinds._description_selection(self.env))[kind]
