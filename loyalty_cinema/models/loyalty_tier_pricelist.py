from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import clean_context


class LoyaltyTier(models.Model):
    """What a tier does to prices: a pricelist, or a percentage for which it keeps a pricelist.

    Odoo's pricelists are what till, sales orders and website ask for a customer's prices
    (``product_pricelist.py``); nothing is written on customers. They are a feature of Odoo that has
    to be on: the first tier with prices switches it on, as the settings would.
    """

    _inherit = "loyalty.tier"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', 'in', [company_id, False])]",
        copy=False,
        help="The prices of members of this tier, at the till, in sales orders and on the website. "
        "A customer's own pricelist goes before it. Empty: the ordinary prices.",
    )
    discount = fields.Float(
        "Discount (%)",
        digits=(5, 2),
        min_display_digits=0,
        help="Members of this tier pay so much less than the sales price. The tier keeps a "
        "pricelist for it. 0: no discount, or what the pricelist says.",
    )

    _discount_is_percent = models.Constraint(
        "CHECK (discount >= 0 AND discount <= 100)", "A discount is between 0 and 100 percent."
    )

    @api.constrains("pricelist_id", "company_id")
    def _check_pricelist_company(self):
        # sudo: whoever makes tiers need not be allowed to see the other company's pricelist
        for tier in self.sudo():
            if tier.pricelist_id.company_id not in (tier.company_id, self.env["res.company"]):
                raise ValidationError(
                    self.env._(
                        "%(tier)s: choose a pricelist of its own company.", tier=tier.display_name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Tiers with a discount get their pricelists."""
        tiers = super().create(vals_list)
        tiers._keep_prices()
        return tiers

    def write(self, vals):
        """The pricelist that a tier keeps follows its discount and its name."""
        result = super().write(vals)
        if {"discount", "pricelist_id", "name"} & vals.keys():
            self._keep_prices()
        return result

    def _keep_prices(self):
        """Bring the pricelists that these tiers keep in step with their discounts."""
        priced = self.filtered(lambda tier: tier.discount or tier.pricelist_id)
        if priced:
            self._enable_pricelists()
        for tier in self:
            # sudo: the discount is the tier's; its pricelist is nobody else's to change
            own = tier.sudo()._own_pricelist()
            if not tier.discount:
                if own and tier.pricelist_id == own:
                    tier.pricelist_id = False
                own.active = False
                continue
            if tier.pricelist_id and tier.pricelist_id != own:
                raise ValidationError(
                    self.env._(
                        "%(tier)s: give either a discount or a pricelist.", tier=tier.display_name
                    )
                )
            values = tier._own_pricelist_values()
            if own:
                own.item_ids.percent_price = tier.discount
                own.write({name: values[name] for name in ("name", "active")})
            else:
                own = own.create(values)
            if tier.pricelist_id != own:
                tier.pricelist_id = own

    @api.private
    def _percent_off(self):
        """The percentage that members of this tier save on everything; None: other prices."""
        self.ensure_one()
        items = self.pricelist_id.item_ids
        if self.discount or not items:
            return self.discount
        plain = (
            len(items) == 1
            and (items.applied_on, items.compute_price) == ("3_global", "percentage")
            and not (items.min_quantity or items.date_start or items.date_end)
        )
        return items.percent_price if plain else None

    def _own_pricelist(self):
        """The pricelist that this tier keeps for its discount, archived or not."""
        # a client's defaults must not reach the pricelist
        context = dict(clean_context(self.env.context), active_test=False)
        pricelists = self.env["product.pricelist"]
        pricelists = pricelists.with_context(context)  # pylint: disable=context-overridden
        return pricelists.search(
            [("loyalty_tier_id", "=", self.id), ("company_id", "=", self.company_id.id)], limit=1
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_with_prices(self):
        self._give_up_prices()

    def _give_up_prices(self):
        """Archive the pricelists these tiers keep: without their tier they would be anybody's."""
        pricelists = self.env["product.pricelist"].sudo()  # sudo: they are the tiers'
        kept = pricelists.with_context(active_test=False)
        kept = kept.search([("loyalty_tier_id", "in", self.ids)])
        self.filtered("pricelist_id").pricelist_id = False
        kept.write({"active": False, "loyalty_tier_id": False})

    def _own_pricelist_values(self):
        return {
            "name": f"{self.program_id.name}: {self.name}",
            "active": True,
            "sequence": 999,
            "company_id": self.company_id.id,
            "currency_id": self.program_id.currency_id.id,
            "loyalty_tier_id": self.id,
            "item_ids": [
                fields.Command.create(
                    {
                        "applied_on": "3_global",
                        "compute_price": "percentage",
                        "percent_price": self.discount,
                    }
                )
            ],
        }

    def _enable_pricelists(self):
        """Switch Odoo's pricelists on, as its settings do: off, nobody would get a tier's prices.

        Odoo then makes an ordinary pricelist for each company, with the prices of the products.
        """
        feature = "product.group_product_pricelist"
        if self.env["res.groups"]._is_feature_enabled(feature):
            return
        # sudo: who gives a tier a discount wants prices to follow, whoever may open the settings
        env = self.sudo().env
        env.ref("base.group_user")._apply_group(env.ref(feature))
        env["res.company"]._activate_or_create_pricelists()


class LoyaltyProgram(models.Model):
    """The tiers of a program that is deleted go with it, and so do their prices."""

    _inherit = "loyalty.program"

    @api.ondelete(at_uninstall=False)
    def _unlink_with_prices(self):
        self.with_context(active_test=False).tier_ids._give_up_prices()
