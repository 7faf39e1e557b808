from odoo import fields, models

from ..domain.amounts import AMOUNT_DIGITS, to_decimal
from ..domain.arguments import TEXT_MAX, is_id, is_text
from .loyalty_acting import ActingEmployee
from .pos_order import PAID_STATES

#: More orders than one request of a till has.
SENT_MAX = 20


class LoyaltyIncident(models.Model):
    """A sale that was complete at the till, its goods handed over, and that the server refused.

    It happens when the connection was lost between the two. The sale is booked when the till sends
    it again with other payments; until then the incident is what the house has of it.
    """

    _inherit = "loyalty.incident"

    session_id = fields.Many2one(
        "pos.session", index="btree_not_null", readonly=True, ondelete="set null"
    )
    order_uuid = fields.Char("Order's key", index="btree_not_null", readonly=True)
    order_reference = fields.Char("Receipt", readonly=True)
    order_total = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        readonly=True,
        aggregator=None,  # an order that is refused twice has two incidents
    )
    completed = fields.Boolean(
        "Sold before",
        readonly=True,
        help="The till had completed the sale, without connection, before the server refused it.",
    )


class PosOrder(models.Model):
    """What a refused order said of itself: all of it is the till's word."""

    _inherit = "pos.order"

    def _sent_about(self, orders):
        """Of each order in a request of a till, what an incident keeps: keywords for its report."""
        orders = [order for order in orders[:SENT_MAX] if isinstance(order, dict)]
        return [self._sent_about_one(order) for order in orders]

    def _sent_about_one(self, order):
        session = self._sent_record("pos.session", order.get("session_id"))
        uuid, reference = (
            value if is_text(value, TEXT_MAX) and value else None
            for value in (order.get("uuid"), order.get("pos_reference"))
        )
        completed = order.get("state") in PAID_STATES and bool(
            self.env.context.get("loyalty_sold_before")  # says what happened, permits nothing
        )
        seller = order.get("employee_id")
        seller = ActingEmployee(seller if is_id(seller) else 0)
        config = session.config_id.with_context(loyalty_acting=seller)
        return {
            "config": config,
            "partner": self._sent_record("res.partner", order.get("partner_id")),
            "asked": self._sent_value_payments(order),
            "more": {
                "session_id": session.id or None,
                "order_uuid": uuid,
                "order_reference": reference,
                "order_total": _number(order.get("amount_total")),
                "completed": completed and bool(uuid),
                **config._loyalty_acting_values(),
            },
        }

    def _sent_record(self, model, record_id):
        # as this user: what the till names is shown again at the till
        return self.env[model].search([("id", "=", record_id if is_id(record_id) else 0)])

    def _sent_value_payments(self, order):
        """What was to be paid by stored value, as the till sent it (Decimal)."""
        commands = order.get("payment_ids")
        payments = [
            command[2]
            for command in (commands if isinstance(commands, list) else [])
            if isinstance(command, list | tuple) and len(command) == 3 and _is_dict(command[2])
        ]
        ids = [p.get("payment_method_id") for p in payments if is_id(p.get("payment_method_id"))]
        # sudo: whether they are tenders of ours
        methods = self.env["pos.payment.method"].sudo().browse(ids).exists()
        tenders = set(methods.filtered("stored_value_type").ids)
        return sum(
            _number(p.get("amount"))
            for p in payments
            if is_id(p.get("payment_method_id")) and p["payment_method_id"] in tenders
        )


class PosSession(models.Model):
    """Closing names the sales that the server has refused and nobody has settled."""

    _inherit = "pos.session"

    def get_closing_control_data(self):
        """As Odoo's, with the sales that are complete at a till and unknown to the server."""
        return {**super().get_closing_control_data(), "loyalty_refused": self._refused_sales()}

    def _refused_sales(self):
        """``[{"uuid", "reference", "partner", "amount", "message"}]``, the oldest first."""
        # sudo: cashiers do not read incidents; these are the sales of their own till
        incidents = self.env["loyalty.incident"].sudo()
        incidents = incidents.search(
            [("session_id", "in", self.ids), ("completed", "=", True)], order="id"
        )
        if not incidents:
            return []
        booked = self.env["pos.order"].sudo()  # sudo: whether they are booked by now
        uuids = incidents.mapped("order_uuid")
        booked = booked.search([("uuid", "in", uuids), ("state", "in", PAID_STATES)])
        latest = {incident.order_uuid: incident for incident in incidents}
        return [
            {
                "uuid": uuid,
                "reference": incident.order_reference or "",
                "partner": incident.partner_id.name or "",
                "amount": incident.order_total,
                "message": incident.message,
            }
            for uuid, incident in latest.items()
            if uuid not in booked.mapped("uuid")
        ]

    def _validate_session(self, *args, **kwargs):
        """What was sold and never booked stays with the session, in words."""
        result = super()._validate_session(*args, **kwargs)
        if self.state == "closed" and (refused := self._refused_sales()):
            sales = ", ".join(self._refused_sale_name(sale) for sale in refused)
            self.sudo().message_post(  # sudo: a cashier closes, too
                body=self.env._("Sold at the till, refused by the server, not booked: %s", sales)
            )
        return result

    def _refused_sale_name(self, sale):
        amount = self.currency_id.format(sale["amount"])
        return " ".join(filter(None, (sale["reference"], sale["partner"], amount)))


def _is_dict(value):
    return isinstance(value, dict)


def _number(value):
    """A number that a till sent, or 0."""
    return to_decimal(value) if type(value) in (int, float) and abs(value) < 1e15 else 0
