from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..domain.saying import _lt


class LoyaltyProgram(models.Model):
    """The members of a membership program, and their balances."""

    _inherit = "loyalty.program"

    member_ids = fields.One2many("loyalty.member", "program_id", "Members")
    member_count = fields.Integer(compute="_compute_member_count", compute_sudo=True)

    def _compute_member_count(self):
        counts = dict(
            self.env["loyalty.member"]._read_group(
                [("program_id", "in", self.ids)], ["program_id"], ["__count"]
            )
        )
        for program in self:
            program.member_count = counts.get(program, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """The first membership program of a company is the one that its customers join."""
        programs = super().create(vals_list)
        programs.filtered("is_membership")._become_memberships()
        return programs

    def write(self, vals):
        """Who has a balance in a program becomes a member when it becomes a membership program."""
        self._check_grant_limit(vals)
        before = self.filtered("is_membership")
        result = super().write(vals)
        (self.filtered("is_membership") - before)._become_memberships()
        return result

    def _check_grant_limit(self, vals):
        """A limit on what managers grant alone is not lifted by one of them."""
        limited = self.sudo().filtered("grant_limit")  # sudo: the limit, not the program
        if (
            "grant_limit" in vals
            and not self.env.su
            and any(program.grant_limit != vals["grant_limit"] for program in limited)
            and not self.env.user.has_group("base.group_system")
        ):
            raise AccessError(
                self.env._("What a manager may grant alone is changed by an administrator.")
            )

    def action_view_members(self):
        """Open the members of this program."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_member"
        )
        return dict(action, domain=[("program_id", "in", self.ids)], context={})

    def _become_memberships(self):
        if not self:
            return
        self._make_members_of_balances()
        for program in self.filtered("company_id"):
            # sudo: a program is made by a right of its own; the company's setting follows from it
            company = program.company_id.sudo()
            company.loyalty_points_program_id = company.loyalty_points_program_id or program

    def _make_members_of_balances(self):
        """Make the owners of balances members: one statement, whatever their number.

        Where somebody has several balances, the oldest one that is in use is the member's, and what
        is on the others moves there.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO loyalty_member (
                   partner_id, program_id, company_id, balance_id, joined_on, channel, active,
                   create_uid, write_uid, create_date, write_date)
            SELECT DISTINCT ON (b.program_id, b.partner_id)
                   b.partner_id, b.program_id, p.company_id, b.id,
                   COALESCE(b.create_date, now() AT TIME ZONE 'UTC')::date, 'back_office', TRUE,
                   %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM loyalty_card b
              JOIN loyalty_program p ON p.id = b.program_id
             WHERE b.program_id = ANY(%(programs)s) AND b.partner_id IS NOT NULL
             ORDER BY b.program_id, b.partner_id, b.active DESC, b.id
                ON CONFLICT DO NOTHING
            """,
            {"uid": self.env.uid, "programs": self.ids},
        )
        self.env["loyalty.member"].invalidate_model()
        self.invalidate_recordset(["member_ids"])
        # sudo: balances of members are joined by the right to make the program one of members
        others = self.env["loyalty.card"].sudo().with_context(active_test=False)
        others = others.search(
            [
                ("program_id", "in", self.ids),
                ("partner_id", "!=", False),
                ("member_ids", "=", False),
                ("points", "!=", 0),
            ]
        )
        for program in self:
            balances = others.filtered(lambda balance, p=program: balance.program_id == p)
            targets = program._member_balances(balances.partner_id)
            for balance in balances:
                reason = _lt("One balance for each member")
                balance._move_into(targets[balance.partner_id.id], reason)

    @api.private
    def _member_balances(self, partners):
        """The balances of those of ``partners`` who are members: ``{partner id: balance}``.

        One query; nothing is made. The balances are in sudo: the callers have checked who asks.
        """
        self.ensure_one()
        members = self.env["loyalty.member"].sudo()  # sudo: see above
        found = members.search_fetch(
            [("program_id", "=", self.id), ("partner_id", "in", partners.ids)],
            ["partner_id", "balance_id"],
        )
        return {member.partner_id.id: member.balance_id for member in found}
