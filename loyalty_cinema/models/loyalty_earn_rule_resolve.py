from odoo import api, models

from ..domain.amounts import to_decimal
from ..domain.earning import EarnRule
from .loyalty_earn_rule import CHANNEL_FIELDS, WEEKDAYS

PRODUCTS_OF_RULES = """
    SELECT rule_id, array_agg(product_id)
      FROM (SELECT r.loyalty_earn_rule_id AS rule_id, r.product_product_id AS product_id
              FROM loyalty_earn_rule_product_product_rel r
             UNION
            SELECT r.loyalty_earn_rule_id, p.id
              FROM loyalty_earn_rule_product_category_rel r
              JOIN product_category top ON top.id = r.product_category_id
              JOIN product_category c ON c.parent_path LIKE top.parent_path || '%%'
              JOIN product_template t ON t.categ_id = c.id
              JOIN product_product p ON p.product_tmpl_id = t.id
             UNION
            SELECT r.loyalty_earn_rule_id, p.id
              FROM loyalty_earn_rule_product_tag_rel r
              JOIN product_tag_product_template_rel tag ON tag.product_tag_id = r.product_tag_id
              JOIN product_product p ON p.product_tmpl_id = tag.product_template_id
             UNION
            SELECT r.loyalty_earn_rule_id, tag.product_product_id
              FROM loyalty_earn_rule_product_tag_rel r
              JOIN product_tag_product_product_rel tag ON tag.product_tag_id = r.product_tag_id
           ) covered
     WHERE rule_id IN %(rules)s
       AND (%(products)s::int[] IS NULL OR product_id = ANY(%(products)s))
  GROUP BY rule_id
"""


class LoyaltyEarnRule(models.Model):
    """From the record to the value that the domain evaluates, products looked up."""

    _inherit = "loyalty.earn.rule"

    @api.private
    def _resolve(self, products=None):
        """These rules as the domain knows them, in their order: a tuple of :class:`EarnRule`.

        Costs one query for the products, and the ORM's own to read the rules, whatever the number
        of either.

        :param products: the only variants that will be asked for; by default all
        """
        covered = self._product_ids(products)
        # a client's context may switch the ORM's own filter off
        running = self.filtered("active").sorted(lambda rule: (rule.sequence, rule.id))
        return tuple(rule._to_domain(covered) for rule in running)

    def _to_domain(self, covered):
        weekdays = frozenset(i for i, name in enumerate(WEEKDAYS) if self[name])
        channels = frozenset(name for name, field in CHANNEL_FIELDS.items() if self[field])
        return EarnRule(
            id=self.id,
            name=self.name,
            target=self.target,
            kind=self.kind,
            rate=to_decimal(self.rate),
            per_amount=to_decimal(self.per_amount),
            sequence=self.sequence,
            exclusive=self.exclusive,
            product_ids=covered.get(self.id, frozenset()) if self._picks_products() else None,
            channels=channels if len(channels) < len(CHANNEL_FIELDS) else None,
            weekdays=weekdays if len(weekdays) < len(WEEKDAYS) else None,
            hour_from=self.hour_from,
            hour_to=self.hour_to,
            date_from=self.date_from or None,
            date_to=self.date_to or None,
            cap_order=to_decimal(self.cap_order) or None,
            cap_day=to_decimal(self.cap_day) or None,
            cap_member=to_decimal(self.cap_member) or None,
        )

    def _picks_products(self):
        """Whether it counts some products only. Products that are chosen twice count once."""
        return bool(self.product_ids or self.category_ids or self.tag_ids)

    def _product_ids(self, products):
        """The variants each of these rules counts: ``{rule id: frozenset}``, in one query.

        Chosen one by one, by a category above theirs, or by a tag of theirs or of their template.
        Archived variants count too: they may be in an order that is still to be paid.
        """
        picking = self.filtered(lambda rule: rule._picks_products())
        if not picking:
            return {}
        self._flush_products()
        self.env.cr.execute(
            PRODUCTS_OF_RULES,
            {
                "rules": tuple(picking.ids),
                "products": None if products is None else list(products.ids),
            },
        )
        return {rule_id: frozenset(ids) for rule_id, ids in self.env.cr.fetchall()}

    def _flush_products(self):
        """Write what :data:`PRODUCTS_OF_RULES` reads."""
        self.flush_model(["product_ids", "category_ids", "tag_ids"])
        self.env["product.category"].flush_model(["parent_path"])
        self.env["product.template"].flush_model(["categ_id", "product_tag_ids"])
        self.env["product.product"].flush_model(["product_tmpl_id", "additional_product_tag_ids"])
