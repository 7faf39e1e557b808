from odoo import models

from ..domain.amounts import to_decimal


class LoyaltyRule(models.Model):
    """What Odoo's own rules make of a point-of-sale order, worked out by the server."""

    _inherit = "loyalty.rule"

    def _points_at_most(self, lines):
        """The most points that this rule gives for ``lines`` of a point-of-sale order.

        The upper bound of Odoo's own computation in the browser (``pointsForPrograms``): the same
        lines, before the deductions for other rewards.
        """
        self.ensure_one()
        domain = self._get_valid_product_domain()
        products = (lines.product_id | lines.combo_parent_id.product_id).filtered_domain(domain)
        matching = lines.filtered(
            lambda line: (line.product_id | line.combo_parent_id.product_id) & products
        )
        if not matching:
            return 0
        if self.reward_point_mode == "order":
            return self.reward_point_amount
        if self.reward_point_mode == "unit":
            return self.reward_point_amount * sum(matching.mapped("qty"))
        return self.reward_point_amount * float(sum(line._loyalty_worth() for line in matching))


class LoyaltyProgram(models.Model):
    """What all of a program's rules make of a point-of-sale order."""

    _inherit = "loyalty.program"

    def _points_at_most(self, lines):
        """The most points that the rules give for ``lines`` together (Decimal)."""
        return sum(
            (to_decimal(rule._points_at_most(lines)) for rule in self.rule_ids), to_decimal(0)
        )
