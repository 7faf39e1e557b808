import { _t } from "@web/core/l10n/translation";
import { ask, makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { formatPoints, piecesLost } from "@loyalty_cinema/app/utils/points";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";

/**
 * Vouchers of the customer, put on the order by one touch: what Odoo does with a typed code,
 * without the code, which a till never learns. The server works out the value again.
 */
export class VoucherService {
    constructor(pos) {
        this.pos = pos;
    }

    /** The lines by which a voucher is on an order. */
    linesOf(order, { coupon_id: id }) {
        return order._get_reward_lines().filter((line) => line.coupon_id?.id === id);
    }

    /**
     * Before the customer pays: a voucher of three pieces on an order with one is used up by it.
     *
     * @returns {Promise<boolean>} false: the cashier goes back to ring up the rest
     */
    async allowLoss(order) {
        const lost = piecesLost(order._get_reward_lines());
        const told = JSON.stringify(lost);
        if (!lost.length || order.uiState.allowedLoss === told) {
            return true;
        }
        const isAllowed = await ask(this.pos.dialog, {
            title: _t("More pieces are free"),
            body: lost.map((gift) => this._lossText(gift)).join("\n"),
            confirmLabel: _t("Use it all the same"),
            cancelLabel: _t("Back to the order"),
        });
        order.uiState.allowedLoss = isAllowed ? told : null;
        return isAllowed;
    }

    _lossText({ name, gives, used, lost }) {
        return _t(
            "“%(name)s” gives %(gives)s pieces, and this order has %(used)s. Ring up %(lost)s more, or they are lost.",
            {
                name,
                gives: formatPoints(gives),
                used: formatPoints(used),
                lost: formatPoints(lost),
            },
        );
    }

    /** On the order, and off again. */
    async toggle(voucher) {
        const order = this.pos.getOrder();
        const [line] = this.linesOf(order, voucher);
        if (line) {
            this._takeOff(order, line);
        } else {
            await this._putOn(order, voucher);
        }
    }

    /** What a voucher gives: what takes money off for every point, or else the first; for its text. */
    rewardOf({ program_id: id }) {
        const rewards = this.pos.models["loyalty.program"].get(id)?.reward_ids || [];
        return rewards.find((reward) => reward.discount_mode === "per_point") || rewards[0];
    }

    /** Vouchers are their owner's: with another customer they come off the order. */
    forgetOthers(order) {
        const owner = order?.getPartner();
        const others = (order?._code_activated_coupon_ids || []).filter(
            (coupon) => coupon.code === null && coupon.partner_id && coupon.partner_id !== owner,
        );
        for (const coupon of others) {
            this.linesOf(order, { coupon_id: coupon.id }).forEach((line) => line.delete());
        }
        if (others.length) {
            order._code_activated_coupon_ids = [["unlink", ...others]];
        }
    }

    _takeOff(order, line) {
        const balance = line.coupon_id;
        order.removeOrderline(line);
        order._code_activated_coupon_ids = [["unlink", balance]];
        this.pos.updateRewards();
    }

    /** Takes all that a balance gives off an order. */
    remove(order, balance) {
        this.linesOf(order, { coupon_id: balance.id }).forEach((line) => line.delete());
        if ((order._code_activated_coupon_ids || []).includes(balance)) {
            order._code_activated_coupon_ids = [["unlink", balance]];
        }
    }

    async _putOn(order, voucher) {
        const balance = this._balance(order, voucher);
        if (!balance) {
            return this._say(_t("%s cannot be used at this till.", voucher.name));
        }
        order._code_activated_coupon_ids = [["link", balance]];
        await this.pos.orderUpdateLoyaltyPrograms();
        const offers = this._offers(order, balance);
        const offer = await this._choose(offers, voucher);
        const result = offer
            ? await this._claim(order, offer)
            : offers.length === 0 && this._why(order, voucher);
        if (!this.linesOf(order, voucher).length) {
            order._code_activated_coupon_ids = [["unlink", balance]];
            if (typeof result === "string") {
                this._say(result);
            }
        }
        this.pos.updateRewards();
    }

    /** Odoo's record of the voucher, made as Odoo makes one for a typed code. */
    _balance(order, { coupon_id: id, program_id: programId, points }) {
        const balances = this.pos.models["loyalty.card"];
        const program = this.pos.models["loyalty.program"].get(programId);
        const known = balances.get(id);
        if (known) {
            known.points = points;
        }
        return (
            known ||
            (program &&
                balances.create({
                    id,
                    code: null,
                    program_id: program,
                    partner_id: order.getPartner(),
                    points,
                }))
        );
    }

    /** What the voucher can give on this order: a discount, a gift on it or one to be rung up. */
    _offers(order, { id }) {
        const isOurs = (offer) => offer.coupon_id === id;
        const offers = new Map();
        for (const offer of [
            ...this.pos.getPotentialFreeProductRewards().filter(isOurs),
            ...order.getClaimableRewards(id),
        ]) {
            offers.set(offer.reward.id, offer);
        }
        return [...offers.values()];
    }

    _choose(offers, { name }) {
        if (offers.length < 2) {
            return offers[0];
        }
        return makeAwaitable(this.pos.dialog, SelectionPopup, {
            title: name,
            list: offers.map((offer) => ({
                id: offer.reward.id,
                label: offer.reward.description,
                item: offer,
            })),
        });
    }

    /** @returns {Promise<true|string>} true, or why not */
    async _claim(order, { reward, coupon_id: id }) {
        order.uiState.disabledRewards.delete(reward.id);
        if (reward.reward_type !== "product") {
            return order._applyReward(reward, id);
        }
        const product = await this._chooseGift(reward);
        if (!product) {
            return true;
        }
        const points = order._getRealCouponPoints(id);
        if (order._computeUnclaimedFreeProductQty(reward, id, product, points) <= 0) {
            // Odoo claims the gift by itself when it is rung up, if nothing else gives it
            await this.pos.addLineToCurrentOrder({
                product_id: product,
                product_tmpl_id: product.product_tmpl_id,
                qty: reward.reward_product_qty,
            });
        }
        const isClaimed = this.linesOf(order, { coupon_id: id }).length > 0;
        return isClaimed || order._applyReward(reward, id, { product });
    }

    _chooseGift({ reward_product_ids: products, description }) {
        if (products.length < 2) {
            return products[0];
        }
        return makeAwaitable(this.pos.dialog, SelectionPopup, {
            title: description,
            list: products.map((product) => ({
                id: product.id,
                label: product.display_name,
                item: product,
            })),
        });
    }

    _why(order, { name }) {
        return order.isEmpty()
            ? _t("Ring something up first, then %s.", name)
            : _t("%s does not fit this order: its conditions are not met.", name);
    }

    _say(message) {
        this.pos.notification.add(message, { type: "warning" });
    }
}
