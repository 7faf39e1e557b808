import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { normalizeCode } from "@loyalty_cinema/app/utils/member_card_code";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

/**
 * A new member in a few seconds: phone and name, Enter. A known customer's phone is enough.
 *
 * Given a customer, that customer is enrolled and keeps the name; the cashier can start over
 * with somebody else. `submit(values, partnerId)` returns the server's answer; a refusal is
 * shown in the popup, which stays.
 */
export class EnrolPopup extends Component {
    static template = "loyalty_cinema.EnrolPopup";
    static components = { Dialog };
    static props = {
        customer: { type: [Object, { value: null }], optional: true },
        typed: { type: Object, optional: true },
        submit: Function,
        getPayload: Function,
        close: Function,
    };
    static defaultProps = { customer: null, typed: {} };

    setup() {
        this.formRef = useRef("form");
        const { customer, typed } = this.props;
        this.state = useState({
            customer,
            name: customer?.name || typed.name || "",
            phone: customer?.phone || typed.phone || "",
            email: customer?.email || "",
            referrer: "",
            message: "",
            // several customers have the phone that was typed: which one is it?
            candidates: [],
            isBusy: false,
        });
        // a member who brought a friend shows the card
        useCardReader((code) => (this.state.referrer = code));
        useEffect(
            () => this._focusFirst(),
            () => [this.state.customer, this.state.message, this.state.candidates],
        );
    }

    /** A phone may be enough: the server asks for the name of somebody it does not know. */
    get isComplete() {
        return Boolean(this.state.customer || this.state.phone.trim());
    }

    startOver() {
        Object.assign(this.state, {
            customer: null,
            name: "",
            phone: "",
            email: "",
            message: "",
            candidates: [],
        });
    }

    /** Enter saves as soon as there is enough to save, and leads to what is missing before. */
    onKeydown(ev) {
        if (ev.key !== "Enter" || ev.target.tagName === "BUTTON") {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        if (this.isComplete) {
            this.confirm();
        } else {
            this._focusFirst();
        }
    }

    async confirm(partnerId = this.state.customer?.id) {
        if (!this.isComplete || this.state.isBusy) {
            return;
        }
        Object.assign(this.state, { isBusy: true, message: "", candidates: [] });
        const answer = await this.props.submit(this._values(), partnerId || false);
        this.state.isBusy = false;
        if (answer.ok) {
            this.props.getPayload(answer);
            this.props.close();
        } else {
            this.state.candidates = answer.customers || [];
            this.state.message = answer.message;
        }
    }

    _values() {
        const { name, phone, email, referrer } = this.state;
        return {
            name: name.trim(),
            phone: phone.trim(),
            email: email.trim(),
            referrer_code: normalizeCode(referrer),
        };
    }

    /** The choice that is asked for, else the first field that is needed and empty. */
    _focusFirst() {
        const form = this.formRef.el;
        const needed = [...form.querySelectorAll("input.o_loyalty_needed")];
        const first =
            form.querySelector(".o_loyalty_candidate") ||
            needed.find((input) => !input.value.trim()) ||
            needed[0];
        first.focus();
    }
}
