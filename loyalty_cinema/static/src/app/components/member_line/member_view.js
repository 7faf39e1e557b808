import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { tierColors } from "@loyalty_cinema/app/utils/member_panel";

/**
 * What the till knows of the order's customer, for the line below the order and for the panel.
 * Without a connection it is what was known last, with its hour.
 */
export class MemberView extends Component {
    static props = {};

    setup() {
        this.pos = usePos();
        this.screen = useService("ui");
        this.known = useState(this.pos.members.known);
        this.entries = useState(this.pos.panels.known);
        this.missed = useState(this.pos.panels.missed);
        useState(this.pos.panels.ui);
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

    /** The edge of what belongs to the member. */
    get boxStyle() {
        return this.tier ? `border-left-color: ${tierColors(this.tier.color).background};` : "";
    }
}
