from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..domain.amounts import AMOUNT_DIGITS, AMOUNT_MAX, as_text
from ..exceptions import LoyaltyError

STATES = [
    ("draft", "Draft"),
    ("to_approve", "To approve"),
    ("done", "Done"),
    ("refused", "Refused"),
]
#: From this amount on nothing limits the value: people read "No limit" instead.
WORTH_UNLIMITED = float(AMOUNT_MAX) / 100
#: What makes value by somebody's decision.
KINDS = [
    ("points", "Points or value"),
    ("generated", "Generated vouchers or points"),
    ("import", "Opening balances"),
    ("tier", "Tier by hand"),
    ("benefit", "Benefit by hand"),
    ("owner", "Another owner of a card"),
    ("merge", "Merged customers"),
    ("replacement", "Replacement of a card"),
    ("terms", "Change of terms"),
]
#: Written by the server, in the steps below, and by nobody else.
STEP_FIELDS = frozenset(
    {
        "state",
        "user_id",
        "approver_id",
        "decided_on",
        "entry_id",
        "undoes_id",
        "kind",
        "balance_id",
        "partner_id",
        "program_id",
        "company_id",
        "worth",
        "payload",
        "deed",
        "part_of_id",
        "res_model",
        "res_id",
        "is_paid",
    }
)
#: Those among them that follow from the member or balance, or that the server names.
WHOSE_FIELDS = frozenset({"partner_id", "program_id", "company_id"})
#: Those among them that nobody may name, or that follow from others.
SERVER_FIELDS = WHOSE_FIELDS | {"payload"}


class LoyaltyAdjustment(models.Model):
    """Value given or taken by hand: how much, why, by whom, and who approved it.

    A draft says what is wanted. Submitted, it is done at once, or waits for another manager where
    it gives more than one person gives alone: to one customer within :data:`WINDOW_DAYS`, so that
    many small grants are not a way around. What was posted is never changed; it is undone by
    another adjustment that names it. The steps are in ``loyalty_adjustment_steps.py``.

    Whatever else makes value (vouchers generated, tiers, benefits, imports, terms) leaves its row
    here too, so that it waits and counts in one place (``loyalty_adjustment_deed.py``).
    """

    _name = "loyalty.adjustment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Grant or Correction"
    _loyalty_server_fields = STEP_FIELDS
    _order = "id desc"

    kind = fields.Selection(KINDS, default="points", required=True, readonly=True, copy=False)
    member_id = fields.Many2one("loyalty.member", index=True, ondelete="restrict")
    balance_id = fields.Many2one(
        "loyalty.card",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The balance that is corrected, if it is not a member's: a wallet, a gift card, a "
        "voucher.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_whose",
        store=True,
        precompute=True,
        index=True,
        help="Empty where it is nobody's, or for several customers.",
    )
    program_id = fields.Many2one(
        "loyalty.program", compute="_compute_whose", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    worth = fields.Monetary(
        readonly=True,
        copy=False,
        help="What it is worth in money at most. It counts towards what one person gives alone.",
    )
    worth_in_words = fields.Char("Worth", compute="_compute_worth_in_words")
    is_paid = fields.Boolean(
        "The customer paid for it", readonly=True, help="Then it is paid value, and no bonus."
    )
    payload = fields.Json(
        readonly=True, copy=False, groups=fields.NO_ACCESS, help="What is done once approved."
    )
    part_of_id = fields.Many2one(
        "loyalty.adjustment",
        "Given with",
        readonly=True,
        index="btree_not_null",
        help="What it was given with: the limit counts that one, and not its parts.",
    )
    res_model = fields.Char(readonly=True, copy=False)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True, copy=False)
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
        "CHECK (kind <> 'points' OR points <> 0 OR qualifying_points <> 0)",
        "Enter points to give or to take away.",
    )
    _somebody = models.Constraint(
        "CHECK (kind <> 'points' OR member_id IS NOT NULL OR balance_id IS NOT NULL)",
        "Choose the member.",
    )
    _terms_idx = models.Index("(res_model, res_id) WHERE state = 'to_approve'")
    _undone_once = models.UniqueIndex(
        "(undoes_id) WHERE undoes_id IS NOT NULL AND state <> 'refused'",
        "This has been undone already.",
    )

    @api.depends(
        "member_id.partner_id",
        "member_id.program_id",
        "balance_id.partner_id",
        "balance_id.program_id",
    )
    def _compute_whose(self):
        for adjustment in self:
            source = adjustment.member_id or adjustment.balance_id or adjustment
            adjustment.partner_id = source.partner_id
            adjustment.program_id = source.program_id

    @api.depends("program_id.company_id")
    def _compute_company_id(self):
        for adjustment in self:
            company = adjustment.company_id or self.env.company
            adjustment.company_id = adjustment.program_id.company_id or company

    @api.depends("worth", "currency_id")
    @api.depends_context("lang")
    def _compute_worth_in_words(self):
        """An amount, or that nothing limits it: a percentage of loads of any size, say."""
        for adjustment in self:
            words = adjustment.currency_id.format(adjustment.worth) if adjustment.worth else False
            if abs(adjustment.worth) >= WORTH_UNLIMITED:
                words = self.env._("No limit")
            adjustment.worth_in_words = words

    @api.depends_context("uid")
    @api.depends("state", "user_id")
    def _compute_can_approve(self):
        for adjustment in self:
            waits = adjustment.state == "to_approve"
            asked_by = adjustment.sudo().user_id.partner_id  # sudo: who it is, for a button
            adjustment.can_approve = waits and asked_by != self.env.user.partner_id

    @api.depends("kind", "subject", "points", "qualifying_points")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for adjustment in self:
            points = adjustment.points or adjustment.qualifying_points
            sign = "+" if points > 0 else ""
            name = f"{adjustment.subject} {sign}{as_text(points)}"
            if adjustment.kind != "points":
                name = f"{labels[adjustment.kind]}: {adjustment.subject}"
            adjustment.display_name = name

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody but the server says how far an adjustment has come, or who asked for it."""
        if not self.env.su and any(not STEP_FIELDS.isdisjoint(vals) for vals in vals_list):
            self._refuse_step()
        start = {"state": "draft", "user_id": self.env.uid, "kind": "points"}
        start |= dict.fromkeys(STEP_FIELDS - start.keys() - SERVER_FIELDS, False)
        start |= {"points": 0, "qualifying_points": 0}  # no default of a user's gives any
        adjustments = super().create([{**start, **vals} for vals in vals_list])
        if self.env.su:
            # Odoo drops what is given for a field that it computes; without a member or balance,
            # whose it is and whose limit counts is what the server says
            for adjustment, vals in zip(adjustments, vals_list, strict=True):
                given = {name: vals[name] for name in WHOSE_FIELDS if vals.get(name)}
                if given and not (adjustment.member_id or adjustment.balance_id):
                    adjustment.write(given)
        return adjustments

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
