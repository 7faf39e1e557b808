from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import request

from ..exceptions import CodeRefused, GuessesLocked


class SaleOrder(models.Model):
    """Codes on sales orders, typed by salespersons and by visitors of a website's cart.

    A coupon that is nobody's belongs to whoever has its code. So it comes on an order by its code
    only, which the server matches, counting wrong ones; the id of a coupon opens nothing.
    """

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        """A new order brings no coupons but its customer's."""
        orders = super().create(vals_list)
        if not self.env.su:
            orders._check_applied_coupons(self.env["loyalty.card"])
        return orders

    def write(self, vals):
        """Coupons that are added are the customer's; with the customer their coupons go."""
        if self.env.su or not {"applied_coupon_ids", "partner_id"} & set(vals):
            return super().write(vals)
        before = {order: (order.applied_coupon_ids, order.partner_id) for order in self}
        result = super().write(vals)
        for order, (coupons, partner) in before.items():
            order._check_applied_coupons(coupons)
            order._drop_coupons_of(partner)
        return result

    def _check_applied_coupons(self, known):
        """
        :param known: the coupons that were applied before
        :raises UserError: when another was added that is not the customer's
        """
        for order in self:
            # sudo: whose coupon it is is asked, not what it is worth
            added = order.sudo().applied_coupon_ids - known
            if added.filtered(lambda coupon, order=order: coupon.partner_id != order.partner_id):
                raise UserError(
                    self.env._(
                        "A coupon that is not %(customer)s's comes on the order by its code: use "
                        "the button “Coupon Code”.",
                        customer=order.partner_id.name,
                    )
                )

    def _drop_coupons_of(self, partner):
        """Take off the coupons of the customer who was chosen before."""
        if partner == self.partner_id:
            return
        coupons = self.sudo().applied_coupon_ids  # sudo: as above
        foreign = coupons.filtered(lambda coupon: coupon.partner_id == partner)
        if partner and foreign:
            self.applied_coupon_ids -= foreign

    def _check_claim_of_card(self, line):
        """A reward is paid for by the customer's own balance, or one that came by its code."""
        result = super()._check_claim_of_card(line)
        order, coupon = line.order_id, line.coupon_id.sudo()  # sudo: as above
        known = order.sudo().applied_coupon_ids | order.sudo().coupon_point_ids.coupon_id
        own = coupon.partner_id and coupon.partner_id == order.partner_id
        if not own and coupon not in known and coupon.order_id != order:
            raise UserError(
                self.env._(
                    "“%(line)s” is paid by a coupon that did not come by its code. Remove it, and "
                    "enter the code.",
                    line=line.name,
                )
            )
        return result

    def _try_apply_code(self, code):
        """Odoo's search for a code, as text only; a client's wrong guesses are counted."""
        attempts = self.env["loyalty.code.attempt"]
        # sudo: a code is matched by the server; salespersons do not read codes.
        search = super(SaleOrder, self.sudo())._try_apply_code
        answer = {}

        def is_known():
            answer.update(search(code))
            return not answer.get("not_found")

        try:
            code = attempts._text(code)
            if request:
                attempts._try(is_known, code=code)
            else:
                is_known()
        except (CodeRefused, GuessesLocked) as refusal:
            return {"error": str(refusal)}
        return {
            key.with_env(self.env) if isinstance(key, models.BaseModel) else key: value
            for key, value in answer.items()
        }
