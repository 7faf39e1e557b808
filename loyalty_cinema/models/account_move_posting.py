from odoo import api, models
from odoo.exceptions import UserError

#: What an entry that posts movements says about them.
FIXED_FIELDS = frozenset({"company_id", "currency_id", "date", "journal_id", "line_ids"})
FIXED_LINE_FIELDS = frozenset(
    {"account_id", "amount_currency", "balance", "credit", "currency_id", "debit", "move_id"}
)


#: In the context of the ledger's own service: an object, which RPC cannot send.
BY_LEDGER = object()


class AccountMove(models.Model):
    """A journal entry that posts movements of balances stays as it was posted.

    That holds for the entries of ``loyalty.posting`` and for the opening entry of a conversion,
    for whoever asks and by whichever button: *Reset to Draft*, *Cancel*, *Reverse*, *Delete*,
    changes of lines, date, journal or account. What is wrong is corrected where it comes from (the
    balance), or by an entry between other accounts: both leave ledger and books in step.
    """

    _inherit = "account.move"

    def write(self, vals):
        """Refuse what would take an entry of ours out of the books, or change it there."""
        if FIXED_FIELDS & vals.keys():
            self._check_posts_no_movements()
        if vals.get("state", "posted") != "posted":
            self.filtered(lambda move: move.state == "posted")._check_posts_no_movements()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posting_movements(self):
        self._check_posts_no_movements()

    def action_reverse(self):
        """Say so before the wizard asks for a date."""
        self._check_posts_no_movements()
        return super().action_reverse()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        if self.env.context.get("loyalty_reverse") is not BY_LEDGER:
            self._check_posts_no_movements()
        return super()._reverse_moves(default_values_list, cancel)

    @api.private
    def _reverse_with_movements(self, default_values_list):
        """Reverse entries of ours, for whoever takes back their movements and links those to it."""
        service = self.with_context(loyalty_reverse=BY_LEDGER)
        moves = service._reverse_moves(default_values_list, cancel=True)
        return moves.with_context(loyalty_reverse=None)

    def _check_posts_no_movements(self):
        """:raises UserError: when one of these entries posts movements of balances"""
        # others cannot have been linked
        once_posted = self.filtered(lambda move: move.posted_before or move.state == "posted")
        if not once_posted:
            return
        # sudo: whoever edits journal entries need not be able to read balances
        groups = (
            self.env["loyalty.ledger.entry"]
            .sudo()
            ._read_group([("move_id", "in", once_posted.ids)], ["move_id"])
        )
        if groups:
            raise UserError(
                self.env._(
                    "“%(entry)s” was posted from movements of members' balances and stays as it "
                    "is. If an amount is wrong, correct the balance: a correcting entry follows by "
                    "itself. If an account is wrong, move the amount with an entry of your own, "
                    "which leaves out the accounts of stored value and of unamortised bonus.",
                    entry=groups[0][0].display_name,
                )
            )


class AccountMoveLine(models.Model):
    """The items of such an entry stay with it."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """No item is added to an entry of ours."""
        moves = self.env["account.move"].browse(
            {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        )
        moves._check_posts_no_movements()
        return super().create(vals_list)

    def write(self, vals):
        """Account and amounts of an item of ours stay."""
        if FIXED_LINE_FIELDS & vals.keys():
            moves = self.move_id
            if vals.get("move_id"):
                moves |= moves.browse(vals["move_id"])
            moves._check_posts_no_movements()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posting_movements(self):
        self.move_id._check_posts_no_movements()
