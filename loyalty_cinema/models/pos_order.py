from odoo import api, fields, models

from ..exceptions import TenderRefused

PAID_STATES = ("paid", "done")
#: Written by the server only.
OWN_FIELDS = frozenset({"loyalty_settled", "loyalty_confirmed", "loyalty_receipt", "loyalty_life"})


class PosOrder(models.Model):
    """An order is settled in the very transaction that marks it paid (DESIGN §5.5).

    Order of events, all of it rolled back together when one is refused: gift cards and wallets
    captured (``pos_order_tender.py``), loads brought onto their balances (``pos_order_load.py``),
    refunds returned to where they came from (``pos_order_refund.py``), claims of Odoo's own
    programs debited (``pos_order_claim.py``) and those of refunded rewards given back
    (``pos_order_unclaim.py``), points of refunded goods taken back (``pos_order_clawback.py``),
    points earned (``pos_order_earn.py``). Nothing the till says is believed: amounts come from the
    lines and payments as stored, value from holds and entries.
    """

    _inherit = "pos.order"
    _loyalty_server_fields = OWN_FIELDS

    loyalty_receipt = fields.Json(
        "Stored value on the receipt",
        readonly=True,
        copy=False,
        help="What the receipt says of cards: tenders, loads and refunds with the new balances.",
    )
    loyalty_confirmed = fields.Boolean(
        "Loyalty confirmed",
        readonly=True,
        copy=False,
        help="The rewards that the till asked for after the sale have been handed out.",
    )

    loyalty_settled = fields.Boolean(
        "Stored value settled",
        readonly=True,
        copy=False,
        help="Cards have been debited and loaded: payments and loads cannot be changed any more.",
    )

    @api.depends("name", "pos_reference")
    def _compute_display_name(self):
        """An order gets its name when it is paid; until then it is known by its reference."""
        result = super()._compute_display_name()
        for order in self.filtered(lambda order: order.name == "/" and order.pos_reference):
            order.display_name = order.pos_reference
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """Drop what only the server writes."""
        return super().create([self._without_own_fields(vals) for vals in vals_list])

    def write(self, vals):
        """As :meth:`create`."""
        return super().write(self._without_own_fields(vals))

    def _without_own_fields(self, vals):
        """``vals`` less what only the server writes: the till sends back all that it has read."""
        if self.env.su:
            return dict(vals)
        if sent := {name for name in OWN_FIELDS & vals.keys() if vals[name]}:
            self._report_own_fields(vals, sent)
        return self._loyalty_without(OWN_FIELDS, vals)

    def action_pos_order_paid(self):
        """Settle the order's stored value and mark it paid, wholly or not at all.

        This method is public: an order is settled, and earns, when it is first paid.
        """
        self.ensure_one()
        again = self.loyalty_settled
        # the server (a self-order that costs nothing) says paid before it settles
        if self.state in PAID_STATES and (again or not self.env.su):
            return True
        if not self.env.su:
            self._check_can_be_paid()
        # sudo: value belongs to the house; what a cashier may do with it is checked on the way.
        self.sudo()._settle_stored_value()
        if not self.env.su:
            self.sudo()._check_money_without_original()  # sudo: as above
        result = super().action_pos_order_paid()
        if not again:
            self._earn_or_collect()
        return result

    def _settle_stored_value(self):
        self.ensure_one()
        self._take_its_name()
        self._take_refunded_orders()
        self._check_refund_lines()
        if self._refunded_order():
            self._earn_collected()  # points of an order before it may be what this one takes back
        self._check_tax_data()
        if self._touches_stored_value():
            self._earn_collected()  # or what it spends
            self._check_amounts()
        self._decide_is_refund()
        receipt = {
            "refunds": self._return_tenders() + self._take_back_loads(),
            "tenders": self._capture_tenders(),
            "loads": self._bring_loads(),
        }
        self._claim_rewards()
        receipt["vouchers"] = self._vouchers_used()
        self._return_claims()
        self._claw_back_points()
        self._check_money_refunded()
        self._release_holds([self.uuid])  # of another device, or of rewards that came off
        if self._refunded_order():
            self.env["loyalty.card"]._rejoin_merged(self)
        self.write({"loyalty_settled": True, "loyalty_receipt": any(receipt.values()) and receipt})

    def _take_its_name(self):
        """Give the order now the name that Odoo gives to paid ones: movements are called by it."""
        if self.name == "/" and self.pos_reference:
            self.name = self._compute_order_name()

    def _touches_stored_value(self):
        """Whether value moves with this order, or moved with what it refunds."""
        return bool(
            self._stored_value_payments()
            or self._load_lines()
            or self.lines.filtered(lambda line: line.coupon_id or line.reward_id)
            or self._refunded_order()._has_moved_value()
        )

    def _has_moved_value(self):
        """Whether value moved with one of these orders, points that they earned included."""
        if not self:
            return False
        moved = [("origin_model", "=", self._name), ("origin_id", "in", self.ids)]
        return bool(
            self.lines.filtered(lambda line: line.coupon_id or line.reward_id)
            or self.env["loyalty.ledger.entry"].search(moved, limit=1)
        )

    def _check_amounts(self):
        """The amounts that the till sends must be those that its prices make.

        :raises TenderRefused: when a line or the total is not what price, quantity and taxes make
        """
        leeway, total = self.currency_id.rounding, 0
        for line in self.lines:
            amount = float(line._loyalty_worth())
            total += amount
            # Odoo's till sends the lines of a refund without their sign, the total with it.
            apart = abs(abs(amount) - abs(line.price_subtotal_incl))
            if self.currency_id.compare_amounts(apart, leeway) > 0:
                self._refuse_amounts(line.full_product_name or line.product_id.display_name)
        leeway *= max(len(self.lines), 1)  # taxes may be rounded per line or once
        if self.config_id.cash_rounding:  # Odoo's till sends the total as it is, its office rounded
            leeway += self.config_id.rounding_method.rounding
        if self.currency_id.compare_amounts(abs(total - self.amount_total), leeway) > 0:
            self._refuse_amounts(self.env._("the total"))

    def _check_tax_data(self):
        """What a till says of taxes is what Odoo can compute with, or no session is ever closed.

        :raises TenderRefused: for anything else
        """
        if not any(line.extra_tax_data for line in self.lines):
            return
        taxes = self.env["account.tax"]
        try:
            base_lines = self._prepare_tax_base_line_values()
            taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
            taxes._round_base_lines_tax_details(base_lines, self.company_id)
        except (AttributeError, ArithmeticError, LookupError, TypeError, ValueError):
            self._refuse_amounts(self.env._("taxes"))

    def _refuse_amounts(self, what):
        raise TenderRefused(
            self.env._(
                "The amounts of this order do not add up (%(what)s). Reload the till and ring the "
                "order up again.",
                what=what,
            )
        )

    def _loyalty_company_currency(self, program):
        """Whether this order can use ``program``: same company or a parent's, same money."""
        return (
            program.company_id in self.company_id.parent_ids
            and program.currency_id == self.currency_id
        )

    def action_pos_order_cancel(self):
        """Cancel, releasing what was set aside for these orders."""
        result = super().action_pos_order_cancel()
        self._release_holds(self._cancelled_uuids())
        return result

    @api.model
    def remove_from_ui(self, server_ids):
        """Remove draft orders, releasing what was set aside for them; Odoo deletes them."""
        orders = self.browse(server_ids).exists()
        uuids = {order: order.uuid for order in orders.sudo()}  # sudo: only to know them later
        result = super().remove_from_ui(server_ids)
        left = orders.exists()
        gone = [uuid for order, uuid in uuids.items() if order not in left]
        self._release_holds(gone + left._cancelled_uuids())
        return result

    def _cancelled_uuids(self):
        # sudo: a cashier may cancel more than read
        return self.sudo().filtered(lambda order: order.state == "cancel").mapped("uuid")

    def _release_holds(self, uuids):
        """Release what is held for the payments and claims of these orders."""
        holds = (
            self.env["loyalty.hold"]
            .sudo()  # sudo: cashiers have no rights on holds; only those of cancelled orders go
            .search([("order_uuid", "in", list(filter(None, uuids))), ("state", "=", "open")])
        )
        for hold in holds:
            self.env["loyalty.ledger"].sudo().void(hold.key)
