from odoo import api, fields, models

from ..exceptions import LoadRefused, TenderRefused
from .pos_order import PAID_STATES

#: What a paid order has moved value by. Odoo's server writes some of it again, see PaymentEdit.
CLOSED_FIELDS = frozenset(
    {
        "amount_difference",
        "amount_paid",
        "amount_return",
        "amount_tax",
        "amount_total",
        "company_id",
        "config_id",
        "currency_rate",
        "date_order",
        "fiscal_position_id",
        "is_refund",
        "partner_id",
        "session_id",
    }
)
#: The same of a line.
CLOSED_LINE_FIELDS = frozenset(
    {
        "coupon_id",
        "discount",
        "extra_tax_data",
        "is_reward_line",
        "loyalty_balance_id",
        "order_id",
        "points_cost",
        "price_subtotal",
        "price_subtotal_incl",
        "price_unit",
        "product_id",
        "qty",
        "refunded_orderline_id",
        "reward_id",
        "reward_identifier_code",
        "tax_ids",
        "uuid",
    }
)
#: The same of a payment.
CLOSED_PAYMENT_FIELDS = frozenset(
    {
        "account_move_id",
        "amount",
        "company_id",
        "is_change",
        "payment_date",
        "payment_method_id",
        "pos_order_id",
        "session_id",
        "transaction_id",
        "uuid",
    }
)
#: What holds are for.
IDENTITY = frozenset({"company_id", "session_id", "uuid"})
#: Of a payment by card the server itself changes nothing of this.
TENDER_FIELDS = frozenset({"amount", "payment_method_id", "pos_order_id", "transaction_id"})
#: Methods by which money changes hands at once.
MONEY_TYPES = ("cash", "bank")


class PaymentEdit:
    """Odoo's *Edit Payment* is going on: the payments of a paid order are written as a whole.

    It travels in the context. A client chooses its context freely but can only send JSON, never an
    instance of this class.
    """


class PosOrder(models.Model):
    """An order becomes paid in one place, and is closed from then on (L4, L5).

    Whatever a client sends, an order is a draft, or cancelled, until
    :meth:`~PosOrder.action_pos_order_paid` has settled it. From then on nothing changes by which
    value was moved: a refund and its limits are worked out from it. The server itself (``sudo``) is
    trusted. Two things stay possible: a tip, and *Edit Payment* from money to money.
    """

    _inherit = "pos.order"

    @api.model_create_multi
    def create(self, vals_list):
        """An order is born unpaid, whatever state the client sends."""
        if not self.env.su:
            vals_list = [
                {**vals, "account_move": False, "state": self._state_at_birth(vals)}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _state_at_birth(self, vals):
        return "cancel" if vals.get("state") == "cancel" else "draft"

    def write(self, vals):
        """Refuse a shortcut to "paid" around the settlement, and changes of a paid order."""
        if self.env.su:
            return super().write(vals)
        # which invoice is an order's, Odoo writes in sudo; tills send back what they have read
        vals = {name: value for name, value in vals.items() if name != "account_move"}
        orders = self.sudo()  # sudo: only to compare; a record rule refuses below what it refuses
        orders._check_state(vals.get("state"))
        if IDENTITY & vals.keys():
            orders._check_identity(vals)
        paid = orders.filtered(lambda order: order.state in PAID_STATES)
        if not isinstance(self.env.context.get("loyalty_payment_edit"), PaymentEdit):
            paid._check_unchanged(vals)
        if not paid or "payment_ids" not in vals:
            return super().write(vals)
        before = {order: order._compute_amount_paid() for order in paid}
        owing = paid.filtered(lambda order: order._owes())
        editing = self.with_context(loyalty_payment_edit=PaymentEdit())
        result = super(PosOrder, editing).write(vals)
        for order, amount in before.items():
            if order.currency_id.compare_amounts(order._compute_amount_paid(), amount):
                order._refuse_change()
        owing._earn_as_paid()  # what was meant to be on account may be money now
        return result

    def unlink(self):
        """Release what was set aside for these orders: their uuid is free from now on."""
        uuids = self.sudo().mapped("uuid")  # sudo: only to know them later
        result = super().unlink()
        self._release_holds(uuids)
        return result

    def _check_state(self, state):
        """Only a settled order is paid, and a posted one is not paid again."""
        for order in self if state in PAID_STATES else ():
            if order.state in PAID_STATES:
                if order.state == "done" and state == "paid":
                    order._refuse_change()
            elif not order.loyalty_settled:
                order._refuse_unpaid()

    def _refuse_unpaid(self):
        raise TenderRefused(
            self.env._(
                "%(order)s is not paid yet. Take its payment at the till, or by the button "
                "“Payment” of the order.",
                order=self.display_name,
            )
        )

    def _check_identity(self, vals):
        """Holds are for one uuid, and for a company's till: an order keeps both."""
        for order in self:
            session = order.session_id.browse(vals.get("session_id") or [])
            if (
                vals.get("uuid", order.uuid) != order.uuid
                or vals.get("company_id", order.company_id.id) != order.company_id.id
                or (session and session.company_id.root_id != order.company_id.root_id)
            ):
                raise TenderRefused(
                    self.env._(
                        "%(order)s cannot become another order, or move to another company.",
                        order=order.display_name,
                    )
                )

    def _check_unchanged(self, vals):
        """Refuse other values for what these paid orders have moved value by.

        A customer may still be named where there was none: for an invoice.
        """
        for order in self:
            for name in CLOSED_FIELDS & vals.keys():
                if name == "partner_id" and not order.partner_id:
                    continue
                field = self._fields[name]
                if field.convert_to_cache(vals[name], order) != field.convert_to_cache(
                    order[name], order
                ):
                    order._refuse_change()

    def _refuse_change(self):
        raise TenderRefused(
            self.env._(
                "%(order)s is paid: its customer, session, dates and amounts stay as they are. "
                "Refund it instead.",
                order=self.display_name,
            )
        )

    def _generate_pos_order_invoice(self):
        """An order that is invoiced before it is paid is done: it must move nothing."""
        if not self.env.su:
            for order in self.sudo().filtered(lambda order: order.state not in PAID_STATES):
                if order.payment_ids or order._touches_stored_value():
                    order._refuse_unpaid()
                order._settle_stored_value()  # sudo, above: as when it is paid
        return super()._generate_pos_order_invoice()

    def _check_can_be_paid(self):
        """An order is paid at an open till of its own company, at no moment to come."""
        session = self.session_id
        if (
            session.state in (False, "closed")
            or self.currency_id != session.currency_id
            or self.company_id.root_id != session.company_id.root_id
        ):
            raise TenderRefused(
                self.env._(
                    "%(order)s does not belong to an open session. Ring it up at an open till.",
                    order=self.display_name,
                )
            )
        if self.config_id != session.config_id:  # of a table that was opened at another till
            self.config_id = session.config_id
        now = fields.Datetime.now()
        if not self.date_order or self.date_order > now:
            self.date_order = now


class PosOrderLine(models.Model):
    """What a paid order has sold is the ground of its movements: it stays as it was paid."""

    _inherit = "pos.order.line"

    loyalty_after_payment = fields.Boolean(
        "Added after the payment",
        readonly=True,
        copy=False,
        help="A tip on an order that was paid already: it is given back as far as it was paid.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A paid order gets no more lines, save the tip that is given after it, and free goods."""
        lines = super().create(vals_list)
        if paid := lines.filtered(lambda line: line.order_id.state in PAID_STATES):
            paid.filtered(lambda line: not (line._is_tip() or line._is_free()))._check_not_paid()
            paid.sudo().loyalty_after_payment = True  # sudo: nobody writes it but the server
        return lines

    def write(self, vals):
        """A line of a paid order stays."""
        if CLOSED_LINE_FIELDS & vals.keys():
            self._check_not_paid()
        result = super().write(vals)
        if "order_id" in vals:
            self._check_not_paid()
        return result

    def unlink(self):
        """A line of a paid order stays."""
        self._check_not_paid()
        return super().unlink()

    def _is_tip(self):
        """Whether this is a tip and nothing else: it sells, pays for and gives back nothing."""
        return (
            self.product_id == self.order_id.config_id.tip_product_id
            and self.price_unit > 0
            and self._only_sells()
        )

    def _is_free(self):
        """Whether this sells something for nothing: what was paid, earned and owed stays true."""
        amounts = (self.price_unit, self.price_subtotal, self.price_subtotal_incl)
        return not any(amounts) and not self._loyalty_worth() and self._only_sells()

    def _only_sells(self):
        """Whether this is no return, no claim, no load, part of a combo, or of a sales order."""
        return self.qty > 0 and not (
            self.refunded_orderline_id
            or self.reward_id
            or self.coupon_id
            or self.is_reward_line
            or self.points_cost
            or self.loyalty_balance_id
            or self.combo_parent_id
            or self.combo_line_ids
            or self.product_id.loyalty_load_type
            or self._loyalty_sales_orders()
        )

    def _check_not_paid(self):
        if not self.env.su and any(line.order_id.state in PAID_STATES for line in self):
            raise LoadRefused(
                self.env._("This order is paid: its lines cannot be changed. Refund it instead.")
            )


class PosPayment(models.Model):
    """The payments of a paid order stay, save that one kind of money was meant for another."""

    _inherit = "pos.payment"

    @api.model_create_multi
    def create(self, vals_list):
        """No payment is added to a paid order but by *Edit Payment*."""
        payments = super().create(vals_list)
        payments._check_not_paid()
        return payments

    def write(self, vals):
        """Amount, method and order of a paid payment stay."""
        closed = TENDER_FIELDS if self.env.su else CLOSED_PAYMENT_FIELDS
        if closed.isdisjoint(vals):
            return super().write(vals)
        self._check_not_paid()
        result = super().write(vals)
        self._check_not_paid()
        return result

    def unlink(self):
        """A payment of a paid order stays."""
        self._check_not_paid()
        return super().unlink()

    def _check_not_paid(self):
        """Refuse what would take or add value; payments by card stay for the server, too."""
        paid = self.filtered(lambda payment: payment.pos_order_id.state in PAID_STATES)
        closed = paid.filtered(
            lambda payment: (
                payment.payment_method_id.stored_value_type and payment.pos_order_id.loyalty_settled
            )
        )
        if paid and not self.env.su:
            closed = closed or paid._not_editable()
        if closed:
            raise TenderRefused(
                self.env._(
                    "Order %(order)s is paid: its payment by %(method)s cannot be changed. Refund "
                    "the order instead.",
                    order=closed[0].pos_order_id.display_name,
                    method=closed[0].payment_method_id.name,
                )
            )

    def _not_editable(self):
        """Those of these payments of paid orders that *Edit Payment* may not touch.

        What is on account is no money: what was loaded or earned by the order was paid for.
        """
        if not isinstance(self.env.context.get("loyalty_payment_edit"), PaymentEdit):
            return self
        if tenders := self.filtered("payment_method_id.stored_value_type"):
            return tenders
        on_account = self.filtered(lambda p: p.payment_method_id.type not in MONEY_TYPES)
        if not on_account:
            return on_account
        # sudo: cashiers do not read entries; only whether there is one is asked
        entries = self.env["loyalty.ledger.entry"].sudo()
        moved = entries._read_group(
            [
                ("origin_model", "=", "pos.order"),
                ("origin_id", "in", on_account.pos_order_id.ids),
            ],
            ["origin_id"],
        )
        orders = {order_id for [order_id] in moved}
        return on_account.filtered(lambda payment: payment.pos_order_id.id in orders)
