import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { Chrome } from "@point_of_sale/app/pos_app";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/** Across the top of every screen, as long as a completed sale is not booked. */
export class RefusedSales extends Component {
    static template = "loyalty_cinema.RefusedSales";
    static props = {};

    setup() {
        this.pos = usePos();
        this.reasons = useState(this.pos.refusedSales.reasons);
    }

    get text() {
        const { sales } = this.pos.refusedSales;
        return sales.length === 1
            ? _t("Not booked, the server refused it: %s", this.pos.refusedSales.name(sales[0]))
            : _t("%s sales are not booked: the server refused them.", sales.length);
    }

    get isShown() {
        return Object.keys(this.reasons).length > 0 && this.pos.refusedSales.sales.length > 0;
    }
}

patch(Chrome, { components: { ...Chrome.components, RefusedSales } });
