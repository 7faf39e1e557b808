import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { maskCode, normalizeCode } from "@loyalty_cinema/app/utils/member_card_code";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

/**
 * A new member in a few seconds: phone and name, Enter. A known customer's phone is enough.
 *
 * Given a customer, that customer is enrolled and keeps the name; the cashier can start over
 * with somebody else. `submit(values, partnerId)` returns the server's answer; a refusal is
 * shown in the popup, which stays. `findCard(code)` tells what a scanned card means: a member, who
 * is the answer, a customer, or a new card, which the newcomer gets.
 */
export class EnrolPopup extends Component {
    static template = "loyalty_cinema.EnrolPopup";
    static components = { Dialog };
    static props = {
        customer: { type: [Object, { value: null }], optional: true },
        typed: { type: Object, optional: true },
        submit: Function,
        findCard: Function,
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
            card: null,
            message: "",
            // several customers have the phone that was typed: which one is it?
            candidates: [],
            isBusy: false,
        });
        this.referrerCode = "";
        useCardReader((code) => this.onScan(code));
        onMounted(() => typed.card && this.onScan(typed.card));
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
            card: null,
            message: "",
            candidates: [],
        });
    }

    /** Where the member who brought a friend is asked for, the card is that member's. */
    async onScan(code) {
        const { state } = this;
        if (document.activeElement?.id === "loyalty_enrol_referrer") {
            this.referrerCode = code;
            state.referrer = maskCode(code);
            return;
        }
        if (state.isBusy) {
            return;
        }
        Object.assign(state, { isBusy: true, message: "" });
        const { member, customer, card, message } = await this.props.findCard(code);
        state.isBusy = false;
        if (member) {
            this.props.getPayload(member);
            this.props.close();
        } else if (customer) {
            Object.assign(state, { customer, name: customer.name, phone: "", email: "" });
        } else {
            Object.assign(state, { card: card || state.card, message: message || "" });
        }
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
            this.props.getPayload({ ...answer, card_code: this.state.card?.code });
            this.props.close();
        } else {
            this.state.candidates = answer.customers || [];
            this.state.message = answer.message;
        }
    }

    _values() {
        const { name, phone, email } = this.state;
        const isScanned = this.referrerCode && this.state.referrer === maskCode(this.referrerCode);
        const referrer = isScanned ? this.referrerCode : this.state.referrer;
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
