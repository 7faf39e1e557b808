import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { rewardText } from "@loyalty_cinema/app/utils/points";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";

patch(ControlButtons.prototype, {
    /** Shops without stored value, members and discount cards see nothing of it. */
    get hasMemberCards() {
        const tenders = this.pos.config.payment_method_ids;
        return this.pos.members.isAsked || tenders.some((method) => method.stored_value_type);
    },

    clickMemberCard() {
        this.props.close?.();
        return this.pos.memberCards.open();
    },

    /** Odoo's list of rewards; those of members say what they cost. */
    async clickRewards() {
        const rewards = this.getPotentialRewards();
        if (!rewards.some(({ reward }) => reward.program_id.is_membership)) {
            return super.clickRewards(...arguments);
        }
        const chosen = await makeAwaitable(this.dialog, SelectionPopup, {
            title: _t("Available rewards"),
            list: rewards.map((item) => ({
                id: item.reward.id,
                label: item.reward.program_id.name,
                description: rewardText(item.reward),
                item,
            })),
        });
        return chosen && this._applyReward(chosen.reward, chosen.coupon_id, chosen.potentialQty);
    },

    /** A gift for points: one that is on the order already, or one more. */
    async _applyReward(reward, couponId, potentialQty) {
        if (!reward.program_id.is_membership || reward.reward_type !== "product") {
            return super._applyReward(...arguments);
        }
        const product = await this._chooseGift(reward);
        if (!product) {
            return false;
        }
        const order = this.pos.getOrder();
        order.uiState.disabledRewards.delete(reward.id);
        await this._ringUpGift(order, reward, couponId, product);
        const result = order._applyReward(reward, couponId, {
            product,
            quantity: reward.reward_product_qty,
            cost: reward.required_points,
        });
        if (result !== true) {
            this.notification.add(result);
        }
        this.pos.updateRewards();
        return result;
    },

    _chooseGift({ reward_product_ids: products }) {
        if (products.length < 2) {
            return products[0];
        }
        return makeAwaitable(this.dialog, SelectionPopup, {
            title: _t("Please select a product for this reward"),
            list: products.map((product) => ({
                id: product.id,
                label: product.display_name,
                item: product,
            })),
        });
    },

    async _ringUpGift(order, reward, couponId, product) {
        const points = order._getRealCouponPoints(couponId);
        if (order._computeUnclaimedFreeProductQty(reward, couponId, product, points) <= 0) {
            await this.pos.addLineToCurrentOrder({
                product_id: product,
                product_tmpl_id: product.product_tmpl_id,
                qty: reward.reward_product_qty,
            });
        }
    },
});
