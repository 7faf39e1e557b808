from odoo import models
from odoo.exceptions import UserError

from .loyalty_reward import VOUCHER_TYPES
from .sale_order_claim import UNCONFIRMED


class SaleOrder(models.Model):
    """Vouchers on sales orders: a member's own are there to be claimed, without typing a code.

    As Odoo does with points and eWallets. The website's cart is a sales order, too.
    """

    _inherit = "sale.order"

    def _update_programs_and_rewards(self):
        """Offer the customer's own vouchers, and drop those of a customer who was chosen before.

        What has expired Odoo drops, on every update and before the order is confirmed.
        """
        if self.state in UNCONFIRMED and self._allow_nominative_programs():
            own = self._own_vouchers()
            applied = self.applied_coupon_ids
            foreign = applied.filtered(
                lambda coupon: coupon._is_voucher() and coupon.partner_id != self.partner_id
            )
            foreign = foreign & self._given_vouchers([("coupon_id", "in", foreign.ids)])
            if foreign or own - applied:
                self.applied_coupon_ids = applied - foreign | own
        return super()._update_programs_and_rewards()

    def _own_vouchers(self):
        """The vouchers that were given to this customer and can be used for this order."""
        vouchers = self._given_vouchers(
            [("partner_id", "=", self.partner_id.id), ("state", "=", "issued")]
        ).filtered(lambda voucher: voucher._buys_a_reward())
        programs = vouchers.program_id.filtered_domain(self._get_program_domain())
        today = self._get_confirmed_tx_create_date()
        return vouchers.filtered(
            lambda voucher: voucher.program_id in programs and not voucher._is_over(today)
        )

    def _given_vouchers(self, domain):
        """The coupons of benefits that were given, for whoever may read these coupons."""
        # sudo: sellers do not read what members were given; which coupons they may read is asked
        issues = self.env["loyalty.benefit.issue"].sudo().search(domain)
        ids = issues.coupon_id.ids
        return self.env["loyalty.card"].search([("id", "in", ids)]) if ids else issues.coupon_id

    def _check_claim_of_card(self, line):
        """A voucher that was given to a member pays for nobody else, and none after its day."""
        result = super()._check_claim_of_card(line)
        voucher = line.coupon_id
        program, order = voucher.program_id, line.order_id
        if program.program_type in VOUCHER_TYPES:
            # who began to pay in time is in time, however late the payment is confirmed
            paid_on = order._get_confirmed_tx_create_date()
            if voucher._is_over(min(paid_on, program._moment(order._loyalty_sold_at())[0])):
                raise UserError(voucher._over_message())
        if (
            voucher._is_voucher()
            and voucher.partner_id != line.order_id.partner_id
            and self._given_vouchers([("coupon_id", "=", voucher.id)])
        ):
            raise UserError(
                self.env._(
                    "“%(line)s” is paid by a voucher of %(owner)s. Remove it.",
                    line=line.name,
                    owner=voucher.partner_id.name,
                )
            )
        return result

    def action_confirm(self):
        """Afterwards the vouchers that were used are noted as such."""
        result = super().action_confirm()
        self._refresh_vouchers(self.order_line.coupon_id)
        return result

    def _action_cancel(self):
        """As :meth:`action_confirm`; cancelling removes the lines that name the vouchers."""
        vouchers = self.order_line.coupon_id
        result = super()._action_cancel()
        self._refresh_vouchers(vouchers)
        return result

    def _loyalty_true_up_claims(self, cause):
        """A credit note gives vouchers back."""
        result = super()._loyalty_true_up_claims(cause)
        self._refresh_vouchers(self.order_line.coupon_id)
        return result

    def _refresh_vouchers(self, coupons):
        # sudo: the state follows the coupon, whoever moved it
        issues = self.env["loyalty.benefit.issue"].sudo()
        issues._refresh_states(coupons.sudo().filtered(lambda coupon: coupon._is_voucher()))
