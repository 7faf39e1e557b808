import { _t } from "@web/core/l10n/translation";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { patch } from "@web/core/utils/patch";

patch(PosOrderline, {
    extraFields: {
        ...(PosOrderline.extraFields || {}),
        // A plain number: balances are never loaded into the browser.
        loyalty_balance_id: {
            model: "pos.order.line",
            name: "loyalty_balance_id",
            type: "integer",
        },
    },
});

patch(PosOrderline.prototype, {
    /** Puts value on a card (gift card sale, wallet top-up), or takes such a load back. */
    isLoad() {
        return Boolean(this.product_id?.product_tmpl_id?.loyalty_load_type);
    },

    canBeMergedWith(orderline) {
        return !this.isLoad() && !orderline.isLoad() && super.canBeMergedWith(...arguments);
    },

    setQuantity(quantity) {
        const isWhole = [1, 0, -1].includes(Number(quantity || 0));
        if (this.isLoad() && !isWhole) {
            return {
                title: _t("One card at a time"),
                body: _t("Add the product once more to load another card, or change the amount."),
            };
        }
        return super.setQuantity(...arguments);
    },

    setDiscount(discount) {
        return super.setDiscount(this.isLoad() ? 0 : discount);
    },

    //#region Loads earn nothing (pos_loyalty)
    ignoreLoyaltyPoints() {
        return this.isLoad() || super.ignoreLoyaltyPoints(...arguments);
    },
    //#endregion
});
