import { patch } from "@web/core/utils/patch";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";

patch(TicketScreen.prototype, {
    /** A refunded load goes back on the balance it loaded. */
    async addAdditionalRefundInfo(order, destinationOrder) {
        const loads = destinationOrder.lines.filter(
            (line) => line.refunded_orderline_id?.loyalty_balance_id,
        );
        for (const line of loads) {
            line.loyalty_balance_id = line.refunded_orderline_id.loyalty_balance_id;
        }
        await this.pos.storedValueRefunds.lowerLoads(loads);
        return super.addAdditionalRefundInfo(...arguments);
    },
});
