from math import ceil

from odoo import models


class SaleOrder(models.Model):
    """Free products are claimed one at a time, and stay as many as were chosen.

    Odoo claims as many as the points buy, when they are touched and again whenever the order is
    updated: all of a member's points for one poster. What an order itself gives (buy two, get one)
    still comes all at once.
    """

    _inherit = "sale.order"

    def _update_programs_and_rewards(self):
        """Keep how many of each free product were chosen before."""
        chosen, seen = {}, set()
        for line in self.order_line.filtered(lambda li: li.reward_id.reward_type == "product"):
            if line.reward_identifier_code not in seen:  # Odoo asks once for each code, in order
                seen.add(line.reward_identifier_code)
                key = (line.reward_id, line.coupon_id, line.product_id)
                chosen.setdefault(key, []).append(line.product_uom_qty)
        order = self.with_context(loyalty_chosen=chosen)
        return super(SaleOrder, order)._update_programs_and_rewards()

    def _apply_program_reward(self, reward, coupon, **kwargs):
        """One touch claims one."""
        order = self.with_context(loyalty_chosen={})
        return super(SaleOrder, order)._apply_program_reward(reward, coupon, **kwargs)

    def _get_reward_values_product(self, reward, coupon, product=None, **kwargs):
        values = super()._get_reward_values_product(reward, coupon, product, **kwargs)
        if reward.clear_wallet or coupon._is_made_and_used_by(self):
            return values
        for line in values:
            product = self.env["product.product"].browse(line["product_id"])
            earlier = self.env.context.get("loyalty_chosen", {}).get((reward, coupon, product))
            each, most = reward.reward_product_qty, line["product_uom_qty"]
            times = ceil(earlier.pop(0) / each) if earlier else 1
            quantity = min(times * each, most)
            line["product_uom_qty"] = quantity
            line["points_cost"] = quantity / each * reward.required_points
        return values
