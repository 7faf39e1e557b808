from odoo import models
from odoo.tools import format_date

from ..domain.saying import Saying
from ..tools import said


class LoyaltyLedgerMirror(models.AbstractModel):
    """The members' list of movements (``loyalty.history``), written from the entries.

    Its text is stored, for Odoo's own pages show it and Odoo's own code writes there, too: in the
    language of the customer, who reads it. Everybody else reads the entry, which says it in the
    reader's. Never read back as truth: later Odoo versions change how history and points relate.
    """

    _inherit = "loyalty.ledger"

    def _mirror_history(self, batch, now):
        """Write a line for each entry of ``batch`` that moves something a member can spend."""
        rows = [
            (
                row.movement.balance_id,
                self._history_text(row, batch),
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

    def _history_text(self, row, batch):
        """What a member reads: the reason or the kind, and from when it can be spent."""
        movement, reader = row.movement, self._reader(row.state.lang)
        text = reader._in_words(movement.reason) or reader._kind_label(movement.kind)
        days = [lot.available_on for lot in movement.new_lots if batch.is_pending(lot)]
        if not days:
            return text
        day = format_date(reader.env, max(days))
        return reader.env._("%(movement)s, available from %(day)s", movement=text, day=day)

    def _reader(self, lang):
        """This service in the language of a customer; in that of the user where it is not known."""
        return self.with_context(lang=lang) if lang and lang != self.env.lang else self

    def _in_words(self, reason):
        """A reason in the language of this service; people's own words as they are."""
        return said(reason, self.env.lang) if isinstance(reason, Saying) else reason

    def _kind_label(self, kind):
        """The kind of a movement, in the language of this service."""
        kinds = self.env["loyalty.ledger.entry"]._fields["kind"]
        return dict(kinds._description_selection(self.env))[kind]
