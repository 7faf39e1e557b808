from collections import Counter
from math import ceil

from odoo import api, models

from ..domain.amounts import AMOUNT_QUANTUM, round_half_up, to_decimal
from ..domain.movement import STORED_VALUE_TYPES

ZERO = to_decimal(0)
#: What Odoo hands on to the product that stands for a reward.
PRODUCT_FOLLOWS = {"description", "active"}
#: Coupons that belong to somebody and are claimed by a reward line.
VOUCHER_TYPES = ("coupons", "next_order_coupons")


class LoyaltyReward(models.Model):
    """What a reward costs and gives at most on a point-of-sale order, worked out by the server.

    Odoo's till works both out in the browser. Here are upper bounds of the same rules: of what
    Odoo's till may do in several ways (which of two rewards comes first, which of several products
    is free) the dearest is allowed, so that no honest order is refused.
    """

    _inherit = "loyalty.reward"

    # -- the product behind it -----------------------------------------------------------------

    def _create_missing_discount_line_products(self):
        """Make the product that stands for the reward on orders.

        sudo: it is a part of the reward. Who may write rewards need not be allowed to make
        products, as managers of tills are not.
        """
        return super(LoyaltyReward, self.sudo())._create_missing_discount_line_products()

    @api.model_create_multi
    def create(self, vals_list):
        """The product that stands for a reward is chosen by who may write that product only."""
        self._check_product(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """What the product follows is written with it, in sudo as above."""
        self._check_product(vals)
        follows = {name: vals[name] for name in PRODUCT_FOLLOWS & vals.keys()}
        done = super().write({name: vals[name] for name in vals.keys() - follows.keys()})
        if follows:
            self.check_access("write")
            super(LoyaltyReward, self.sudo()).write(follows)
        return done

    def _check_product(self, *vals_list):
        """Writing and archiving a reward renames and archives its product, in sudo."""
        products = {vals.get("discount_line_product_id") for vals in vals_list} - {None, False}
        if products and not self.env.su:
            self.env["product.product"].browse(products).check_access("write")

    # -- what it is called ---------------------------------------------------------------------

    def _is_spent_in_parts(self):
        """Whether each point takes money off, on a coupon: what is not used stays on it."""
        return (
            self.program_type in VOUCHER_TYPES
            and self.reward_type == "discount"
            and self.discount_mode == "per_point"
        )

    @api.depends("program_id.name")
    def _compute_description(self):
        """A voucher of money is called what its program is: "Food voucher", on paper and screen.

        Odoo says how it is counted: "1 ₫ per point on specific products".
        """
        result = super()._compute_description()
        for reward in self:
            if reward._is_spent_in_parts() and reward.program_id.name:
                reward.description = reward.program_id.name
        return result

    # -- what it costs -------------------------------------------------------------------------

    def _claim_price(self, lines, free, leeway):
        """The points that one claim costs (Decimal).

        :param lines: the reward lines of the claim
        :param free: the points that the order can spend besides, for rewards that take them all
        :param leeway: money by which rounding may move the worth of the lines
        """
        told = sum((to_decimal(line.points_cost) for line in lines), ZERO)
        worth = -sum((line._loyalty_worth() for line in lines), ZERO)
        per_point = to_decimal(self.discount)
        if self.program_id.program_type in STORED_VALUE_TYPES and per_point:
            return round_half_up(worth / per_point, AMOUNT_QUANTUM)
        if self.clear_wallet:
            return max(to_decimal(self.required_points), free, self._told_beyond(told))
        if self.reward_type == "discount" and self.discount_mode == "per_point":
            price = round_half_up(worth / per_point, AMOUNT_QUANTUM)
            return told if abs(told - price) * per_point <= leeway else price
        return self._times(lines) * to_decimal(self.required_points)

    def _told_beyond(self, told):
        """Odoo's own programs may take points that the order itself earns: only the till knows."""
        return ZERO if self.program_id.is_membership else told

    def _times(self, lines):
        """How many times the reward is taken: free products may come several at a time."""
        if self.reward_type != "product":
            return 1
        return max(ceil(abs(sum(lines.mapped("qty"))) / self.reward_product_qty), 1)

    # -- what it gives -------------------------------------------------------------------------

    def _worth_at_most(self, order, lines):
        """The most money, tax included, that ``lines`` may take off ``order`` (Decimal).

        :param lines: those of one claim, or of all claims of a free product
        """
        goods = order.lines.filtered(lambda line: not line.reward_id)
        if self.reward_type == "product":
            return self._products_worth(order, lines, goods)
        base = most = self._discountable(goods)
        if self.discount_mode == "percent":
            most = base * to_decimal(self.discount) / 100
        elif self.discount_mode == "per_order":
            most = to_decimal(self.discount)
        if self.discount_max_amount:
            most = min(most, to_decimal(self.discount_max_amount))
        return max(min(base, most), ZERO)

    def _sold_in_the_end(self, goods):
        """``goods`` less the products of which the order itself takes back as many as it sells."""
        quantities = Counter()
        for line in goods.filtered(lambda line: not line.refunded_orderline_id):
            quantities[line.product_id] += to_decimal(line.qty)
        return goods.filtered(
            lambda line: quantities[line.product_id] > 0 or line.refunded_orderline_id
        )

    def _discountable(self, goods):
        """What the discount is taken of (Decimal)."""
        if self.discount_applicability == "order":
            return sum((line._loyalty_worth() for line in goods), ZERO)
        goods = self._sold_in_the_end(goods)
        products = goods.product_id | goods.combo_parent_id.product_id
        products = products.search(
            [("id", "in", products.ids), *self._get_discount_product_domain()]
        )
        if self.discount_applicability == "cheapest":
            return self._cheapest(goods, products)
        listed = goods.filtered(
            lambda line: line.product_id in products or line.combo_parent_id.product_id in products
        )
        worths = Counter()
        for line in listed.filtered(lambda line: not line.refunded_orderline_id):
            worths[line.product_id] += line._loyalty_worth()
        return sum((max(worth, ZERO) for worth in worths.values()), ZERO)

    def _cheapest(self, goods, products):
        """One unit of the cheapest line, by its price with or without tax as tills show either."""
        candidates = goods.filtered(
            lambda line: line.qty and not line.combo_parent_id and line.product_id in products
        )
        prices = [self._unit_prices(line) for line in candidates]
        if not prices:
            return ZERO
        cheapest = [min(prices), min(prices, key=lambda price: price[1])]
        return max(included for included, _excluded in cheapest)

    def _unit_prices(self, line):
        """What one unit of a line costs, with and without tax; a combo is the sum of its parts."""
        included = excluded = ZERO
        for part in line | line.combo_line_ids:
            amounts = part._compute_amount_line_all()
            quantity = to_decimal(part.qty) or 1
            included += to_decimal(amounts["price_subtotal_incl"]) / quantity
            excluded += to_decimal(amounts["price_subtotal"]) / quantity
        return included, excluded

    def _products_worth(self, order, lines, goods):
        """What the free products are worth at most: as many of the dearest as are on the order."""
        asked = to_decimal(abs(sum(lines.mapped("qty"))))
        of_these = goods.filtered(lambda line: line.product_id in self.reward_product_ids)
        sold = of_these.filtered(lambda line: not line.refunded_orderline_id)
        left, total = min(asked, to_decimal(sum(sold.mapped("qty")))), ZERO
        on_order = of_these.filtered(lambda line: line.qty > 0)
        priced = [
            (self._price_at_most(order, line, float(left)), to_decimal(line.qty))
            for line in on_order
        ]
        for price, quantity in sorted(priced, reverse=True):
            total += price * min(quantity, left)
            left -= min(quantity, left)
        return total

    def _price_at_most(self, order, line, free_quantity):
        """The highest price, tax included, at which Odoo's till may give ``line``'s product away.

        It takes the product's price, from the list or not, and the product's taxes; the line may
        have been sold at another.
        """
        product = line.product_id
        prices = {product.lst_price, line.price_unit}
        for quantity in (1, line.qty, free_quantity) if order.pricelist_id else ():
            prices.add(order.pricelist_id._get_product_price(product, quantity))
        own = product.taxes_id.filtered(lambda tax: tax.company_id in order.company_id.parent_ids)
        totals = [
            taxes.compute_all(price, order.currency_id, 1, product)["total_included"]
            for price in prices
            for taxes in (own, line.tax_ids_after_fiscal_position, line.tax_ids)
        ]
        return to_decimal(max(totals))
