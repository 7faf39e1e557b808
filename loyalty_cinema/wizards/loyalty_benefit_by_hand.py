from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..exceptions import LoyaltyError
from .chosen import chosen


class LoyaltyBenefitByHand(models.TransientModel):
    """Give members a benefit of their tier by hand, with a reason.

    It counts for its occasion like one that the nightly job gives
    (``models/loyalty_benefit_by_hand.py``).
    """

    _name = "loyalty.benefit.by.hand"
    _description = "Give a Benefit"

    member_ids = fields.Many2many(
        "loyalty.member",
        string="Members",
        required=True,
        default=lambda self: chosen(self, "loyalty.member"),
        context={"active_test": False},  # who has left is named, not silently left out
    )
    tier_id = fields.Many2one("loyalty.tier", compute="_compute_tier_id")
    benefit_id = fields.Many2one(
        "loyalty.benefit",
        required=True,
        domain="[('tier_id', '=', tier_id), ('gives', '!=', 'service')]",
    )
    occasion = fields.Selection(related="benefit_id.occasion")
    special_day_ids = fields.Many2many(
        "loyalty.special.day",
        string="Special days",
        compute="_compute_special_day_ids",
        compute_sudo=True,
    )
    special_day_id = fields.Many2one(
        "loyalty.special.day",
        compute="_compute_special_day_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', special_day_ids)]",
        help="What was given for this day, this year, is not given again.",
    )
    day = fields.Date(
        "For the day",
        compute="_compute_day",
        compute_sudo=True,
        help="The birthday or special day that it counts for: the nightly job does not give it "
        "again for that.",
    )
    valid_until = fields.Date(
        compute="_compute_valid_until",
        store=True,
        readonly=False,
        compute_sudo=True,
        help="The last day on which a voucher can be used, or a task is to be done.",
    )
    reason = fields.Char(required=True, help="Kept with the benefit; members do not see it.")

    @api.depends("member_ids")
    def _compute_tier_id(self):
        for wizard in self:
            tiers = wizard.member_ids.tier_id
            wizard.tier_id = tiers if len(tiers) == 1 else False

    @api.depends("benefit_id")
    def _compute_special_day_ids(self):
        for wizard in self:
            is_for_days = wizard.occasion == "special_day"
            wizard.special_day_ids = is_for_days and wizard.benefit_id._special_days()

    @api.depends("special_day_ids")
    def _compute_special_day_id(self):
        """The only one, where there is no choice."""
        for wizard in self:
            days = wizard.special_day_ids
            wizard.special_day_id = days if len(days) == 1 else False

    @api.depends("benefit_id", "special_day_id", "member_ids")
    def _compute_day(self):
        """Where all have the same."""
        for wizard in self:
            days = {day for day, _slot in wizard._occasions()}
            wizard.day = days.pop() if len(days) == 1 else False

    @api.depends("benefit_id", "special_day_id", "member_ids")
    def _compute_valid_until(self):
        """The latest of their last days."""
        for wizard in self:
            until = [slot.valid_until for _day, slot in wizard._occasions()]
            wizard.valid_until = max(until) if until and all(until) else False

    def _occasions(self):
        """What is shown of birthdays is of members whom this user may see."""
        benefit = self.benefit_id
        if not benefit:
            return ()
        members = self.member_ids._origin.sudo(False)._filtered_access("read")
        # sudo: benefits and calendars of a parent company, as the fields that ask
        terms = benefit._today(), members.sudo(), self.special_day_id
        return benefit._occasions_by_hand(*terms).values()

    def action_give(self):
        """Give it. Managers only, to members of their companies.

        Another manager approves it where it is worth more than one person gives alone.

        :raises LoyaltyError: where it cannot be given, or was given for this occasion
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_cinema.group_manager"):
            raise AccessError(self.env._("Managers give benefits by hand."))
        if not self.member_ids:
            raise LoyaltyError(self.env._("Choose members of one tier."))
        self.member_ids.check_access("write")
        self.benefit_id.check_access("read")
        adjustment = self.env["loyalty.adjustment"]._ask(
            self,
            "benefit",
            self.benefit_id._money_of_one() * len(self.member_ids),
            ("member_ids", "benefit_id", "special_day_id", "valid_until", "reason"),
            program=self.benefit_id.program_id,
            partners=self.member_ids.partner_id,
            reason=f"{self.benefit_id.name}: {self.reason}",
        )
        if adjustment.state == "done":
            self._loyalty_do(adjustment)
        return adjustment._waiting_notice() or {"type": "ir.actions.act_window_close"}

    def _loyalty_do(self, adjustment):
        """Give it, as ``adjustment`` allows; see ``models/loyalty_adjustment_deed.py``."""
        # sudo: nobody writes what was given; that this user may give it was checked before
        self.benefit_id.sudo()._give_by_hand(
            self.member_ids.sudo(), self.reason, self.valid_until, self.special_day_id.sudo()
        )
