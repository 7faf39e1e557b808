from odoo import api, fields, models
from odoo.exceptions import UserError

#: Written by the server only.
DAY_FIELDS = frozenset({"loyalty_due_on", "loyalty_posted_on"})


class AccountMove(models.Model):
    """A document that books stored value remembers its day, and is not deleted.

    Odoo lets an accountant reset a till's documents, correct them and post them again; their date
    then says nothing of the day on which they belong. That day is noted when the server makes them:
    entry and card payments of a session, invoice of a load, what reverses an order that is invoiced
    later, and whatever posts movements by itself. The reconciliation compares with it.
    """

    _inherit = "account.move"

    loyalty_due_on = fields.Date(
        "Day of its movements",
        readonly=True,
        copy=False,
        help="The day that the till or the batch made it for, on the clock of the company.",
    )
    loyalty_posted_on = fields.Date(
        "First posted on",
        readonly=True,
        copy=False,
        help="The day that it was given then: later only where its own day was locked.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody chooses the day by which a document is judged."""
        return super().create([self._loyalty_without(DAY_FIELDS, vals) for vals in vals_list])

    def write(self, vals):
        """As :meth:`create`."""
        return super().write(self._loyalty_without(DAY_FIELDS, vals))

    @api.private
    def _loyalty_keep_day(self, due=None):
        """Note on which day those of these documents belong that book stored value.

        :param due: the day that they were made for, their date if not given
        """
        # sudo: whoever sells or credits need not be able to write journal entries
        for move in self.sudo().filtered(lambda move: not move.loyalty_due_on):
            if move.line_ids.account_id & move._loyalty_value_accounts():
                move.write({"loyalty_due_on": due or move.date, "loyalty_posted_on": move.date})

    def _post(self, soft=True):
        """What Odoo moves out of a locked period when it is posted again is where it belongs."""
        days = {move: move.date for move in self if move.loyalty_due_on}
        posted = super()._post(soft)
        for move, day in days.items():
            own = move.loyalty_due_on, move.loyalty_posted_on
            if day in own and move.date not in own:
                move.sudo().loyalty_posted_on = move.date  # sudo: the server alone writes it
        return posted

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_value_booked(self):
        """Its movements would be without a document for ever: what is typed has none."""
        for move in self:
            if move.loyalty_due_on:
                raise UserError(
                    self.env._(
                        "“%(document)s” books what cards were loaded with or have paid at the "
                        "till, and cannot be deleted. Put right what is wrong and post it again; "
                        "what shall not count is refunded at the till.",
                        document=move.display_name,
                    )
                )


class AccountPayment(models.Model):
    """Odoo deletes the draft of a payment that is cancelled; what cards have paid keeps its own."""

    _inherit = "account.payment"

    def action_cancel(self):
        """Cancel the entry, too: the payment can be reset and posted again, on its day."""
        kept = self.filtered("move_id.loyalty_due_on")
        result = super(AccountPayment, self - kept).action_cancel()
        if kept:
            kept.state = "canceled"
            kept.move_id.button_cancel()
        return result
