from odoo import api, models

#: Odoo's products that sell its own gift cards and eWallets.
NATIVE_PRODUCTS = ("loyalty.gift_card_product_50", "loyalty.ewallet_product_50")
#: The program that Odoo makes by itself; other programs were made by somebody who wants them.
NATIVE_PROGRAM = "loyalty.gift_card_program"
#: Where a product is sold.
LINES = ("pos.order.line", "sale.order.line", "account.move.line")
NATIVE_TYPES = ("gift_card", "ewallet")


class LoyaltyProgram(models.Model):
    """Odoo's own gift card and eWallet leave the tills where nobody ever sold them.

    Beside ours a cashier would see two products of nearly one name, of which one is revenue and
    the other a debt. Where they were sold they stay: customers hold cards of them.
    """

    _inherit = "loyalty.program"

    @api.model
    @api.private
    def _loyalty_retire_unsold(self):
        """Archive what was never sold, and tell ours from what stays; run again it does nothing."""
        for xmlid in NATIVE_PRODUCTS:
            product = self.env.ref(xmlid, raise_if_not_found=False)
            if not product or not product.active:
                continue
            programs = self._loyalty_native_programs(product)
            unwanted = self.env.ref(NATIVE_PROGRAM, raise_if_not_found=False) or self
            if programs <= unwanted and not programs.coupon_ids and not _was_sold(product):
                programs.active = False
                product.action_archive()  # with its template
            elif product.available_in_pos:
                self._loyalty_tell_apart(product)

    def _loyalty_native_programs(self, product):
        """Odoo's own programs, also archived ones, whose balances ``product`` sells."""
        rules = self.env["loyalty.rule"].with_context(active_test=False)
        rules = rules.search([("product_ids", "in", product.ids)])
        programs = rules.program_id.filtered(lambda program: program.program_type in NATIVE_TYPES)
        return programs.with_context(active_test=False)

    def _loyalty_tell_apart(self, product):
        """Our product of the same name gets another one, in every language."""
        ours = self.env["product.template"].search([("loyalty_load_type", "!=", False)])
        for lang, _name in self.env["res.lang"].get_installed():
            theirs = (product.with_context(lang=lang).name or "").casefold()
            for load in ours.with_context(lang=lang):
                if (load.name or "").casefold() == theirs:
                    load.name = load.env._("%s (stored value)", load.name)

    def write(self, vals):
        """A program of Odoo's that comes back needs the product it is sold by."""
        done = super().write(vals)
        if vals.get("active"):
            self.rule_ids._bring_back_products()
        return done


class LoyaltyRule(models.Model):
    """What sells Odoo's own gift cards and eWallets."""

    _inherit = "loyalty.rule"

    @api.model_create_multi
    def create(self, vals_list):
        """A new program of Odoo's is sold by Odoo's product, which may have been archived."""
        rules = super().create(vals_list)
        rules._bring_back_products()
        return rules

    def _bring_back_products(self):
        """A rule whose only product is archived counts all products: every sale would be a card."""
        native = self.filtered(
            lambda rule: (
                rule.program_id.program_type in NATIVE_TYPES and not rule.program_id.is_stored_value
            )
        )
        # sudo: part of the program, whoever may make or use it need not edit products
        products = native.sudo().with_context(active_test=False).product_ids
        odoos = [self.env.ref(xmlid, raise_if_not_found=False) for xmlid in NATIVE_PRODUCTS]
        products &= products.browse([product.id for product in odoos if product])
        products.filtered(lambda product: not product.active).action_unarchive()


def _was_sold(product):
    """Whether any document has a line of it."""
    lines = (product.env[model].with_context(active_test=False) for model in LINES)
    return any(model.search([("product_id", "in", product.ids)], limit=1) for model in lines)
