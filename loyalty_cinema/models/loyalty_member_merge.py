from odoo import api, models

from ..domain.saying import _lt
from ..tools import said


class LoyaltyMember(models.Model):
    """Two customers turn out to be one person: one member is left, with all points."""

    _inherit = "loyalty.member"

    @api.model
    @api.private
    def _merge_partners(self, partners, target):
        """Leave one member in each program for ``partners``, who become ``target``.

        Runs in sudo: merging customers is a right of its own, and members follow their customer.

        :param target: the partner that stays; one of ``partners``
        """
        members = self.sudo().with_context(active_test=False)  # sudo: see above
        members = members.search([("partner_id", "in", partners.ids)], order="joined_on, id")
        for group in members.grouped("program_id").values():
            kept = group.filtered(lambda member: member.partner_id == target) or group
            kept[:1]._absorb(group - kept[:1])
            if kept[:1].partner_id != target:
                kept[:1].write({"partner_id": target.id})
                kept[:1].balance_id.write({"partner_id": target.id})

    def _absorb(self, others):
        """Take over everything of ``others`` (in the order they joined), who cease to exist."""
        if not others:
            return
        reason = _lt("Merged with %s", self.partner_id.display_name)
        for balance in others.balance_id:
            balance._move_into(self.balance_id, reason)
        first = (self | others).sorted(lambda member: (member.joined_on, member.id))[0]
        visits = [day for day in (self | others).mapped("last_visit_on") if day]
        referrers = (self | others).referrer_id - self - others
        (others.referred_ids - self - others).write({"referrer_id": self.id})
        self.env["loyalty.adjustment"].search([("member_id", "in", others.ids)]).write(
            {"member_id": self.id}
        )
        self.write(
            {
                "joined_on": first.joined_on,
                "channel": first.channel,
                "referrer_id": (self.referrer_id - others or referrers)[:1].id,
                "active": any((self | others).mapped("active")),
                "last_visit_on": max(visits, default=False),
            }
        )
        others.referrer_id = False
        self._message_log(body=said(reason, self.env.lang))
        others.unlink()
