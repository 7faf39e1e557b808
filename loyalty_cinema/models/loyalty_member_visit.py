from odoo import api, fields, models

from .loyalty_ledger_post import BALANCE_COLUMNS, UPDATE_BALANCES

#: Moves last visits on, of all programs that the company of a visit can use. ``visit``: rows of
#: ``(partner_id, company_id, day)``, from the statement around it. Members are locked in the order
#: of their ids, which prevents deadlocks; who has been here that day already is not touched.
MOVE_ON = """
    due AS (
        SELECT m.id, MAX(v.day) AS day
          FROM visit v JOIN loyalty_member m ON m.partner_id = v.partner_id
          JOIN res_company place ON place.id = v.company_id
          JOIN res_company house ON house.id = m.company_id
         WHERE place.parent_path LIKE house.parent_path || '%%'
           AND (m.last_visit_on IS NULL OR m.last_visit_on < v.day)
         GROUP BY m.id
    ), locked AS (
        SELECT id FROM loyalty_member WHERE id IN (SELECT id FROM due)
         ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE loyalty_member m SET last_visit_on = due.day
      FROM due JOIN locked USING (id) WHERE m.id = due.id
"""
MOVE_ON_VISITS = f"""
    WITH visit (partner_id, company_id, day) AS (
        SELECT * FROM unnest(%s::int[], %s::int[], %s::date[])
    ), {MOVE_ON}
"""
#: What ``post`` writes last, where customers moved their value: a card's holder was here, or the
#: owner of a balance without a card.
UPDATE_BALANCES_AND_VISITS = f"""
    WITH moved AS (
        {UPDATE_BALANCES} (VALUES %s) AS v({BALANCE_COLUMNS}, now, company_id, visit_on)
         WHERE b.id = v.id
        RETURNING b.partner_id, b.member_card_id, v.company_id, v.visit_on
    ), visit AS (
        SELECT CASE WHEN card.id IS NULL THEN b.partner_id ELSE card.holder_id END AS partner_id,
               b.company_id::int AS company_id, b.visit_on::date AS day
          FROM moved b LEFT JOIN loyalty_member_card card ON card.id = b.member_card_id
         WHERE b.visit_on IS NOT NULL
    ), {MOVE_ON}
"""


class LoyaltyMember(models.Model):
    """When a member was here last: one day, whatever was bought and earned.

    A visit is a paid order of the till that is no refund, a sales order when its time to earn has
    come, and whatever customers do with their value: a load, a payment by wallet or points, a
    voucher used (:data:`~odoo.addons.loyalty_cinema.domain.movement.VISIT_KINDS`). What the house
    does (gifts, corrections, expiry, refunds) is none. The day is that of the company's clock.
    Expiry after absence, conditions of benefits, greetings and lists ask this day.
    """

    _inherit = "loyalty.member"

    last_visit_on = fields.Date(
        "Last visit",
        readonly=True,
        copy=False,
        help="The last day on which the member bought something, loaded or paid by wallet, or used "
        "points or a voucher, here or in a branch. A refund is no visit.",
    )

    @api.model
    @api.private
    def _note_visits(self, visits):
        """Move last visits on, never back: one statement, whatever the number of visits.

        :param visits: iterable of ``(partner id, company id, day)``
        """
        visits = list(visits)
        if not visits:
            return
        self.flush_model(["partner_id", "company_id", "last_visit_on"])
        self.env.cr.execute(MOVE_ON_VISITS, [list(column) for column in zip(*visits, strict=True)])
        self._forget_visits()

    @api.model
    @api.private
    def _forget_visits(self):
        """Make the ORM read again what SQL has changed below it."""
        self.invalidate_model(["last_visit_on"], flush=False)


class LoyaltyLedgerVisit(models.AbstractModel):
    """Value that customers move themselves moves their last visit, in the balances' UPDATE."""

    _inherit = "loyalty.ledger"

    def _store_balances(self, batch, now):
        states = batch.states.values()
        if not any(state.visited for state in states):
            return super()._store_balances(batch, now)
        members = self.env["loyalty.member"]
        members.flush_model(["partner_id", "company_id", "last_visit_on"])
        companies = self.env["res.company"].browse({s.company_id for s in states if s.company_id})
        today = {company.id: company._loyalty_day() for company in companies}
        rows = [
            (*s.numbers(), now, s.company_id, today.get(s.company_id) if s.visited else None)
            for s in states
        ]
        self.env.cr.execute_values(UPDATE_BALANCES_AND_VISITS, rows, page_size=len(rows))
        return members._forget_visits()
