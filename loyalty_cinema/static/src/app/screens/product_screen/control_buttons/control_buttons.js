import { patch } from "@web/core/utils/patch";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";

patch(ControlButtons.prototype, {
    /** Shops without stored value see nothing of it. */
    get hasMemberCards() {
        return this.pos.config.payment_method_ids.some((method) => method.stored_value_type);
    },

    clickMemberCard() {
        this.props.close?.();
        return this.pos.memberCards.open();
    },
});
