from odoo import api, fields, models

from .loyalty_reward import VOUCHER_TYPES


class LoyaltyCard(models.Model):
    """A voucher: a coupon that belongs to a customer, who need not type its code."""

    _inherit = "loyalty.card"

    def _is_voucher(self):
        """Whether this is a coupon with an owner: nobody else uses it."""
        return bool(self.partner_id) and self.program_id.program_type in VOUCHER_TYPES

    def _is_over(self, day):
        """Whether the voucher's last day lies before ``day``."""
        return bool(self.expiration_date) and self.expiration_date < day

    def _over_message(self):
        return self.env._(
            "The voucher “%(voucher)s” could be used until %(day)s. Remove it.",
            voucher=self.program_id.name,
            day=fields.Date.to_string(self.expiration_date),
        )

    def _buys_a_reward(self):
        """Whether enough is free on the coupon for the cheapest reward."""
        return self.available >= self.program_id._loyalty_cheapest_reward()

    def _describe_voucher(self, issue):
        return {
            "issue_id": issue.id,
            "coupon_id": self.id,
            "program_id": self.program_id.id,
            "name": issue._name_at_till() or self.program_id.name,
            "points": self.available,
            "expires_on": fields.Date.to_string(self.expiration_date) or False,
        }


class LoyaltyProgram(models.Model):
    """What the least voucher of a program is worth."""

    _inherit = "loyalty.program"

    @api.private
    def _loyalty_cheapest_reward(self):
        """The points that the cheapest reward costs; 0 without any."""
        return min(self.reward_ids.mapped("required_points"), default=0)


class ResPartner(models.Model):
    """The vouchers that a customer can use at a till, member or not."""

    _inherit = "res.partner"

    @api.private
    def _loyalty_usable_vouchers(self, config):
        """What this customer can use now at the till of ``config``, soonest to expire first.

        Coupons of all kinds that belong to the customer and whose program that till takes, as far
        as there is enough on them for the cheapest reward. The code is never told.

        :return: ``[{"issue_id", "coupon_id", "program_id", "name", "points", "expires_on"}]``;
            ``points`` is what is free of it. Three queries, and Odoo's for the programs of the
            till.
        """
        self.ensure_one()
        programs = self._loyalty_voucher_programs(config)
        if not programs:
            return []
        today = programs[0]._today()
        # sudo: the till is told what this customer may use, and of nobody else
        coupons = self.env["loyalty.card"].sudo()
        coupons = coupons.search(
            [
                ("partner_id", "=", self.id),
                ("program_id", "in", programs.ids),
                ("points", ">", 0),
                "|",
                ("expiration_date", "=", False),
                ("expiration_date", ">=", today),
            ],
            order="expiration_date, id",  # those without a last day come last
        )
        coupons = coupons.filtered(lambda coupon: coupon._buys_a_reward())
        issues = self.env["loyalty.benefit.issue"].sudo()  # sudo: as above
        found = issues.search([("coupon_id", "in", coupons.ids)]).grouped("coupon_id")
        return [coupon._describe_voucher(found.get(coupon, issues)) for coupon in coupons]

    def _loyalty_voucher_programs(self, config):
        """The coupon programs of that till, with something to give, of its company."""
        config = config.sudo()  # sudo: cashiers do not read how often programs were used
        companies = config.company_id.parent_ids
        return config._get_program_ids().filtered(
            lambda program: (
                program.program_type in VOUCHER_TYPES
                and program.reward_ids
                and (not program.company_id or program.company_id in companies)
            )
        )
