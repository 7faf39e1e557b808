from odoo import api, fields, models

from ..domain.amounts import to_decimal
from ..exceptions import LedgerProtected
from .sale_order_line_points import OWN_FIELDS

#: What decides whose value an order moves, and in which money.
OWNER_FIELDS = ("partner_id", "company_id", "currency_id")
#: Sums and states that the server works out, and links to what was paid. Odoo's screens never send
#: them; by RPC they would say that an order is paid, or that more was sold.
COMPUTED_FIELDS = frozenset(
    {
        "amount_untaxed",
        "amount_tax",
        "amount_total",
        "invoice_status",
        "transaction_ids",
        "loyalty_life",
        "loyalty_sold_at",
        "loyalty_visit_on",
    }
)
COMPUTED_LINE_FIELDS = frozenset(
    {"state", "price_subtotal", "price_tax", "price_total", "invoice_lines"}
)


class SaleOrder(models.Model):
    """What of a sales order is fixed once it has moved value, and the bound of what goes back.

    The claims on its lines are kept by ``sale_order_line.py``.
    """

    _inherit = "sale.order"
    _loyalty_server_fields = COMPUTED_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        """Drop what only the server works out."""
        return super().create([self._loyalty_without(COMPUTED_FIELDS, vals) for vals in vals_list])

    def write(self, vals):
        """Keep customer, company and currency of a confirmed order that has moved value."""
        before = self._loyalty_owners()
        vals = self._loyalty_without(COMPUTED_FIELDS, vals)
        if vals.get("state") == "sale":
            self._loyalty_stamp()
        result = super().write(vals)
        after = self._loyalty_owners() if before else {}
        for order in before:
            if before[order] != after.get(order, before[order]):
                raise LedgerProtected(
                    self.env._(
                        "%(order)s has moved points or cards of %(customer)s, and stays theirs. "
                        "Cancel it and make a new order.",
                        order=order.name,
                        customer=before[order][0].display_name,
                    )
                )
        return result

    def _loyalty_stamp(self):
        """Note when these orders are sold: Odoo confirms them right after this."""
        sold = self.filtered(lambda order: order.state != "sale")
        # sudo: nobody writes it but the server
        sold.sudo().loyalty_sold_at = fields.Datetime.now()

    def _loyalty_owners(self):
        """``{order: values}`` of the confirmed orders that a client may not hand on."""
        if self.env.su or self._is_moving():
            return {}
        confirmed = self.filtered(lambda order: order.state == "sale")
        moved = {entry.origin_id for entry in confirmed._loyalty_entries()} if confirmed else ()
        return {
            order: [order[name] for name in OWNER_FIELDS]
            for order in confirmed
            if order.id in moved or order.order_line.coupon_id
        }

    def _check_given_back(self, balance, amount):
        """The one bound of what an order gives back: what it took from that very balance.

        The ledger says what that is, in the unit of the balance; no line is asked. What the order
        itself brought on the balance (Odoo's own points) is not taken for a payment.

        :param amount: Decimal, above zero
        :raises LedgerProtected: when more would come back than was taken
        """
        if self._loyalty_is_older_than_ledger(balance):
            return
        promised = self.coupon_point_ids.filtered(lambda given: given.coupon_id == balance)
        given = sum(promised.mapped("points")) if self.state == "sale" else 0
        if balance.sudo().program_id.is_membership:  # sudo: the program's kind decides
            given = 0
        if amount > to_decimal(given) - self._loyalty_net(balance):
            raise LedgerProtected(
                self.env._(
                    "%(order)s would give back more to %(card)s than it took. Cancel the order, "
                    "or correct the balance with a reason.",
                    order=self.name,
                    card=balance.display_name,
                )
            )

    def _loyalty_is_older_than_ledger(self, balance):
        """Whether this order took from ``balance`` before there were movements, if it did.

        Only its lines know of it then; they are as they were, for nobody changes them by hand.
        """
        if self._loyalty_entries().filtered(lambda entry: entry.balance_id == balance):
            return False
        # sudo: the first day of the ledger is no secret
        first = self.env["loyalty.ledger.entry"].sudo().search([], order="id", limit=1)
        return not first or self.create_date < first.date


class SaleOrderLine(models.Model):
    """Lines of sales orders, as clients send them."""

    _inherit = "sale.order.line"
    _loyalty_server_fields = COMPUTED_LINE_FIELDS | OWN_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        """Drop what only the server works out."""
        vals_list = [self._loyalty_without(COMPUTED_LINE_FIELDS, vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Drop what only the server works out."""
        return super().write(self._loyalty_without(COMPUTED_LINE_FIELDS, vals))


class SaleOrderCouponPoints(models.Model):
    """What an order promises to a balance. Odoo's own code works it out, and nobody types it."""

    _inherit = "sale.order.coupon.points"

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse promises that somebody types."""
        return super(SaleOrderCouponPoints, self._of_the_server()).create(vals_list)

    def write(self, vals):
        """As :meth:`create`."""
        return super(SaleOrderCouponPoints, self._of_the_server()).write(vals)

    def unlink(self):
        """As :meth:`create`; what quotations promise goes with a coupon that is archived."""
        if any(promise.order_id.state == "sale" for promise in self):
            self = self._of_the_server()
        return super().unlink()

    def _of_the_server(self):
        if not self.env.su and not self.env["sale.order"]._is_moving():
            raise LedgerProtected(
                self.env._("What an order gives is worked out from its lines, and not typed.")
            )
        return self.sudo()  # sudo: Odoo's own update, which salespersons start


class LoyaltyCard(models.Model):
    """Balances that one order makes and uses up."""

    _inherit = "loyalty.card"

    def _is_made_and_used_by(self, order):
        """Whether this is a promotion of ``order`` itself, and nobody's property."""
        return self.order_id == order and self.program_id.applies_on == "current"


class LoyaltyLedger(models.AbstractModel):
    """What documents give back by a plain ``points = …`` of Odoo's own code is bounded."""

    _inherit = "loyalty.ledger"

    def _parts_of_origin(self, balance, amount, template):
        if template.credit_kind == "refund" and amount > 0:
            if not template.origin:
                raise LedgerProtected(
                    self.env._("Change one order at a time: each gives back what it took.")
                )
            model, res_id = template.origin
            if model == "sale.order":
                self.env[model].browse(res_id)._check_given_back(balance, amount)
        return super()._parts_of_origin(balance, amount, template)
