from odoo import SUPERUSER_ID, api, fields, models

from ..domain.amounts import as_text, by_smaller_units, to_decimal

#: What a new company begins with, by whether its currency has smaller units: 1,000.00 or 1,000,000.
LIMIT, LIMIT_WITHOUT_DECIMALS = 1_000, 1_000_000


class ResCompany(models.Model):
    """What one person may give away alone: one limit in money, whatever it is given as."""

    _inherit = "res.company"

    loyalty_second_person_limit = fields.Monetary(
        "One person may give alone, up to",
        currency_field="currency_id",
        compute="_compute_loyalty_second_person_limit",
        store=True,
        readonly=False,
        help="Above this value a second manager approves: corrections, generated vouchers, opening "
        "balances, tiers and benefits by hand, bonuses, cards that change hands, merged customers, "
        "and terms that give more than before. What one person gave to one customer within 30 days "
        "is counted together. 0: a second manager approves everything.",
    )

    _loyalty_limit_not_negative = models.Constraint(
        "CHECK (loyalty_second_person_limit >= 0)",
        "What one person may give away alone is zero or more.",
    )

    @api.depends("currency_id")
    def _compute_loyalty_second_person_limit(self):
        """A limit in another currency says nothing: with the currency it begins anew."""
        for company in self:
            company.loyalty_second_person_limit = by_smaller_units(
                company.currency_id.decimal_places, LIMIT, LIMIT_WITHOUT_DECIMALS
            )

    def write(self, vals):
        """Who changed the limit, and from what, is in the history of terms."""
        name = "loyalty_second_person_limit"
        if name not in vals:
            return super().write(vals)
        before = {company: company[name] for company in self}
        result = super().write(vals)
        self.env["loyalty.terms.change"]._log(
            [
                self._loyalty_limit_change(company, before[company], company[name])
                for company in self
                if company[name] != before[company]
            ]
        )
        return result

    def _loyalty_limit_change(self, company, old, new):
        return {
            "record": company,
            "company": company,
            "kind": "changed",
            "field": "loyalty_second_person_limit",
            "old": as_text(old),
            "new": as_text(new),
        }

    @api.private
    def _loyalty_is_over(self, worth):
        """Whether one person may not give ``worth`` (money of this company) alone.

        The server itself may: jobs, data files and the installation are nobody's gift.
        """
        if self.env.uid == SUPERUSER_ID:
            return False
        limit = to_decimal(self.sudo().loyalty_second_person_limit)  # sudo: for whoever gives
        return not limit or abs(worth) > limit
