from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Which program the customers of a company join."""

    _inherit = "res.company"

    loyalty_points_program_id = fields.Many2one(
        "loyalty.program",
        "Membership program",
        domain=[("is_membership", "=", True)],
        help="The program that customers join at the tills of this company, and whose points its "
        "cards collect. Branches use that of the company above them unless they have their own.",
    )

    @api.constrains("loyalty_points_program_id")
    def _check_loyalty_points_program(self):
        for company in self.filtered("loyalty_points_program_id"):
            program = company.sudo().loyalty_points_program_id
            if not program.is_membership or program.company_id not in company.parent_ids:
                raise ValidationError(
                    self.env._(
                        "%(program)s is not a membership program of %(company)s.",
                        program=program.name,
                        company=company.name,
                    )
                )

    @api.private
    def _loyalty_membership_program(self):
        """The program that customers of this company join: its own, else that of a parent.

        In sudo: settings are not the cashier's to read, and the callers have checked who asks.
        """
        return self._loyalty_own_program("loyalty_points_program_id")

    @api.private
    def _loyalty_own_program(self, field):
        """The program in this setting of the company, else in a parent's; in sudo."""
        companies = self.sudo().parent_ids  # sudo: the callers have checked who asks; root first
        programs = [company[field] for company in reversed(companies)]
        return next(filter(None, programs), self.env["loyalty.program"].sudo())
