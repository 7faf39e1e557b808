from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..domain.amounts import AMOUNT_DIGITS

SEES_TIERS = "loyalty_cinema.group_cashier,loyalty_cinema.group_accountant"
#: Fields of a partner that are a column of the member: what can be searched and grouped by.
MEMBER_COLUMNS = {
    "loyalty_tier_id": "tier_id",
    "loyalty_tier_since": "tier_since",
    "loyalty_tier_review_on": "tier_review_on",
}
#: All that is computed from a customer's tier.
PARTNER_TIER_FIELDS = (
    *MEMBER_COLUMNS,
    "loyalty_next_tier_id",
    "loyalty_tier_missing",
    "loyalty_tier_progress",
    "property_product_pricelist",
)


class ResPartner(models.Model):
    """A customer's tier in the membership program of the current company.

    Nothing is stored on the contact: which program counts depends on the company that asks, and a
    review moves a million members with one statement each batch. The fields are computed (one query
    for the members, one for their standings), searched and grouped by through the member.
    """

    _inherit = "res.partner"

    loyalty_tier_id = fields.Many2one(
        "loyalty.tier",
        "Tier",
        compute="_compute_loyalty_tier",
        search="_search_loyalty_tier_id",
        compute_sudo=True,
        groups=SEES_TIERS,
        help="In the membership program of the current company.",
    )
    loyalty_tier_since = fields.Date(
        "In the tier since",
        compute="_compute_loyalty_tier",
        search="_search_loyalty_tier_since",
        compute_sudo=True,
        groups=SEES_TIERS,
    )
    loyalty_tier_review_on = fields.Date(
        "Tier review",
        compute="_compute_loyalty_tier",
        search="_search_loyalty_tier_review_on",
        compute_sudo=True,
        groups=SEES_TIERS,
        help="On this day it is looked at whether the customer still earns the tier.",
    )
    loyalty_next_tier_id = fields.Many2one(
        "loyalty.tier",
        "Next tier",
        compute="_compute_loyalty_tier",
        compute_sudo=True,
        groups=SEES_TIERS,
    )
    loyalty_tier_missing = fields.Float(
        "Missing for the next tier",
        compute="_compute_loyalty_tier",
        compute_sudo=True,
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        groups=SEES_TIERS,
    )
    loyalty_tier_progress = fields.Float(
        "Progress to the next tier",
        compute="_compute_loyalty_tier",
        compute_sudo=True,
        digits=(5, 2),
        groups=SEES_TIERS,
        help="How much of what the next tier needs has been collected, in percent.",
    )

    @api.depends_context("company")
    def _compute_loyalty_tier(self):
        program = self.env.company._loyalty_membership_program()
        members = self.env["loyalty.member"].with_context(active_test=True)
        if program:
            members = members.search(
                [("program_id", "=", program.id), ("partner_id", "in", self._origin.ids)]
            )
        outlooks = {m.partner_id: outlook for m, outlook in members._tier_standings().items()}
        for partner in self:
            outlook = outlooks.get(partner._origin)
            partner.loyalty_tier_id = outlook and outlook.tier_id
            partner.loyalty_tier_since = outlook and outlook.since
            partner.loyalty_tier_review_on = outlook and outlook.review_on
            partner.loyalty_next_tier_id = outlook and outlook.next_tier_id
            partner.loyalty_tier_missing = outlook and outlook.missing
            partner.loyalty_tier_progress = outlook and outlook.progress

    def _search_loyalty_tier_id(self, operator, value):
        return self._search_by_member("loyalty_tier_id", operator, value)

    def _search_loyalty_tier_since(self, operator, value):
        return self._search_by_member("loyalty_tier_since", operator, value)

    def _search_loyalty_tier_review_on(self, operator, value):
        return self._search_by_member("loyalty_tier_review_on", operator, value)

    def _search_by_member(self, name, operator, value):
        """Contacts by a field of their member; without one they are as members without a value."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # the ORM asks for the opposite
        self._check_field_access(self._fields[name], "read")  # finding somebody is reading, too
        name = MEMBER_COLUMNS[name]
        if name == "tier_id" and operator != "in":
            # The members are searched in sudo. What a client asks of their tier is not: a condition
            # can reach from the tier to anything, the codes of cards included.
            is_condition = operator in ("any", "any!")
            asked = Domain(value) if is_condition else Domain("display_name", operator, value)
            operator, value = "in", self.env["loyalty.tier"].search(asked).ids
        found = self._customers_in_program(Domain(name, operator, value))
        if operator == "in" and False in value:
            return Domain("id", "in", found) | ~Domain(
                "id", "in", self._customers_in_program(Domain(name, "!=", False))
            )
        return Domain("id", "in", found)

    def _customers_in_program(self, domain):
        """A query for the ids of the current company's members that match."""
        program = self.env.company._loyalty_membership_program()
        # sudo: only which contacts they are leaves. Whoever has left has no tier.
        members = self.env["loyalty.member"].sudo().with_context(active_test=True)
        query = members._search(Domain("program_id", "=", program.id) & domain)
        return query.subselect("loyalty_member.partner_id")

    def _field_to_sql(self, alias, field_expr, query=None):
        """Tier and review are columns of the member, for grouping and sorting."""
        if field_expr not in MEMBER_COLUMNS or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        members = self.env["loyalty.member"]
        program = self.env.company._loyalty_membership_program()
        joined = query.make_alias(alias, "loyalty_member")
        query.add_join(
            "LEFT JOIN",
            joined,
            members._table,
            SQL(
                "%s = %s AND %s = %s AND %s",
                SQL.identifier(joined, "partner_id", to_flush=members._fields["partner_id"]),
                SQL.identifier(alias, "id"),
                SQL.identifier(joined, "program_id", to_flush=members._fields["program_id"]),
                program.id or 0,
                SQL.identifier(joined, "active", to_flush=members._fields["active"]),
            ),
        )
        column = MEMBER_COLUMNS[field_expr]
        return SQL.identifier(joined, column, to_flush=members._fields[column])


class LoyaltyTierChange(models.Model):
    """What is computed from a tier is computed anew when it has changed."""

    _inherit = "loyalty.tier.change"

    @api.private
    def _after_changes(self):
        result = super()._after_changes()
        self.env["res.partner"].invalidate_model(PARTNER_TIER_FIELDS, flush=False)
        return result
