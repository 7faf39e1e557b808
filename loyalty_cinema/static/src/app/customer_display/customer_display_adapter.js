import { patch } from "@web/core/utils/patch";
import { CustomerDisplayPosAdapter } from "@point_of_sale/app/customer_display/customer_display_adapter";

patch(CustomerDisplayPosAdapter.prototype, {
    /** The customer sees tier, points and what is missing; false takes the last one's away. */
    dispatch(pos) {
        this.data.loyalty = pos.panels.forDisplay(pos.getOrder());
        return super.dispatch(...arguments);
    },
});
