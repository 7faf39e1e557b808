from odoo import api, fields, models
from odoo.exceptions import UserError


class ProductPricelist(models.Model):
    """Members pay the prices of their tier, wherever Odoo asks for a customer's pricelist.

    The customer's own pricelist goes before. Who has several tiers with prices (a member who also
    has a discount card) pays the best of them, or what the company's setting says
    (``loyalty_tier_prices``). One query for any number of customers, nothing is stored on them: a
    tier that changes changes prices at once.
    """

    _inherit = "product.pricelist"

    loyalty_tier_id = fields.Many2one(
        "loyalty.tier",
        "Kept by tier",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The tier whose discount this pricelist gives. It is changed on the tier.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Which tier keeps a pricelist is said by the tier, not by a client."""
        for vals in vals_list:
            self._check_not_typed(vals)
        if not self.env.su:
            vals_list = [{**vals, "loyalty_tier_id": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """As :meth:`create`."""
        if "loyalty_tier_id" in vals and not self.env.su:
            self._check_not_typed({"loyalty_tier_id": True})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_of_a_tier(self):
        """Prices that members were promised are not deleted by the way."""
        tiers = self.env["loyalty.tier"].sudo().with_context(active_test=False)  # sudo: names only
        tier = (
            tiers.search([("pricelist_id", "in", self.ids)], limit=1) or self.sudo().loyalty_tier_id
        )
        if tier:
            raise UserError(
                self.env._(
                    "Members of %(tier)s pay these prices. Choose another pricelist or discount on "
                    "the tier first.",
                    tier=tier[:1].display_name,
                )
            )

    def _check_not_typed(self, vals):
        if vals.get("loyalty_tier_id") and not self.env.su:
            raise UserError(self.env._("A tier makes the pricelist of its discount itself."))

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Odoo's answer, with the tiers' prices for members without a pricelist of their own."""
        result = super()._get_partner_pricelist_multi(partner_ids)
        if not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return result
        origins = {id_: getattr(id_, "origin", id_) for id_ in partner_ids}  # NewId: a form's
        by_tier = self._loyalty_tier_prices([id_ for id_ in origins.values() if id_])
        partners = self.env["res.partner"].with_context(active_test=False)
        for id_, origin in origins.items():
            own = partners.browse(id_).specific_property_product_pricelist
            if origin in by_tier and not own._get_partner_pricelist_multi_filter_hook():
                result[id_] = self.browse(by_tier[origin])
        return result

    @api.model
    def _loyalty_tier_prices(self, partner_ids):
        """``{partner id: pricelist id}`` of the members whose tier has prices; one query."""
        company = self.env.company
        # sudo: whoever sells need not read members; only which prices they get leaves. Whoever has
        # left the program pays the ordinary ones.
        members = self.env["loyalty.member"].sudo().with_context(active_test=True)
        found = members.search_fetch(
            [
                ("partner_id", "in", partner_ids),
                ("company_id", "in", company.sudo().parent_ids.ids),
                ("program_id.active", "=", True),
                ("tier_id.pricelist_id.active", "=", True),
            ],
            ["partner_id", "program_id", "tier_id"],
        )
        if not found:
            return {}
        rank = company._loyalty_price_rank()
        ranked = found.sorted(lambda member: (*rank(member), member.id), reverse=True)
        return {member.partner_id.id: member.tier_id.pricelist_id.id for member in ranked}

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Odoo falls back on any pricelist there is: never on one that has to be earned."""
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        tiers = self.env["loyalty.tier"].sudo()  # sudo: the cashier need not read tiers
        return [*domain, ("id", "not in", tiers._pricelists_to_earn())]

    def _loyalty_with_bases(self):
        """These pricelists and those that their prices are worked out from."""
        found, new = self, self
        while new := new.item_ids.base_pricelist_id - found:
            found |= new
        return found


class ProductPricelistItem(models.Model):
    """The rule of a pricelist that a tier keeps is the tier's discount."""

    _inherit = "product.pricelist.item"

    @api.model_create_multi
    def create(self, vals_list):
        """Prices in it are made on the tier."""
        items = super().create(vals_list)
        items._check_kept_by_tier()
        return items

    def write(self, vals):
        """As :meth:`create`; before and afterwards, for a rule can be moved to another list."""
        self._check_kept_by_tier()
        result = super().write(vals)
        self._check_kept_by_tier()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_on_the_tier(self):
        self._check_kept_by_tier()

    def _check_kept_by_tier(self):
        tier = self.sudo().pricelist_id.loyalty_tier_id[:1]  # sudo: only the tier's name
        if tier and not self.env.su:
            raise UserError(
                self.env._(
                    "This pricelist gives the discount of %(tier)s. Change it on the tier.",
                    tier=tier.display_name,
                )
            )


class LoyaltyTier(models.Model):
    """Which prices have to be earned."""

    _inherit = "loyalty.tier"

    @api.model
    @api.private
    def _pricelists_to_earn(self):
        """Ids of the pricelists that are not for everybody: one query.

        Those that tiers keep; and others of tiers with a threshold. The pricelist of a tier that
        every member starts with may be everybody's.
        """
        tiers = self.with_context(active_test=False).search_fetch(
            ["|", ("pricelist_id.loyalty_tier_id", "!=", False), ("threshold", ">", 0)],
            ["pricelist_id"],
        )
        return tiers.pricelist_id.ids


class ResCompany(models.Model):
    """Switching pricelists off archives them all; switching them on brings the tiers' back."""

    _inherit = "res.company"

    def _activate_or_create_pricelists(self):
        result = super()._activate_or_create_pricelists()
        # sudo: as Odoo does for its ordinary pricelists
        tiers = self.env["loyalty.tier"].sudo().search([("discount", ">", 0)])
        tiers.pricelist_id.filtered(lambda pricelist: not pricelist.active).active = True
        return result
