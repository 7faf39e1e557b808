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

    /** Every way a customer is exchanged passes here: the one before pays nothing any more. */
    setPartner(partner) {
        const before = this.getPartner();
        const result = super.setPartner(...arguments);
        if (before && before.id !== partner?.id) {
            const line = this.payment_ids.find((payment) => payment.isStoredValue());
            line?.payment_method_id.payment_terminal?.pos.storedValue.customerChanged(this, before);
        }
        return result;
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

    //#region Membership programs: the server earns, the till only claims (pos_loyalty)
    pointsForPrograms(programs) {
        const isOurs = (program) => program?.is_membership;
        const points = super.pointsForPrograms(programs.filter((program) => !isOurs(program)));
        return programs
            .filter(isOurs)
            .reduce((result, program) => ({ ...result, [program.id]: [] }), points);
    },

    /** A gift takes no points away that the browser would have counted. */
    _getPointsCorrection(program) {
        return program.is_membership ? 0 : super._getPointsCorrection(...arguments);
    },

    /** Their one rule carries the rewards; it counts nothing. */
    _isRewardProductPartOfRules(reward, product) {
        return !reward.program_id.is_membership && super._isRewardProductPartOfRules(...arguments);
    },

    /** The Rewards button offers a gift once at a time. */
    _computePotentialFreeProductQty(reward, product, points) {
        if (reward.program_id.is_membership) {
            return points >= reward.required_points ? reward.reward_product_qty : 0;
        }
        return super._computePotentialFreeProductQty(...arguments);
    },

    /**
     * Odoo claims a gift as soon as its product is rung up. Points are spent when the customer
     * says so: a claim that was asked for knows its cost.
     */
    _applyReward(reward, couponId, args) {
        const isAsked = reward.reward_type !== "product" || args?.cost;
        if (reward.program_id.is_membership && !isAsked) {
            return true;
        }
        return super._applyReward(...arguments);
    },

    /** As many gifts as the points pay for: Odoo lets the number grow at the same cost. */
    _getRewardLineValuesProduct(args) {
        const { reward, cost } = args;
        if (!reward.program_id.is_membership || !cost || reward.clear_wallet) {
            return super._getRewardLineValuesProduct(...arguments);
        }
        const times = Math.max(1, Math.round(cost / reward.required_points));
        const quantity = times * reward.reward_product_qty;
        return super._getRewardLineValuesProduct({ ...args, quantity });
    },

    /** Told elsewhere, in the server's numbers: the member line, and `loyalty_receipt`. */
    getLoyaltyPoints() {
        const told = super.getLoyaltyPoints(...arguments);
        return told.filter(({ program }) => !program.is_membership);
    },
    //#endregion
});
