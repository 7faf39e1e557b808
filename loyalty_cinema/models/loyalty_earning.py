from collections import Counter

from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS, to_decimal
from ..domain.earning import Usage

COLUMNS = (
    "entry_id, rule_id, balance_id, program_id, company_id, day, points, qualifying, "
    "create_uid, create_date"
)


class LoyaltyEarning(models.Model):
    """Which rule gave how many points of one movement: for caps and for the report.

    A clawback has rows of its own, negative, on the day of what it takes back: a refund gives the
    member's cap back, and the report shows what rules gave net.
    """

    _name = "loyalty.earning"
    _inherit = "loyalty.ledger.protected"
    _description = "Points by Rule"
    _order = "id desc"
    _rec_name = "rule_id"

    entry_id = fields.Many2one(
        "loyalty.ledger.entry", "Movement", required=True, ondelete="restrict"
    )
    rule_id = fields.Many2one("loyalty.earn.rule", required=True, index=True, ondelete="restrict")
    balance_id = fields.Many2one("loyalty.card", required=True, ondelete="restrict")
    partner_id = fields.Many2one(related="balance_id.partner_id", string="Member")
    program_id = fields.Many2one("loyalty.program", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", index=True)
    day = fields.Date(required=True, help="Day of the sale, by the clock of the shop.")
    points = fields.Float(
        "Points to spend", digits=AMOUNT_DIGITS, min_display_digits=0, required=True
    )
    qualifying = fields.Float("Tier points", digits=AMOUNT_DIGITS, min_display_digits=0)

    _once_per_rule = models.Constraint(
        "UNIQUE(entry_id, rule_id)", "What a rule gave for a movement is recorded once."
    )
    _usage_idx = models.Index("(balance_id, rule_id)")

    @api.model
    @api.private
    def _record(self, rows):
        """Store what rules gave: one INSERT for a whole batch; known movements change nothing (L4).

        :param rows: ``[(entry id, day, {rule id: points})]``, the points as in
            :attr:`Earning.by_rule`
        """
        values = [
            (entry_id, rule_id, day, points)
            for entry_id, day, by_rule in rows
            for rule_id, points in by_rule.items()
        ]
        if not values:
            return
        self.env["loyalty.earn.rule"].flush_model(["target"])
        self.env.cr.execute_values(
            f"""
            INSERT INTO loyalty_earning ({COLUMNS})
            SELECT v.entry_id, v.rule_id, e.balance_id, e.program_id, e.company_id, v.day,
                   CASE WHEN r.target = 'spendable' THEN v.points ELSE 0 END,
                   CASE WHEN r.target = 'qualifying' THEN v.points ELSE 0 END,
                   e.create_uid, e.create_date
              FROM (VALUES %s) AS v(entry_id, rule_id, day, points)
              JOIN loyalty_ledger_entry e ON e.id = v.entry_id
              JOIN loyalty_earn_rule r ON r.id = v.rule_id
            ON CONFLICT DO NOTHING
            """,
            values,
            page_size=len(values),
        )

    @api.model
    @api.private
    def _record_clawbacks(self, entries):
        """Store the rules' share of entries that take others back (``reverses_id``): one INSERT.

        What a clawback took, or what a clawback taken back returns, is spread over the rows of the
        entry it reverses in proportion, and adds up exactly: the parts are differences of rounded
        running totals, as in :func:`~odoo.addons.loyalty_cinema.domain.amounts.split`.
        """
        if entries:
            self.env.cr.execute(RECORD_CLAWBACKS, {"entries": tuple(entries.ids)})

    @api.model
    @api.private
    def _record_undone(self, entries, undone):
        """Give back by rule what ``undone`` took, which ``entries`` undo: each of them by its root.

        :param undone: entries that took points back, all those that ``entries`` undo
        """
        roots = {entry.reverses_id: entry.id for entry in entries}
        rows = {}
        for row in self.search([("entry_id", "in", undone.ids)]):
            if entry_id := roots.get(row.entry_id.reverses_id):
                given_again = rows.setdefault((entry_id, row.day), Counter())
                given_again[row.rule_id.id] -= to_decimal(row.points) + to_decimal(row.qualifying)
        self._record([(*entry_and_day, by_rule) for entry_and_day, by_rule in rows.items()])

    @api.model
    @api.private
    def _given_by(self, entries):
        """What rules gave by these entries, net: ``{rule id: Decimal}``."""
        groups = self._read_group(
            [("entry_id", "in", entries.ids)], ["rule_id"], ["points:sum", "qualifying:sum"]
        )
        return {
            rule.id: to_decimal(points) + to_decimal(qualifying)
            for rule, points, qualifying in groups
        }

    @api.model
    @api.private
    def _usage(self, rules, balance_ids, day, without=None):
        """What balances got by rules with a cap per day or member: one query, or none.

        :param rules: :class:`EarnRule` values
        :param without: entries that are left aside
        :return: ``{balance id: Usage}``; balances that got nothing are not in it
        """
        for_ever = [rule.id for rule in rules if rule.cap_member is not None]
        capped = for_ever + [rule.id for rule in rules if rule.most_per_day is not None]
        if not capped or not balance_ids:
            return {}
        self.env.cr.execute(
            """
            SELECT balance_id, rule_id, SUM(points + qualifying) FILTER (WHERE day = %(day)s),
                   SUM(points + qualifying)
              FROM loyalty_earning
             WHERE balance_id = ANY(%(balances)s) AND rule_id = ANY(%(capped)s)
               AND (day = %(day)s OR rule_id = ANY(%(for_ever)s))
               AND entry_id != ALL(%(without)s)
          GROUP BY balance_id, rule_id
            """,
            {
                "day": day,
                "balances": list(balance_ids),
                "capped": capped,
                "for_ever": for_ever,
                "without": without.ids if without else [],
            },
        )
        given = {}
        for balance_id, rule_id, today, ever in self.env.cr.fetchall():
            given.setdefault(balance_id, {})[rule_id] = (to_decimal(today), to_decimal(ever))
        return {balance_id: Usage(by_rule) for balance_id, by_rule in given.items()}


RECORD_CLAWBACKS = f"""
    WITH shares AS (
        SELECT c.id, g.rule_id, c.balance_id, c.program_id, c.company_id, g.day, c.create_uid,
               c.create_date, c.amount, c.qualifying_points,
               g.points AS p, SUM(g.points) OVER run AS p_upto, SUM(g.points) OVER entry AS p_all,
               g.qualifying AS q, SUM(g.qualifying) OVER run AS q_upto,
               SUM(g.qualifying) OVER entry AS q_all
          FROM loyalty_ledger_entry c
          JOIN loyalty_earning g ON g.entry_id = c.reverses_id
         WHERE c.id IN %(entries)s
        WINDOW run AS (PARTITION BY c.id ORDER BY g.id), entry AS (PARTITION BY c.id)
    )
    INSERT INTO loyalty_earning ({COLUMNS})
    SELECT id, rule_id, balance_id, program_id, company_id, day,
           COALESCE(ROUND(amount * p_upto / NULLIF(p_all, 0), 4)
                    - ROUND(amount * (p_upto - p) / NULLIF(p_all, 0), 4), 0),
           COALESCE(ROUND(qualifying_points * q_upto / NULLIF(q_all, 0), 4)
                    - ROUND(qualifying_points * (q_upto - q) / NULLIF(q_all, 0), 4), 0),
           create_uid, create_date
      FROM shares
    ON CONFLICT DO NOTHING
"""
