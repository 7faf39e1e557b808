from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS


class LoyaltyEarning(models.Model):
    """Which rule gave how many points of one movement: for caps and for the report.

    A clawback has rows of its own, negative, on the day of what it takes back: a refund gives the
    member's cap back, and the report shows what rules gave net.
    """

    _name = "loyalty.earning"
    _inherit = "loyalty.ledger.protected"
    _description = "Points by Rule"
    _order = "id desc"
    _rec_name = "rule_id"

    entry_id = fields.Many2one(
        "loyalty.ledger.entry", "Movement", required=True, index=True, ondelete="restrict"
    )
    rule_id = fields.Many2one(
        "loyalty.earn.rule", "Rule", required=True, index=True, ondelete="restrict"
    )
    balance_id = fields.Many2one("loyalty.card", "Balance", required=True, ondelete="restrict")
    partner_id = fields.Many2one(related="balance_id.partner_id", string="Member")
    program_id = fields.Many2one("loyalty.program", "Program", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", "Company", index=True)
    day = fields.Date(required=True, help="Day of the sale, by the clock of the shop.")
    points = fields.Float(
        "Points to spend", digits=AMOUNT_DIGITS, min_display_digits=0, required=True
    )
    qualifying = fields.Float(
        "Points towards a tier", digits=AMOUNT_DIGITS, min_display_digits=0, required=True
    )

    _usage_idx = models.Index("(balance_id, rule_id)")

    @api.model
    @api.private
    def _record(self, rows):
        """Store what rules gave: one INSERT for a whole batch.

        :param rows: ``[(entry id, day, {rule id: points})]``, the points as in
            :attr:`Earning.by_rule`
        """
        raise NotImplementedError

    @api.model
    @api.private
    def _record_clawbacks(self, entries):
        """Store, negative, the rules' share of these clawback entries: one INSERT.

        Each of ``entries`` reverses an earn entry (``reverses_id``); what it took is spread over
        the rules of that one in proportion, and adds up exactly.
        """
        raise NotImplementedError

    @api.model
    @api.private
    def _usage(self, rules, balance_ids, day):
        """What balances got by rules with a cap per day or member: ``{balance id: Usage}``."""
        raise NotImplementedError
