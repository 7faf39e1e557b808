from odoo import api, fields, models

from ..domain.amounts import to_decimal
from ..domain.lots import NewLot
from ..exceptions import LoadRefused


class PosOrderLine(models.Model):
    """A line that sells a load knows which balance it loads."""

    _inherit = "pos.order.line"

    loyalty_balance_id = fields.Many2one(
        "loyalty.card",
        "Loaded card",
        index="btree_not_null",
        ondelete="restrict",
        help="The balance that this top-up or gift card brings value onto.",
    )

    _points_cost_positive = models.Constraint(
        "CHECK (points_cost >= 0)", "A reward cannot cost less than nothing."
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["loyalty_balance_id"]

    def _loyalty_worth(self):
        """What the line is worth, tax included, signed (Decimal).

        From price, quantity and taxes: the amounts on the line come from the till, and Odoo's till
        sends those of a refund without their sign.
        """
        worth = to_decimal(self._compute_amount_line_all()["price_subtotal_incl"])
        told = self.extra_tax_data
        if not isinstance(told, dict) or not told.get("manual_tax_amounts"):
            return worth
        by_taxes = self._worth_by_told_taxes()
        # the till says them, and may move no more by them than rounding does, line by line
        leeway = to_decimal(self.currency_id.rounding) * (len(self.order_id.lines) + 1)
        return by_taxes if abs(by_taxes - worth) <= leeway else worth

    def _worth_by_told_taxes(self):
        """As Odoo computes a discount on the whole order: its taxes are those of what it is off."""
        order, taxes = self.order_id, self.env["account.tax"]
        base_line = taxes._prepare_base_line_for_taxes_computation(
            self,
            currency_id=order.currency_id,
            rate=order.currency_rate,
            product_id=self.product_id,
            tax_ids=self.tax_ids_after_fiscal_position,
            price_unit=self.price_unit,
            quantity=self.qty,
            discount=self.discount,
            is_refund=self.qty * self.price_unit < 0,
        )
        taxes._add_tax_details_in_base_line(base_line, order.company_id)
        taxes._round_base_lines_tax_details([base_line], order.company_id)
        return to_decimal(base_line["tax_details"]["total_included_currency"])


class PosOrder(models.Model):
    """Loads: gift cards sold and wallets topped up, with the bonus that the house grants."""

    _inherit = "pos.order"

    def _load_lines(self):
        """Lines that sell value, refunds of such lines left out."""
        return self.lines.filtered(
            lambda line: line.product_id.loyalty_load_type and not line.refunded_orderline_id
        )

    def _loads_total(self):
        return sum((line._loyalty_worth() for line in self._load_lines()), to_decimal(0))

    def _bring_loads(self):
        """Bring each load and its bonus onto its balance; returns the receipt's lines."""
        lines = self._load_lines()
        if lines:
            self._check_loads_paid(lines)
        return [self._bring_load(line) for line in lines]

    def _check_loads_paid(self, lines):
        """Loads are sold without tax, and paid in money that is there.

        :raises LoadRefused: for a load that is taxed, discounted, or paid on account
        """
        for line in lines:
            amounts = line._compute_amount_line_all()
            taxed = amounts["price_subtotal_incl"] - amounts["price_subtotal"]
            if self.currency_id.compare_amounts(taxed, 0):
                raise LoadRefused(
                    self.env._(
                        "“%(product)s” is sold without tax: tax is due when the card pays. Take "
                        "the tax off the product.",
                        product=line.product_id.display_name,
                    )
                )
        loads = self._loads_total()
        if sum(line._loyalty_worth() for line in self.lines) < loads:
            raise LoadRefused(
                self.env._(
                    "A top-up or gift card is paid in money, not with a discount or a returned "
                    "product. Sell it in an order of its own."
                )
            )
        by_value = self._stored_value_payments().filtered(lambda payment: payment.amount > 0)
        unpaid = self._paid_on_account() + by_value._loyalty_total()
        if self._paid_on_account() > 0 and unpaid > self._loyalty_due() - loads:
            raise LoadRefused(
                self.env._(
                    "A top-up or gift card is paid at once, not on the customer's account. Choose "
                    "another payment method."
                )
            )

    def _paid_on_account(self):
        """What is to be paid later (Decimal); negative for what is taken off an account."""
        payments = self.payment_ids.filtered(lambda p: p.payment_method_id._is_on_account())
        return payments._loyalty_total()

    def _bring_load(self, line):
        balance = self._load_target(line)
        amount = float(line._loyalty_worth())
        ledger, key = self.env["loyalty.ledger"], f"load:{line.id}"
        bonus, expires_on = self._bonus_of(balance, amount)
        if not ledger._entry_by_key(key):
            self._check_load(balance, amount, bonus)
            last_day = balance.member_card_id._value_expires_on()
            lots = [NewLot("paid", last_day, to_decimal(amount))]
            ledger.credit(balance, amount, "load", key, lots=lots, origin=self)
        if bonus:
            lots = [NewLot("bonus", expires_on, bonus)]
            ledger.credit(
                balance, bonus, "bonus", f"bonus:{line.id}", lots=lots, group_key=key, origin=self
            )
        return {
            "label": line.product_id.display_name,
            "masked_code": balance._printed_code(),
            "amount": amount,
            "bonus": float(bonus),
            "bonus_expires_on": fields.Date.to_string(expires_on) if expires_on else False,
            "balance": balance.available,
        }

    def _load_target(self, line):
        """The balance that ``line`` loads: the one scanned, or the customer's wallet."""
        balance, load_type = line.loyalty_balance_id, line.product_id.loyalty_load_type
        if not balance and load_type == "ewallet" and self.partner_id:
            balance = line.loyalty_balance_id = (
                self.company_id.loyalty_wallet_program_id._balance_of(self.partner_id)
            )
        program = balance.program_id
        if (
            not program.is_stored_value
            or program.program_type != load_type
            or not self._loyalty_company_currency(program)
        ):
            raise LoadRefused(
                self.env._(
                    "Scan the card that “%(product)s” is for, or choose the customer.",
                    product=line.product_id.display_name,
                )
            )
        return balance

    def _check_load(self, balance, amount, bonus):
        card = balance.member_card_id
        if not balance.active:
            raise LoadRefused(self.env._("This card was closed. Take another one."))
        if card:
            if card.state == "issued":
                card._activate()
            card._check_load(balance, amount, bonus)

    def _bonus_of(self, balance, amount):
        """What the scheme in force grants on a load: the bonus and its last day.

        A bonus never outlives the value it came with.
        """
        day = balance.program_id._moment(self._loyalty_sold_at())[0]
        scheme = self.env["loyalty.bonus.scheme"]
        bonus, expires_on = scheme._bonus_for(balance.program_id, to_decimal(amount), day)
        last_day = balance.member_card_id._value_expires_on()
        days = [date for date in (expires_on, last_day) if date]
        return bonus, min(days, default=None)
