from odoo import fields, models
from odoo.tools import SQL

from ..domain.amounts import AMOUNT_DIGITS


class LoyaltyCard(models.Model):
    """What will happen to a balance by itself: pending points come, old ones go."""

    _inherit = "loyalty.card"

    pending_on = fields.Date(
        "Pending until",
        compute="_compute_outlook",
        compute_sudo=True,
        help="The day on which the first of the pending points can be spent.",
    )
    next_expiry_on = fields.Date(
        "Next expiry",
        compute="_compute_outlook",
        compute_sudo=True,
        help="The last day of the points that expire first.",
    )
    next_expiry_points = fields.Float(
        "Next to expire",
        digits=AMOUNT_DIGITS,
        min_display_digits=0,
        compute="_compute_outlook",
        compute_sudo=True,
        help="How many points expire after that day.",
    )

    def _compute_outlook(self):
        self.env["loyalty.lot"].flush_model()
        here = self.env.company
        for company, balances in self.grouped(lambda b: b.company_id or here).items():
            balances._look_ahead(company._loyalty_day())

    def _look_ahead(self, today):
        """One query for all balances of a company, by the index of open lots."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT balance_id, MIN(pending_on), MIN(next_on),
                       SUM(remaining) FILTER (WHERE expires_on = next_on)
                  FROM (
                    SELECT balance_id, remaining, expires_on,
                           MIN(expires_on) FILTER (WHERE expires_on >= %(today)s) OVER all_lots
                               AS next_on,
                           MIN(available_on) FILTER (WHERE pending) OVER all_lots AS pending_on
                      FROM loyalty_lot
                     WHERE balance_id = ANY(%(balances)s) AND remaining > 0
                    WINDOW all_lots AS (PARTITION BY balance_id)
                  ) lot
                 GROUP BY balance_id
                """,
                today=today,
                balances=self.ids,
            )
        )
        found = {balance_id: outlook for balance_id, *outlook in rows}
        for balance in self:
            pending_on, next_on, points = found.get(balance.id, (False, False, 0))
            balance.pending_on = pending_on
            balance.next_expiry_on = next_on
            balance.next_expiry_points = points or 0
