import { PaymentInterface } from "@point_of_sale/app/utils/payment/payment_interface";
import { register_payment_method } from "@point_of_sale/app/services/pos_store";

/**
 * Stored value as a payment terminal: the "terminal" is the server's ledger.
 *
 * A line becomes done only by a hold the server placed; the order's sync captures it. Removing
 * the line or deleting the order releases the hold, and so does another customer.
 */
export class PaymentStoredValue extends PaymentInterface {
    /** One click: the method is chosen and the hold is asked for at once. */
    get fastPayments() {
        return true;
    }

    sendPaymentRequest(uuid) {
        super.sendPaymentRequest(uuid);
        return this.pos.storedValue.take(this.pos.models["pos.payment"].getBy("uuid", uuid));
    }

    sendPaymentCancel(order, uuid) {
        super.sendPaymentCancel(order, uuid);
        this.pos.storedValue.release(this.pos.models["pos.payment"].getBy("uuid", uuid));
        return Promise.resolve(true);
    }
}

register_payment_method("stored_value", PaymentStoredValue);
