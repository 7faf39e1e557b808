from odoo import fields, models
from odoo.exceptions import UserError


class LoyaltyRefundApproval(models.TransientModel):
    """In the office: a manager lets value of one order be paid out in money, and says why.

    What the till asks a manager for. It serves one credit note of the order's invoice, or one
    return that was made in the office, within 24 hours.
    """

    _name = "loyalty.refund.approval"
    _description = "Pay out in Money"

    move_id = fields.Many2one("account.move", "Credit note", readonly=True)
    order_id = fields.Many2one("pos.order", "Return", readonly=True)
    reason = fields.Char(required=True)

    def action_approve(self):
        """Record the approval; only managers can, and of a note only those who may post it."""
        self.ensure_one()
        if self.move_id:
            self._check_may_post()
        else:
            self.order_id.check_access("read")
        # sudo: a manager who sees the document need not see the till's order
        orders = self.sudo().order_id or self.sudo().move_id._loyalty_credited_orders()
        if not orders:
            raise UserError(self.env._("This document gives back nothing that was sold at a till."))
        approvals = self.env["loyalty.approval"]
        for order in orders:
            approvals._grant(
                "cash_refund", None, None, self.reason, order.config_id, order_uuid=order.uuid
            )

    def _check_may_post(self):
        """:raises UserError: for a manager who does nothing with invoices"""
        may_post = self.env.user.has_group("account.group_account_invoice")
        if not (may_post and self.move_id.has_access("write")):
            raise UserError(
                self.env._(
                    "A credit note is paid out in money by a manager of loyalty or of the till "
                    "who may post it, too. Ask one with rights on Invoicing, or refund the order "
                    "at the till."
                )
            )
