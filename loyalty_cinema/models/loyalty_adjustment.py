from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..domain.amounts import AMOUNT_DIGITS
from ..exceptions import LoyaltyError

STATES = [
    ("draft", "Draft"),
    ("to_approve", "To approve"),
    ("done", "Done"),
    ("refused", "Refused"),
]
#: Written by the steps below and by nobody else.
STEP_FIELDS = frozenset({"state", "user_id", "approver_id", "decided_on", "entry_id", "undoes_id"})


class LoyaltyAdjustment(models.Model):
    """Points given or taken by hand: how many, why, by whom, and who approved it.

    A draft says what is wanted. Submitted, it is posted at once, or waits for another manager where
    it gives more than the program lets one manager give alone: to one member within a day, so that
    many small grants are not a way around. What was posted is never changed; it is undone by
    another adjustment that names it. The steps are in ``loyalty_adjustment_steps.py``.
    """

    _name = "loyalty.adjustment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Grant or Correction of Points"
    _order = "id desc"

    member_id = fields.Many2one("loyalty.member", required=True, index=True, ondelete="restrict")
    partner_id = fields.Many2one(
        related="member_id.partner_id", string="Customer", store=True, index="btree_not_null"
    )
    program_id = fields.Many2one(
        related="member_id.program_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True, precompute=True
    )
    points = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        tracking=True,
        help="To spend. Negative: points are taken away.",
    )
    qualifying_points = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        tracking=True,
        help="For the tier. Negative: they are taken away.",
    )
    reason = fields.Char(required=True, help="The member reads it in the list of movements.")
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, index=True, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Requested by",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    approver_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    entry_id = fields.Many2one(
        "loyalty.ledger.entry", "Movement", readonly=True, copy=False, index="btree_not_null"
    )
    undoes_id = fields.Many2one(
        "loyalty.adjustment", readonly=True, copy=False, index="btree_not_null"
    )
    undone_by_ids = fields.One2many("loyalty.adjustment", "undoes_id", "Undone by")
    can_approve = fields.Boolean(compute="_compute_can_approve")

    _something = models.Constraint(
        "CHECK (points <> 0 OR qualifying_points <> 0)", "Enter points to give or to take away."
    )
    _undone_once = models.UniqueIndex(
        "(undoes_id) WHERE undoes_id IS NOT NULL AND state <> 'refused'",
        "This has been undone already.",
    )

    @api.depends_context("uid")
    @api.depends("state", "user_id")
    def _compute_can_approve(self):
        for adjustment in self:
            waits = adjustment.state == "to_approve"
            adjustment.can_approve = waits and adjustment.user_id != self.env.user

    @api.depends("member_id", "points", "qualifying_points")
    def _compute_display_name(self):
        for adjustment in self:
            points = adjustment.points or adjustment.qualifying_points
            adjustment.display_name = f"{adjustment.member_id.display_name or ''} {points:+g}"

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody but the server says how far an adjustment has come, or who asked for it."""
        if not self.env.su and any(not STEP_FIELDS.isdisjoint(vals) for vals in vals_list):
            self._refuse_step()
        start = {"state": "draft", "user_id": self.env.uid, "undoes_id": False}
        return super().create([{**start, **vals} for vals in vals_list])

    def write(self, vals):
        """What is asked for is edited in a draft only."""
        if not self.env.su:
            if not STEP_FIELDS.isdisjoint(vals):
                self._refuse_step()
            asked = {"member_id", "points", "qualifying_points", "reason"}
            if not asked.isdisjoint(vals) and any(one.state != "draft" for one in self):
                raise LoyaltyError(
                    self.env._("This was submitted already. Undo it, or make another one.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(adjustment.state != "draft" for adjustment in self):
            raise LoyaltyError(self.env._("What was submitted is kept for the records."))

    def _refuse_step(self):
        raise AccessError(self.env._("Submit, approve or refuse it by its buttons."))
