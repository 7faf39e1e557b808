from odoo import models
from odoo.exceptions import UserError

from ..domain.amounts import to_decimal
from ..domain.movement import Template
from ..domain.saying import _lt

#: What a second manager approves, and what is then done.
ASKED = (
    "program_id",
    "mode",
    "customer_ids",
    "customer_tag_ids",
    "coupon_qty",
    "points_granted",
    "valid_until",
    "description",
)


class LoyaltyGenerateWizard(models.TransientModel):
    """Odoo's generator of coupons and cards: what they hold enters the ledger, with its reason.

    What all of them are worth together counts: above the limit of one person it waits for another
    manager, who does it by approving.
    """

    _inherit = "loyalty.generate.wizard"

    def generate_coupons(self):
        """Generate them. Who may open this wizard (managers) may give their value away.

        In a membership program the chosen customers become members, and are granted the points.

        :return: the balances, or a notice where another manager has been asked
        """
        self.check_access("write")
        self.program_id.check_access("read")
        if any(wizard.program_id.is_stored_value for wizard in self):
            raise UserError(
                self.env._(
                    "Stored value is issued on member cards and loaded at the till. Use Cards → "
                    "Issue cards."
                )
            )
        balances, waiting = self.env["loyalty.card"], self.env["loyalty.adjustment"]
        for wizard in self:
            adjustment = wizard._ask_for_them()
            if adjustment.state == "done":
                balances |= wizard._loyalty_do(adjustment)
            else:
                waiting |= adjustment
        return waiting._waiting_notice() or balances

    def _ask_for_them(self):
        partners = self._name_customers()
        points = to_decimal(self.points_granted)
        if points <= 0:
            raise UserError(
                self.env._(
                    "Enter how much each of them gets: more than zero. What a customer has is "
                    "taken away by “Update Balance” on the balance."
                )
            )
        if self.program_id.is_membership and not partners:
            raise UserError(self.env._("Members have names: choose the customers."))
        count = len(partners) or max(self.coupon_qty, 0)
        return self.env["loyalty.adjustment"]._ask(
            self,
            "generated",
            points * self.program_id._money_per_point() * count,
            ASKED,
            program=self.program_id,
            partners=partners,
            reason=self.env._(
                "%(count)s × %(points)s in %(program)s. %(reason)s",
                count=count,
                points=f"{points.normalize():f}",
                program=self.program_id.name,
                reason=self.description or "",
            ).strip(),
        )

    def _name_customers(self):
        """Who gets them is settled when it is asked: later nobody comes in by a tag."""
        partners = self._get_partners()
        if self.mode == "selected":
            if not partners:
                raise UserError(self.env._("No customer has these tags: choose the customers."))
            self.write({"customer_ids": partners.ids, "customer_tag_ids": False})
        return partners

    def _loyalty_do(self, adjustment):
        """Generate what ``adjustment`` allows; see ``models/loyalty_adjustment_deed.py``."""
        if self.program_id.is_membership:
            return self._generate_members(adjustment)
        reason = self.description or _lt("Generated in the back office")
        origin = (adjustment._name, adjustment.id)
        template = Template("adjust", "adjust", origin=origin, reason=reason, mirror=False)
        # sudo: managers have no right to make balances; that they may generate these was asked
        wizard = self.sudo().with_context(loyalty_movement=template)
        made = super(LoyaltyGenerateWizard, wizard).generate_coupons()  # pylint: disable=super-method-mismatch
        return made.with_env(self.env)

    def _generate_members(self, adjustment):
        partners = self._get_partners()
        if not self.env["loyalty.member"].has_access("create"):
            self.env["loyalty.card"].check_access("create")
        members = self.env["loyalty.member"]._enrol(self.program_id, partners, "back_office")
        if self.points_granted:
            # sudo: sales managers generate points too, but have no rights on adjustments
            parts = self.env["loyalty.adjustment"].sudo().with_context(tracking_disable=True)
            parts = parts.create(
                [
                    {
                        "member_id": member.id,
                        "points": self.points_granted,
                        "reason": self.description or self.env._("Gift For Customer"),
                        "part_of_id": adjustment.id,
                    }
                    for member in members
                ]
            )
            if adjustment.user_id == self.env.user:
                parts.action_submit()
            else:
                parts.user_id = adjustment.user_id  # approved by this user, as a whole
                parts._post()
        return members.balance_id.with_env(self.env)
