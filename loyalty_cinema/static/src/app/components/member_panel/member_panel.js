import { Component } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import {
    birthdayText,
    discountText,
    expiryText,
    progressText,
    shortDate,
    tierColors,
    voucherText,
} from "@loyalty_cinema/app/utils/member_panel";
import { formatPoints } from "@loyalty_cinema/app/utils/points";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/**
 * Who stands before the cashier, in a few short rows; rows with nothing to tell are not there.
 * What is touched is done at once: a voucher goes on the order, a habit is rung up, a task is done.
 */
export class MemberPanel extends Component {
    static template = "loyalty_cinema.MemberPanel";
    static props = {
        partner: Object,
        member: [Object, { value: false }],
        panel: Object,
        isOld: Boolean,
    };

    setup() {
        this.pos = usePos();
    }

    get order() {
        return this.pos.getOrder();
    }

    formatCurrency(amount) {
        return this.env.utils.formatCurrency(amount);
    }

    get occasions() {
        const { birthday, special_day: day } = this.props.panel;
        return [
            { icon: "fa-birthday-cake", text: birthdayText(birthday) },
            { icon: "fa-calendar", text: day },
        ].filter(({ text }) => text);
    }

    get progress() {
        const { progress, tier } = this.props.panel;
        if (!this.props.member || !progress) {
            return null;
        }
        const text = progressText(progress, (amount) => this.formatCurrency(amount));
        const review = progress.review_on && _t("review %s", shortDate(progress.review_on));
        const label = [text, review].filter(Boolean).join(" · ");
        const percent = Math.min(100, Math.max(0, progress.percent || 0));
        const color = tierColors(tier?.color).background;
        return label
            ? {
                  label,
                  percent: Math.round(percent),
                  style: `width: ${percent}%; background-color: ${color};`,
              }
            : null;
    }

    get vouchers() {
        return this.props.panel.vouchers.map((voucher) => ({
            voucher,
            key: voucher.coupon_id,
            text: voucherText(voucher, this.pos.vouchers.rewardOf(voucher), (amount) =>
                this.formatCurrency(amount),
            ),
            isUsed: this.pos.vouchers.linesOf(this.order, voucher).length > 0,
        }));
    }

    /** Money and points in passing: what can pay, and what is about to go. */
    get facts() {
        const { wallet, last_visit: last, visits, comes, discount, prices } = this.props.panel;
        const { member } = this.props;
        return [
            prices || "",
            discount ? discountText(discount, (amount) => this.formatCurrency(amount)) : "",
            wallet ? _t("Wallet %s", this.formatCurrency(wallet)) : "",
            member ? expiryText(member, DateTime.now().startOf("day")) : "",
            last ? _t("Last here %s", shortDate(last)) : "",
            visits > 1 ? _t("%s visits in 90 days", formatPoints(visits)) : "",
            comes || "",
        ].filter(Boolean);
    }

    /** What they usually have, as far as this till sells it. */
    get usual() {
        const products = this.pos.models["product.product"];
        return this.props.panel.usual
            .map(({ product_id: id, name }) => ({ product: products.get(id), name }))
            .filter(({ product }) => product);
    }

    get tastes() {
        const { stated = [], learned = [] } = this.props.panel.tastes || {};
        const told = new Set(stated.map(({ id }) => id));
        return [
            ...stated.map((taste) => ({
                ...taste,
                isTold: true,
                hint: _t("The customer told us"),
            })),
            ...learned
                .filter(({ id }) => !told.has(id))
                .map((taste) => ({ ...taste, hint: _t("Learned from purchases") })),
        ];
    }

    ringUp(product) {
        return this.pos.suggestions.addProduct(product);
    }
}
