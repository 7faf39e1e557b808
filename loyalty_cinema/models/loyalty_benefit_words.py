from odoo import api, fields, models

#: So many products or categories are named; of more it is said that there are more.
NAMED_MAX = 3


class LoyaltyReward(models.Model):
    """What a reward is worth, in the words of whoever gets it."""

    _inherit = "loyalty.reward"

    @api.private
    def _loyalty_in_words(self, amount=0):
        """Such as "20 % off the whole order", or "400,000 ₫ for Food and drink".

        :param amount: the money on a voucher whose reward takes money off for every point
        """
        self.ensure_one()
        if self.reward_type == "product":
            quantity = int(self.reward_product_qty)
            free = self._loyalty_named(self.reward_product_ids)
            times = f"{quantity} × " if quantity > 1 else ""
            return self.env._("%(products)s for free", products=f"{times}{free}")
        if self.reward_type != "discount":
            return self.description or ""
        what = self._loyalty_on_what()
        if self.discount_mode == "percent":
            percent = f"{self.discount:g}"
            words = self.env._("%(percent)s %% off %(what)s", percent=percent, what=what)
        elif self.discount_mode == "per_point":
            money = self.currency_id.format(amount or self.discount)
            words = self.env._("%(money)s for %(what)s", money=money, what=what)
        else:
            money = self.currency_id.format(self.discount)
            words = self.env._("%(money)s off %(what)s", money=money, what=what)
        if self.discount_max_amount:
            most = self.currency_id.format(self.discount_max_amount)
            words = self.env._("%(words)s, at most %(money)s", words=words, money=most)
        return words

    def _loyalty_on_what(self):
        """What a discount is taken of."""
        if self.discount_applicability == "order":
            return self.env._("the whole order")
        if self.discount_applicability == "cheapest":
            return self.env._("the cheapest product")
        named = (
            self.discount_product_category_id
            or self.discount_product_tag_id
            or self.discount_product_ids
        )
        return self._loyalty_named(named) if named else self.env._("some products")

    def _loyalty_named(self, records):
        more = ["…"] if len(records) > NAMED_MAX else []
        return ", ".join([*(r.display_name for r in records[:NAMED_MAX]), *more])


class LoyaltyBenefit(models.Model):
    """What a benefit gives, for those who set it up and those who look at the list."""

    _inherit = "loyalty.benefit"

    worth = fields.Char(compute="_compute_worth", help="What the customer gets by it.")

    @api.depends("gives", "coupon_program_id.reward_ids", "amount", "currency_id")
    @api.depends_context("lang")
    def _compute_worth(self):
        for benefit in self:
            rewards = benefit.coupon_program_id.reward_ids if benefit.gives == "voucher" else []
            words = [reward._loyalty_in_words(benefit.amount) for reward in rewards]
            benefit.worth = self.env._(" or ").join(filter(None, words)) or False
