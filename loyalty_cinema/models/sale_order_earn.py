from decimal import Decimal
from itertools import zip_longest

from odoo import fields, models

from ..domain.amounts import to_decimal
from ..domain.earning import Sale
from ..domain.earning_spread import goods_of
from ..domain.saying import _lt

ZERO = Decimal(0)


class SaleOrder(models.Model):
    """A sales order earns once: when it is paid in full or confirmed, as the program says.

    The server works the points out of the lines (L5). What was paid is asked of the invoices and of
    online payments (``sale_order_paid.py``); what refunds leave of it, in
    ``sale_order_refund.py``.
    """

    _inherit = "sale.order"

    def _loyalty_earn_due(self):
        """Give what is due for these orders and was not given yet; one ``post`` for each turn.

        Safe to call again, and for orders that earn nothing.
        """
        # sudo: whoever confirms or invoices has no rights on members; the rules decide.
        orders = self.sudo().filtered(lambda order: order._loyalty_may_earn())
        programs = orders and orders._loyalty_membership_programs()
        if not programs:
            return
        # Of two invoices that are paid at the same moment, each would miss the other's payment.
        orders._loyalty_take_rows()
        due = {program: orders._loyalty_due_in(program) for program in programs}
        orders.browse().union(*due.values())._loyalty_note_visits()
        turns = [program._earn_turns(due_now) for program, due_now in due.items()]
        for turn in zip_longest(*turns, fillvalue=self.browse()):
            earned = [
                row
                for program, due_now in zip(due, turn, strict=True)
                for row in due_now._loyalty_work_out(program)
            ]
            self.sudo()._loyalty_give(earned)  # sudo: as above

    def _loyalty_note_visits(self):
        """The customers of these orders were here, whatever they earned: each order counts once."""
        new = self.filtered(lambda order: not order.loyalty_visit_on)
        for company, orders in new.grouped("company_id").items():
            orders.loyalty_visit_on = company._loyalty_day()
        self.env["loyalty.member"]._note_visits(
            (order.partner_id.id, order.company_id.id, order.loyalty_visit_on) for order in new
        )

    def _loyalty_may_earn(self):
        return self.state == "sale" and self.partner_id and not self.partner_id.is_public

    def _loyalty_membership_programs(self):
        """All membership programs that sales orders of these companies can earn in."""
        companies = self.company_id.parent_ids
        domain = [("is_membership", "=", True), ("company_id", "in", companies.ids)]
        return self.env["loyalty.program"].search(domain)

    def _loyalty_due_in(self, program):
        """Those of these orders that the program is valid for, whose moment has come.

        What an order was given before counts for the caps already.
        """
        orders = self.filtered(
            lambda order: (
                program.filtered_domain(order._get_program_domain())
                and (program.sale_earn_on == "confirmed" or order._loyalty_paid_in_full())
            )
        )
        keys = {order: order._loyalty_earn_key(program) for order in orders}
        # sudo: entries are the managers' to read; only whether there is one is asked
        entries = self.env["loyalty.ledger.entry"].sudo()
        given = set(entries.search_fetch([("key", "in", [*keys.values()])], ["key"]).mapped("key"))
        return orders.filtered(lambda order: keys[order] not in given)

    def _loyalty_work_out(self, program):
        """What these orders earn in ``program``: ``[(order, balance, Sale, Earning)]``."""
        balances = program._earning_balances(self.partner_id)
        orders = self.filtered(lambda order: order.partner_id.id in balances)
        sales = {order: order._loyalty_sale(program) for order in orders}
        return [
            (order, balances[order.partner_id.id], sales[order], earning)
            for order, earning in program._evaluate(sales, balances).items()
        ]

    def _loyalty_earn_key(self, program):
        """One key for each life of the order: cancelled and sold again, it earns again."""
        key = f"earn-sale:{self.id}:{program.id}"
        return f"{key}:{self.loyalty_life}" if self.loyalty_life else key

    def _loyalty_give(self, rows):
        """Post what was worked out, and remember each line's share of it."""
        movements = {}
        for order, balance, sale, earning in rows:
            if earning.spendable or earning.qualifying:
                movements[order, balance] = order._loyalty_earn_movement(balance, earning, sale)
        ledger = self.env["loyalty.ledger"]
        entries = dict(zip(movements, ledger.post(list(movements.values())), strict=True))
        self.env["loyalty.earning"]._record(
            [
                (entries[order, balance].id, sale.day, earning.by_rule)
                for order, balance, sale, earning in rows
                if (order, balance) in entries
            ]
        )
        self.env["loyalty.earn.basis"]._record(
            (order, balance, order._loyalty_earn_key(balance.program_id), earning)
            for order, balance, _sale, earning in rows
        )
        first = {}
        for order, balance, sale, earning in rows:
            order._loyalty_remember(balance, earning)
            if any(good.money > 0 for good in goods_of(sale)):
                first = order._loyalty_recommended(balance) | first
        if first:
            self.env["loyalty.member"]._reward_first_purchase(first)

    def _loyalty_recommended(self, balance):
        """``{member: this order}``, if somebody recommended the program to the member."""
        return dict.fromkeys(balance.member_ids.filtered("referrer_id"), self)

    def _loyalty_earn_movement(self, balance, earning, sale):
        program, key = balance.program_id, self._loyalty_earn_key(balance.program_id)
        return program._earn_movement(
            balance, earning, sale.points_day, key, self, self._earn_reason()
        )

    def _earn_reason(self):
        return _lt("Order %s", self.name)

    def _loyalty_remember(self, balance, earning):
        worth = self._loyalty_worth(self._loyalty_goods(), balance.program_id)
        for line in worth:
            points = earning.line_points.get(line.id, ZERO)
            qualifying = earning.line_qualifying.get(line.id, ZERO)
            if not (points or qualifying or earning.terms):
                continue
            shares = {
                **(line.loyalty_shares or {}),
                str(balance.id): [str(points), str(qualifying)],
            }
            line.write(
                {
                    "loyalty_shares": shares,
                    "loyalty_points": line.loyalty_points + float(points),
                    "loyalty_qualifying": line.loyalty_qualifying + float(qualifying),
                    "loyalty_paid": float(worth[line]),
                }
            )

    # -- the sale, as the rules see it ---------------------------------------------------------

    def _loyalty_sale(self, program):
        """This order as the domain knows it, in the program's currency."""
        day, weekday, hour = program._moment(self._loyalty_sold_at())

        def amounts(lines):
            return {
                line: to_decimal(
                    self.currency_id._convert(float(own), program.currency_id, self.company_id, day)
                )
                for line, own in self._loyalty_worth(lines, program).items()
            }

        goods, below = self._loyalty_goods(), self._loyalty_lines_below_zero()
        worth = amounts(goods | below)
        below, unearning = below._without_value_payments(worth, program)
        delivery = self._get_no_effect_on_threshold_lines()
        return Sale(
            goods._as_sale_lines(worth, delivery),
            day,
            weekday,
            hour,
            "web" if self._loyalty_is_online() else "sales",
            unearning=unearning,
            discounts=below._as_discounts(worth, goods, delivery),
            points_day=program._today(),  # they are theirs from now on
        )

    def _loyalty_worth(self, lines, program):
        """``{line: Decimal}``: what these lines cost, as far as it was paid in money.

        Where orders earn when they are confirmed, nothing is paid yet.
        """
        by_invoice = self._loyalty_billed_in_full()
        if by_invoice or program.sale_earn_on == "confirmed":
            return {line: line._loyalty_amount(by_invoice, program) for line in lines}
        share = self._loyalty_paid_share(program)
        return {line: line._loyalty_amount(by_invoice, program) * share for line in lines}

    def _loyalty_goods(self):
        """The lines of these orders that sell goods, whether they earn or not."""
        lines = self.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.is_downpayment
                and line.price_total > 0
                and line.product_uom_qty > 0
                and not line.product_id.loyalty_load_type
            )
        )
        return lines.filtered(lambda line: line.product_id not in lines._loyalty_value_products())

    def _loyalty_lines_below_zero(self):
        """The lines that take something off the goods: rewards, coupons, discounts, returns."""
        return self.order_line.filtered(
            lambda line: line.price_total < 0 and not line.is_downpayment
        )

    def _loyalty_sold_at(self):
        """When it was sold: rules for days and hours ask for the confirmation.

        By the server's clock, not by ``date_order``, which salespersons may change: what was
        imported as confirmed was sold when it was imported.
        """
        return self.loyalty_sold_at or self.create_date or fields.Datetime.now()

    def _loyalty_is_online(self):
        """Whether the order comes from a website, where that is installed."""
        return "website_id" in self._fields and bool(self["website_id"])


class SaleOrderLine(models.Model):
    """What a sales order sold, for the rules of earning."""

    _name = "sale.order.line"
    _inherit = ["loyalty.sold.line", "sale.order.line"]

    def _combo_line(self):
        return self.linked_line_id if self.combo_item_id else self.browse()

    def _sold_quantity(self):
        return self.product_uom_qty

    def _sold_amount(self):
        return to_decimal(self.price_total)
