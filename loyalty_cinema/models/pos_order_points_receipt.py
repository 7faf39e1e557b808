from psycopg2.extras import Json

from odoo import fields, models


class PosOrder(models.Model):
    """What the receipt says of points: earned, pending, taken back, spent, and the new balance."""

    _inherit = "pos.order"

    def _write_points_receipts(self):
        """Add the points to what the receipts of these orders say; four statements for all."""
        rows = [(order.id, Json(part)) for order, part in self._receipt_parts().items() if part]
        if not rows:
            return
        self.env["pos.order"].flush_model(["loyalty_receipt"])
        self.env.cr.execute_values(
            """
            UPDATE pos_order o
               SET loyalty_receipt = '{"refunds": [], "tenders": [], "loads": []}'::jsonb
                                     || COALESCE(o.loyalty_receipt, '{}') || v.points
              FROM (VALUES %s) AS v(id, points) WHERE o.id = v.id
            """,
            rows,
            template="(%s, %s::jsonb)",
            page_size=len(rows),
        )
        self.invalidate_recordset(["loyalty_receipt"], flush=False)

    def _receipt_parts(self):
        """``{order: {"points": …}}``: what its receipt says once points have moved."""
        balances = self._receipt_balances()
        moved = self._points_moved(balances) if balances else {}
        return {
            order: {"points": _block(balance, moved.get(order.id))}
            for order, balance in balances.items()
        }

    def _receipt_balances(self):
        """``{order: balance}``: the customer's, in the company's membership program or another."""
        members = self.env["loyalty.member"].search_fetch(
            [("partner_id", "in", self.partner_id.ids)],
            ["partner_id", "program_id", "balance_id"],
        )
        by_partner, found = members.grouped("partner_id"), {}
        for order in self:
            own = order.company_id._loyalty_membership_program()
            mine = [
                member
                for member in by_partner.get(order.partner_id, ())
                if order._loyalty_company_currency(member.program_id)
            ]
            if mine:
                mine.sort(key=lambda member, own=own: member.program_id != own)
                found[order] = mine[0].balance_id
        return found

    def _points_moved(self, balances):
        """``{order id: (earned, pending, available_on, clawed back, spent, given back)}``.

        What these orders moved on their customers' balances, payments in points left aside: the
        receipt lists those with the other payments. One query.
        """
        self.env.cr.execute(
            """
            SELECT e.origin_id,
                   SUM(e.amount) FILTER (WHERE e.kind = 'earn')::float,
                   SUM(l.amount)::float,
                   MAX(l.available_on),
                   -SUM(e.amount) FILTER (WHERE e.kind = 'clawback')::float,
                   -SUM(e.amount) FILTER (WHERE e.amount < 0 AND e.kind != 'clawback')::float,
                   SUM(e.amount) FILTER (WHERE e.key LIKE 'unclaim:%%')::float
              FROM loyalty_ledger_entry e
              LEFT JOIN LATERAL (
                   SELECT SUM(amount) AS amount, MAX(available_on) AS available_on
                     FROM loyalty_lot WHERE entry_id = e.id AND pending
              ) l ON e.kind = 'earn'
             WHERE e.origin_model = %s AND (e.origin_id, e.balance_id) IN %s
               AND e.key NOT LIKE 'capture:%%'
             GROUP BY e.origin_id
            """,
            (
                self._name,
                tuple((order.id, balance.id) for order, balance in balances.items()),
            ),
        )
        return {order_id: moved for order_id, *moved in self.env.cr.fetchall()}


def _block(balance, moved):
    earned, pending, available_on, clawed_back, spent, given_back = moved or [None] * 6
    return {
        "program": balance.program_id.name,
        "earned": earned or 0,
        "pending": pending or 0,
        "available_on": fields.Date.to_string(available_on) or False,
        "clawed_back": clawed_back or 0,
        "spent": spent or 0,
        "given_back": given_back or 0,
        "balance": balance.points,
        "available": balance.available,
    }
