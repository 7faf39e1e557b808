from odoo import api, fields, models

from ..exceptions import LoyaltyError

#: The rows of members that cease to exist move to the one that stays. Where both were given the
#: same for the same occasion, both rows are kept; the key of the second says that it is a second.
MERGE = """
    UPDATE loyalty_benefit_issue i
       SET member_id = %(kept)s, partner_id = %(partner)s,
           period_key = CASE WHEN twin.copies > 0 OR twin.place > 1
                             THEN i.period_key || '#' || i.id ELSE i.period_key END
      FROM (SELECT o.id,
                   ROW_NUMBER() OVER (PARTITION BY o.benefit_id, o.period_key
                                          ORDER BY o.id) AS place,
                   (SELECT COUNT(*) FROM loyalty_benefit_issue k
                     WHERE k.member_id = %(kept)s AND k.benefit_id = o.benefit_id
                       AND k.period_key = o.period_key AND k.state != 'cancelled') AS copies
              FROM loyalty_benefit_issue o
             WHERE o.member_id = ANY(%(others)s) AND o.state != 'cancelled'
             UNION ALL
            SELECT o.id, 1, 0 FROM loyalty_benefit_issue o
             WHERE o.member_id = ANY(%(others)s) AND o.state = 'cancelled') twin
     WHERE twin.id = i.id
"""

#: Where the row with the plain key of an occasion was withdrawn, the one that is left gets it: the
#: key is what keeps the occasion from being given again.
RENUMBER = """
    UPDATE loyalty_benefit_issue i SET period_key = split_part(i.period_key, '#', 1)
     WHERE i.id IN (
           SELECT MIN(o.id) FROM loyalty_benefit_issue o
            WHERE o.member_id = %s AND o.state != 'cancelled'
            GROUP BY o.benefit_id, split_part(o.period_key, '#', 1)
           HAVING BOOL_AND(o.period_key LIKE '%%#%%'))
"""


class LoyaltyMember(models.Model):
    """What a member was given; merged members were given it together, so nothing comes twice.

    What both have unused for one occasion, the one person keeps once.
    """

    _inherit = "loyalty.member"

    benefit_issue_count = fields.Integer(
        "Benefits", compute="_compute_benefit_issue_count", compute_sudo=True
    )

    def _compute_benefit_issue_count(self):
        counts = self.env["loyalty.benefit.issue"]._read_group(
            [("member_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["member_id"],
            ["__count"],
        )
        counts = {member.id: count for member, count in counts}
        for member in self:
            member.benefit_issue_count = counts.get(member.id, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_given(self):
        # sudo: that something was given, not what; merged members have handed theirs on before
        if (
            self.env["loyalty.benefit.issue"]
            .sudo()
            .search([("member_id", "in", self.ids)], limit=1)
        ):
            raise LoyaltyError(
                self.env._(
                    "A member who was given benefits is kept for the records. Archive the member "
                    "instead."
                )
            )

    def action_view_benefit_issues(self):
        """Show what these members were given."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_benefit_issue"
        )
        return dict(action, domain=[("member_id", "in", self.ids)], context={})

    def _absorb(self, others):
        """Before the others go: what they were given is this member's from now on.

        One statement. It comes first, because the tier that the members have together may give
        something, and what one of them has had is not given again.
        """
        if others:
            self.env.flush_all()
            values = {"kept": self.id, "partner": self.partner_id.id, "others": others.ids}
            self.env.cr.execute(MERGE, values)
            self.env["loyalty.benefit.issue"].invalidate_model()
            self._withdraw_twins()
        return super()._absorb(others)

    def _withdraw_twins(self):
        """Take back what was given twice for one occasion and is unused, but for one of each.

        What was used stays, and then nothing unused beside it.
        """
        issues = self.env["loyalty.benefit.issue"].search(
            [("member_id", "=", self.id), ("state", "!=", "cancelled")], order="id"
        )
        twins = issues.browse()
        for same in issues.grouped(lambda i: (i.benefit_id, i.period_key.split("#")[0])).values():
            unused = same.filtered(lambda issue: issue.state == "issued" and not issue.spent)
            twins += unused if unused != same else unused[1:]
        twins._withdraw(self.env._("Merged with %s", self.partner_id.display_name))
        self.env.flush_all()
        self.env.cr.execute(RENUMBER, (self.id,))
        issues.invalidate_model(["period_key"])

    @api.private
    def _services(self):
        """What the cashier does for these members on every visit: ``{member: benefits}``.

        One query.
        """
        # sudo: cashiers do not read benefits; they are told what this member gets
        benefits = self.env["loyalty.benefit"].sudo()
        found = benefits.search(
            [("tier_id", "in", self.tier_id.ids), ("gives", "=", "service")]
        ).grouped("tier_id")
        return {member: found.get(member.tier_id, benefits.browse()) for member in self}
