from collections import Counter
from decimal import Decimal

from psycopg2.extras import Json

from odoo import api, fields, models

from ..domain.amounts import to_decimal
from ..domain.earning import Earning, Usage, evaluate
from ..domain.earning_terms import Terms

ZERO = Decimal(0)
#: Points that an order gets after its first ones have their key with this and a number.
MORE = ":more:"


class LoyaltyEarnBasis(models.Model):
    """What an order's points were worked out from, where its lines' shares do not tell.

    Where a cap has cut, or a discount may stay behind: what is left of such an order is evaluated
    again, by the rules of its day. And where a refund makes room under a cap, the orders that it
    had cut get what they missed. One row for each order, program and life of the order, written in
    one statement for a batch; none for most orders.

    Orders of the till and of sales answer ``_earns_by`` (whether a row still holds), ``_earned_of``
    (what they got by it, and what was taken back of that) and ``_kept_of`` (how much is left of
    each line).
    """

    _name = "loyalty.earn.basis"
    _inherit = "loyalty.ledger.protected"
    _description = "What Points Were Worked Out From"
    _order = "id"
    _rec_name = "key"

    key = fields.Char(required=True, help="That of the movement by which the order earned.")
    origin_model = fields.Char(required=True)
    origin_id = fields.Integer(required=True)
    balance_id = fields.Many2one("loyalty.card", required=True, ondelete="cascade")
    program_id = fields.Many2one(related="balance_id.program_id")
    company_id = fields.Many2one(related="balance_id.company_id")
    day = fields.Date(required=True, help="Day of the sale, by the clock of the shop.")
    is_cut = fields.Boolean("Cut by a cap")
    is_for_ever = fields.Boolean("Caps of other days count")
    terms = fields.Json(required=True)

    _once = models.Constraint("UNIQUE(key)", "An order's points are worked out once.")
    _cut_idx = models.Index("(balance_id) WHERE is_cut")

    @api.model
    @api.private
    def _record(self, rows):
        """Keep the terms of those orders that need them: one INSERT, or none.

        :param rows: ``[(order, balance, key, Earning)]``
        """
        values = [
            (
                key,
                order._name,
                order.id,
                balance.id,
                earning.terms.sale.day,
                bool(earning.cut),
                earning.terms.has_cap_for_ever,
                Json(earning.terms.to_json()),
            )
            for order, balance, key, earning in rows
            if earning.terms
        ]
        if values:
            self.env.cr.execute_values(
                """
                INSERT INTO loyalty_earn_basis
                       (key, origin_model, origin_id, balance_id, day, is_cut, is_for_ever, terms)
                VALUES %s ON CONFLICT DO NOTHING
                """,
                values,
                page_size=len(values),
            )

    @api.model
    @api.private
    def _by_key(self, keys):
        """``{key: row}`` of those of these keys that have one."""
        return {row.key: row for row in self.search([("key", "in", list(keys))])}

    # -- what is left ----------------------------------------------------------------------------

    @api.private
    def _entitled(self, kept, chain):
        """What the part of the order that is left earns (:class:`Earning`).

        :param kept: ``{id of a line: 0 to 1}``
        :param chain: the entries by which it got points, and which took some back
        """
        terms = Terms.from_json(self.terms)
        rules, sale = terms.left(kept)
        program = self.program_id
        usage = program._usage(rules, self.balance_id.ids, sale.day, sale.counts_on, chain)
        usage = usage.get(self.balance_id.id, Usage())
        return evaluate(rules, sale, usage, *program._roundings())

    @api.private
    def _sold_ids(self):
        """The ids of the lines of goods that it was worked out from."""
        return [line[0] for line in self.terms["lines"]]

    @api.private
    def _record_rules(self, moved, earning, chain):
        """Note by rule what ``moved`` took back or gave, so that ``chain`` comes to ``earning``."""
        change = Counter(earning.by_rule)
        change.subtract(self.env["loyalty.earning"]._given_by(chain))
        change = {rule_id: points for rule_id, points in change.items() if rule_id and points}
        if moved and change:
            self.env["loyalty.earning"]._record([(moved[0].id, self.day, change)])

    # -- room under a cap ------------------------------------------------------------------------

    @api.model
    @api.private
    def _fill_caps(self, taken, but):
        """Let orders that caps have cut have what they missed, where a refund has made room.

        :param taken: the entries that took points back
        :param but: the orders that were refunded
        """
        rows = self.search([("balance_id", "in", taken.balance_id.ids), ("is_cut", "=", True)])
        if not rows:
            return
        given = self.env["loyalty.earning"].search([("entry_id", "in", taken.ids)])
        days = {*given.mapped("day"), *taken.mapped("qualifying_on")}
        rows = rows.filtered(lambda row: row.is_for_ever or row.day in days)
        for row in rows.filtered("balance_id.active"):
            order = self.env[row.origin_model].browse(row.origin_id).exists()
            is_refunded = order._name == but._name and order in but
            if order and not is_refunded and order._earns_by(row):
                row._give_more(order)

    def _give_more(self, order):
        order._loyalty_take_rows()  # a refund of it at this moment waits, or runs again
        chain = order._earned_of(self)
        due = self._entitled(order._kept_of(self), chain)
        more = Earning(
            *(
                max(now - sum((to_decimal(entry[name]) for entry in chain), ZERO), ZERO)
                for now, name in (
                    (due.spendable, "amount"),
                    (due.qualifying, "qualifying_points"),
                )
            )
        )
        if not (more.spendable or more.qualifying):
            return
        is_first = self.key not in chain.mapped("key")
        key = self.key if is_first else f"{self.key}{MORE}{len(chain)}"
        day = Terms.from_json(self.terms).sale.counts_on
        movement = self.program_id._earn_movement(
            self.balance_id, more, day, key, order, order._earn_reason()
        )
        entries = self.env["loyalty.ledger"].post([movement])
        self._record_rules(entries, due, chain)
