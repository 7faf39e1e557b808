import { PosPayment } from "@point_of_sale/app/models/pos_payment";
import { patch } from "@web/core/utils/patch";

patch(PosPayment.prototype, {
    /** A payment by member wallet or gift card. */
    isStoredValue() {
        return this.payment_method_id?.use_payment_terminal === "stored_value";
    },

    /** A refused line that cannot be corrected is taken away: nothing to delete by hand. */
    handlePaymentResponse(isPaymentSuccessful) {
        if (!this.pos_order_id) {
            return false; // it was removed meanwhile
        }
        const result = super.handlePaymentResponse(...arguments);
        if (!isPaymentSuccessful && this.isStoredValue()) {
            this.payment_method_id.payment_terminal.pos.storedValue.afterRefusal(this);
        }
        return result;
    },
});
