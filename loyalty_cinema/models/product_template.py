from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: What a load product never has; written on many products at once, it is left out for them.
UNFIT_FIELDS = frozenset({"taxes_id", "is_published", "website_published", "self_order_available"})


def loads_apart(products, vals):
    """The load products to be spared, and the others: ``(none, all)`` where nothing is unfit.

    A tax for all products, or all of them published, must not fail for two of them. Whoever writes
    on load products only is told.
    """
    loads = products.browse()
    if len(products) > 1 and UNFIT_FIELDS & vals.keys():
        loads = products.filtered("loyalty_load_type")
    return (loads, products - loads) if loads != products else (products.browse(), products)


def fit_for_loads(vals):
    """``vals`` without what load products never have."""
    return {name: value for name, value in vals.items() if name not in UNFIT_FIELDS}


class ProductTemplate(models.Model):
    """A load product sells stored value: it is money for later, not revenue and not taxed."""

    _inherit = "product.template"

    loyalty_load_type = fields.Selection(
        [("gift_card", "Gift card"), ("ewallet", "Member wallet")],
        "Loads",
        help="Selling this product puts its price on a gift card or member wallet. It carries no "
        "tax and is booked on the stored value account, whatever its income account says.",
    )
    loyalty_no_earn = fields.Boolean(
        "Earns no points",
        help="Members get no points for this product, for example a deposit, a tip or a fee.",
    )

    def write(self, vals):
        """Leave out what load products never have, where it is written on others, too."""
        loads, rest = loads_apart(self, vals)
        result = super(ProductTemplate, rest).write(vals)
        if loads:
            super(ProductTemplate, loads).write(fit_for_loads(vals))
        if UNFIT_FIELDS & vals.keys():
            rest._check_not_published()
        return result

    @api.constrains("loyalty_load_type")
    def _check_not_published(self):
        """No constraint on the field itself: only a shop has it."""
        for product in self.filtered("loyalty_load_type"):
            if "is_published" in self._fields and product.is_published:
                raise ValidationError(
                    self.env._(
                        "%(product)s loads stored value: it is sold at the till only. Take it off "
                        "the website.",
                        product=product.name,
                    )
                )

    @api.constrains("loyalty_load_type", "taxes_id", "type")
    def _check_load_product(self):
        for product in self.filtered("loyalty_load_type"):
            if product.sudo().taxes_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s loads stored value: remove its sales taxes. Tax is due on "
                        "what the value buys, when it is spent.",
                        product=product.name,
                    )
                )
            if product.type != "service":
                raise ValidationError(
                    self.env._(
                        "%(product)s loads stored value: make it a service.", product=product.name
                    )
                )

    @api.onchange("loyalty_load_type")
    def _onchange_loyalty_load_type(self):
        if self.loyalty_load_type:
            self.type = "service"
            self.taxes_id = False

    def _get_product_accounts(self):
        """A load is always booked on the liability, whatever was typed as income account (L6)."""
        accounts = super()._get_product_accounts()
        if self.loyalty_load_type:
            company = (self.company_id or self.env.company).sudo()
            liability = company.loyalty_stored_value_account_id.sudo(False)
            accounts["income"] = liability or accounts["income"]
        return accounts

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["loyalty_load_type"]

    @api.model
    def _load_pos_self_data_domain(self, data, config):
        """Guests do not load cards by themselves (``pos_self_order``, no dependency)."""
        domain = super()._load_pos_self_data_domain(data, config)
        return Domain(domain) & Domain("loyalty_load_type", "=", False)
