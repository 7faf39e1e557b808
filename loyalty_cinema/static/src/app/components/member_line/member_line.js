import { Component, useEffect, useState } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { MemberPanel } from "@loyalty_cinema/app/components/member_panel/member_panel";
import { tierColors } from "@loyalty_cinema/app/utils/member_panel";
import { memberSummary, membershipClaims } from "@loyalty_cinema/app/utils/points";

/**
 * The order's customer as a member: one line, and the panel below it. Whichever way a customer
 * came on the order (list, scan, another order, a reload), being shown here is what fetches the
 * member. Without a connection, what was known last is shown, with its hour.
 */
export class MemberLine extends Component {
    static template = "loyalty_cinema.MemberLine";
    static components = { MemberPanel };
    static props = {};

    setup() {
        this.pos = usePos();
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

    get tierStyle() {
        const { background, text } = tierColors(this.tier.color);
        return `background-color: ${background}; color: ${text};`;
    }

    get boxStyle() {
        return this.tier ? `border-left-color: ${tierColors(this.tier.color).background};` : "";
    }

    get summary() {
        const claims = membershipClaims(this.pos.getOrder()._get_reward_lines());
        const claimed = claims.find((claim) => claim.balance_id === this.member.balance_id);
        return memberSummary(this.member, claimed?.points);
    }

    get asOf() {
        return this.entry.at.toFormat("HH:mm");
    }

    /** A newcomer, or a customer who is known to be no member. */
    get canEnrol() {
        return !this.partner || this.member === false;
    }
}
