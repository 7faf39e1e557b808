from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..exceptions import LoyaltyError
from .chosen import chosen


class LoyaltyTierAssign(models.TransientModel):
    """Give members a tier by hand, with a reason and an end: the only way to do so."""

    _name = "loyalty.tier.assign"
    _description = "Assign a Tier"

    member_ids = fields.Many2many(
        "loyalty.member",
        string="Members",
        required=True,
        default=lambda self: chosen(self, "loyalty.member"),
    )
    program_id = fields.Many2one("loyalty.program", compute="_compute_program_id")
    tier_id = fields.Many2one(
        "loyalty.tier", required=True, domain="[('program_id', '=', program_id)]"
    )
    until = fields.Date(
        help="The last day on which the tier is kept whatever the member earns. The review is on "
        "the next. Empty: until further notice."
    )
    reason = fields.Char(required=True, help="Kept with the tier, in the history of the member.")

    @api.depends("member_ids")
    def _compute_program_id(self):
        for wizard in self:
            wizard.program_id = wizard.member_ids.program_id[:1]

    def action_assign(self):
        """Give the tier. Managers only, to members of their companies.

        Another manager approves it where its vouchers are worth more than one person gives alone.

        :raises LoyaltyError: for members of several programs, or a tier of another one
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_cinema.group_manager"):
            raise AccessError(self.env._("Managers assign tiers."))
        self.member_ids.check_access("write")
        self.tier_id.check_access("read")
        if len(self.member_ids.program_id) != 1:
            raise LoyaltyError(self.env._("Choose members of one program."))
        adjustment = self.env["loyalty.adjustment"]._ask(
            self,
            "tier",
            self.tier_id._money_of_one() * len(self.member_ids),
            ("member_ids", "tier_id", "until", "reason"),
            program=self.tier_id.program_id,
            partners=self.member_ids.partner_id,
            reason=f"{self.tier_id.name}: {self.reason}",
        )
        if adjustment.state == "done":
            self._loyalty_do(adjustment)
        return adjustment._waiting_notice() or {"type": "ir.actions.act_window_close"}

    def _loyalty_do(self, adjustment):
        """Give it, as ``adjustment`` allows; see ``models/loyalty_adjustment_deed.py``."""
        # sudo: nobody writes tiers; that this user may give one was checked by who asked for it
        self.member_ids.sudo()._tier_assign(self.tier_id.sudo(), self.reason, self.until)
