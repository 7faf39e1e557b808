from decimal import Decimal

from psycopg2.extras import Json

from odoo import api, models

from ..domain.earning_spread import goods_of
from ..domain.saying import _lt

ZERO = Decimal(0)


class Collector:
    """The orders paid in one request that have not earned yet, so that all earn in one batch.

    It travels in the context. A client chooses its context freely but can only send JSON, never an
    instance of this class.
    """

    def __init__(self):
        self.order_ids = []

    def take(self):
        """The ids collected so far, in the order of payment; the collector is empty then."""
        ids, self.order_ids = self.order_ids, []
        return ids


class PosOrder(models.Model):
    """Orders earn the points of membership programs when they are paid (L5).

    In the transaction of the payment and last of all, when what was paid by points, coupons and
    bonus is known. The orders of one synchronisation earn together: the number of statements does
    not depend on how many they are, unless one customer has several and rules look at tiers. Each
    order earns once per program (``earn:<order>:<program>``).
    """

    _inherit = "pos.order"

    @api.model
    def _collecting(self):
        """This model with a collector in its context."""
        return self.with_context(loyalty_earning=Collector())

    def _earn_or_collect(self):
        """Earn at once, or with the other orders of this request."""
        collector = self.env.context.get("loyalty_earning")
        if isinstance(collector, Collector):
            collector.order_ids += self.ids
        else:
            # sudo: members' points are the house's; what is earned is worked out from the order.
            self.sudo()._earn()

    def _earn_collected(self):
        """Let the orders collected so far earn."""
        collector = self.env.context.get("loyalty_earning")
        if isinstance(collector, Collector):
            # sudo: as in _earn_or_collect
            orders = self.env["pos.order"].sudo().browse(collector.take())
            orders.with_context(loyalty_earning=None)._earn()

    def _earn(self):
        """Earn for these paid orders, in their order, in one batch."""
        sold = self.filtered("partner_id")
        houses = sold.company_id.parent_ids.ids
        memberships = [("is_membership", "=", True), ("company_id", "in", houses)]
        # asked first, for shops without members: what is valid at a till takes three queries
        if not self.env["loyalty.program"].search(memberships, limit=1):
            return
        for orders in sold.grouped("config_id").values():
            valid = orders.config_id._get_program_ids()
            programs = valid.filtered("is_membership")
            if not programs:
                continue
            not_goods = orders._products_not_goods(valid)
            for program in programs:
                mine = orders.filtered(
                    lambda o, p=program: (
                        o._loyalty_company_currency(p) and p._is_for_pricelist(o.pricelist_id)
                    )
                )
                mine._earn_in(program, not_goods)
            orders._write_points_receipts()
        sold._note_visits()  # last, for who becomes a member by an order has been here, too

    def _earn_in(self, program, not_goods):
        """Evaluate and post what these orders earn in one program; reward recommendations."""
        sales = self._points_sales(program, not_goods)
        partners = self.env["res.partner"].union(*(order.partner_id for order in sales))
        balances = program._earning_balances(partners)
        sales = {order: sales[order] for order in sales if order.partner_id.id in balances}
        if not sales:
            return
        self._reward_recommendations(program, sales)
        for orders in program._earn_turns(self.browse().union(*sales)):
            orders._earn_turn(program, {order: sales[order] for order in orders}, balances)

    def _earn_turn(self, program, sales, balances):
        """Evaluate and post ``{order: Sale}``, which earn by the tiers that customers have now."""
        earned = program._evaluate(sales, balances)
        movements = {
            order: program._earn_movement(
                balances[order.partner_id.id],
                earning,
                sales[order].points_day,
                order._earn_key(program),
                order,
                order._earn_reason(),
            )
            for order, earning in earned.items()
            if earning.spendable or earning.qualifying
        }
        entries = self.env["loyalty.ledger"].post(list(movements.values()))
        self.env["loyalty.earning"]._record(
            [
                (entry.id, sales[order].day, earned[order].by_rule)
                for order, entry in zip(movements, entries, strict=True)
            ]
        )
        self.env["loyalty.earn.basis"]._record(
            (order, balances[order.partner_id.id], order._earn_key(program), earning)
            for order, earning in earned.items()
        )
        self._store_shares(
            (balances[order.partner_id.id].id, earned[order].line_points, qualifying)
            for order in movements
            for qualifying in (earned[order].line_qualifying,)
        )

    def _earn_reason(self):
        return _lt("Onsite %s", self.display_name)

    def _points_sales(self, program, not_goods):
        """``{order: Sale}`` of those of these orders on which something can earn by now."""
        bonus = self._bonus_parts()
        sales = {
            order: order._points_sale(program, not_goods, bonus.get(order.id, ZERO))
            for order in self
            if not order._owes()
        }
        return {
            order: sale for order, sale in sales.items() if any(line.earns for line in sale.lines)
        }

    def _reward_recommendations(self, program, sales):
        """The newcomer's first purchase rewards both; before the purchases after it have earned.

        What nobody paid for is no purchase.
        """
        partners = self.env["res.partner"].union(*(order.partner_id for order in sales))
        members = self.env["loyalty.member"].search_fetch(
            [
                ("program_id", "=", program.id),
                ("partner_id", "in", partners.ids),
                ("referrer_id", "!=", False),
            ],
            ["partner_id"],
        )
        by_partner = {member.partner_id: member for member in members}
        first = {}
        for order, sale in sales.items():
            paid = any(good.money > 0 for good in goods_of(sale))
            if paid and (member := by_partner.get(order.partner_id)):
                first.setdefault(member, order)
        if first:
            members._reward_first_purchase(first)

    @api.model
    def _store_shares(self, shares):
        """Write what each line contributed, in the place of what it did before: one statement.

        :param shares: ``[(balance id, {line id: points}, {line id: qualifying points})]``
        """
        rows = [
            (
                line_id,
                points,
                qualifying.get(line_id, ZERO),
                str(balance),
                Json({str(balance): [str(points), str(qualifying.get(line_id, ZERO))]}),
            )
            for balance, line_points, qualifying in shares
            for line_id, points in line_points.items()
            if line_id  # not what is settled of sales orders, which is no line of its own
        ]
        if not rows:
            return
        lines = self.env["pos.order.line"].browse(row[0] for row in rows)
        self.env.cr.execute_values(
            """
            UPDATE pos_order_line l
               SET loyalty_points = COALESCE(l.loyalty_points, 0) + v.points
                       - COALESCE((l.loyalty_shares -> v.balance ->> 0)::numeric, 0),
                   loyalty_qualifying = COALESCE(l.loyalty_qualifying, 0) + v.qualifying
                       - COALESCE((l.loyalty_shares -> v.balance ->> 1)::numeric, 0),
                   loyalty_shares = COALESCE(l.loyalty_shares, '{}') || v.shares
              FROM (VALUES %s) AS v(id, points, qualifying, balance, shares) WHERE l.id = v.id
            """,
            rows,
            template="(%s, %s::numeric, %s::numeric, %s, %s::jsonb)",
            page_size=len(rows),
        )
        lines.invalidate_recordset(
            ["loyalty_points", "loyalty_qualifying", "loyalty_shares"], flush=False
        )
