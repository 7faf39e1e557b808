from odoo import api, fields, models
from odoo.exceptions import UserError

from ..domain.amounts import AMOUNT_DIGITS


class ResPartner(models.Model):
    """A customer's member cards and the money on them, one click from the contact."""

    _inherit = "res.partner"

    loyalty_member_card_ids = fields.One2many(
        "loyalty.member.card", "holder_id", "Member cards", groups="loyalty_cinema.group_cashier"
    )
    loyalty_member_card_count = fields.Integer(
        compute="_compute_loyalty_member_card_count", groups="loyalty_cinema.group_cashier"
    )
    loyalty_stored_value = fields.Monetary(
        "Stored value",
        compute="_compute_loyalty_stored_value",
        groups="loyalty_cinema.group_cashier",
        help="What this customer has paid in advance and not spent yet, in the current company.",
    )

    loyalty_member_ids = fields.One2many(
        "loyalty.member",
        "partner_id",
        "Memberships",
        groups="loyalty_cinema.group_manager,loyalty_cinema.group_accountant",
    )
    loyalty_points = fields.Float(
        "Points",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        compute="_compute_loyalty_points",
        groups="loyalty_cinema.group_manager,loyalty_cinema.group_accountant",
        help="Points of this customer in the membership programs of the current company.",
    )

    @api.depends_context("company")
    def _compute_loyalty_points(self):
        for partner in self:
            members = partner.loyalty_member_ids
            partner.loyalty_points = sum(members.mapped("points"))

    def action_view_loyalty_members(self):
        """Open the memberships of these contacts: the one there is, or their list."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_member"
        )
        members = self.loyalty_member_ids
        if len(members) == 1:
            return dict(action, res_id=members.id, views=[(False, "form")])
        return dict(action, domain=[("partner_id", "in", self.ids)], context={})

    def action_enrol_members(self):
        """Make these contacts members of the company's program; who is one already stays as is.

        :raises UserError: when the company has no membership program
        """
        members = self.env["loyalty.member"]
        members.check_access("create")
        program = self.env.company._loyalty_membership_program()
        if not program:
            raise UserError(
                self.env._(
                    "%s has no membership program yet. Tick “Membership program” on one of its "
                    "loyalty programs.",
                    self.env.company.name,
                )
            )
        self.check_access("read")
        enrolled = members._enrol(program, self.exists(), "back_office")
        return self.browse(enrolled.partner_id.ids).action_view_loyalty_members()

    def _compute_loyalty_member_card_count(self):
        cards = self.env["loyalty.member.card"]._read_group(
            ["|", ("holder_id", "in", self.ids), ("owner_id", "in", self.ids)],
            ["holder_id", "owner_id"],
            ["__count"],
        )
        for partner in self:
            partner.loyalty_member_card_count = sum(
                count for holder, owner, count in cards if partner in (holder, owner)
            )

    def _compute_loyalty_stored_value(self):
        balances = self.env["loyalty.card"]._read_group(
            self._loyalty_stored_value_domain(), ["partner_id"], ["points:sum"]
        )
        values = dict(balances)
        for partner in self:
            partner.loyalty_stored_value = values.get(partner, 0)

    def _loyalty_stored_value_domain(self):
        return [
            ("partner_id", "in", self.ids),
            ("program_id.is_stored_value", "=", True),
            ("company_id", "=", self.env.company.id),
        ]

    def action_view_loyalty_member_cards(self):
        """Open the cards that these contacts own or present."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_member_card"
        )
        domain = ["|", ("holder_id", "in", self.ids), ("owner_id", "in", self.ids)]
        context = (
            {"default_holder_id": self.id} if not self.is_company else {"default_owner_id": self.id}
        )
        return dict(action, domain=domain, context=context)

    def action_view_loyalty_stored_value(self):
        """Open the stored-value balances of these contacts."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_cinema.action_loyalty_balance"
        )
        return dict(action, domain=self._loyalty_stored_value_domain(), context={})
