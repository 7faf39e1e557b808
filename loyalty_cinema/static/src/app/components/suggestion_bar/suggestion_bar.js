import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** At the foot of the products: what goes well with it. One touch adds it. */
export class SuggestionBar extends Component {
    static template = "loyalty_cinema.SuggestionBar";
    static props = {};

    setup() {
        this.pos = usePos();
    }

    get order() {
        return this.pos.getOrder();
    }

    get products() {
        return this.pos.suggestions.products(this.order);
    }

    /** The combo, in words that fit: what it saves must not be cut short. */
    get combo() {
        const offer = this.pos.suggestions.combo(this.order);
        if (!offer) {
            return null;
        }
        const { template, missing, saves } = offer;
        const amount = this.env.utils.formatCurrency(saves);
        const isLeast = missing?.choices.length > 1;
        const values = { combo: template.display_name, missing: missing?.name };
        return {
            offer,
            text: missing ? _t("%(combo)s (+ %(missing)s)", values) : _t("As %(combo)s", values),
            saving: isLeast ? _t("saves ≥ %s", amount) : _t("saves %s", amount),
        };
    }
}
