from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class LoyaltySuggestion(models.Model):
    """What a till suggests: to a dish its drink. Loaded with the till, which decides by itself.

    It fits when the order holds one of the products or categories, and none of those that it is not
    to be added to. Suggesting what the order has already is left out.
    """

    _name = "loyalty.suggestion"
    _inherit = ["pos.load.mixin", "loyalty.shared.mixin"]
    _description = "Suggestion at the Till"
    _order = "sequence, id"

    name = fields.Char(
        "Says",
        required=True,
        translate=True,
        help="What the cashier reads, for example: A cold drink with it?",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env["res.company"] if self.env.su else self.env.company,
        help="Empty: used by all companies of this database, and kept by an administrator.",
    )
    product_ids = fields.Many2many(
        "product.product",
        "loyalty_suggestion_product_rel",
        string="When it has one of",
        help="Products of the order that make this suggestion fit.",
    )
    pos_category_ids = fields.Many2many(
        "pos.category",
        "loyalty_suggestion_category_rel",
        string="or of these categories",
        help="With all categories below them.",
    )
    without_product_ids = fields.Many2many(
        "product.product", "loyalty_suggestion_without_product_rel", string="and none of"
    )
    without_pos_category_ids = fields.Many2many(
        "pos.category",
        "loyalty_suggestion_without_category_rel",
        string="nor of these categories",
        help="With all categories below them.",
    )
    product_id = fields.Many2one(
        "product.product",
        "Suggest",
        required=True,
        ondelete="cascade",
        domain=[("available_in_pos", "=", True), ("sale_ok", "=", True)],
    )

    @api.constrains("product_ids", "pos_category_ids")
    def _check_something_decides(self):
        for suggestion in self:
            if not suggestion.product_ids and not suggestion.pos_category_ids:
                raise ValidationError(
                    self.env._("Say for which products or categories this is suggested.")
                )

    @api.model
    def _load_pos_data_domain(self, data, config):
        return Domain("company_id", "=", False) | Domain(
            "company_id", "parent_of", config.company_id.id
        )

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            "name",
            "sequence",
            "product_ids",
            "pos_category_ids",
            "without_product_ids",
            "without_pos_category_ids",
            "product_id",
        ]
