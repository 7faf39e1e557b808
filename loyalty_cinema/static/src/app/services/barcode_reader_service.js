import { patch } from "@web/core/utils/patch";
import { BarcodeReader } from "@point_of_sale/app/services/barcode_reader_service";
import {
    isMemberCardCode,
    isOdooCode,
    normalizeCode,
} from "@loyalty_cinema/app/utils/member_card_code";

patch(BarcodeReader.prototype, {
    /**
     * A member card is recognised by its check digit before the nomenclature reads a product,
     * a coupon or a cashier into its random digits. Screens listen with the key `memberCard`;
     * a listener that returns false has not found the card, and the code goes its usual way.
     * So is a card that has kept Odoo's code, where nobody listens for coupons: the product screen
     * does (`couponsFirst`), and asks for a card when there is no such coupon.
     */
    async _scan(code) {
        const maps = this.exclusiveCbMap ? [this.exclusiveCbMap] : [...this.cbMaps];
        const listener = maps.reverse().find((map) => map.memberCard);
        // 01 + 14 digits is how GS1 writes a product number.
        const isGs1Product = this.parser.nomenclature?.is_gs1_nomenclature && /^01/.test(code);
        const isCard =
            isMemberCardCode(code) || (isOdooCode(code) && listener && !listener.couponsFirst);
        if (listener && isCard && !isGs1Product) {
            if ((await listener.memberCard(normalizeCode(code))) !== false) {
                return;
            }
        }
        return super._scan(...arguments);
    },
});
