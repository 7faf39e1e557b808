from odoo import api, fields, models
from odoo.tools import split_every

from ..domain.amounts import AMOUNT_DIGITS
from ..domain.benefits import GIFTS, OCCASIONS, ONCE
from ..exceptions import LoyaltyError

STATES = [
    ("issued", "Given"),
    ("used", "Used"),
    ("expired", "Expired"),
    ("done", "Done"),
    ("cancelled", "Withdrawn"),
]
#: What became of vouchers and tasks, worked out of the coupons: the rows whose state or last day
#: is not what it should be. A coupon that is worth less than its cheapest reward is used up.
#: Withdrawn and done stay.
STATE_CHANGES = """
    SELECT i.id, now_is.state, now_is.valid_until
      FROM loyalty_benefit_issue i
      LEFT JOIN loyalty_card c ON c.id = i.coupon_id
      LEFT JOIN LATERAL (
           SELECT MIN(r.required_points) AS points FROM loyalty_reward r
            WHERE r.program_id = c.program_id AND r.active
           ) cheapest ON TRUE
     CROSS JOIN LATERAL (
           SELECT CASE WHEN c.id IS NULL THEN i.valid_until ELSE c.expiration_date END AS last_day
           ) term
     CROSS JOIN LATERAL (
           SELECT term.last_day AS valid_until,
                  CASE WHEN c.id IS NOT NULL AND (c.points <= 0 OR c.points < cheapest.points)
                       THEN 'used'
                       WHEN term.last_day < %(today)s THEN 'expired'
                       ELSE 'issued' END AS state
           ) now_is
     WHERE i.state IN ('issued', 'used', 'expired')
       AND (%(every)s OR i.coupon_id = ANY(%(coupons)s))
       AND (i.state != now_is.state OR i.valid_until IS DISTINCT FROM now_is.valid_until)
"""


class LoyaltyBenefitIssue(models.Model):
    """A benefit that was given to a member: which, for which occasion, and what became of it.

    Written by the server only, with SQL: nobody has the right to write it, and every way in says
    who may (``loyalty_benefit_give.py``). One row for each member, benefit and occasion; the
    database refuses a second one, whatever is run again or at the same time. What was withdrawn
    can be given again; what a manager withdrew, by hand only. How much of a voucher is left says
    its coupon, and nothing else.
    """

    _name = "loyalty.benefit.issue"
    _description = "Benefit Given"
    _order = "id desc"
    _rec_name = "benefit_id"

    member_id = fields.Many2one("loyalty.member", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    benefit_id = fields.Many2one(
        "loyalty.benefit", required=True, readonly=True, index=True, ondelete="restrict"
    )
    tier_id = fields.Many2one("loyalty.tier", required=True, readonly=True, ondelete="restrict")
    program_id = fields.Many2one("loyalty.program", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    occasion = fields.Selection(OCCASIONS, required=True, readonly=True)
    gives = fields.Selection(GIFTS, required=True, readonly=True)
    period_key = fields.Char(
        "Key", required=True, readonly=True, help="The occasion, of which there is one only."
    )
    for_what = fields.Char("For", compute="_compute_for_what")
    coupon_program_id = fields.Many2one("loyalty.program", "Coupon program", readonly=True)
    spent_in_parts = fields.Boolean(compute="_compute_spent_in_parts", compute_sudo=True)
    coupon_id = fields.Many2one("loyalty.card", "Voucher", readonly=True, ondelete="set null")
    value = fields.Float(
        digits=AMOUNT_DIGITS, min_display_digits=0, readonly=True, help="Points of the voucher."
    )
    spent = fields.Float(
        digits=AMOUNT_DIGITS, min_display_digits=0, compute="_compute_spent", compute_sudo=True
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="issued",
        help="Used: nothing is left of the voucher. Expired: it was not used up in time. "
        "Withdrawn: a refund took the tier back, or a manager the benefit, before it was used.",
    )
    issued_on = fields.Date("Given on", required=True, readonly=True, index=True)
    valid_until = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Done by", readonly=True)
    done_on = fields.Datetime(readonly=True)
    note = fields.Char(readonly=True)

    _once = models.UniqueIndex(
        "(member_id, benefit_id, period_key) WHERE state != 'cancelled'",
        "The member has been given this benefit for this occasion.",
    )
    _coupon_once = models.UniqueIndex("(coupon_id) WHERE coupon_id IS NOT NULL")
    _open_idx = models.Index("(state, gives) WHERE state = 'issued'")

    @api.depends("benefit_id.name", "partner_id.name")
    def _compute_display_name(self):
        for issue in self:
            issue.display_name = f"{issue.benefit_id.name}: {issue.partner_id.name}"

    @api.depends("period_key")
    @api.depends_context("lang")
    def _compute_for_what(self):
        """The occasion in words: the year, month or quarter, the special day and its year."""
        for issue in self:
            key = issue.period_key.split("#")[0]
            if key == ONCE:
                key = self.env._("Once in a lifetime")
            elif key.startswith("day:"):
                _day, day_id, year = key.split(":")
                day = self.env["loyalty.special.day"].browse(int(day_id)).sudo().exists()
                key = f"{day.name} {year}" if day else year  # sudo: its name, as in the benefit's
            issue.for_what = key

    @api.depends(
        "coupon_program_id.reward_ids.discount_mode", "coupon_program_id.reward_ids.reward_type"
    )
    def _compute_spent_in_parts(self):
        """Of a voucher of one use there is no value left to tell."""
        for issue in self:
            rewards = issue.coupon_program_id.reward_ids
            issue.spent_in_parts = any(reward._is_spent_in_parts() for reward in rewards)

    def _name_at_till(self):
        """What the till calls it; without the customer's consent no word of a birthday."""
        if self.occasion == "birthday" and not self.partner_id.loyalty_consent_profile:
            return self.env._("Gift of the house")
        return self.benefit_id.name

    @api.depends("value", "coupon_id.points")
    def _compute_spent(self):
        for issue in self:
            left = issue.coupon_id.points if issue.state != "cancelled" else issue.value
            issue.spent = issue.value - left if issue.coupon_id else 0

    # -- states --------------------------------------------------------------------------------

    @api.model
    @api.private
    def _refresh_states(self, coupons):
        """Bring the states up to what ``coupons`` say, which have just moved: one statement.

        :return: how many have changed
        """
        if not coupons:
            return 0
        return self._set_states(STATE_CHANGES, {"every": False, "coupons": coupons.ids})

    @api.model
    @api.private
    def _refresh_all_states(self, batch_size):
        """Every state, ``batch_size`` rows per commit.

        :return: whether it came to the end within the job's time
        """
        self.env.flush_all()
        values = {"every": True, "coupons": [], "today": self.env["loyalty.ledger"]._today()}
        self.env.cr.execute(f"SELECT ARRAY_AGG(id) FROM ({STATE_CHANGES}) changes", values)
        ids = self.env.cr.fetchone()[0] or []
        left, commit = len(ids), self.env["ir.cron"]._commit_progress
        for batch in split_every(batch_size, ids, list):
            changes = f"SELECT * FROM ({STATE_CHANGES}) every_change WHERE id = ANY(%(ids)s)"
            self._set_states(changes, {**values, "ids": batch})
            left -= len(batch)
            if not commit(len(batch), remaining=left):
                break
        return not left

    def _set_states(self, changes, values):
        """Store what ``changes`` (SQL) says."""
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            UPDATE loyalty_benefit_issue i
               SET state = changes.state, valid_until = changes.valid_until,
                   write_date = %(now)s, write_uid = %(uid)s
              FROM ({changes}) changes WHERE i.id = changes.id
            """,
            {
                "today": self.env["loyalty.ledger"]._today(),
                "now": fields.Datetime.now(),
                "uid": self.env.uid,
                **values,
            },
        )
        changed = self.env.cr.rowcount
        self.invalidate_model(["state", "valid_until", "write_date", "write_uid"])
        return changed

    # -- tasks ---------------------------------------------------------------------------------

    def action_done(self):
        """Staff did what this asks for (managers' button; tills have their own call)."""
        self.env["loyalty.benefit"].check_access("write")
        self.check_access("read")
        self._finish(True)

    def action_not_done(self):
        """It was marked as done by mistake."""
        self.env["loyalty.benefit"].check_access("write")
        self.check_access("read")
        self._finish(False)

    @api.private
    def _finish(self, done):
        """Mark tasks as done, by this user and now, or as not done. Repeated, it changes nothing.

        :raises LoyaltyError: for vouchers, and for tasks that were withdrawn or have expired
        """
        before, after = ("issued", "done") if done else ("done", "issued")
        if self.filtered(lambda i: i.gives != "task" or i.state not in (before, after)):
            raise LoyaltyError(
                self.env._("Only a task that is still to do can be marked as done, or undone.")
            )
        self.env.cr.execute(
            """
            UPDATE loyalty_benefit_issue SET state = %s, user_id = %s, done_on = %s,
                   write_date = %s, write_uid = %s
             WHERE id = ANY(%s) AND state = %s
            """,
            (
                after,
                self.env.uid if done else None,
                fields.Datetime.now() if done else None,
                fields.Datetime.now(),
                self.env.uid,
                self.ids,
                before,
            ),
        )
        self.invalidate_recordset()
