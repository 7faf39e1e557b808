import { status } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ask, makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { formatValue, memberSummary } from "@loyalty_cinema/app/utils/points";
import { askApproval } from "@loyalty_cinema/app/components/popups/approval_popup/approval_popup";
import { CardAlert } from "@loyalty_cinema/app/components/popups/card_alert/card_alert";
import { CardPopup } from "@loyalty_cinema/app/components/popups/card_popup/card_popup";

const WELCOME_MS = 2000;

/** Why a card opens nothing, and what works all the same. */
export const problemText = ({ problem }) =>
    _t("%s It was not used: the customer can be chosen by name.", problem);

/** Member cards as such: greeting a scanned one, showing one, paying by scanning one. */
export class MemberCardService {
    constructor(pos) {
        this.pos = pos;
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    /** The "Card" button: the scanned card or the order's customer is shown at once. */
    open() {
        const order = this.pos.getOrder();
        return makeAwaitable(this.pos.dialog, CardPopup, {
            credential: (order && this.pos.storedValue.knownCredential(order)) || null,
        });
    }

    /**
     * A card scanned on the product screen: its holder becomes the customer, its balances are
     * told in passing, and the card is at hand when it comes to paying. No dialog, unless the
     * order is somebody else's already. A card that cannot be used says why, and does nothing.
     *
     * @returns {Promise<boolean>} false when no such card exists, so the code may be a product
     */
    async welcome(code) {
        const order = this.pos.getOrder() || this.pos.addNewOrder();
        const credential = { code, pin: false };
        const answer = await this.till.lookup(credential);
        if (!answer.ok) {
            if (answer.code === "unknown") {
                return false;
            }
            if (answer.code === "pin_required") {
                this.pos.storedValue.rememberCard(order, credential);
            }
            this._refuse(answer);
            return true;
        }
        if (answer.card?.problem) {
            this._notify(problemText(answer.card), "danger");
            return true;
        }
        if (order.finalized || !(await this._mayTakeOver(order, answer))) {
            return true;
        }
        this.pos.storedValue.rememberCard(order, credential, answer);
        await this._setCustomer(order, answer);
        const isActive = answer.card?.state === "active";
        this._notify(this.summary(answer), isActive ? "success" : "warning", {
            // the panel tells more, and lies below
            ...(isActive && answer.panel ? { autocloseDelay: WELCOME_MS } : {}),
        });
        return true;
    }

    /** A card scanned on the payment screen pays: the method follows from its balances. */
    async payByScan(screen, code) {
        const order = screen.currentOrder;
        if (order.isRefund) {
            return true;
        }
        const result = await this.pos.storedValue.flow.run(
            (credential) => this.till.lookup(credential),
            { code, pin: false },
            _t("Pay by card"),
        );
        const isLeft = () =>
            order.finalized ||
            this.pos.getOrder()?.uuid !== order.uuid ||
            status(screen) === "destroyed";
        if (!result || isLeft()) {
            return true;
        }
        const { answer, credential } = result;
        if (!answer.ok || answer.card?.problem) {
            this._alert(answer.ok ? problemText(answer.card) : answer.message, answer);
            return true;
        }
        if (!order.getPartner()) {
            await this._setCustomer(order, answer); // whose points the sale earns
        }
        const method = await this._methodFor(answer.balances);
        if (method && !isLeft()) {
            this.pos.storedValue.rememberCard(order, credential, answer, { pays: true });
            if (!(await screen.addNewPaymentLine(method))) {
                this.pos.storedValue.scanned.delete(order.uuid); // it pays nothing later
            }
        }
        return true;
    }

    /**
     * Whose card was scanned where a customer is chosen; the card is at hand when it comes to paying.
     *
     * @returns {Promise<Object|undefined>} the customer; nothing when the cashier was told why not
     */
    async holder(code) {
        const credential = { code, pin: false };
        const answer = await this.till.lookup(credential);
        if (!answer.ok) {
            this._refuse(answer);
        } else if (answer.card?.problem) {
            this._notify(problemText(answer.card), "danger");
        } else if (!answer.partner) {
            const card = answer.card.masked_code;
            this._notify(_t("Card %s names nobody: choose the customer by name.", card), "warning");
        } else {
            const order = this.pos.getOrder();
            order && this.pos.storedValue.rememberCard(order, credential, answer);
            return this.pos.members.met(answer);
        }
    }

    /** Somebody else's card on an order that has been begun: whose order is it? */
    async _mayTakeOver(order, { card, partner }) {
        const customer = order.getPartner();
        const isOthers = partner && customer && customer.id !== partner.id;
        if (!isOthers || !order.lines.length || order.getHasRefundLines()) {
            return true;
        }
        return ask(this.pos.dialog, {
            title: _t("Another customer"),
            body: _t(
                "This order is for %(customer)s. Card %(card)s is %(holder)s's. Whose order is it?",
                { customer: customer.name, card: card.masked_code, holder: partner.name },
            ),
            confirmLabel: partner.name,
            cancelLabel: customer.name,
        });
    }

    /**
     * Too many wrong numbers: a manager lets this till go on.
     *
     * @returns {Promise<boolean>} whether cards can be tried again
     */
    async unlock(message) {
        if (this.isUnlocking) {
            return false;
        }
        this.isUnlocking = true;
        try {
            return await this._unlock(message);
        } finally {
            this.isUnlocking = false;
        }
    }

    async _unlock(message) {
        const title = _t("Cards are stopped at this till");
        const isAsked = await ask(this.pos.dialog, {
            title,
            body: message,
            confirmLabel: _t("A manager lets it go on"),
            cancelLabel: _t("Close"),
        });
        const submit = (values) => this.till.liftLock(values);
        const answer =
            isAsked && (await askApproval(this.pos, { title, asksReason: false, submit }));
        return Boolean(answer?.ok);
    }

    /** One line about a card: what it is, whose, and what is on it. */
    summary({ card, balances, member }) {
        if (card && card.state === "issued") {
            return _t("New card %s: press Card to activate or load it.", card.masked_code);
        }
        // a member's points are told with the name
        const others = balances.filter((balance) => balance.id !== member?.balance_id);
        const amounts = others.map((balance) =>
            _t("%(program)s: %(amount)s", {
                program: balance.program_name,
                amount: this._value(balance),
            }),
        );
        const who = member ? memberSummary(member) : card?.holder;
        return [card?.masked_code, who, ...amounts].filter(Boolean).join(" · ");
    }

    _value(balance) {
        return formatValue(balance, balance.available, this.pos.env.utils.formatCurrency);
    }

    async _methodFor(balances) {
        const offers = balances
            .filter((balance) => balance.available > 0)
            .map((balance) => ({
                balance,
                method: this.pos.config.payment_method_ids.find(
                    (method) => method.stored_value_type === balance.program_type,
                ),
            }))
            .filter(({ method }) => method);
        if (offers.length > 1) {
            return makeAwaitable(this.pos.dialog, SelectionPopup, {
                title: _t("Pay with which balance?"),
                list: offers.map(({ balance, method }) => ({
                    id: balance.id,
                    label: balance.program_name,
                    description: this._value(balance),
                    item: method,
                })),
            });
        }
        if (!offers.length) {
            this._alert(_t("There is no value on this card."));
        }
        return offers[0]?.method;
    }

    /** The card's holder becomes the customer; as a member, if the answer says so. */
    _setCustomer(order, { partner, member, panel }) {
        return this.pos.members.choose(order, { partner_id: partner?.id, member, panel });
    }

    /** Why nothing was found or done, unless a dialog has said so. */
    _refuse({ message, isTold }) {
        if (!isTold) {
            this._notify(message, "warning");
        }
    }

    _notify(message, type, options = {}) {
        this.pos.notification.add(message, { type, ...options });
    }

    _alert(body, { isTold } = {}) {
        if (!isTold) {
            this.pos.dialog.add(CardAlert, { title: _t("Card"), body });
        }
    }
}
