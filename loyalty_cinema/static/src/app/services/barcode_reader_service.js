import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { BarcodeReader } from "@point_of_sale/app/services/barcode_reader_service";
import {
    isMemberCardCode,
    isOdooCode,
    maskCode,
    normalizeCode,
} from "@loyalty_cinema/app/utils/member_card_code";

patch(BarcodeReader.prototype, {
    setup() {
        super.setup(...arguments);
        this.cardsAsked = new Set();
        this.isDeaf = false; // while Odoo's service reports keys that `CardScanner` has handled
    },

    /** As Odoo: one code after the other. A popup in front is answered by the first one. */
    scan(code) {
        if (this.isDeaf) {
            return Promise.resolve();
        }
        return this._isCard(code) && this._isPopupOpen()
            ? this.scanCard(code)
            : super.scan(...arguments);
    },

    /**
     * A member card for whoever expects one now. The same card twice on an order, before the first
     * answer, is one: scanners read twice, and so do people when the network is slow.
     *
     * @param {string} code
     */
    async scanCard(code) {
        const isPopup = this._isPopupOpen();
        const order = this._cardListener()?.order?.();
        const key = [isPopup, order, normalizeCode(code)].join(":");
        if (this.cardsAsked.has(key)) {
            return;
        }
        this.cardsAsked.add(key);
        try {
            await (isPopup ? this._scanInPopup(code) : this.mutex.exec(() => this._scan(code)));
        } finally {
            this.cardsAsked.delete(key);
        }
    },

    async _scanInPopup(code) {
        const listener = this._cardListener();
        if (listener) {
            await listener.memberCard(normalizeCode(code));
        } else {
            this.notification.add(
                _t("Card %s was not used: close this window, then scan it.", maskCode(code)),
                { type: "warning" },
            );
        }
    },

    /**
     * A member card is recognised by its check digit before the nomenclature reads a product,
     * a coupon or a cashier into its random digits. Screens listen with the key `memberCard`;
     * a listener that returns false has not found the card, and the code goes its usual way.
     * So is a card that has kept Odoo's code, where nobody listens for coupons: the product screen
     * does (`couponsFirst`), and asks for a card when there is no such coupon.
     */
    async _scan(code) {
        const listener = this._cardListener();
        const isCard =
            this._isCard(code) || (isOdooCode(code) && listener && !listener.couponsFirst);
        if (listener && isCard) {
            if ((await listener.memberCard(normalizeCode(code))) !== false) {
                return;
            }
        }
        return super._scan(...arguments);
    },

    _isCard(code) {
        // 01 + 14 digits is how GS1 writes a product number.
        const isGs1Product = this.parser.nomenclature?.is_gs1_nomenclature && /^01/.test(code);
        return isMemberCardCode(code) && !isGs1Product;
    },

    /** The popup in front, if it expects a card; without popups the screen. */
    _cardListener() {
        const maps = this.exclusiveCbMap ? [this.exclusiveCbMap] : [...this.cbMaps];
        const listeners = maps.reverse().filter((map) => map.memberCard);
        return listeners.find((map) => !this._isPopupOpen() || map.isInFront?.());
    },

    _isPopupOpen() {
        return document.body.classList.contains("modal-open");
    },

    /** On screens without an order, where cards mean nothing yet. */
    showNotFoundNotification({ code }) {
        if (!isMemberCardCode(code) || this._cardListener()) {
            return super.showNotFoundNotification(...arguments);
        }
        this.notification.add(
            _t("Card %s was not used: open an order or a table, then scan it.", maskCode(code)),
            { type: "warning" },
        );
    },

    /** Numbers of cards are never shown in full, whatever they were taken for. */
    codeRepr({ code }) {
        return isMemberCardCode(code) ? maskCode(code) : super.codeRepr(...arguments);
    },
});
