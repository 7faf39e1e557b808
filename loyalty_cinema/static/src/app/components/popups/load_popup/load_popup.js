import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { Dialog } from "@web/core/dialog/dialog";
import { parseFloat } from "@web/views/fields/parsers";
import {
    BACKSPACE,
    DECIMAL,
    Numpad,
    ZERO,
    getButtons,
} from "@point_of_sale/app/components/numpad/numpad";
import {
    digitButtons,
    pressKey,
    useScreenKeys,
} from "@loyalty_cinema/app/components/popups/card_entry_popup/card_entry_popup";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";
import { isMemberCardCode, normalizeCode } from "@loyalty_cinema/app/utils/member_card_code";
import { groupedAmount } from "@loyalty_cinema/app/utils/typed_amount";

/**
 * First the card, unless it is known; then the amount, keyed in or one of the preset ones. A
 * preset amount is one tap and done. Refusals are shown in the popup, which stays open.
 *
 * `prepare(amount, credential)` asks the server; the payload is `{answer, credential, amount}`.
 */
export class LoadPopup extends Component {
    static template = "loyalty_cinema.LoadPopup";
    static components = { Dialog, Numpad };
    static props = {
        title: String,
        credential: { type: [Object, { value: null }], optional: true },
        amount: { type: Number, optional: true },
        prepare: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.inputRef = useRef("input");
        useScreenKeys("keys");
        this.state = useState({
            credential: null,
            info: null,
            text: "",
            message: "",
            // A known card is looked up first: what is typed meanwhile would be taken for a code.
            isBusy: Boolean(this.props.credential),
        });
        useCardReader((code) => this.findCard({ code, pin: false }));
        onMounted(() => this.props.credential && this.findCard(this.props.credential));
        useEffect(
            () => this.inputRef.el?.select(),
            () => [this.state.info, this.state.isBusy, this.state.message],
        );
    }

    get label() {
        return this.state.info ? _t("Amount") : _t("Scan the card or type its number");
    }

    get buttons() {
        return this.state.info ? getButtons([DECIMAL, ZERO, BACKSPACE]) : digitButtons();
    }

    get card() {
        const { masked_code, holder, program_name } = this.state.info;
        return [program_name, masked_code, holder].filter(Boolean).join(" · ");
    }

    get balanceText() {
        return _t("Balance: %s", this.env.utils.formatCurrency(this.state.info.balance));
    }

    get limits() {
        const { load_min: min, load_max: max } = this.state.info;
        const format = this.env.utils.formatCurrency;
        if (min && max) {
            return _t("From %(min)s to %(max)s", { min: format(min), max: format(max) });
        }
        return min ? _t("At least %s", format(min)) : max ? _t("At most %s", format(max)) : "";
    }

    /** The card was typed or scanned here, and another one may have been meant. */
    get canGoBack() {
        return Boolean(this.state.info) && !this.props.credential && !this.props.amount;
    }

    otherCard() {
        Object.assign(this.state, { info: null, credential: null, text: "", message: "" });
    }

    onNumpad(key) {
        this._type(pressKey(this.state.text, key));
        this.inputRef.el?.focus();
    }

    /** In the middle of a number the cursor must stay where it is. */
    onInput({ target }) {
        if (target.selectionStart === target.value.length) {
            this._type(target.value);
        } else {
            this.state.text = target.value;
        }
    }

    _type(text) {
        this.state.text = this.state.info ? groupedAmount(text) : text;
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm();
        }
    }

    confirm() {
        const text = this.state.text.trim();
        if (!text || this.state.isBusy) {
            return;
        }
        // a scanner types into the amount, too: no amount has so many digits, and their check digit
        const code = normalizeCode(text).replaceAll(localization.thousandsSep || " ", "");
        return this.state.info && !isMemberCardCode(code)
            ? this.load(this._amount(text))
            : this.findCard({ code, pin: false });
    }

    async findCard(credential) {
        const answer = await this._prepare(0, credential);
        if (answer.ok) {
            const amount = this.props.amount;
            Object.assign(this.state, {
                credential,
                info: answer,
                message: "",
                text: amount ? this.env.utils.formatCurrency(amount, false) : "",
            });
        }
    }

    async load(amount) {
        if (!(amount > 0)) {
            this.state.message = _t("Type an amount above zero.");
            return;
        }
        const { credential } = this.state;
        const answer = await this._prepare(amount, credential);
        if (answer.ok) {
            this.props.getPayload({ answer, credential, amount });
            this.props.close();
        }
    }

    /** What is asked last counts: another card may be scanned while the server is asked. */
    async _prepare(amount, credential) {
        const asked = (this.asked = credential);
        this.state.isBusy = true;
        try {
            const answer = await this.props.prepare(amount, credential);
            if (asked !== this.asked) {
                return { ok: false };
            }
            if (!answer.ok) {
                Object.assign(this.state, { message: answer.message, text: "" });
            }
            return answer;
        } finally {
            if (asked === this.asked) {
                this.state.isBusy = false;
            }
        }
    }

    _amount(text) {
        try {
            return parseFloat(text);
        } catch {
            return 0;
        }
    }
}
