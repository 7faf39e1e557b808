import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import {
    deserializeDate,
    deserializeDateTime,
    formatDate,
    formatDateTime,
} from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { askApproval } from "@loyalty_cinema/app/components/popups/approval_popup/approval_popup";
import { askNewPin } from "@loyalty_cinema/app/components/popups/card_entry_popup/new_pin";
import {
    CARD_STATES,
    cardActions,
} from "@loyalty_cinema/app/components/popups/card_popup/card_actions";
import { discountText } from "@loyalty_cinema/app/utils/member_panel";
import { formatValue } from "@loyalty_cinema/app/utils/points";
import { normalizeCode } from "@loyalty_cinema/app/utils/member_card_code";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

/** Everything about one card: what is on it, what happened, and what may be done with it. */
export class CardPopup extends Component {
    static template = "loyalty_cinema.CardPopup";
    static components = { Dialog };
    static props = {
        credential: { type: [Object, { value: null }], optional: true },
        getPayload: { type: Function, optional: true },
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.dialog = useService("dialog");
        this.inputRef = useRef("input");
        this.state = useState({
            text: "",
            message: "",
            isBusy: false,
            data: null,
            credential: null,
        });
        useCardReader((code) => this.find({ code, pin: false }));
        onMounted(() => this.props.credential && this.find(this.props.credential));
        useEffect(
            () => this.inputRef.el?.focus(),
            () => [this.state.isBusy, this.state.data],
        );
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    get customer() {
        return this.pos.getOrder()?.getPartner();
    }

    get stateBadge() {
        return CARD_STATES[this.state.data.card.state] || { label: this.state.data.card.state };
    }

    get actions() {
        return cardActions(this.state.data);
    }

    /** Load products that fit the card: those of its balances, or all of them when it is new. */
    get loadProducts() {
        const { card, balances } = this.state.data;
        if (card && !["issued", "active"].includes(card.state)) {
            return [];
        }
        // what the card opens, too: a new one has no balances; a discount card opens nothing
        const types = card
            ? new Set([...balances.map((balance) => balance.program_type), ...card.opens])
            : new Set(["ewallet"]);
        return ["gift_card", "ewallet"]
            .filter((type) => types.has(type))
            .map((type) => this.pos.loads.productFor(type))
            .filter(Boolean);
    }

    /** Points or money, as the balance or movement counts. */
    value(source, amount) {
        return formatValue(source, amount, this.env.utils.formatCurrency);
    }

    /** What a discount card gives; nothing for other cards. */
    get discount() {
        const { discount } = this.state.data.panel || {};
        return discount ? discountText(discount, this.env.utils.formatCurrency) : "";
    }

    validityText(card) {
        return _t("Valid until %s", formatDate(deserializeDate(card.expires_on)));
    }

    heldText(balance) {
        return _t("%s reserved for payments in progress", this.value(balance, balance.held));
    }

    pendingText(balance) {
        return _t("%s pending", this.value(balance, balance.pending));
    }

    expiryText(balance) {
        const { amount, points, date } = balance.next_expiry;
        return _t("%(amount)s to use by %(date)s", {
            amount: this.value(balance, amount ?? points),
            date: formatDate(deserializeDate(date)),
        });
    }

    dateTime(value) {
        return formatDateTime(deserializeDateTime(value));
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.state.text.trim()) {
            ev.preventDefault();
            this.find({ code: normalizeCode(this.state.text), pin: false });
        }
    }

    async find(credential) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            await this._find(credential);
        } finally {
            Object.assign(this.state, { isBusy: false, text: "" });
        }
    }

    async _find(credential) {
        let answer = await this.till.lookup(credential);
        if (["pin_required", "choose"].includes(answer.code)) {
            const known = answer;
            let isFirst = true;
            const lookup = (next) => {
                const reuse = isFirst && next === credential;
                isFirst = false;
                return reuse ? known : this.till.lookup(next);
            };
            const result = await this.pos.storedValue.flow.run(lookup, credential, _t("Card"));
            if (!result) {
                return;
            }
            ({ answer, credential } = result);
        }
        this._show(answer, credential);
    }

    _show(answer, credential) {
        Object.assign(this.state, {
            message: answer.ok ? "" : answer.message,
            data: answer.ok ? answer : null,
            credential,
        });
    }

    /** Nobody is shown yet, or a new card that is nobody's: it becomes the newcomer's. */
    get canEnrol() {
        const { data } = this.state;
        const isNobodys = data?.card?.state === "issued" && !data.card.holder;
        return this.pos.members.isOffered && (!data || isNobodys);
    }

    async enrol() {
        const answer = await this.pos.members.enrol();
        if (!answer) {
            return;
        }
        if (this.state.data) {
            await this.run(this.actions.find(({ name }) => name === "activate"));
        } else {
            await this.find({ partner_id: answer.partner_id });
        }
    }

    /** What the button does, not what the product is called. */
    loadLabel({ loyalty_load_type: type }) {
        return type === "gift_card" ? _t("Load gift card") : _t("Top up");
    }

    /** Who changes their mind is back at the card. */
    async sellLoad(product) {
        if (await this.pos.loads.sell(product, this.state.credential)) {
            this.props.close();
        }
    }

    /** The action that mends a card which pays with a PIN only and has none. */
    get missingPin() {
        const { card } = this.state.data;
        return card?.pin_missing && this.actions.find((action) => action.isPin);
    }

    /** Runs one of the card's actions; what must be asked first is part of the action. */
    async run(action) {
        if (this.state.isBusy) {
            return;
        }
        const { credential } = this.state; // another card may be shown when the PIN has been typed
        const pin = action.isPin ? await askNewPin(this.dialog) : false;
        if (action.isPin && !pin) {
            return;
        }
        let newCode = false;
        const call = async (values) => {
            newCode = normalizeCode(values.new_code) || false;
            const partnerId = this.customer?.id || false;
            const all = { ...values, new_code: newCode, new_pin: pin, partner_id: partnerId };
            return this.till.cardAction(action.name, credential, all);
        };
        const answer = action.asksReason
            ? await askApproval(this.pos, {
                  title: action.label,
                  codeLabel: action.codeLabel,
                  needsManager: Boolean(action.needsManager),
                  submit: call,
              })
            : await call({});
        if (answer?.ok) {
            this._show(answer, newCode ? { code: newCode, pin: false } : credential);
            this.pos.notification.add(action.done(answer.card.masked_code), { type: "success" });
        } else if (answer) {
            this.state.message = answer.message;
        }
    }
}
