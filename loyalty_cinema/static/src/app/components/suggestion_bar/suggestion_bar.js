import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** One row below the order: what goes well with it. One touch adds it. */
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

    get combo() {
        const offer = this.pos.suggestions.combo(this.order);
        return offer && { offer, text: this._comboText(offer) };
    }

    _comboText({ template, missing, saves }) {
        const amount = this.env.utils.formatCurrency(saves);
        const values = { combo: template.display_name, amount, missing: missing?.name };
        if (!missing) {
            return _t("As %(combo)s: saves %(amount)s", values);
        }
        return missing.choices.length > 1
            ? _t("%(combo)s, with %(missing)s: saves %(amount)s or more", values)
            : _t("%(combo)s, with %(missing)s: saves %(amount)s", values);
    }
}
