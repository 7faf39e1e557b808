from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS, as_text
from ..tools import scheduled_job


class LoyaltyLot(models.Model):
    """Value of one origin, one expiry and one effective price; spent soonest expiry first."""

    _name = "loyalty.lot"
    _inherit = "loyalty.ledger.protected"
    _description = "Loyalty Lot"
    _order = "expires_on, id"

    balance_id = fields.Many2one("loyalty.card", required=True, ondelete="restrict")
    program_id = fields.Many2one(related="balance_id.program_id")
    partner_id = fields.Many2one(related="balance_id.partner_id")
    company_id = fields.Many2one("res.company", index=True)
    entry_id = fields.Many2one("loyalty.ledger.entry", "Made by", required=True, index=True)
    group_id = fields.Many2one(
        "loyalty.ledger.entry",
        "Load",
        required=True,
        index=True,
        help="The load this value belongs to. A load and its bonus are spent in proportion.",
    )
    source = fields.Selection(
        [("paid", "Paid"), ("bonus", "Bonus"), ("granted", "Compensation"), ("points", "Points")],
        required=True,
    )
    expires_on = fields.Date(help="Last day on which it can be spent. Empty: never expires.")
    available_on = fields.Date(help="First day on which it can be spent. Empty: at once.")
    pending = fields.Boolean(help="Earned, but not to be spent before its day.")
    amount = fields.Float(digits=AMOUNT_DIGITS, required=True)
    remaining = fields.Float(digits=AMOUNT_DIGITS, required=True)
    line_ids = fields.One2many("loyalty.lot.line", "lot_id", "Uses")

    _remaining_within_amount = models.Constraint(
        "CHECK (remaining >= 0 AND remaining <= amount)",
        "A lot cannot give more than it holds, nor get back more than it gave.",
    )
    _open_idx = models.Index("(balance_id) WHERE remaining > 0")
    _pending_idx = models.Index("(balance_id, available_on) WHERE pending")
    _expiry_idx = models.Index("(expires_on) WHERE remaining > 0 AND expires_on IS NOT NULL")

    @api.depends("source", "expires_on")
    def _compute_display_name(self):
        labels = dict(self._fields["source"]._description_selection(self.env))
        for lot in self:
            until = fields.Date.to_string(lot.expires_on) if lot.expires_on else "∞"
            lot.display_name = f"{labels.get(lot.source, '')} {as_text(lot.remaining)} ({until})"

    @api.model
    @scheduled_job
    def _cron_expire(self, batch_size=5000):
        """Nightly: take expired value off the balances, batch by batch, restartable.

        :param batch_size: balances per commit; each batch is one statement
        """
        ledger = self.env["loyalty.ledger"]
        ledger._mature_all(batch_size)
        done = ledger._expire_all(batch_size)
        for program in self.env["loyalty.program"].search([("points_expiry", "=", "inactivity")]):
            done = done and ledger._expire_inactive(program, batch_size)

    @api.model
    @scheduled_job
    def _cron_mature(self, batch_size=5000):
        """Hourly, because each company's day begins by its own clock: pending value comes free.

        :param batch_size: lots per commit; each batch is one statement
        """
        self.env["loyalty.ledger"]._mature_all(batch_size)


class LoyaltyLotLine(models.Model):
    """The signed share of one entry in one lot: what it put in, took out or gave back."""

    _name = "loyalty.lot.line"
    _inherit = "loyalty.ledger.protected"
    _description = "Use of a Loyalty Lot"
    _order = "id desc"

    lot_id = fields.Many2one("loyalty.lot", required=True, index=True, ondelete="restrict")
    entry_id = fields.Many2one(
        "loyalty.ledger.entry", required=True, index=True, ondelete="restrict"
    )
    amount = fields.Float(digits=AMOUNT_DIGITS, required=True)
    source = fields.Selection(related="lot_id.source")
    date = fields.Datetime(related="entry_id.date")
    kind = fields.Selection(related="entry_id.kind")
