import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { BACKSPACE, Numpad, ZERO, getButtons } from "@point_of_sale/app/components/numpad/numpad";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

const CLEAR = { value: "Clear", text: "C" };

/**
 * What a screen key does to a typed text.
 *
 * @param {string} text
 * @param {string} key
 * @returns {string}
 */
export function pressKey(text, key) {
    if (key === CLEAR.value) {
        return "";
    }
    return key === BACKSPACE.value ? text.slice(0, -1) : text + key;
}

/** Screen keys for digits only, as cards and PINs have. */
export const digitButtons = () => getButtons([CLEAR, ZERO, BACKSPACE]);

/**
 * Screen keys are for fingers: who goes on with Tab comes from the field to the buttons.
 *
 * @param {string} refName of what contains the keys
 */
export function useScreenKeys(refName) {
    const keys = useRef(refName);
    useEffect(() => {
        keys.el?.querySelectorAll("button").forEach((key) => (key.tabIndex = -1));
    });
}

/**
 * One line of digits: a card's number (scanned, typed or tapped) or a PIN.
 *
 * `submit(text)` asks the server and returns `{isAnswered, message, payload}`. Until it is
 * answered the popup stays, with the message in it: a typing error costs no extra dialog.
 */
export class CardEntryPopup extends Component {
    static template = "loyalty_cinema.CardEntryPopup";
    static components = { Dialog, Numpad };
    static props = {
        title: String,
        label: String,
        message: { type: String, optional: true },
        secret: { type: Boolean, optional: true },
        scan: { type: Boolean, optional: true },
        submit: Function,
        getPayload: Function,
        close: Function,
    };
    static defaultProps = { message: "", secret: false, scan: false };

    setup() {
        this.state = useState({ text: "", message: this.props.message, isBusy: false });
        this.inputRef = useRef("input");
        useScreenKeys("keys");
        if (this.props.scan) {
            useCardReader(this.onScan);
        }
        useEffect(
            () => this.inputRef.el?.focus(),
            () => [this.state.isBusy],
        );
    }

    get buttons() {
        return digitButtons();
    }

    onNumpad(key) {
        this.state.text = pressKey(this.state.text, key);
        this.inputRef.el.focus();
    }

    async onScan(code) {
        this.state.text = code;
        await this.confirm();
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm();
        }
    }

    async confirm() {
        if (!this.state.text.trim() || this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const { isAnswered, message, payload } = await this.props.submit(
                this.state.text.trim(),
            );
            if (isAnswered) {
                this.props.getPayload(payload);
                this.props.close();
                return;
            }
            this.state.message = message;
            this.state.text = "";
        } finally {
            this.state.isBusy = false;
        }
    }
}
