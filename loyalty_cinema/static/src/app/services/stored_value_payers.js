import { _t } from "@web/core/l10n/translation";

/**
 * Who pays an order with stored value, as far as the till knows: the card that was scanned, the
 * cards that have paid a part of it, the customer.
 *
 * What a line asked for last is remembered here and not on the record: a code or PIN must
 * never reach the order's data or the browser's database.
 */
export class StoredValuePayers {
    constructor(pos) {
        this.pos = pos;
        this.memos = new Map();
        this.scanned = new Map();
    }

    /**
     * Remembers a scanned card for this order: paying with it needs no second scan.
     *
     * @param {Object} order
     * @param {Object} credential
     * @param {{balances?: Object[], partner?: Object}} [answer] what the server told of it
     * @param {{pays?: boolean}} [options] it was scanned to pay, whoever the customer is
     */
    rememberCard(order, credential, { balances = [], partner } = {}, { pays = false } = {}) {
        const types = balances.map((balance) => balance.program_type);
        this.scanned.set(order.uuid, { credential, types, balances, partnerId: partner?.id, pays });
    }

    /** The card scanned for this order; not any more when the order has become somebody else's. */
    cardOf(order) {
        const card = this.scanned.get(order.uuid);
        const customer = order.getPartner();
        const isOthers = card?.partnerId && customer && customer.id !== card.partnerId;
        return isOthers && !card.pays ? undefined : card;
    }

    /**
     * What is known about who pays: the card scanned for this order, the one that has paid a part
     * of it by this method and still has value (its PIN included), or its customer.
     */
    knownCredential(order, method) {
        const card = this.cardOf(order);
        const isFit =
            !method || !card?.types.length || card.types.includes(method.stored_value_type);
        if (card && isFit) {
            return card.credential;
        }
        const paying = method && this._payingMemo(order, method);
        if (paying) {
            return paying.credential;
        }
        const partner = order.getPartner();
        return partner ? { partner_id: partner.id } : null;
    }

    /** The memo of a taken line whose card can pay more by this method, for this customer. */
    _payingMemo(order, method) {
        const taken = order.payment_ids.filter(
            (line) => line.payment_method_id === method && line.transaction_id && line.isDone(),
        );
        return taken
            .map((line) => this._memo(line))
            .filter((memo) => !this._isOthers(memo, order.getPartner()))
            .find(({ answer, credential }) => credential && answer?.available > 0);
    }

    /** Somebody who treats the customer presents the card each time; names do for typed numbers. */
    _isOthers({ answer, partnerId }, customer) {
        if (!customer || !answer?.holder) {
            return false;
        }
        return partnerId ? partnerId !== customer.id : answer.holder !== customer.name;
    }

    /** What a payment method could pay, as far as the till knows it without asking. */
    balanceText(order, method) {
        const known = this._knownBalance(order, method);
        return known === undefined ? "" : this.pos.env.utils.formatCurrency(known);
    }

    _knownBalance(order, { id, stored_value_type: type }) {
        const lines = order.payment_ids.filter((line) => line.payment_method_id.id === id);
        const taken = lines
            .map((line) => this._memo(line))
            .filter((memo) => !this._isOthers(memo, order.getPartner()))
            .map(({ answer }) => answer)
            .filter(Boolean);
        const scanned = this.cardOf(order)?.balances || [];
        const fits = scanned.filter((balance) => balance.program_type === type);
        if (taken.length && !fits.length) {
            const { available, available_money: money } = taken.at(-1);
            return money ?? available;
        }
        if (fits.length) {
            return fits.reduce((sum, balance) => sum + balance.value, 0);
        }
        const partner = order.getPartner();
        const panel = partner && this.pos.panels.known[partner.id];
        return { ewallet: panel?.panel?.wallet, loyalty: panel?.member?.value }[type];
    }

    /**
     * Another customer: what the one before paid with as the customer is given back, for it does
     * not pay other people's bills. A card that was presented by its number stays, and is shown.
     */
    customerChanged(order, before) {
        if (!before || order.finalized || order.isRefund) {
            return;
        }
        const theirs = order.payment_ids.filter((line) => this._isCustomers(line, before));
        const amount = theirs.reduce(
            (sum, line) => sum + (line.isDone() ? line.getAmount() : 0),
            0,
        );
        theirs.forEach((line) => order.removePaymentline(line));
        if (order.currency.isPositive(amount)) {
            this.pos.notification.add(
                _t("%(amount)s went back to %(customer)s: the order has another customer now.", {
                    amount: this.pos.env.utils.formatCurrency(amount),
                    customer: before.name,
                }),
                { type: "warning" },
            );
        }
    }

    /** Was this taken because the partner was the customer? After a reload, the name has to do. */
    _isCustomers(line, partner) {
        if (!line.isStoredValue()) {
            return false;
        }
        const { credential, isAsking } = this._memo(line);
        return credential
            ? !credential.code
            : Boolean(isAsking) || line.cardholder_name === partner.name;
    }

    /** Who pays by this line: card and holder. */
    payer(line) {
        const card = line.card_no ? `•••• ${line.card_no.slice(-4)}` : "";
        return [card, line.cardholder_name].filter(Boolean).join(" · ");
    }

    /** Back on the payment screen with less to pay: what is taken beyond it goes back. */
    refit(order) {
        const most = Math.max(0, order.totalDue - order.loadsTotal());
        const lines = order.payment_ids.filter((line) => line.isStoredValue() && line.isDone());
        let excess = lines.reduce((sum, line) => sum + line.getAmount(), 0) - most;
        for (const line of lines.reverse()) {
            if (!order.currency.isPositive(excess)) {
                return;
            }
            const rest = line.getAmount() - excess;
            excess -= line.getAmount();
            if (this._paysByPoints(line) || !order.currency.isPositive(rest)) {
                order.removePaymentline(line);
            } else {
                line.setAmount(rest); // the server releases what is not captured
                this._memo(line).asked = line.getAmount();
                excess = 0;
            }
        }
    }

    /** Points are the customer's: no other card is asked for when there are too few. */
    _paysByPoints(line) {
        return line.payment_method_id.stored_value_type === "loyalty";
    }

    _memo(line) {
        if (!this.memos.has(line.uuid)) {
            // After the page was reloaded the line's key still tells which attempt it was.
            const attempt = Number((line.transaction_id || "").split(":")[1]) || 1;
            const asked = line.transaction_id ? line.getAmount() : undefined;
            this.memos.set(line.uuid, { attempt, asked, isKeyed: false, isLost: false });
        }
        return this.memos.get(line.uuid);
    }
}
