from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS, as_text
from ..domain.movement import KINDS
from ..domain.saying import Saying
from ..exceptions import LedgerProtected
from ..tools import said


class LoyaltyLedgerEntry(models.Model):
    """One immutable, signed movement of one balance. The balance is the sum of these (L1)."""

    _name = "loyalty.ledger.entry"
    _inherit = ["loyalty.ledger.protected", "loyalty.origin.mixin"]
    _description = "Loyalty Ledger Entry"
    _order = "id desc"
    _rec_name = "key"

    balance_id = fields.Many2one("loyalty.card", required=True, index=True, ondelete="restrict")
    program_id = fields.Many2one("loyalty.program", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    partner_id = fields.Many2one("res.partner", "Owner", index="btree_not_null")
    member_card_id = fields.Many2one("loyalty.member.card", "Card", index="btree_not_null")
    kind = fields.Selection(KINDS, required=True)
    amount = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        required=True,
        help="Signed: what came on the balance is positive.",
    )
    paid_amount = fields.Float(
        "Paid part",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="The part of the amount that the customer paid for.",
    )
    bonus_amount = fields.Float(
        "Bonus part",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="The part of the amount that was given away.",
    )
    granted_amount = fields.Float(
        "Compensation part",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="The part of the amount that was given for a failed service: an expense since then.",
    )
    balance_after = fields.Float(digits=AMOUNT_DIGITS, required=True)
    qualifying_points = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="Signed: decides the tier of the member and buys nothing.",
    )
    qualifying_on = fields.Date(
        "Counts for the tier on", help="The day of the sale, also for what a refund takes back."
    )
    is_stored_value = fields.Boolean("Stored value")
    date = fields.Datetime(required=True, index=True)
    reason = fields.Char(help="People's own words; what the house says is in English.")
    saying = fields.Json("What the house says", help="The term and what goes into it.")
    reason_text = fields.Char("Why", compute="_compute_reason_text")
    key = fields.Char("Idempotency key", required=True)
    reverses_id = fields.Many2one(
        "loyalty.ledger.entry", index="btree_not_null", ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", "By", required=True)
    lot_line_ids = fields.One2many("loyalty.lot.line", "entry_id", "Lots")
    move_id = fields.Many2one(
        "account.move",
        "Journal entry",
        index="btree_not_null",
        help="The entry that posted what Odoo does not post by itself: bonus, expiry, "
        "compensation.",
    )

    _key_unique = models.Constraint("UNIQUE(key)", "This movement has been recorded already.")
    _origin_idx = models.Index("(origin_model, origin_id)")

    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{labels.get(entry.kind, '')} {as_text(entry.amount)}"

    @api.depends_context("lang")
    @api.depends("reason", "saying")
    def _compute_reason_text(self):
        """The reason in the reader's language, as far as the house gave it."""
        lang = self.env.lang or "en_US"
        for entry in self:
            saying = Saying.of(entry.saying)
            entry.reason_text = said(saying, lang) if saying else entry.reason

    @api.private
    def _set_move(self, move, due=None):
        """Link these entries to the journal entry that posted them; each is linked once.

        One UPDATE whatever the number of entries. The journal entry keeps its day and its lines
        from here on (``account_move_posting.py``).

        :param due: the day of these movements, where it is not that of the journal entry
        :raises LedgerProtected: when one of them has a journal entry already
        """
        self.flush_recordset(["move_id"])
        self.env.cr.execute(
            "UPDATE loyalty_ledger_entry SET move_id = %s WHERE id IN %s AND move_id IS NULL",
            (move.id, tuple(self.ids)),
        )
        if self.env.cr.rowcount != len(self):
            raise LedgerProtected(self.env._("A movement can be posted to the accounts only once."))
        self.invalidate_recordset(["move_id"])
        move._loyalty_keep_day(due)

    def action_open_origin(self):
        """Open the order, invoice or session that the movement came from."""
        return self._open_origin()
