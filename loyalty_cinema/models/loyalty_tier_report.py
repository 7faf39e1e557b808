from odoo import fields, models
from odoo.tools import SQL


class LoyaltyTierReport(models.Model):
    """How many members each tier had at the end of each month; of this month, today.

    Worked out from the changes of tiers when it is asked for: one pass over them, however many
    months there are. Who has left the program is counted in no month; who was merged, once.
    """

    _name = "loyalty.tier.report"
    _description = "Members by Tier and Month"
    _auto = False
    _order = "month desc, tier_id"
    _rec_name = "tier_id"
    _depends = {
        "loyalty.tier.change": ["member_id", "program_id", "to_tier_id", "date"],
        "loyalty.member": ["active"],
        "loyalty.tier": ["program_id", "company_id"],
    }

    month = fields.Date(readonly=True, help="The first day of the month; counted at its end.")
    tier_id = fields.Many2one("loyalty.tier", readonly=True)
    program_id = fields.Many2one("loyalty.program", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    members = fields.Integer(
        readonly=True,
        aggregator="sum",
        help="Where several months are added up, this is their average: the same members are in "
        "each of them.",
    )

    @property
    def _table_query(self):
        return SQL(MEMBERS_BY_MONTH, today=self.env.company._loyalty_day())

    def _read_group_select(self, aggregate_spec, query):
        """Stocks add up over tiers, not over months: over these it is their average."""
        if aggregate_spec != "members:sum":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "ROUND(SUM(%s)::numeric / NULLIF(COUNT(DISTINCT %s), 0))::int",
            self._field_to_sql(self._table, "members", query),
            self._field_to_sql(self._table, "month", query),
        )


#: A change holds from its month to that of the member's next one; two in one month: the last.
#: Each makes the tier's stock rise by one and fall by one; running sums of that are the stock.
MEMBERS_BY_MONTH = """
    WITH held AS (
        SELECT c.to_tier_id AS tier_id, date_trunc('month', c.date)::date AS since,
               date_trunc('month', LEAD(c.date) OVER career)::date AS until
          FROM loyalty_tier_change c
          JOIN loyalty_member m ON m.id = c.member_id AND m.active
        WINDOW career AS (PARTITION BY c.member_id ORDER BY c.date, c.id)
    ), moves AS (
        SELECT tier_id, since AS month, 1 AS members FROM held
         WHERE until IS NULL OR until > since
         UNION ALL
        SELECT tier_id, until, -1 FROM held WHERE until > since
    ), change AS (
        SELECT tier_id, month, SUM(members) AS members FROM moves GROUP BY tier_id, month
    ), first AS (
        SELECT t.program_id, MIN(m.month) AS month
          FROM moves m JOIN loyalty_tier t ON t.id = m.tier_id
         GROUP BY t.program_id
    )
    SELECT ROW_NUMBER() OVER (ORDER BY t.id, month.month) AS id,
           month.month::date AS month, t.id AS tier_id, t.program_id, t.company_id,
           (SUM(COALESCE(change.members, 0)) OVER (PARTITION BY t.id ORDER BY month.month))::int
               AS members
      FROM first
      JOIN loyalty_tier t ON t.program_id = first.program_id
           CROSS JOIN LATERAL generate_series(first.month, %(today)s::date, interval '1 month')
               AS month(month)
           LEFT JOIN change ON change.tier_id = t.id AND change.month = month.month::date
"""
