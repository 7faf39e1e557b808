from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

#: Purchases of so many months teach; a taste that they no longer show is forgotten.
LEARN_MONTHS = 12
#: So often at least everybody is looked at, for tastes that purchases have grown too old for.
RELEARN_DAYS = 30

#: Who is due: has consented, and has bought something since the last time, or was not looked at for
#: a month. Taken in order by ``id``, so that a run needs no list; rows in use wait for tomorrow.
DUE = """
    SELECT id FROM res_partner p
     WHERE loyalty_consent_profile AND id > %(after)s
       AND (loyalty_learned_on IS NULL OR loyalty_learned_on < %(long_ago)s
            OR loyalty_learned_on < %(today)s AND (
                EXISTS (SELECT 1 FROM pos_order o WHERE o.partner_id = p.id
                           AND o.state IN ('paid', 'done') AND o.date_order >= loyalty_learned_on)
             OR EXISTS (SELECT 1 FROM sale_order o WHERE o.partner_id = p.id
                           AND o.state = 'sale' AND o.date_order >= loyalty_learned_on)))
     ORDER BY id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
"""

#: Which product teaches which taste; categories with all below them.
TEACHES = """
    SELECT r.loyalty_taste_id AS taste_id, r.product_product_id AS product_id
      FROM loyalty_taste_product_product_rel r
     UNION
    SELECT r.loyalty_taste_id, p.id
      FROM loyalty_taste_product_category_rel r
      JOIN product_category top ON top.id = r.product_category_id
      JOIN product_category c ON c.parent_path LIKE top.parent_path || '%%'
      JOIN product_template t ON t.categ_id = c.id
      JOIN product_product p ON p.product_tmpl_id = t.id
     UNION
    SELECT r.loyalty_taste_id, p.id
      FROM loyalty_taste_product_tag_rel r
      JOIN product_tag_product_template_rel g ON g.product_tag_id = r.product_tag_id
      JOIN product_product p ON p.product_tmpl_id = g.product_template_id
     UNION
    SELECT r.loyalty_taste_id, g.product_product_id
      FROM loyalty_taste_product_tag_rel r
      JOIN product_tag_product_product_rel g ON g.product_tag_id = r.product_tag_id
     UNION
    SELECT r.loyalty_taste_id, p.id
      FROM category r
      JOIN pos_category_product_template_rel g ON g.pos_category_id = r.pos_category_id
      JOIN product_product p ON p.product_tmpl_id = g.product_template_id
"""

#: One statement for a batch of customers. ``bought``: products of orders paid at the till, what was
#: given back left out, and of confirmed sales orders; a taste needs so many different orders.
LEARN = f"""
    WITH RECURSIVE category AS (
        SELECT loyalty_taste_id, pos_category_id FROM loyalty_taste_pos_category_rel
         UNION
        SELECT up.loyalty_taste_id, c.id
          FROM category up JOIN pos_category c ON c.parent_id = up.pos_category_id
    ), teaches AS MATERIALIZED ({TEACHES}
    ), bought AS (
        SELECT o.partner_id, 'p' || o.id AS ref, l.product_id, o.company_id
          FROM pos_order o JOIN pos_order_line l ON l.order_id = o.id
         WHERE o.partner_id = ANY(%(partners)s) AND o.state IN ('paid', 'done')
           AND o.date_order >= %(since)s AND l.qty > 0
           AND NOT EXISTS (
            SELECT 1 FROM pos_order_line back JOIN pos_order b ON b.id = back.order_id
             WHERE back.refunded_orderline_id = l.id AND b.state IN ('paid', 'done'))
         UNION ALL
        SELECT o.partner_id, 's' || o.id, l.product_id, o.company_id
          FROM sale_order o JOIN sale_order_line l ON l.order_id = o.id
         WHERE o.partner_id = ANY(%(partners)s) AND o.state = 'sale'
           AND o.date_order >= %(since)s AND l.product_uom_qty > 0 AND l.display_type IS NULL
    ), learned AS (
        SELECT b.partner_id, t.id AS taste_id
          FROM bought b JOIN teaches e ON e.product_id = b.product_id
          JOIN loyalty_taste t ON t.id = e.taste_id AND t.active
          JOIN res_company c ON c.id = b.company_id
          LEFT JOIN res_company own ON own.id = t.company_id
         WHERE own.id IS NULL OR c.parent_path LIKE own.parent_path || '%%'
         GROUP BY b.partner_id, t.id, t.learned_after
        HAVING COUNT(DISTINCT b.ref) >= t.learned_after
    ), forgotten AS (
        DELETE FROM res_partner_loyalty_learned_taste_rel r
         WHERE r.partner_id = ANY(%(partners)s) AND NOT EXISTS (
            SELECT 1 FROM learned l WHERE (l.partner_id, l.taste_id) = (r.partner_id, r.taste_id))
    ), kept AS (
        INSERT INTO res_partner_loyalty_learned_taste_rel (partner_id, taste_id)
        SELECT partner_id, taste_id FROM learned ON CONFLICT DO NOTHING
    )
    UPDATE res_partner SET loyalty_learned_on = %(today)s WHERE id = ANY(%(partners)s)
"""


class LoyaltyTaste(models.Model):
    """How tastes are learned: nightly, from purchases, of customers who consent, by SQL alone."""

    _inherit = "loyalty.taste"

    @api.model
    def _cron_learn(self, batch_size=5000):
        """Learn the tastes of all who are due, ``batch_size`` customers per commit; restartable.

        Two statements per batch: who is due, and what they like. Cost: the orders of 12 months of
        those who have bought something since, and once a month of everybody. Who was learned today
        is not due, so a run that stopped is gone on with by the next.
        """
        commit, after = self.env["ir.cron"]._commit_progress, 0
        while partner_ids := self._learn(after, batch_size):
            after = partner_ids[-1]
            if not commit(len(partner_ids), remaining=int(len(partner_ids) == batch_size)):
                break

    def _learn(self, after=0, limit=5000):
        """Learn of one batch of customers with an id above ``after``; returns their ids."""
        self.env.flush_all()
        # Odoo's clock of orders is UTC: what was bought in the hours around midnight comes next day
        today = fields.Date.today()
        values = {
            "today": today,
            "since": today - relativedelta(months=LEARN_MONTHS),
            "long_ago": today - relativedelta(days=RELEARN_DAYS),
            "after": after,
            "limit": limit,
        }
        self.env.cr.execute(DUE, values)
        partner_ids = [partner_id for (partner_id,) in self.env.cr.fetchall()]
        if partner_ids:
            self.env.cr.execute(LEARN, {**values, "partners": partner_ids})
            self.env["res.partner"].invalidate_model(
                ["loyalty_learned_taste_ids", "loyalty_learned_on"]
            )
        return partner_ids
