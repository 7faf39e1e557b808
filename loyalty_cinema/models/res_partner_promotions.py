from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .res_partner_consent import PROFILE_GROUPS

REACTION_MONTHS = 12


class ResPartner(models.Model):
    """How a customer reacts to promotions: what became of the vouchers that were given."""

    _inherit = "res.partner"

    loyalty_voucher_use = fields.Char(
        "Reacts to vouchers",
        compute="_compute_loyalty_voucher_use",
        groups=PROFILE_GROUPS,
        help="Of the vouchers that tiers gave in the last 12 months, those that are used up or "
        "expired: how many were used, wholly or in part.",
    )

    @api.depends_context("company")
    def _compute_loyalty_voucher_use(self):
        """Two queries, which read the vouchers of a year."""
        since = self.env.company._loyalty_day() - relativedelta(months=REACTION_MONTHS)
        houses = self.env.company.sudo().parent_ids  # sudo: only to name the companies above
        # sudo: sellers do not read what members were given; they see what came of it here
        issues = self.env["loyalty.benefit.issue"].sudo()
        ended = issues.search(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "in", houses.ids),
                ("gives", "=", "voucher"),
                ("state", "in", ("used", "expired")),
                ("issued_on", ">=", since),
            ]
        ).grouped("partner_id")
        for partner in self:
            of_partner = ended.get(partner._origin, issues)
            used = of_partner.filtered(lambda issue: issue.state == "used" or issue.spent)
            partner.loyalty_voucher_use = bool(of_partner) and self.env._(
                "%(used)s of %(ended)s used", used=len(used), ended=len(of_partner)
            )
