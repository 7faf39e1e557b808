import logging
from functools import partial

from odoo import SUPERUSER_ID, api, fields, models

from ..domain.amounts import AMOUNT_DIGITS

_logger = logging.getLogger(__name__)

KINDS = [
    ("points", "Points asked for"),
    ("cost", "Price of a reward"),
    ("reward", "Reward line"),
    ("tender", "Payment"),
    ("other", "Other"),
]


class LoyaltyIncident(models.Model):
    """What a client asked and did not get: the trace of a till that sends numbers of its own.

    The server never believes such a number (L5); this list tells the manager who tried. One row is
    often a till that was not reloaded after an update; many of one user are a reason to ask.
    """

    _name = "loyalty.incident"
    _inherit = ["loyalty.origin.mixin", "loyalty.acting.mixin"]
    _description = "Refused Request of a Till"
    _order = "id desc"
    _rec_name = "message"
    _log_access = False

    date = fields.Datetime(required=True, index=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, index=True, readonly=True)
    company_id = fields.Many2one("res.company", index=True, readonly=True, ondelete="cascade")
    config_id = fields.Many2one(
        "pos.config", "Till", index="btree_not_null", readonly=True, ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", readonly=True, ondelete="set null"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    asked = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        readonly=True,
        help="The number that was asked for: points, or money where it is about a payment.",
    )
    granted = fields.Float(
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        readonly=True,
        help="What the server worked out and did instead. Nothing for a refused request.",
    )
    message = fields.Char(required=True, readonly=True)

    @api.model
    @api.private
    def _report(self, kind, message, *, origin=None, asked=0, granted=0, partner=None, config=None):
        """Record an incident in the current transaction; one INSERT, which cannot fail the sale.

        :param kind: of :data:`KINDS`
        :param message: what happened, in words for a manager
        :param origin: the record it is about; an order also tells the till and the customer
        :param asked: the client's number; ``granted``: the server's
        """
        values = self._values_for(kind, message, origin, asked, granted, partner, config)
        self._insert(self.env.cr, values)
        self.invalidate_model()

    @api.model
    @api.private
    def _report_refused(
        self,
        kind,
        message,
        *,
        origin=None,
        asked=0,
        granted=0,
        partner=None,
        config=None,
        more=None,
    ):
        """Record a request that is being refused by an error: after its rollback, on its own.

        What the request created is gone by then, so a document that was made by it is not named.
        Nothing is recorded when the request does not fail after all. A till sends a refused order
        again and again: it is one incident.

        :param more: what ``pos_order_refused.py`` keeps of a refused order
        """
        values = self._values_for(kind, message, origin, asked, granted, partner, config)
        values.update(more or {})
        registry = self.env.registry
        self.env.cr.postrollback.add(partial(self._insert_alone, registry, values))

    def _values_for(self, kind, message, origin, asked, granted, partner, config):
        order = origin if origin and origin._name == "pos.order" else self.env["pos.order"]
        config = config or order.config_id
        company = config.company_id or self.env.company
        return {
            "date": fields.Datetime.now(),
            "user_id": self.env.uid or SUPERUSER_ID,
            "company_id": company.id,
            "config_id": config.id or None,
            "partner_id": (partner or order.partner_id).id or None,
            "kind": kind,
            "asked": asked,
            "granted": granted,
            "message": str(message),
            "origin_model": origin._name if origin else None,
            "origin_id": origin.id if origin else None,
        }

    @staticmethod
    def _insert(cr, values):
        columns = ", ".join(values)
        cr.execute(f"INSERT INTO loyalty_incident ({columns}) VALUES %s", (tuple(values.values()),))

    @classmethod
    def _insert_alone(cls, registry, values):
        """Insert in a transaction of its own; the refusal itself matters more than its trace."""
        try:
            with registry.cursor() as cr:
                if values["origin_id"]:
                    table = registry[values["origin_model"]]._table
                    cr.execute(f"SELECT 1 FROM {table} WHERE id = %s", (values["origin_id"],))
                    if not cr.fetchone():
                        values = {**values, "origin_model": None, "origin_id": None}
                if not cls._is_known(cr, values):
                    cls._insert(cr, values)
        except Exception:
            _logger.exception("Incident not recorded: %s", values["message"])

    @staticmethod
    def _is_known(cr, values):
        """Whether this order was refused for this very reason before."""
        if not values.get("order_uuid"):
            return False
        cr.execute(
            "SELECT 1 FROM loyalty_incident "
            "WHERE order_uuid = %(order_uuid)s AND message = %(message)s "
            "AND completed = %(completed)s LIMIT 1",
            values,
        )
        return bool(cr.fetchone())

    def action_open_origin(self):
        """Open the order or document that the request was about."""
        return self._open_origin()
