"""Members' last visits, from earlier paid orders and movements: set-based, by companies' clocks.

A sales order that is not paid yet stays without a day: it is a visit when it is paid.
"""

CLOCKS = """
    SELECT c.id, c.parent_path, COALESCE(p.tz, r.tz, 'UTC') AS tz
      FROM res_company c JOIN res_partner p ON p.id = c.partner_id
      LEFT JOIN resource_calendar r ON r.id = c.resource_calendar_id
"""
SALES_ORDERS = f"""
    WITH clock AS ({CLOCKS})
    UPDATE sale_order o
       SET loyalty_visit_on = (COALESCE(o.loyalty_sold_at, o.date_order)
                               AT TIME ZONE 'UTC' AT TIME ZONE clock.tz)::date
      FROM clock
     WHERE clock.id = o.company_id AND o.state = 'sale' AND o.loyalty_visit_on IS NULL
       AND (o.invoice_status IN ('invoiced', 'upselling')
            OR EXISTS (SELECT 1 FROM loyalty_ledger_entry e
                        WHERE e.origin_model = 'sale.order' AND e.origin_id = o.id
                          AND e.kind = 'earn'))
"""
MEMBERS = f"""
    WITH clock AS ({CLOCKS}),
    visit AS (
        SELECT o.partner_id, o.company_id,
               MAX((o.date_order AT TIME ZONE 'UTC' AT TIME ZONE clock.tz)::date) AS day
          FROM pos_order o JOIN clock ON clock.id = o.company_id
         WHERE o.partner_id IS NOT NULL AND o.state IN ('paid', 'done')
           AND o.is_refund IS NOT TRUE
         GROUP BY o.partner_id, o.company_id
         UNION ALL
        SELECT partner_id, company_id, MAX(loyalty_visit_on) FROM sale_order
         WHERE loyalty_visit_on IS NOT NULL GROUP BY partner_id, company_id
         UNION ALL
        SELECT CASE WHEN card.id IS NULL THEN e.partner_id ELSE card.holder_id END, e.company_id,
               MAX((e.date AT TIME ZONE 'UTC' AT TIME ZONE clock.tz)::date)
          FROM loyalty_ledger_entry e JOIN clock ON clock.id = e.company_id
          LEFT JOIN loyalty_member_card card ON card.id = e.member_card_id
         WHERE e.kind IN ('load', 'spend', 'redeem') AND e.reverses_id IS NULL
         GROUP BY 1, 2
    ), last AS (
        SELECT m.id, MAX(v.day) AS day
          FROM visit v JOIN loyalty_member m ON m.partner_id = v.partner_id
          JOIN clock place ON place.id = v.company_id
          JOIN clock house ON house.id = m.company_id
         WHERE place.parent_path LIKE house.parent_path || '%'
         GROUP BY m.id
    )
    UPDATE loyalty_member m SET last_visit_on = last.day
      FROM last WHERE last.id = m.id AND (m.last_visit_on IS NULL OR m.last_visit_on < last.day)
"""


def migrate(cr, version):
    """Fill what orders and movements move from now on."""
    cr.execute(SALES_ORDERS)
    cr.execute(MEMBERS)
