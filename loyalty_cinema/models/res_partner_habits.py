from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..domain.birthday import days_to_birthday

HABIT_DAYS = 365
RECENT_DAYS = 90
USUAL_MAX = 3
#: A birthday is told to the cashier so many days ahead.
BIRTHDAY_AHEAD_DAYS = 14

#: The days before today on which each customer was in the house (a company with its branches):
#: paid at a till (an index holds all that is read) or for a sales order, or moved value of their
#: own. The last day is kept however old it is. And whether they are known: by one of these, or as a
#: member who joined before, was imported, or has points or a tier that was earned.
VISITS = """
    SELECT partner_id, MAX(day) FILTER (WHERE day < %(today)s),
           ARRAY_AGG(DISTINCT day) FILTER (WHERE day >= %(since)s AND day < %(today)s),
           BOOL_OR(known OR day < %(today)s)
      FROM (
        SELECT partner_id, (date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day,
               FALSE AS known
          FROM pos_order
         WHERE partner_id = ANY(%(partners)s) AND state IN ('paid', 'done')
           AND company_id = ANY(%(companies)s) AND is_refund IS NOT TRUE
         UNION ALL
        SELECT partner_id, loyalty_visit_on,
               (loyalty_sold_at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date < %(today)s
          FROM sale_order
         WHERE partner_id = ANY(%(partners)s) AND state = 'sale'
           AND company_id = ANY(%(companies)s)
         UNION ALL
        SELECT m.partner_id, m.last_visit_on,
               m.joined_on < %(today)s OR m.channel = 'import' OR t.threshold > 0
               OR b.points != 0 OR b.qualifying_points != 0
          FROM loyalty_member m JOIN loyalty_card b ON b.id = m.balance_id
          LEFT JOIN loyalty_tier t ON t.id = m.tier_id
         WHERE m.partner_id = ANY(%(partners)s) AND m.company_id = ANY(%(companies)s)
      ) v
     GROUP BY partner_id
"""
#: What each customer orders most often: in how many orders, not how many pieces.
USUAL = """
    SELECT partner_id, product_id
      FROM (SELECT o.partner_id, l.product_id, ROW_NUMBER() OVER (
                       PARTITION BY o.partner_id
                       ORDER BY COUNT(DISTINCT o.id) DESC, MAX(o.date_order) DESC, l.product_id
                   ) AS place
              FROM pos_order o JOIN pos_order_line l ON l.order_id = o.id
              JOIN product_product p ON p.id = l.product_id AND p.active
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE o.partner_id = ANY(%(partners)s) AND o.state IN ('paid', 'done')
               AND o.company_id = ANY(%(companies)s) AND o.date_order >= %(since)s
               AND l.qty > 0 AND l.is_reward_line IS NOT TRUE AND l.combo_parent_id IS NULL
               AND t.active AND t.available_in_pos AND t.loyalty_load_type IS NULL
             GROUP BY o.partner_id, l.product_id) ranked
     WHERE place <= %(most)s ORDER BY partner_id, place
"""


class ResPartner(models.Model):
    """What a customer usually does, for whoever serves them: only with consent."""

    _inherit = "res.partner"

    @api.private
    def _loyalty_habits(self, config):
        """``{partner id: habits}`` at the till ``config``: a constant number of statements.

        Habits: ``consent``, ``first_visit``, ``last_visit`` (date or False), ``visit_days`` (of the
        last 365 days, today not among them), ``visits`` (of the last 90), ``usual``:
        ``[{"product_id", "name"}]``, at most three. Without the consent "profile" all but
        ``first_visit`` is empty. Cost: the customer's own orders, by an index.
        """
        day = config.company_id._loyalty_day()
        known = self.sudo().filtered("loyalty_consent_profile")  # sudo: for callers who checked
        visits = self._loyalty_visits(config, day)
        usual = known._loyalty_usual(config, day)
        recent, habits = day - timedelta(days=RECENT_DAYS), {}
        for partner in self:
            consent = partner.sudo() in known
            last, days, known_here = visits.get(partner.id, (False, (), False))
            habits[partner.id] = {
                "consent": consent,
                "first_visit": not known_here,
                "last_visit": last if consent else False,
                "visit_days": days if consent else (),
                "visits": sum(visit >= recent for visit in days) if consent else 0,
                "usual": usual.get(partner.id, []),
            }
        return habits

    def _loyalty_habit_values(self, config, day):
        # sudo: a house is one to its customers, whichever branches the cashier works for
        company = config.company_id.sudo()
        house = company.search([("id", "child_of", company.root_id.id)])
        return {
            "partners": self.ids,
            "companies": house.ids,
            "tz": company._loyalty_timezone(),
            "today": day,
            "since": day - timedelta(days=HABIT_DAYS),
            "most": USUAL_MAX,
        }

    def _loyalty_visits(self, config, day):
        """``{partner id: (last day or False, days of the last 365, known)}`` before today."""
        names = ["partner_id", "state", "company_id"]
        self.env["pos.order"].flush_model([*names, "date_order", "is_refund"])
        self.env["sale.order"].flush_model([*names, "loyalty_visit_on", "loyalty_sold_at"])
        self.env["loyalty.member"].flush_model()
        self.env.cr.execute(VISITS, self._loyalty_habit_values(config, day))
        return {
            partner_id: (last or False, tuple(days or ()), bool(known))
            for partner_id, last, days, known in self.env.cr.fetchall()
        }

    def _loyalty_usual(self, config, day):
        """``{partner id: [{"product_id", "name"}]}``, most frequent first."""
        if not self:
            return {}
        self.env["pos.order.line"].flush_model(["order_id", "product_id", "qty"])
        self.env["product.template"].flush_model(["available_in_pos", "active"])
        self.env["product.product"].flush_model(["active"])
        query = SQL(USUAL, **self._loyalty_habit_values(config, day))
        rows = self.env.execute_query(query)
        # sudo: names of what the till sells
        products = self.env["product.product"].sudo().browse({row[1] for row in rows})
        names = {product.id: product.display_name for product in products}
        usual = {}
        for partner_id, product_id in rows:
            item = {"product_id": product_id, "name": names[product_id]}
            usual.setdefault(partner_id, []).append(item)
        return usual

    def _birthday_ahead(self, day):
        """False, or ``{"in_days"}`` of a birthday within :data:`BIRTHDAY_AHEAD_DAYS`."""
        if not self.birthdate_date:
            return False
        days = days_to_birthday(self.birthdate_date, day)
        return {"in_days": days} if days <= BIRTHDAY_AHEAD_DAYS else False

    @api.private
    def _loyalty_profile_panel(self, config, tier=None, special_day=""):
        """All that the panel of a till shows of this contact's profile; a constant cost.

        :param tier: record with a name, for greetings; ``special_day``: today's, as text
        :return: birthday (False, or {"in_days"}), complaint, usual, tastes {"stated", "learned"}:
            [{"id", "name", "category", "color"}], comes, last_visit ("2026-11-22" or False),
            visits (of 90 days), greeting
        """
        self.ensure_one()
        habits = self._loyalty_habits(config)[self.id]
        partner = self.sudo()  # sudo: for the till, which has checked who asks
        consent = habits["consent"]
        day = config.company_id._loyalty_day()
        birthday = partner._birthday_ahead(day) if consent else False
        greetings = self.env["loyalty.greeting"]
        return {
            "birthday": birthday,
            "complaint": partner._open_complaint(),
            "usual": habits["usual"],
            "tastes": {
                "stated": partner.loyalty_taste_ids._describe() if consent else [],
                "learned": partner.loyalty_learned_taste_ids._describe() if consent else [],
            },
            "comes": partner.loyalty_comes if consent else False,
            "last_visit": fields.Date.to_string(habits["last_visit"]) or False,
            "visits": habits["visits"],
            "greeting": greetings._choose(
                partner,
                config.company_id,
                habits,
                birthday=bool(birthday) and not birthday["in_days"],
                tier=tier,
                special_day=special_day,
            ),
        }
