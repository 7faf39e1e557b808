from odoo import models
from odoo.exceptions import UserError

from ..domain.movement import Template


class LoyaltyGenerateWizard(models.TransientModel):
    """Odoo's generator of coupons and cards: what they hold enters the ledger, with its reason."""

    _inherit = "loyalty.generate.wizard"

    def generate_coupons(self):
        """Generate them. Who may open this wizard (managers) may give their value away.

        In a membership program the chosen customers become members, and are granted the points.
        """
        self.check_access("write")
        if any(wizard.program_id.is_stored_value for wizard in self):
            raise UserError(
                self.env._(
                    "Stored value is issued on member cards and loaded at the till. Use Cards → "
                    "Issue cards."
                )
            )
        memberships = self.filtered("program_id.is_membership")
        balances = self.env["loyalty.card"].union(*(w._generate_members() for w in memberships))
        others = self - memberships
        if not others:
            return balances
        reason = others[:1].description or self.env._("Generated in the back office")
        template = Template("adjust", "adjust", reason=reason, mirror=False)
        return (
            balances
            | super(
                LoyaltyGenerateWizard, others.with_context(loyalty_movement=template)
            ).generate_coupons()
        )

    def _generate_members(self):
        partners = self._get_partners()
        if self.mode != "selected" or not partners:
            raise UserError(self.env._("Members have names: choose the customers."))
        if not self.env["loyalty.member"].has_access("create"):
            self.env["loyalty.card"].check_access("create")
        members = self.env["loyalty.member"]._enrol(self.program_id, partners, "back_office")
        if self.points_granted:
            # sudo: sales managers generate points too, but have no rights on adjustments
            adjustments = self.env["loyalty.adjustment"].sudo().with_context(tracking_disable=True)
            adjustments.create(
                [
                    {
                        "member_id": member.id,
                        "points": self.points_granted,
                        "reason": self.description or self.env._("Gift For Customer"),
                    }
                    for member in members
                ]
            ).action_submit()
        return members.balance_id.with_env(self.env)
