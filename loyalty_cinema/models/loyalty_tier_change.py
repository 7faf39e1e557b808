from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS
from ..domain.tiers import CHANGES
from ..exceptions import LedgerProtected


class LoyaltyTierChange(models.Model):
    """Why a member has the tier: one record for each change, and for each review that kept it.

    Written by the service of tiers with SQL, and never changed (as entries of the ledger, L3).
    """

    _name = "loyalty.tier.change"
    _inherit = "loyalty.ledger.protected"
    _description = "Tier Change"
    _order = "id desc"
    _rec_name = "to_tier_id"

    member_id = fields.Many2one("loyalty.member", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", index=True, ondelete="cascade")
    program_id = fields.Many2one("loyalty.program", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company")
    from_tier_id = fields.Many2one("loyalty.tier", "From", ondelete="restrict")
    to_tier_id = fields.Many2one("loyalty.tier", "To", ondelete="restrict")
    kind = fields.Selection(CHANGES, required=True)
    date = fields.Date(required=True, help="The day from which the tier holds.")
    qualifying = fields.Float(
        "Qualifying points",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        help="What was counted for the tier.",
    )
    reason = fields.Char()
    user_id = fields.Many2one("res.users", "By")

    # few indexes: the nightly review writes a row for each member it looks at
    _program_date_idx = models.Index("(program_id, date)")

    def _refuse(self):
        raise LedgerProtected(
            self.env._("The history of tiers is not edited. Assign a tier with its button.")
        )

    @api.private
    def _after_changes(self):
        """Called once for each batch of new changes, in sudo: override it for what follows.

        It must cost a constant number of statements. Kinds: a member *reaches* a tier by "upgrade"
        and "manual"; "start" is enrolment or import; "refund" undoes an upgrade.
        """
