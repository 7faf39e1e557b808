import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { isOdooCode, normalizeCode } from "@loyalty_cinema/app/utils/member_card_code";
import { ClaimService } from "@loyalty_cinema/app/services/claim_service";
import { LoadService } from "@loyalty_cinema/app/services/load_service";
import { MemberCardService } from "@loyalty_cinema/app/services/member_card_service";
import { MemberPanelService } from "@loyalty_cinema/app/services/member_panel_service";
import { MemberService } from "@loyalty_cinema/app/services/member_service";
import { StoredValueRefundService } from "@loyalty_cinema/app/services/stored_value_refund_service";
import { StoredValueService } from "@loyalty_cinema/app/services/stored_value_service";
import { SuggestionService } from "@loyalty_cinema/app/services/suggestion_service";
import { VoucherService } from "@loyalty_cinema/app/services/voucher_service";

patch(PosStore.prototype, {
    async setup() {
        this.storedValue = new StoredValueService(this);
        this.storedValueRefunds = new StoredValueRefundService(this);
        this.loads = new LoadService(this);
        this.members = new MemberService(this);
        this.panels = new MemberPanelService(this);
        this.vouchers = new VoucherService(this);
        this.suggestions = new SuggestionService(this);
        this.claims = new ClaimService(this);
        this.memberCards = new MemberCardService(this);
        return super.setup(...arguments);
    },

    /** A load product asks for its card and amount before it becomes a line. */
    async addLineToCurrentOrder(vals, opt = {}, configure = true) {
        const product = this.loads.loadProduct(vals);
        if (product && !vals.loyalty_balance_id) {
            return this.loads.sell(product);
        }
        return super.addLineToCurrentOrder(vals, opt, configure);
    },

    /** A deleted order holds nothing any more. */
    async _onBeforeDeleteOrder(order) {
        const isGoing = await super._onBeforeDeleteOrder(...arguments);
        if (isGoing) {
            this.storedValue.releaseOrder(order);
            this.claims.release(order);
        }
        return isGoing;
    },

    /** A member's balance comes with the member, in one call. */
    async fetchLoyaltyCard(programId, partnerId) {
        const program = this.models["loyalty.program"].get(programId);
        const balance =
            program?.is_membership && (await this.members.balanceFor(program, partnerId));
        return balance || super.fetchLoyaltyCard(...arguments);
    },

    /** A customer who comes back may have bought elsewhere meanwhile. */
    setPartnerToCurrentOrder(partner) {
        this.members.forget(partner);
        return super.setPartnerToCurrentOrder(...arguments);
    },

    /** A customer may be exchanged for another while the server is still asked about the first. */
    async _updatePrograms() {
        this.members.forgetOthers(this.getOrder());
        this.vouchers.forgetOthers(this.getOrder());
        return super._updatePrograms(...arguments);
    },

    /** A sale has moved its customer's points; what was noted for a finished order is let go of. */
    async postSyncAllOrders(orders) {
        await super.postSyncAllOrders(...arguments);
        orders.forEach((order) => this.members.forget(order.getPartner()));
        for (const order of orders.filter(({ finalized }) => finalized)) {
            this.storedValue.forget(order);
            this.storedValueRefunds.forget(order);
            this.loads.forget(order);
        }
    },

    /** A code that is no coupon may be on a card that was printed before it became stored value. */
    async activateCode(code) {
        const result = await super.activateCode(...arguments);
        if (result !== true && isOdooCode(code)) {
            return (await this.memberCards.welcome(normalizeCode(code))) || result;
        }
        return result;
    },

    /** Load products never appear in promotions: not as what is discounted. */
    computeDiscountProductIds(reward, products) {
        const sold = products.filter((product) => !product.product_tmpl_id?.loyalty_load_type);
        return super.computeDiscountProductIds(reward, sold);
    },
});
