from odoo import fields, models
from odoo.fields import Domain

TASTE_KINDS = [("film", "Film"), ("food", "Food"), ("drink", "Drink")]


class LoyaltyTaste(models.Model):
    """What people like: a genre, a dish, a drink; as they say, or as their purchases tell.

    Which purchases teach a taste is told by its products, categories and tags; how it is learned
    is in ``loyalty_taste_learn.py``.
    """

    _name = "loyalty.taste"
    _inherit = "loyalty.shared.mixin"
    _description = "Taste"
    _order = "category, sequence, name, id"

    name = fields.Char(required=True, translate=True)
    category = fields.Selection(TASTE_KINDS, required=True, default="film")
    color = fields.Integer()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env["res.company"] if self.env.su else self.env.company,
        help="Empty: used by all companies of this database, and kept by an administrator.",
    )
    # ondelete: a product that is deleted has taught what it has taught
    product_ids = fields.Many2many("product.product", string="Products", ondelete="cascade")
    category_ids = fields.Many2many(
        "product.category",
        string="Product categories",
        ondelete="cascade",
        help="With all categories below them.",
    )
    pos_category_ids = fields.Many2many(
        "pos.category",
        string="Categories at the till",
        ondelete="cascade",
        help="With all categories below them.",
    )
    tag_ids = fields.Many2many("product.tag", string="Product tags", ondelete="cascade")
    learned_after = fields.Integer(
        "Learned after",
        required=True,
        default=3,
        help="So many orders within the last 12 months with one of the products, categories or "
        "tags make this a learned taste of the customer. Without any of those it is not learned.",
    )

    _learned_after_positive = models.Constraint(
        "CHECK (learned_after > 0)", "A taste is learned from one order at least."
    )

    def _for_company(self, company):
        """The tastes that ``company`` uses, in order; one query."""
        domain = Domain("company_id", "=", False) | Domain("company_id", "parent_of", company.id)
        return self.search(domain)

    def _describe(self):
        """The tastes as the till shows them."""
        return [
            {"id": t.id, "name": t.name, "category": t.category, "color": t.color} for t in self
        ]
