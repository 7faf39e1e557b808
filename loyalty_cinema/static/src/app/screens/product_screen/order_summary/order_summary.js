import { patch } from "@web/core/utils/patch";
import { OrderSummary } from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";

patch(OrderSummary.prototype, {
    /** A load has one amount for one card: keys change the amount, backspace removes the line. */
    async updateSelectedOrderline({ key }) {
        const line = this.currentOrder.getSelectedOrderline();
        if (!line?.isLoad() || line.refunded_orderline_id) {
            return super.updateSelectedOrderline(...arguments);
        }
        this.numberBuffer.reset();
        if (["Backspace", "Delete"].includes(key)) {
            this.currentOrder.removeOrderline(line);
        } else {
            await this.pos.loads.change(line);
        }
    },
});
