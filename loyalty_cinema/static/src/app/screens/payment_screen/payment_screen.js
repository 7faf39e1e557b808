import { onMounted, onWillUnmount } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { patch } from "@web/core/utils/patch";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

patch(PaymentScreen.prototype, {
    setup() {
        super.setup(...arguments);
        const order = this.currentOrder;
        useCardReader((code) => this.pos.memberCards.payByScan(this, code));
        onMounted(() => this.pos.storedValueRefunds.preset(order));
        onWillUnmount(() => {
            this.pos.storedValue.releaseOrder(order);
            this.pos.claims.release(order);
        });
    },

    async addNewPaymentLine(paymentMethod) {
        if (paymentMethod.use_payment_terminal !== "stored_value") {
            return super.addNewPaymentLine(...arguments);
        }
        this.numberBuffer.capture(); // an amount typed just before belongs to the line before
        if (this.isRefundOrder) {
            return this.pos.storedValueRefunds.choose(this.currentOrder, paymentMethod);
        }
        const body = this.pos.storedValue.whyNot(this.currentOrder);
        if (body) {
            this.dialog.add(AlertDialog, {
                title: _t("%s cannot be used", paymentMethod.name),
                body,
            });
            return false;
        }
        return super.addNewPaymentLine(...arguments);
    },

    /** Typing an amount on a taken line opens it again, to take that amount instead. */
    updateSelectedPaymentline() {
        this.pos.storedValue.reopen(this.selectedPaymentLine);
        return super.updateSelectedPaymentline(...arguments);
    },

    /** Nobody can declare stored value taken: only the server's hold does. */
    async sendForceDone(line) {
        return line.isStoredValue() ? undefined : super.sendForceDone(...arguments);
    },
});
