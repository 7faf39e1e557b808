import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { receiptBlocks } from "@loyalty_cinema/app/utils/receipt_blocks";

patch(OrderReceipt.prototype, {
    /** What the receipt says about cards and points; false on orders without any. */
    get loyaltyReceipt() {
        const { order } = this;
        const receipt = order.loyalty_receipt || {};
        const blocks = receiptBlocks(receipt, (amount) => this.formatCurrency(amount));
        const notes = blocks.length ? [] : this._loyaltyNotes(order);
        return blocks.length + notes.length > 0 && { blocks, notes };
    },

    /** What is still to come, when the order has not reached the server. */
    _loyaltyNotes(order) {
        const concernsCards =
            order.payment_ids.some((p) => p.isStoredValue()) || order.loadLines().length;
        const followPoints = !order.isSynced && order.uiState.followsPoints && order.getPartner();
        return [
            concernsCards ? _t("Card balances follow when the till is connected again.") : "",
            followPoints ? _t("Points follow once the till is connected.") : "",
        ].filter(Boolean);
    },
});
