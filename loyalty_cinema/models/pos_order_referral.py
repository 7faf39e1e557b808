from odoo import models

from ..domain.amounts import to_decimal

ZERO = to_decimal(0)


class PosOrder(models.Model):
    """What a first purchase at the till comes to, for the reward of a recommendation."""

    _inherit = "pos.order"

    def _referral_money(self, gone=None):
        """The money of this order (Decimal), by its prices; less what was given back.

        :param gone: ``{line: quantity}`` that was given back
        """
        total = ZERO
        for line in self.lines:
            worth, quantity = line._loyalty_worth(), to_decimal(line.qty)
            back = to_decimal((gone or {}).get(line, 0))
            total += worth * (1 - back / quantity) if quantity else worth
        return total

    def _referral_is_undone(self, gone):
        """Whether less is left of this purchase than a recommendation needs.

        :param gone: ``{line: quantity}`` that was given back
        """
        program = self.company_id._loyalty_membership_program()
        if not (program.referral_points_referrer or program.referral_points_newcomer):
            return False
        return self._referral_money(gone) < to_decimal(program.referral_least_purchase)


class SaleOrder(models.Model):
    """What a first purchase by sales order comes to."""

    _inherit = "sale.order"

    def _referral_money(self):
        """The money of this order (Decimal)."""
        return to_decimal(self.amount_total)
