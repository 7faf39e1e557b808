from odoo import api, models

from ..domain.amounts import to_decimal
from ..domain.movement import Template
from ..domain.saying import _lt
from ..exceptions import LedgerProtected

#: What a claim is: whose points pay, for what, and what it takes off.
CLAIM_FIELDS = (
    "order_id",
    "coupon_id",
    "reward_id",
    "reward_identifier_code",
    "product_id",
    "product_uom_id",
    "tax_ids",
    "price_unit",
    "discount",
    "product_uom_qty",
    "points_cost",
)
#: How many of them stay even when a claim is taken off: all but quantity and cost.
KEPT_FIELDS = -2


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
        lines._check_confirmed({})
        return lines

    def write(self, vals):
        """A reward line of a confirmed order stays what it was when it was claimed."""
        if len(self.order_id) > 1 and any(line.coupon_id for line in self):
            for lines in self.grouped("order_id").values():
                lines.write(vals)
            return True
        before = self._claims_of_confirmed()
        result = super(SaleOrderLine, self._as_movement(self.order_id)).write(vals)
        self._check_confirmed(before)
        return result

    def unlink(self):
        """A reward line taken off a confirmed order gives its value back."""
        if len(self.order_id) > 1 and any(line.coupon_id for line in self):
            for lines in self.grouped("order_id").values():
                lines.unlink()
            return True
        if not self._is_servers_move() and self._claims_of_confirmed():
            raise self._claim_is_fixed()  # pylint: disable=no-raise-unlink
        return super(SaleOrderLine, self._as_movement(self.order_id)).unlink()

    def _as_movement(self, order):
        """These lines, with what their changes of balances are to be recorded as."""
        if isinstance(self.env.context.get("loyalty_movement"), Template):
            return self
        origin = (order._name, order.id) if len(order) == 1 else None
        reason = _lt("Change of a confirmed order")
        template = Template("refund", "spend", origin=origin, reason=reason, mirror=False)
        return self.with_context(loyalty_movement=template)

    # -- what stays as it is --------------------------------------------------------------------

    def _claims_of_confirmed(self):
        """``{line: values}`` of the claims among these lines whose order is confirmed.

        The order is asked: the state on its lines is a copy.
        """
        return {
            line: line._claim_values()
            for line in self
            if line.order_id.state == "sale" and line._is_claim()
        }

    def _is_claim(self):
        return bool(self.coupon_id or self.reward_id or self.points_cost)

    def _claim_values(self):
        return [
            to_decimal(value) if isinstance(value, float) else value
            for value in (self[name] for name in CLAIM_FIELDS)
        ]

    def _is_servers_move(self):
        """Whether the server chose the values: its own code, or Odoo's own rewards and buttons."""
        return self.env.su or self.order_id._is_moving()

    def _check_confirmed(self, before):
        """On a confirmed order nobody makes, changes or moves a claim but the server itself.

        :param before: what :meth:`_claims_of_confirmed` said before the change
        :raises LedgerProtected: in words, and with nothing changed
        """
        if self.order_id._is_moving():
            return  # Odoo's own rewards take claims off and put them on again; checked afterwards
        if any(line.coupon_id for line in self):
            self.order_id.filtered(lambda order: order.state == "sale")._check_claims()
        if self.env.su:
            return
        after = self._claims_of_confirmed()
        if before != after and not self._is_taken_off(before, after):
            raise self._claim_is_fixed()

    def _is_taken_off(self, before, after):
        """Whether the change sets whole claims to nothing: such a claim gives its points back."""
        changed = self.browse().union(*(line for line in before if before[line] != after.get(line)))
        codes = set(changed.mapped("reward_identifier_code"))
        claims = changed.order_id.order_line.filtered(
            lambda line: line.reward_identifier_code in codes
        )
        return before.keys() == after.keys() and all(
            line in changed
            and not line.product_uom_qty
            and not line.points_cost
            and before[line][:KEPT_FIELDS] == after[line][:KEPT_FIELDS]
            for line in claims
        )

    def _claim_is_fixed(self):
        return LedgerProtected(
            self.env._(
                "%(order)s is confirmed: its rewards stay as they were claimed. Choose another "
                "reward with its button, or cancel the order.",
                order=", ".join(self.order_id.mapped("name")),
            )
        )
