import { Component, useEffect, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { MemberPanel } from "@loyalty_cinema/app/components/member_panel/member_panel";
import { SuggestionBar } from "@loyalty_cinema/app/components/suggestion_bar/suggestion_bar";
import { discountText, panelSignals, tierColors } from "@loyalty_cinema/app/utils/member_panel";
import { memberPoints, claimsToHold } from "@loyalty_cinema/app/utils/points";
import { _t } from "@web/core/l10n/translation";

/**
 * The order's customer as a member: one line at the foot of the products, with what goes well with
 * the order; the panel unfolds above it. There it takes no line away from the order, and products
 * stay where they are when it comes: a touch hits what was aimed at. Telephones show it below the
 * cart, too.
 *
 * Whichever way a customer came on the order (list, scan, another order, a reload), being shown
 * here is what fetches the member. Without a connection it is what was known last, with its hour.
 */
export class MemberLine extends Component {
    static template = "loyalty_cinema.MemberLine";
    static components = { MemberPanel, SuggestionBar };
    static props = {};

    setup() {
        this.pos = usePos();
        this.screen = useService("ui");
        this.known = useState(this.pos.members.known);
        this.entries = useState(this.pos.panels.known);
        this.missed = useState(this.pos.panels.missed);
        useState(this.pos.panels.ui);
        useEffect(
            () => {
                this.pos.members.load(this.partner);
            },
            () => [this.partner?.id, this.partner && this.partner.id in this.known],
        );
    }

    get partner() {
        return this.pos.getOrder()?.getPartner() || null;
    }

    /** Where nobody joins anything there is a line for customers only. */
    get isShown() {
        const { isOffered, isAsked } = this.pos.members;
        return isOffered || (isAsked && Boolean(this.entry || this.isMissed));
    }

    /** The server was asked about this customer in vain. */
    get isMissed() {
        return Boolean(this.partner && this.missed[this.partner.id] && !this.isAnswered);
    }

    get isAnswered() {
        return this.partner.id in this.known;
    }

    /** What is known of the customer, however old; nothing while the first answer is awaited. */
    get entry() {
        const entry = this.partner && this.entries[this.partner.id];
        return entry && (this.isAnswered || this.isMissed) ? entry : null;
    }

    get member() {
        if (!this.partner) {
            return undefined;
        }
        return this.isMissed ? this.entry?.member : this.known[this.partner.id];
    }

    get tier() {
        return (this.member && this.entry?.panel.tier) || null;
    }

    /** The edge of what belongs to the member. */
    get boxStyle() {
        return this.tier ? `border-left-color: ${tierColors(this.tier.color).background};` : "";
    }

    get tierStyle() {
        const { background, text } = tierColors(this.tier.color);
        return `background-color: ${background}; color: ${text};`;
    }

    /** The band of a discount card, where there is no membership to tell of; the panel says more. */
    get band() {
        const discount = !this.pos.members.isOffered && this.entry?.panel.discount;
        const format = (amount) => this.env.utils.formatCurrency(amount);
        return discount ? discountText({ ...discount, next: false }, format) : "";
    }

    get points() {
        const claims = claimsToHold(this.pos.getOrder()._get_reward_lines());
        const claimed = claims.find((claim) => claim.balance_id === this.member.balance_id);
        return memberPoints(this.member, claimed?.points);
    }

    get asOf() {
        return this.entry.at.toFormat("HH:mm");
    }

    get isOpen() {
        return Boolean(this.entry) && !this.pos.panels.isFolded;
    }

    /** What must not be overlooked while the panel is folded: icons, and how many. */
    get signals() {
        return this.isOpen ? [] : panelSignals(this.entry.panel);
    }

    get foldHint() {
        return this.isOpen ? _t("Show less of the customer") : _t("Show more of the customer");
    }

    /** A newcomer, or a customer who is known to be no member. */
    get canEnrol() {
        return this.pos.members.isOffered && (!this.partner || this.member === false);
    }
}
