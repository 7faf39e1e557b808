from odoo import api, models
from odoo.exceptions import ValidationError

from ..domain.amounts import to_decimal
from ..domain.point_terms import PointTerms

#: What the till must know of a membership program.
TILL_FIELDS = [
    "is_membership",
    "pay_with_points",
    "point_value",
    "pay_min_points",
    "pay_step_points",
    "pay_max_share",
]
TERM_FIELDS = ("pay_with_points", "point_value", "pay_min_points", "pay_step_points")


class LoyaltyProgram(models.Model):
    """Points as a payment: the terms of a program, and what its company needs for it."""

    _inherit = "loyalty.program"

    @api.constrains(*TERM_FIELDS, "pay_max_share", "is_membership")
    def _check_pay_with_points(self):
        for program in self.filtered("pay_with_points"):
            if not program.is_membership or not program.company_id:
                raise ValidationError(
                    self.env._(
                        "%(program)s: only the points of a membership program of one company can "
                        "pay.",
                        program=program.name,
                    )
                )
            amounts = [program[name] for name in TERM_FIELDS[2:]]
            if program.point_value <= 0 or min(amounts) < 0 or not 0 < program.pay_max_share <= 100:
                raise ValidationError(
                    self.env._(
                        "%(program)s: to pay with points, give a point a value above zero and a "
                        "share of the order between 0 and 100 percent.",
                        program=program.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A company whose points pay for the first time gets the payment method."""
        programs = super().create(vals_list)
        programs._setup_points_tender()
        return programs

    def write(self, vals):
        """As :meth:`create`."""
        result = super().write(vals)
        if vals.get("pay_with_points") or vals.get("is_membership"):
            self._setup_points_tender()
        return result

    def _setup_points_tender(self):
        paying = self.filtered(lambda program: program.is_membership and program.pay_with_points)
        # sudo: the right to let points pay brings what it needs in the accounts with it
        paying.company_id.sudo()._loyalty_setup_points_tender()

    @api.private
    def _point_terms(self):
        """On which terms points of this program pay (:class:`PointTerms`)."""
        self.ensure_one()
        program = self.sudo()  # sudo: cashiers do not read programs; the till is told anyway
        return PointTerms(
            value=to_decimal(program.point_value),
            coin=to_decimal(program.currency_id.rounding),
            finest=to_decimal(program.points_step),
            minimum=to_decimal(program.pay_min_points),
            step=to_decimal(program.pay_step_points),
            max_share=to_decimal(program.pay_max_share),
        )

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + TILL_FIELDS
