import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    /** Points that rewards cost are held first: another till may have spent them. */
    async validateOrder(isForceValidate) {
        const { order, pos } = this;
        if (!(await pos.vouchers.allowLoss(order))) {
            return false;
        }
        if (pos.claims.concerns(order)) {
            if (!(await this.isOrderValid(isForceValidate)) || !(await pos.claims.hold(order))) {
                return false;
            }
        }
        // Only as far as the till knows: without a connection, points follow for anybody.
        order.uiState.followsPoints =
            pos.members.isOffered && pos.members.of(order.getPartner()) !== false;
        return super.validateOrder(...arguments);
    },

    /** The server refuses these too; here the cashier hears it while it is easy to correct. */
    async askBeforeValidation() {
        const { order, pos } = this;
        const taken = order.payment_ids.filter((p) => p.isStoredValue() && p.isDone());
        const sum = taken.reduce((total, p) => total + p.getAmount(), 0);
        const most = Math.max(0, order.totalDue - order.loadsTotal());
        if (order.currency.isPositive(sum - most)) {
            pos.dialog.add(AlertDialog, {
                title: _t("Too much taken from cards"),
                body: _t(
                    "Cards can pay at most %s of this order. Remove the card payment and take it again.",
                    pos.env.utils.formatCurrency(most),
                ),
            });
            return false;
        }
        const later = order.payment_ids
            .filter((p) => p.isDone() && p.payment_method_id.type === "pay_later")
            .reduce((total, p) => total + p.getAmount(), 0);
        if (order.loadLines().length && order.currency.isPositive(later + sum - most)) {
            pos.dialog.add(AlertDialog, {
                title: _t("Not on account"),
                body: _t(
                    "A top-up or gift card is paid at once, not on the customer's account. Choose another payment method.",
                ),
            });
            return false;
        }
        if (!(await pos.storedValueRefunds.allowMoneyBack(order))) {
            return false;
        }
        return super.askBeforeValidation(...arguments);
    },
});
