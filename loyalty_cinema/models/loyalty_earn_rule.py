from odoo import api, fields, models

from ..domain.amounts import AMOUNT_DIGITS
from ..domain.earning import KINDS, TARGETS


class LoyaltyEarnRule(models.Model):
    """What members earn: on which products, when and where, how much, and at most how much."""

    _name = "loyalty.earn.rule"
    _description = "Earn Rule"
    _order = "program_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    program_id = fields.Many2one("loyalty.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    target = fields.Selection(TARGETS, "Gives", required=True, default="spendable")
    kind = fields.Selection(KINDS, "Counts", required=True, default="percent")
    rate = fields.Float(digits=AMOUNT_DIGITS, min_display_digits=0, required=True, default=1)
    per_amount = fields.Monetary("For every", default=1)
    exclusive = fields.Boolean("No further rules")
    product_ids = fields.Many2many("product.product", string="Products")
    category_ids = fields.Many2many("product.category", string="Product categories")
    tag_ids = fields.Many2many("product.tag", string="Product tags")
    at_till = fields.Boolean("At the till", default=True)
    in_sales = fields.Boolean("In sales orders", default=True)
    on_web = fields.Boolean("On the website", default=True)
    mon = fields.Boolean("Monday", default=True)
    tue = fields.Boolean("Tuesday", default=True)
    wed = fields.Boolean("Wednesday", default=True)
    thu = fields.Boolean("Thursday", default=True)
    fri = fields.Boolean("Friday", default=True)
    sat = fields.Boolean("Saturday", default=True)
    sun = fields.Boolean("Sunday", default=True)
    hour_from = fields.Float("From", default=0)
    hour_to = fields.Float("To", default=24)
    date_from = fields.Date("First day")
    date_to = fields.Date("Last day")
    cap_order = fields.Float("Per order", digits=AMOUNT_DIGITS, min_display_digits=0)
    cap_day = fields.Float("Per day", digits=AMOUNT_DIGITS, min_display_digits=0)
    cap_member = fields.Float("Per member", digits=AMOUNT_DIGITS, min_display_digits=0)

    @api.private
    def _resolve(self, products=None):
        """These rules as the domain knows them, in their order: a tuple of :class:`EarnRule`."""
        return ()
