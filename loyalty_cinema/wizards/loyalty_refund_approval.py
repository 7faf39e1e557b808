from odoo import api, fields, models
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
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    amount = fields.Monetary(
        "Paid out in money",
        compute="_compute_amount",
        help="The whole amount, with what would otherwise go back to cards and points.",
    )
    value = fields.Monetary(
        "Of that, paid by cards and points",
        compute="_compute_amount",
        help="What goes back to cards and points without the approval.",
    )
    reason = fields.Char(required=True)

    @api.depends("move_id", "order_id")
    def _compute_amount(self):
        for wizard in self:
            document = wizard.move_id or wizard.order_id
            wizard.currency_id = document.currency_id
            wizard.amount = abs(document.amount_total)
            wizard.value = wizard.move_id.loyalty_value_back

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
                "cash_refund",
                None,
                None,
                self.reason,
                order.config_id,
                order_uuid=order.uuid,
                amount=self._amount_of(orders),
                in_office=True,
            )

    def _amount_of(self, orders):
        """What is kept as approved; 0 for several orders, or in another currency."""
        kept_in = orders.company_id.currency_id
        return self.amount if len(orders) == 1 and self.currency_id == kept_in else 0

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
