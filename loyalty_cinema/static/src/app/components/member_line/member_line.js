import { Component, useEffect, useState } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { memberSummary, membershipClaims } from "@loyalty_cinema/app/utils/points";

/**
 * The order's customer as a member, in one line. Whichever way a customer came on the order
 * (list, scan, another order, a reload), being shown here is what fetches the member.
 */
export class MemberLine extends Component {
    static template = "loyalty_cinema.MemberLine";
    static props = {};

    setup() {
        this.pos = usePos();
        this.known = useState(this.pos.members.known);
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

    get member() {
        return this.partner ? this.known[this.partner.id] : undefined;
    }

    get summary() {
        const claims = membershipClaims(this.pos.getOrder()._get_reward_lines());
        const claimed = claims.find((claim) => claim.balance_id === this.member.balance_id);
        return memberSummary(this.member, claimed?.points);
    }

    /** A newcomer, or a customer who is known to be no member. */
    get canEnrol() {
        return !this.partner || this.member === false;
    }
}
