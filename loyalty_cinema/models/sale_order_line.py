from odoo import api, models

from ..domain.movement import Template


class SaleOrderLine(models.Model):
    """Reward lines of a confirmed order move value as soon as they change.

    Every movement names its order: what a cancellation undoes is the sum of them. Lines of several
    orders are therefore changed order by order.
    """

    _inherit = "sale.order.line"

    _points_cost_positive = models.Constraint(
        "CHECK (points_cost >= 0)", "A reward cannot cost less than nothing."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Reward lines added to a confirmed order are debited at their worth."""
        order_ids = {vals.get("order_id") for vals in vals_list}
        if len(order_ids) > 1 and any(vals.get("coupon_id") for vals in vals_list):
            return self.browse().union(*(self.create([vals]) for vals in vals_list))
        orders = self.env["sale.order"].browse(order_ids - {None, False})
        lines = super(SaleOrderLine, self._as_movement(orders)).create(vals_list)
        lines = lines.with_env(self.env)
        lines.order_id.filtered(lambda order: order.state == "sale")._check_claims()
        return lines

    def write(self, vals):
        """A reward line of a confirmed order keeps costing what it takes off."""
        if len(self.order_id) > 1 and any(line.coupon_id for line in self):
            for lines in self.grouped("order_id").values():
                lines.write(vals)
            return True
        result = super(SaleOrderLine, self._as_movement(self.order_id)).write(vals)
        if any(line.coupon_id for line in self):
            self.order_id.filtered(lambda order: order.state == "sale")._check_claims()
        return result

    def unlink(self):
        """A reward line taken off a confirmed order gives its value back."""
        if len(self.order_id) > 1 and any(line.coupon_id for line in self):
            for lines in self.grouped("order_id").values():
                lines.unlink()
            return True
        return super(SaleOrderLine, self._as_movement(self.order_id)).unlink()

    def _as_movement(self, order):
        """These lines, with what their changes of balances are to be recorded as."""
        if isinstance(self.env.context.get("loyalty_movement"), Template):
            return self
        origin = (order._name, order.id) if len(order) == 1 else None
        reason = self.env._("Change of a confirmed order")
        template = Template("refund", "spend", origin=origin, reason=reason, mirror=False)
        return self.with_context(loyalty_movement=template)
