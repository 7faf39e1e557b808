import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { isLost } from "@loyalty_cinema/app/services/data_service";

/**
 * Odoo's second request of a sale hands out its coupons. When it is lost they were lost, too: here
 * it is kept, over a reload of the page, until the server has answered. The server does it once.
 */
export class ConfirmationService {
    constructor(pos) {
        this.pos = pos;
        this.inFlight = new Set();
        window.addEventListener("pos-network-online", () => this.sendLost());
    }

    get _key() {
        return `loyalty_cinema.confirmations.${odoo.pos_config_id}`;
    }

    /** `{order id: what was sent}` of requests without an answer. */
    get lost() {
        return JSON.parse(browser.localStorage.getItem(this._key) || "{}");
    }

    _keep(lost) {
        if (Object.keys(lost).length) {
            browser.localStorage.setItem(this._key, JSON.stringify(lost));
        } else {
            browser.localStorage.removeItem(this._key);
        }
    }

    /** A request goes out: should the page be closed now, it is not forgotten. */
    sending([orderId, couponData]) {
        this.inFlight.add(orderId);
        this._keep({ ...this.lost, [orderId]: couponData });
    }

    /** The server has answered, or nobody knows. */
    sent([orderId], error) {
        this.inFlight.delete(orderId);
        if (!isLost(error)) {
            const { lost } = this;
            delete lost[orderId];
            this._keep(lost);
        }
    }

    /** Sends again what had no answer; nothing in the usual case. */
    async sendLost() {
        if (this.isSending || this.pos.data.network.offline) {
            return;
        }
        this.isSending = true;
        try {
            for (const [key, couponData] of Object.entries(this.lost)) {
                const orderId = Number(key);
                if (!this.inFlight.has(orderId)) {
                    await this._sendAgain(orderId, couponData);
                }
            }
        } catch {
            // still no connection, or refused in words that concern nobody here
        } finally {
            this.isSending = false;
        }
    }

    async _sendAgain(orderId, couponData) {
        const args = [orderId, couponData];
        const answer = await this.pos.data.call("pos.order", "confirm_coupon_programs", args);
        const order = this.pos.models["pos.order"].get(orderId);
        if (!answer.new_coupon_info?.length) {
            return;
        }
        const codes = answer.new_coupon_info.map((coupon) => coupon.code).join(", ");
        if (order) {
            order.new_coupon_info = answer.new_coupon_info; // the receipt prints them
        }
        this.pos.notification.add(
            order
                ? _t(
                      "Receipt %s has coupons for the next visit: print it again.",
                      order.pos_reference,
                  )
                : _t("An order has got coupons for the next visit: %s", codes),
            { type: "info" },
        );
    }
}
