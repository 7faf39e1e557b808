from odoo import models
from odoo.exceptions import UserError

from ..domain.amounts import to_decimal
from ..domain.movement import Template


class SaleOrder(models.Model):
    """Sales orders claim and give value through Odoo's own code; this tells the ledger why."""

    _inherit = "sale.order"

    def action_confirm(self):
        """Confirm, recording what the order takes and gives; that needs no rights on cards."""
        result = super(SaleOrder, self._as_movement("load", "spend")).action_confirm()
        self._check_claims()
        return result

    def _action_cancel(self):
        """Cancel, giving claimed value back into its lots and taking given value back."""
        self.check_access("write")
        # sudo: Odoo deletes the order's promised points, which salespersons may not; they may
        # cancel.
        orders = self.sudo()._as_movement("refund", "clawback")
        return super(SaleOrder, orders)._action_cancel()

    def _add_loyalty_history_lines(self):
        # sudo: salespersons lost the right to write history; Odoo's code chooses what is written.
        return super(SaleOrder, self.sudo())._add_loyalty_history_lines()

    def _update_loyalty_history(self, coupon_id, points):
        # sudo: as above.
        return super(SaleOrder, self.sudo())._update_loyalty_history(coupon_id, points)

    def _try_apply_code(self, code):
        # sudo: a code is matched by the server; salespersons do not read codes.
        result = super(SaleOrder, self.sudo())._try_apply_code(code)
        return {
            key.with_env(self.env) if isinstance(key, models.BaseModel) else key: value
            for key, value in result.items()
        }

    def _as_movement(self, credit_kind, debit_kind):
        """These orders, with what their changes of balances are to be recorded as."""
        origin = (self._name, self.id) if len(self) == 1 else None
        reason = ", ".join(self.mapped("name"))
        template = Template(credit_kind, debit_kind, origin=origin, reason=reason, mirror=False)
        return self.with_context(loyalty_movement=template)

    def _check_claims(self):
        """Gift card and eWallet lines must cost what they take off the order (L5)."""
        for line in self.order_line.filtered("coupon_id"):
            reward = line.reward_id
            if line.coupon_id.is_stored_value:
                raise UserError(
                    self.env._(
                        "Stored value is a payment method, not a discount. Remove “%s”.", line.name
                    )
                )
            if (
                reward.program_id.program_type not in ("gift_card", "ewallet")
                or not reward.discount
            ):
                continue
            worth = to_decimal(-line.price_total / reward.discount)
            if to_decimal(line.points_cost) < worth - to_decimal(line.currency_id.rounding):
                raise UserError(
                    self.env._(
                        "“%(line)s” takes more off the order than off the card. Remove the line "
                        "and apply the card again.",
                        line=line.name,
                    )
                )
