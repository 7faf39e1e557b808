from odoo import fields, models
from odoo.exceptions import AccessError

from .chosen import chosen


class LoyaltyBenefitWithdraw(models.TransientModel):
    """Take back what is unused of benefits that were given, with a reason."""

    _name = "loyalty.benefit.withdraw"
    _description = "Withdraw Benefits"

    issue_ids = fields.Many2many(
        "loyalty.benefit.issue",
        string="Benefits given",
        required=True,
        default=lambda self: chosen(self, "loyalty.benefit.issue"),
    )
    reason = fields.Char(
        required=True,
        help="Kept with the benefit and with the movement of the voucher, which cashiers can read.",
    )

    def action_withdraw(self):
        """Take them back, all or none. Managers only, in their companies.

        :raises LoyaltyError: names what cannot be withdrawn, and why
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_cinema.group_manager"):
            raise AccessError(self.env._("Managers withdraw benefits."))
        self.issue_ids.check_access("read")
        # sudo: nobody writes what was given; that this user may withdraw it was checked just above
        self.issue_ids.sudo()._withdraw_by_hand(self.reason)
        return {"type": "ir.actions.act_window_close"}
