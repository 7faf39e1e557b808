from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import scheduled_job

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

#: One statement for a batch of customers. ``teaches``: pairs of a taste and a product. ``bought``:
#: products of orders paid at the till, what was given back left out, and of confirmed sales orders;
#: a taste needs so many different orders.
LEARN = """
    WITH teaches AS (
        SELECT * FROM unnest(%(tastes)s::int[], %(products)s::int[]) AS pair (taste_id, product_id)
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

#: What of a taste says which products tell of it.
TEACHERS = ("product_ids", "category_ids", "pos_category_ids", "tag_ids")


class LoyaltyTaste(models.Model):
    """How tastes are learned: nightly, from purchases, of customers who consent, by SQL alone."""

    _inherit = "loyalty.taste"

    @api.model
    @scheduled_job
    def _cron_learn(self, batch_size=5000):
        """Learn the tastes of all who are due, ``batch_size`` customers per commit; restartable.

        Two statements per batch: who is due, and what they like; before them one per taste. Cost:
        the orders of 12 months of those who have bought something since, and once a month of
        everybody. Who was learned today is not due, so a run that stopped is gone on with by the
        next.
        """
        commit, after, teaching = self.env["ir.cron"]._commit_progress, 0, self._teaching()
        while partner_ids := self._learn(after, batch_size, teaching):
            after = partner_ids[-1]
            if not commit(len(partner_ids), remaining=int(len(partner_ids) == batch_size)):
                break

    def _teaching(self):
        """Which product teaches which taste: ``{"tastes": [id…], "products": [id…]}``, in pairs."""
        products = self.env["product.product"].with_context(active_test=False)
        pairs = []
        for taste in self.search(Domain.OR(Domain(name, "!=", False) for name in TEACHERS)):
            found = products.search(taste._teaching_domain())
            pairs += [(taste.id, product_id) for product_id in found.ids]
        return {name: [pair[n] for pair in pairs] for n, name in enumerate(("tastes", "products"))}

    def _teaching_domain(self):
        """Of products that tell of this taste; of none, where the taste names nothing."""
        return Domain.OR(
            Domain(path, operator, values.ids)
            for path, operator, values in [
                ("id", "in", self.product_ids),
                ("categ_id", "child_of", self.category_ids),
                ("pos_categ_ids", "child_of", self.pos_category_ids),
                ("product_tag_ids", "in", self.tag_ids),
                ("additional_product_tag_ids", "in", self.tag_ids),
            ]
            if values
        )

    def _learn(self, after=0, limit=5000, teaching=None):
        """Learn of one batch of customers with an id above ``after``; returns their ids.

        :param teaching: of :meth:`_teaching`, worked out where it is not given
        """
        teaching = teaching or self._teaching()
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
            self.env.cr.execute(LEARN, {**values, **teaching, "partners": partner_ids})
            self.env["res.partner"].invalidate_model(
                ["loyalty_learned_taste_ids", "loyalty_learned_on"]
            )
        return partner_ids
