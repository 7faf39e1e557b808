from datetime import timedelta

from odoo import api, fields, models

from ..exceptions import LoyaltyError, ReasonMissing

#: How long an approval waits for the deed: a till that lost its connection syncs within a day.
VALID_HOURS = 24
#: What a manager can be asked to approve.
ACTIONS = [
    ("cash_refund", "Money handed out"),
    ("activate", "Activate a card"),
    ("block", "Block a card"),
    ("unblock", "Unblock a card"),
    ("lost", "Report a card lost"),
    ("replace", "Replace a card"),
    ("set_pin", "Set a PIN"),
    ("lift_lock", "Try card numbers again"),
    ("release_hold", "Release what another till has reserved"),
]


class LoyaltyApproval(models.Model):
    """A manager's word for one deed at a till: what, why, who said so, who did it.

    Written by the server only. Nothing in it changes, save that the deed it was given for uses it
    up.
    """

    _name = "loyalty.approval"
    _inherit = "loyalty.acting.mixin"
    _description = "Manager's Approval"
    _order = "id desc"
    _rec_name = "action"

    action = fields.Selection(ACTIONS, required=True)
    reason = fields.Char(required=True)
    order_uuid = fields.Char("Order", index="btree_not_null", help="The order it was given for.")
    member_card_id = fields.Many2one(
        "loyalty.member.card", "Card", index="btree_not_null", ondelete="cascade"
    )
    manager_id = fields.Many2one("res.users", required=True, ondelete="restrict")
    cashier_id = fields.Many2one(
        "res.users",
        required=True,
        ondelete="restrict",
        help="Who was logged in to Odoo there. Where employees share a till, see the employee.",
    )
    config_id = fields.Many2one("pos.config", "Till", index="btree_not_null", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    date = fields.Datetime(required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        "Amount approved",
        readonly=True,
        help="Kept for approvals in the office. Of approvals at a till the order tells it.",
    )
    paid_out = fields.Monetary(
        "Paid out",
        compute="_compute_paid_out",
        compute_sudo=True,
        help="The money that was handed out with it.",
    )
    used = fields.Boolean(help="The deed has been done: the approval cannot be used again.")

    @api.depends("amount", "order_uuid", "action")
    def _compute_paid_out(self):
        """Of an approval at a till: what the return that it was given for paid in money."""
        money = self.filtered(lambda approval: approval.action == "cash_refund")
        asked = [approval.order_uuid for approval in money if not approval.amount]
        orders = self.env["pos.order"].search([("uuid", "in", asked), ("amount_total", "<", 0)])
        handed = {
            order.uuid: -float(
                order.payment_ids.filtered(
                    lambda payment: not payment.payment_method_id.stored_value_type
                )._loyalty_total()
            )
            for order in orders
            if order.currency_id == order.company_id.currency_id
        }
        for approval in self:
            approval.paid_out = approval.amount or handed.get(approval.order_uuid, 0)

    @api.model
    @api.private
    def _grant(self, action, manager_id, pin, reason, config, **target):
        """Record a manager's approval.

        A manager at the own till needs no PIN; where employees share the till, it is the manager's
        own while no other employee has logged in. A wrong PIN is counted before this raises.

        :param target: what it is for: ``order_uuid`` or ``member_card_id``; ``amount`` where the
            server knows it; ``in_office``: a manager approves with the own login, and not at a till
        :raises ReasonMissing: without a reason
        :raises LoyaltyError: one answer for a wrong PIN, no PIN and a user who is no manager
        """
        if not (reason or "").strip():
            raise ReasonMissing(self.env._("Give the reason: the approval is kept with it."))
        in_office = target.get("in_office")
        manager = self._approver(manager_id, pin, config, in_office)
        # sudo: nobody writes approvals by hand; the manager has just been verified.
        return self.sudo().create(
            {
                "action": action,
                "reason": reason.strip(),
                "order_uuid": target.get("order_uuid") or False,
                "member_card_id": target.get("member_card_id") or False,
                "manager_id": manager.id,
                "cashier_id": self.env.uid,
                "config_id": config.id,
                "company_id": config.company_id.id,
                "amount": target.get("amount", 0),
                "date": fields.Datetime.now(),
                "used": False,
                **config._loyalty_acting_values(),
            }
        )

    @api.model
    @api.private
    def _use(self, action, **target):
        """Take the unused approval for this deed, or return an empty recordset.

        Two requests that take the same one write the same row: the second is run again by Odoo and
        finds it used.
        """
        domain = [
            ("action", "=", action),
            ("used", "=", False),
            ("date", ">", fields.Datetime.now() - timedelta(hours=VALID_HOURS)),
            *((name, "=", value) for name, value in target.items()),
        ]
        approval = self.sudo().search(domain, limit=1)  # sudo: cashiers do not read approvals
        approval._use_now()
        return approval

    def _use_now(self):
        """The deed is done."""
        self.used = True

    def _approver(self, manager_id, pin, config, in_office):
        """The manager who approves, verified; failures are counted as wrong guesses."""
        user = self.env.user
        is_own = manager_id in (False, None, user.id)
        is_manager = is_own and user.has_group("loyalty_cinema.group_manager")
        if is_manager and (in_office or config._loyalty_acts_alone()):
            return user
        managers = user._loyalty_managers(config.company_id)
        manager = managers.filtered(lambda candidate: candidate.id == manager_id)
        attempts = self.env["loyalty.code.attempt"]
        if not attempts._try(
            lambda: user._loyalty_verify_pin(pin, manager.loyalty_pin_hash),
            config,
            kind="approval",
        ):
            raise LoyaltyError(
                self.env._("That did not work. Check the manager's name and PIN, then try again.")
            )
        return manager.with_env(self.env)
