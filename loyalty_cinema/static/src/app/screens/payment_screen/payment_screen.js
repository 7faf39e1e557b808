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
        onMounted(() => {
            this.pos.storedValue.refit(order);
            return this.pos.storedValueRefunds.preset(order);
        });
        onWillUnmount(() => {
            // a card that has paid is not asked for again because of one more water
            if (order.finalized || order.isRefund) {
                this.pos.storedValue.releaseOrder(order);
            }
            this.pos.claims.release(order);
        });
    },

    async addNewPaymentLine(paymentMethod) {
        if (paymentMethod.use_payment_terminal !== "stored_value") {
            return super.addNewPaymentLine(...arguments);
        }
        this.numberBuffer.capture(); // what was typed just before
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
        this._useTypedAmount();
        const isAdded = await super.addNewPaymentLine(...arguments);
        if (!isAdded) {
            this.pos.storedValue.typed.delete(this.currentOrder.uuid);
        }
        return isAdded;
    },

    /** An amount that was typed before any method was chosen is what the chosen one takes. */
    _useTypedAmount() {
        const line = this.selectedPaymentLine;
        if (!line || line.uuid !== this.typedLine || this.paymentLines.length > 1) {
            return;
        }
        const amount = line.getAmount();
        this.currentOrder.removePaymentline(line);
        this.numberBuffer.reset();
        if (this.currentOrder.currency.isPositive(amount)) {
            this.pos.storedValue.typeFirst(this.currentOrder, amount);
        }
    },

    /** Typing an amount on a taken line opens it again, to take that amount instead. */
    updateSelectedPaymentline() {
        this.pos.storedValue.reopen(this.selectedPaymentLine);
        const wasEmpty = this.paymentLines.length === 0;
        const result = super.updateSelectedPaymentline(...arguments);
        if (wasEmpty) {
            this.typedLine = this.selectedPaymentLine?.uuid; // Odoo makes it a line in cash
        }
        return result;
    },

    /** Nobody can declare stored value taken: only the server's hold does. */
    async sendForceDone(line) {
        return line.isStoredValue() ? undefined : super.sendForceDone(...arguments);
    },
});
