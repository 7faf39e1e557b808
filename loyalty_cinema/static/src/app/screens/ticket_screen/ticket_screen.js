import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";

patch(TicketScreen.prototype, {
    /** A refunded load goes back on the balance it loaded. */
    async addAdditionalRefundInfo(order, destinationOrder) {
        for (const line of destinationOrder.lines) {
            const original = line.refunded_orderline_id;
            if (original?.loyalty_balance_id) {
                line.loyalty_balance_id = original.loyalty_balance_id;
            }
        }
        return super.addAdditionalRefundInfo(...arguments);
    },
});
