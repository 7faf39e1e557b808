import { useEffect } from "@odoo/owl";
import { MemberView } from "@loyalty_cinema/app/components/member_line/member_view";
import { MemberPanel } from "@loyalty_cinema/app/components/member_panel/member_panel";
import { discountText, tierColors } from "@loyalty_cinema/app/utils/member_panel";
import { memberSummary, claimsToHold } from "@loyalty_cinema/app/utils/points";
import { _t } from "@web/core/l10n/translation";

/**
 * The order's customer as a member, in one line; on small screens the panel unfolds below it.
 * Whichever way a customer came on the order (list, scan, another order, a reload), being shown
 * here is what fetches the member.
 */
export class MemberLine extends MemberView {
    static template = "loyalty_cinema.MemberLine";
    static components = { MemberPanel };

    setup() {
        super.setup();
        useEffect(
            () => {
                this.pos.members.load(this.partner);
            },
            () => [this.partner?.id, this.partner && this.partner.id in this.known],
        );
    }

    /** Where nobody joins anything there is a line for customers only. */
    get isShown() {
        const { isOffered, isAsked } = this.pos.members;
        return isOffered || (isAsked && Boolean(this.entry || this.isMissed));
    }

    /** The band of a discount card, where there is no membership to tell of; the panel says more. */
    get band() {
        const discount = !this.pos.members.isOffered && this.entry?.panel.discount;
        const format = (amount) => this.env.utils.formatCurrency(amount);
        return discount ? discountText({ ...discount, next: false }, format) : "";
    }

    get tierStyle() {
        const { background, text } = tierColors(this.tier.color);
        return `background-color: ${background}; color: ${text};`;
    }

    get summary() {
        const claims = claimsToHold(this.pos.getOrder()._get_reward_lines());
        const claimed = claims.find((claim) => claim.balance_id === this.member.balance_id);
        return memberSummary(this.member, claimed?.points);
    }

    get asOf() {
        return this.entry.at.toFormat("HH:mm");
    }

    get foldHint() {
        return this.pos.panels.isFolded ? _t("Show more") : _t("Show less");
    }

    /** A newcomer, or a customer who is known to be no member. */
    get canEnrol() {
        return this.pos.members.isOffered && (!this.partner || this.member === false);
    }
}
