from odoo import fields, models
from odoo.tools import SQL

from ..domain.benefits import GIFTS, OCCASIONS
from .loyalty_benefit_issue import STATES


class LoyaltyBenefitReport(models.Model):
    """What benefits were given, what became of them, and what they took off sales.

    One row for each benefit given. Its cost is what the reward lines paid with its voucher took
    off, tax included, in the company's currency, less what refunds gave back; tasks and services
    cost nothing here. Free products count with their price on the order. Two passes over the order
    lines that were paid with coupons, whatever is asked.
    """

    _name = "loyalty.benefit.report"
    _description = "Benefits Given"
    _auto = False
    _order = "issued_on desc, id desc"
    _rec_name = "benefit_id"
    _depends = {
        "loyalty.benefit.issue": [
            "benefit_id",
            "occasion",
            "gives",
            "tier_id",
            "member_id",
            "partner_id",
            "program_id",
            "company_id",
            "coupon_id",
            "state",
            "issued_on",
            "valid_until",
        ],
        "pos.order": ["state", "currency_rate"],
        "pos.order.line": ["coupon_id", "price_subtotal_incl", "qty", "refunded_orderline_id"],
        "sale.order": ["state", "currency_rate"],
        "sale.order.line": ["coupon_id", "price_total", "price_unit", "product_uom_qty"],
        "account.move": ["state", "move_type", "invoice_currency_rate"],
        "account.move.line": ["price_total", "price_unit", "quantity", "sale_line_ids"],
    }

    benefit_id = fields.Many2one("loyalty.benefit", readonly=True)
    occasion = fields.Selection(OCCASIONS, readonly=True)
    gives = fields.Selection(GIFTS, readonly=True)
    tier_id = fields.Many2one("loyalty.tier", readonly=True)
    member_id = fields.Many2one("loyalty.member", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    program_id = fields.Many2one("loyalty.program", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    issued_on = fields.Date(readonly=True)
    valid_until = fields.Date(readonly=True)
    issued = fields.Integer("Given", readonly=True, help="Withdrawn ones are not counted.")
    used = fields.Integer(readonly=True, help="Vouchers that were used up, tasks that were done.")
    expired = fields.Integer(readonly=True)
    cost = fields.Monetary(
        readonly=True,
        aggregator="sum",
        help="What vouchers took off sales, tax included, less refunds.",
    )

    @property
    def _table_query(self):
        return SQL(BENEFITS_GIVEN)


#: What coupons took off. At the till: a reward line, or a line that refunds one and may not name
#: the coupon any more; tills send the amounts of refunds without their sign. On sales orders a free
#: product is a line with a discount of 100 %.
TAKEN_OFF = """
    SELECT COALESCE(l.coupon_id, origin.coupon_id) AS coupon_id,
           SIGN(l.qty) * ABS(l.price_subtotal_incl)
           / COALESCE(NULLIF(o.currency_rate, 0), 1) AS cost
      FROM pos_order_line l
      JOIN pos_order o ON o.id = l.order_id AND o.state IN ('paid', 'done')
      LEFT JOIN pos_order_line origin ON origin.id = l.refunded_orderline_id
     WHERE COALESCE(l.coupon_id, origin.coupon_id) IS NOT NULL
     UNION ALL
    SELECT l.coupon_id,
           CASE WHEN l.discount = 100 THEN l.price_unit * l.product_uom_qty ELSE -l.price_total END
           / COALESCE(NULLIF(o.currency_rate, 0), 1)
      FROM sale_order_line l
      JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale'
     WHERE l.coupon_id IS NOT NULL
     UNION ALL
    SELECT l.coupon_id,
           -CASE WHEN i.discount = 100 THEN i.price_unit * i.quantity ELSE -i.price_total END
           / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)
      FROM account_move_line i
      JOIN account_move m ON m.id = i.move_id AND m.state = 'posted' AND m.move_type = 'out_refund'
      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = i.id
      JOIN sale_order_line l ON l.id = r.order_line_id
     WHERE l.coupon_id IS NOT NULL
"""
BENEFITS_GIVEN = f"""
    SELECT i.id, i.benefit_id, i.occasion, i.gives, i.tier_id, i.member_id, i.partner_id,
           i.program_id, i.company_id, c.currency_id, i.state, i.issued_on, i.valid_until,
           (i.state <> 'cancelled')::int AS issued,
           (i.state IN ('used', 'done'))::int AS used,
           (i.state = 'expired')::int AS expired,
           COALESCE(spent.cost, 0) AS cost
      FROM loyalty_benefit_issue i
      JOIN res_company c ON c.id = i.company_id
      LEFT JOIN (
           SELECT coupon_id, SUM(cost) AS cost FROM ({TAKEN_OFF}) taken GROUP BY coupon_id
           ) spent ON spent.coupon_id = i.coupon_id
"""
