import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { CardPopup } from "@loyalty_cinema/app/components/popups/card_popup/card_popup";

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
     * told in passing, and the card is at hand when it comes to paying. No dialog.
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
            this._notify(answer.message, "warning");
            return true;
        }
        this.pos.storedValue.rememberCard(order, credential, answer.balances);
        await this._setCustomer(order, answer.partner);
        this._notify(this.summary(answer), answer.card?.state === "active" ? "success" : "warning");
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
        if (!result) {
            return true;
        }
        const { answer, credential } = result;
        if (!answer.ok) {
            this._alert(answer.message);
            return true;
        }
        const method = await this._methodFor(answer.balances);
        if (method) {
            this.pos.storedValue.rememberCard(order, credential, answer.balances);
            await screen.addNewPaymentLine(method);
        }
        return true;
    }

    /** One line about a card: what it is, whose, and what is on it. */
    summary({ card, balances }) {
        if (card && card.state === "issued") {
            return _t("New card %s: press Card to activate or load it.", card.masked_code);
        }
        const amounts = balances.map((balance) =>
            _t("%(program)s: %(amount)s", {
                program: balance.program_name,
                amount: this.pos.env.utils.formatCurrency(balance.available),
            }),
        );
        return [card?.masked_code, card?.holder, ...amounts].filter(Boolean).join(" · ");
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
                    description: this.pos.env.utils.formatCurrency(balance.available),
                    item: method,
                })),
            });
        }
        if (!offers.length) {
            this._alert(_t("There is no value on this card."));
        }
        return offers[0]?.method;
    }

    async _setCustomer(order, partner) {
        if (!partner || order.getPartner()?.id === partner.id || order.getHasRefundLines()) {
            return;
        }
        const partners = this.pos.models["res.partner"];
        if (!partners.get(partner.id)) {
            await this.pos.data.read("res.partner", [partner.id]);
        }
        const record = partners.get(partner.id);
        if (record) {
            this.pos.setPartnerToCurrentOrder(record);
        }
    }

    _notify(message, type) {
        this.pos.notification.add(message, { type });
    }

    _alert(body) {
        this.pos.dialog.add(AlertDialog, { title: _t("Card"), body });
    }
}
