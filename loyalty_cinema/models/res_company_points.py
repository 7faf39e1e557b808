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
        companies = self.sudo().parent_ids  # sudo: see above; root first
        programs = [company.loyalty_points_program_id for company in reversed(companies)]
        return next(filter(None, programs), self.env["loyalty.program"].sudo())
