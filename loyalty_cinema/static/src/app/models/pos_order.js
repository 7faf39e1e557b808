import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { patch } from "@web/core/utils/patch";

patch(PosOrder, {
    extraFields: {
        ...(PosOrder.extraFields || {}),
        // Written by the server when the order is paid; never sent back.
        loyalty_receipt: { model: "pos.order", name: "loyalty_receipt", type: "json", local: true },
    },
});

patch(PosOrder.prototype, {
    /** Lines that put value on a card. */
    loadLines() {
        return this.lines.filter((line) => line.isLoad());
    },

    loadsTotal() {
        return this.loadLines().reduce((sum, line) => sum + line.prices.total_included, 0);
    },

    /** Every way a payment line disappears passes here: its hold goes with it. */
    removePaymentline(line) {
        if (line.isStoredValue() && !this.finalized) {
            line.payment_method_id.payment_terminal?.pos.storedValue.release(line);
        }
        return super.removePaymentline(...arguments);
    },

    //#region Loads earn nothing and are never discounted (pos_loyalty)
    _get_regular_order_lines() {
        return super._get_regular_order_lines(...arguments).filter((line) => !line.isLoad());
    },

    isLineValidForLoyaltyPoints(line) {
        return !line.isLoad() && super.isLineValidForLoyaltyPoints(...arguments);
    },

    _canGenerateRewards(program, totalWithTax, totalWithoutTax) {
        const loads = this.loadsTotal();
        return super._canGenerateRewards(program, totalWithTax - loads, totalWithoutTax - loads);
    },

    _getDiscountableOnOrder(reward) {
        const result = super._getDiscountableOnOrder(...arguments);
        for (const line of this.loadLines()) {
            const taxKey = line.tax_ids.map((tax) => tax.id);
            result.discountable -= line.prices.total_included;
            result.discountablePerTax[taxKey] -= line.basePrice;
        }
        return result;
    },
    //#endregion
});
