import { patch } from "@web/core/utils/patch";
import { OrderReceipt } from "@point_of_sale/app/screens/receipt_screen/receipt/order_receipt";
import { receiptBlocks } from "@loyalty_cinema/app/utils/receipt_blocks";

patch(OrderReceipt.prototype, {
    /** What the receipt says about cards; false on orders without any. */
    get loyaltyReceipt() {
        const { order } = this;
        const concernsCards =
            order.payment_ids.some((p) => p.isStoredValue()) || order.loadLines().length;
        if (!concernsCards) {
            return false;
        }
        const blocks = receiptBlocks(order.loyalty_receipt || {}, (x) => this.formatCurrency(x));
        return { blocks, isPending: !blocks.length };
    },
});
