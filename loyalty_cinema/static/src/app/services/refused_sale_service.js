import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ask, makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { isLost } from "@loyalty_cinema/app/services/data_service";

/**
 * Sales that are complete here, receipt and all, and that the server refused when it heard of
 * them: sold without a connection, and the card's value was spent elsewhere meanwhile. They must
 * not be forgotten: a banner tells of them until each is settled, and closing asks.
 */
export class RefusedSaleService {
    constructor(pos) {
        this.pos = pos;
        this.reasons = reactive({});
    }

    /** The sales that wait for somebody to settle them. */
    get sales() {
        return this.pos.models["pos.order"].filter(
            (order) => order.uuid in this.reasons && order.finalized,
        );
    }

    /** What became of orders that were sent: `error` is null for those that were booked. */
    sent([orders], error, { loyalty_sold_before: isSoldBefore }) {
        for (const { uuid } of orders) {
            const order = this.pos.models["pos.order"].getBy("uuid", uuid);
            const isRefused = error && !isLost(error) && isSoldBefore;
            if (!error) {
                delete this.reasons[uuid];
            } else if (isRefused && order?.finalized) {
                this._refuse(order, error.data?.message || error.message);
            }
            if (isLost(error) && order?.finalized) {
                order.uiState.isSoldBefore = true;
                order._markDirty(); // Odoo takes what was sent for what arrived
            }
        }
    }

    /** Did the cashier let the customer go before the server has heard of this sale? */
    isSoldBefore(order, options) {
        return order.finalized && (!options.throw || Boolean(order.uiState.isSoldBefore));
    }

    _refuse(order, reason) {
        const isNew = this.reasons[order.uuid] !== reason || this.sentAgain === order.uuid;
        this.reasons[order.uuid] = reason;
        if (isNew) {
            this.pos.notification.add(
                _t("%(sale)s was refused: %(reason)s", { sale: this.name(order), reason }),
                { type: "danger" }, // the banner stays
            );
        }
    }

    /** Receipt, customer and amount of a sale. */
    name(order) {
        const amount = this.pos.env.utils.formatCurrency(order.priceIncl);
        return [_t("Receipt %s", order.pos_reference), order.getPartner()?.name, amount]
            .filter(Boolean)
            .join(" · ");
    }

    /** Lets the cashier choose what becomes of a refused sale. */
    async settle() {
        const order = await this._which();
        if (!order) {
            return;
        }
        const step = await makeAwaitable(this.pos.dialog, SelectionPopup, {
            title: this.name(order),
            list: this._steps(order),
        });
        await step?.call(this, order);
    }

    _which() {
        const { sales } = this;
        return sales.length < 2
            ? sales[0]
            : makeAwaitable(this.pos.dialog, SelectionPopup, {
                  title: _t("Which sale?"),
                  list: sales.map((order) => ({
                      id: order.uuid,
                      label: this.name(order),
                      description: this.reasons[order.uuid],
                      item: order,
                  })),
              });
    }

    _steps(order) {
        const name = order.getPartner()?.name;
        const steps = [
            { label: _t("Take another payment"), item: this._reopen },
            { label: _t("Send it again"), item: this._sendAgain },
        ];
        if (name && this._accountMethod && this._valueLines(order).length) {
            steps.unshift({
                label: _t("Put what the card did not pay on %s's account", name),
                item: this._putOnAccount,
            });
        }
        steps[0].description = this.reasons[order.uuid];
        return steps.map((step, id) => ({ id, ...step }));
    }

    get _accountMethod() {
        return this.pos.config.payment_method_ids.find((method) => method.type === "pay_later");
    }

    _valueLines(order) {
        return order.payment_ids.filter((line) => line.isStoredValue());
    }

    /** The sale is open again, without what was not paid. */
    _open(order) {
        order.state = "draft";
        order.uiState.isSoldBefore = false;
        this._valueLines(order).forEach((line) => order.removePaymentline(line));
    }

    _reopen(order) {
        this._open(order);
        delete this.reasons[order.uuid]; // an open order like any other
        this.pos.setOrder(order);
        this.pos.navigate("PaymentScreen", { orderUuid: order.uuid });
    }

    /** The customer owes it: booked like any other sale on account. */
    async _putOnAccount(order) {
        if (this._isOffline(order)) {
            return;
        }
        const amount = this._valueLines(order).reduce((sum, line) => sum + line.getAmount(), 0);
        this._open(order);
        const { status, data } = order.addPaymentline(this._accountMethod);
        if (!status) {
            this.pos.dialog.add(AlertDialog, { title: this.name(order), body: data });
            return;
        }
        data.setAmount(amount);
        order.state = "paid";
        await this._sendAgain(order);
    }

    async _sendAgain(order) {
        if (this._isOffline(order)) {
            return;
        }
        this.pos.addPendingOrder([order.id]);
        this.sentAgain = order.uuid; // whatever is said now is new
        try {
            await this.pos.syncAllOrders({ orders: [order], force: true });
        } finally {
            this.sentAgain = null;
        }
    }

    /** Nothing can be booked now, and the cashier is told. */
    _isOffline(order) {
        const { offline } = this.pos.data.network;
        if (offline) {
            const body = this.pos.env.services.loyalty_till.offlineMessage();
            this.pos.dialog.add(AlertDialog, { title: this.name(order), body });
        }
        return offline;
    }

    /**
     * Closing tries once more, and asks when something is left.
     *
     * @returns {Promise<boolean>} whether the till may be closed
     */
    async mayClose() {
        if (this.sales.length) {
            await this.pos.syncAllOrders({ orders: this.sales, force: true });
        }
        const { sales } = this;
        return (
            !sales.length ||
            ask(this.pos.dialog, {
                title: _t("Sales that are not booked"),
                body: _t(
                    "The server refused sales whose goods were handed over: %s. Settle them before you close: afterwards no session counts them.",
                    sales.map((order) => this.name(order)).join("; "),
                ),
                confirmLabel: _t("Close all the same"),
                cancelLabel: _t("Go back"),
            })
        );
    }
}
