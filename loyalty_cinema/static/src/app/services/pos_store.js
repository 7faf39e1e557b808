import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import {
    isMemberCardCode,
    isOdooCode,
    normalizeCode,
} from "@loyalty_cinema/app/utils/member_card_code";
import { ClaimService } from "@loyalty_cinema/app/services/claim_service";
import { ConfirmationService } from "@loyalty_cinema/app/services/confirmation_service";
import { LoadService } from "@loyalty_cinema/app/services/load_service";
import { MemberCardService } from "@loyalty_cinema/app/services/member_card_service";
import { MemberPanelService } from "@loyalty_cinema/app/services/member_panel_service";
import { MemberService } from "@loyalty_cinema/app/services/member_service";
import { RefusedSaleService } from "@loyalty_cinema/app/services/refused_sale_service";
import { StoredValueRefundService } from "@loyalty_cinema/app/services/stored_value_refund_service";
import { StoredValueService } from "@loyalty_cinema/app/services/stored_value_service";
import { SuggestionService } from "@loyalty_cinema/app/services/suggestion_service";
import { VoucherService } from "@loyalty_cinema/app/services/voucher_service";

patch(PosStore.prototype, {
    async setup() {
        this.storedValue = new StoredValueService(this);
        this.storedValueRefunds = new StoredValueRefundService(this);
        this.refusedSales = new RefusedSaleService(this);
        this.confirmations = new ConfirmationService(this);
        this.loads = new LoadService(this);
        this.members = new MemberService(this);
        this.panels = new MemberPanelService(this);
        this.vouchers = new VoucherService(this);
        this.suggestions = new SuggestionService(this);
        this.claims = new ClaimService(this);
        this.memberCards = new MemberCardService(this);
        const result = await super.setup(...arguments);
        const till = this.env.services.loyalty_till;
        till.unlock = (message) => this.memberCards.unlock(message);
        // a removed line: nobody's card number stays in memory
        this.models["pos.order.line"].addEventListener("delete", ({ key }) =>
            this.loads.credentials.delete(key),
        );
        return result;
    },

    /** The employee who stands at a till that several share (`pos_hr`, no dependency); or null. */
    get actingEmployee() {
        const cashier = this.config?.module_pos_hr ? this.getCashier() : null;
        return cashier?.model?.name === "hr.employee" ? cashier : null;
    },

    /** Is who stands here the user who is logged in to Odoo? Else a manager's PIN is asked for. */
    get isUserActing() {
        return !this.config.module_pos_hr || this.actingEmployee?.raw.user_id === this.user.id;
    },

    /** The buttons of cards say what there is, as far as it is known without asking. */
    getPaymentMethodFmtAmount(method, order) {
        return method.stored_value_type
            ? this.storedValue.balanceText(order, method)
            : super.getPaymentMethodFmtAmount(...arguments);
    },

    /** What cards have paid, or were loaded with, is not edited: refund the order instead. */
    canEditPayment(order) {
        const hasValue =
            order.loadLines().length || order.payment_ids.some((p) => p.isStoredValue());
        return !hasValue && super.canEditPayment(...arguments);
    },

    /** Orders of the last session are sent while the till is opened: what becomes of them counts. */
    async initServerData() {
        this.data.saleListeners = {
            sync_from_ui: this.refusedSales,
            confirm_coupon_programs: this.confirmations,
        };
        const result = await super.initServerData(...arguments);
        this.confirmations.sendLost(); // not awaited: nobody waits for it
        return result;
    },

    /** The server notes of a refused sale whether its goods are gone. */
    getSyncAllOrdersContext(orders, options = {}) {
        const context = super.getSyncAllOrdersContext(...arguments);
        return orders.some((order) => this.refusedSales.isSoldBefore(order, options))
            ? { ...context, loyalty_sold_before: true }
            : context;
    },

    /** What was sold before goes first, on its own: its refusal is not that of the next customer. */
    async syncAllOrders(options = {}) {
        const { orderToCreate, orderToUpdate } = this.getPendingOrder();
        const late = [...orderToCreate, ...orderToUpdate].filter(
            (order) => order.finalized && order.uiState.isSoldBefore,
        );
        if (options.throw && !options.orders && late.length) {
            await super.syncAllOrders({ orders: late });
        }
        return super.syncAllOrders(...arguments);
    },

    /** Before a till is closed: nothing that was sold may be forgotten. */
    async pushOrdersWithClosingPopup() {
        const isDone = await super.pushOrdersWithClosingPopup(...arguments);
        return isDone && this.refusedSales.mayClose();
    },

    /** A load product asks for its card and amount before it becomes a line. */
    async addLineToCurrentOrder(vals, opt = {}, configure = true) {
        const product = this.loads.loadProduct(vals);
        if (product && !vals.loyalty_balance_id) {
            return this.loads.sell(product);
        }
        return super.addLineToCurrentOrder(vals, opt, configure);
    },

    /** Free pieces that nobody has rung up are told before the customer pays. */
    async pay() {
        const order = this.getOrder();
        if (!order || (await this.vouchers.allowLoss(order))) {
            return super.pay(...arguments);
        }
    },

    /** A deleted order holds nothing any more. */
    async _onBeforeDeleteOrder(order) {
        const isGoing = await super._onBeforeDeleteOrder(...arguments);
        if (isGoing) {
            this.storedValue.releaseOrder(order);
            this.storedValue.forget(order);
            this.loads.forget(order);
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

    /**
     * Balances shown beside a customer. Old orders may bring one whose program this till has not
     * loaded (archived since, or of other tills): Odoo would fail on it, and the list stay dead.
     */
    getLoyaltyCards() {
        return super.getLoyaltyCards(...arguments).filter((balance) => balance?.program_id);
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
        await this.confirmations.sendLost();
        await super.postSyncAllOrders(...arguments);
        orders.forEach((order) => this.members.forget(order.getPartner()));
        for (const order of orders.filter(({ finalized }) => finalized)) {
            this.storedValue.forget(order);
            this.storedValueRefunds.forget(order);
            this.loads.forget(order);
        }
    },

    /**
     * The number of a member card is welcomed as if it were scanned. A code that is no coupon may
     * be on a card that was printed before it became stored value.
     */
    async activateCode(code) {
        if (isMemberCardCode(code) && (await this.memberCards.welcome(normalizeCode(code)))) {
            return true;
        }
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
