import { _t } from "@web/core/l10n/translation";
import { askApproval } from "@loyalty_cinema/app/components/popups/approval_popup/approval_popup";
import { CardAlert } from "@loyalty_cinema/app/components/popups/card_alert/card_alert";
import { CredentialFlow } from "@loyalty_cinema/app/utils/credential_flow";
import { StoredValuePayers } from "@loyalty_cinema/app/services/stored_value_payers";
import { tenderRoom } from "@loyalty_cinema/app/utils/tender_amounts";
import { tenderStatus } from "@loyalty_cinema/app/utils/tender_status";

/** Refusals after which another amount on the same line can be taken. */
const AMOUNT_REFUSALS = ["insufficient", "limit", "amount"];

/** Its line was removed while the server was asked: there is nothing to tell, and nothing to ask. */
const GONE = { ok: false, code: "gone", isTold: true };

/** Was the line removed from its order, by the cashier or with its customer? */
const isGone = (line) => !line.pos_order_id;

/**
 * Paying with stored value: from a payment line to a hold on the server and back.
 */
export class StoredValueService extends StoredValuePayers {
    constructor(pos) {
        super(pos);
        this.typed = new Map();
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    get flow() {
        return new CredentialFlow(this.pos.dialog, this.pos.env.utils.formatCurrency);
    }

    /** The next line of this order takes this amount: it was typed before the method was chosen. */
    typeFirst(order, amount) {
        this.typed.set(order.uuid, amount);
    }

    /** How much one more stored-value line (or this one) may take. */
    room(order, line = null) {
        const others = order.payment_ids.filter((p) => p !== line && p.isDone());
        const paid = others.reduce((sum, p) => sum + p.getAmount(), 0);
        const taken = others
            .filter((p) => p.isStoredValue())
            .reduce((sum, p) => sum + p.getAmount(), 0);
        return tenderRoom({
            totalDue: order.totalDue,
            loads: order.loadsTotal(),
            taken,
            remaining: order.totalDue - paid,
        });
    }

    /** Why no stored value can be taken on this order; empty when it can. */
    whyNot(order) {
        if (order.currency.isPositive(this.room(order))) {
            return "";
        }
        return order.currency.isPositive(order.loadsTotal())
            ? _t("Gift cards and top-ups must be paid with money. Choose cash or another payment.")
            : _t("There is nothing left to pay with a card.");
    }

    /**
     * Places the hold for a payment line, asking for whatever the server still needs.
     *
     * @returns {Promise<boolean>} true only when the server holds the line's amount
     */
    async take(line) {
        const order = line.pos_order_id;
        const memo = this._memo(line);
        if (this.typed.has(order.uuid)) {
            memo.isKeyed = true;
            line.setAmount(this.typed.get(order.uuid));
            this.typed.delete(order.uuid);
        }
        memo.isKeyed ||= memo.asked !== undefined && line.getAmount() !== memo.asked;
        await this._releaseHeld(line);
        if (isGone(line)) {
            return false;
        }
        line.setAmount(Math.min(line.getAmount(), this.room(order, line)));
        memo.asked = line.getAmount();
        const credential = this._credential(line);
        memo.isAsking = Boolean(credential && !credential.code);
        const result = await this.flow.run(
            (credential) => this._authorize(line, order, credential),
            credential,
            line.payment_method_id.name,
            {
                insist: memo.isKeyed || this._paysByPoints(line),
                release: (answer, credential) => this._askRelease(order, answer, credential),
            },
        );
        if (result?.answer.ok) {
            return this._reserve(line, order, result);
        }
        this._refuse(line, result?.answer);
        return false;
    }

    /** What pays this line. A card scanned for it pays it and no other, taken or not. */
    _credential(line) {
        const memo = this._memo(line);
        const order = line.pos_order_id;
        const known = memo.credential || this.knownCredential(order, line.payment_method_id);
        const card = this.scanned.get(order.uuid);
        if (card?.pays) {
            this.scanned.delete(order.uuid);
            memo.credential = known;
        }
        return known;
    }

    /** Another till has reserved it: a manager may know that nobody will come for it there. */
    async _askRelease(order, { message, balance_id: balanceId }, credential) {
        const released = await askApproval(this.pos, {
            title: _t("Reserved elsewhere"),
            text: _t("%s A manager can release it, if that sale was given up.", message),
            submit: (values) => this.till.releaseHolds(order.uuid, credential, balanceId, values),
        });
        return Boolean(released?.ok);
    }

    /** A key may have been cancelled before the page was reloaded: then the next one is used. */
    async _authorize(line, order, credential) {
        const answer = await this._ask(line, order, credential);
        if (answer.code === "retry") {
            this._memo(line).attempt += 1;
            return this._ask(line, order, credential);
        }
        return answer;
    }

    async _ask(line, order, credential) {
        if (isGone(line)) {
            return GONE;
        }
        const memo = this._memo(line);
        const key = `${line.uuid}:${memo.attempt}`;
        const answer = await this.till.authorize({
            orderUuid: order.uuid,
            key,
            methodId: line.payment_method_id.id,
            amount: memo.asked,
            credential,
            exact: memo.isKeyed,
            goods: order.totalDue - order.loadsTotal(),
        });
        memo.isLost = answer.code === "offline";
        if (!isGone(line)) {
            return answer;
        }
        if (answer.ok || memo.isLost) {
            this.till.void(key); // the server holds it, or may hold it
        }
        return GONE;
    }

    _reserve(line, order, { answer, credential }) {
        const memo = Object.assign(this._memo(line), {
            credential,
            answer,
            asked: answer.amount,
            partnerId: credential.partner_id,
        });
        const card = this.scanned.get(order.uuid);
        if (card && card.credential.code === credential.code) {
            memo.partnerId = card.partnerId;
            this.scanned.delete(order.uuid); // it has been used; the next tender may be another
        }
        line.setAmount(answer.amount);
        line.transaction_id = answer.key;
        line.card_no = answer.card_no || "";
        line.card_type = answer.program_name;
        line.cardholder_name = answer.holder || "";
        return true;
    }

    /** Says why; the line stays only where another try of the same line makes sense. */
    _refuse(line, answer) {
        if (isGone(line)) {
            return;
        }
        const memo = this._memo(line);
        const isWorthKeeping =
            answer?.code === "offline" || (memo.isKeyed && AMOUNT_REFUSALS.includes(answer?.code));
        memo.drop = !isWorthKeeping;
        if (answer && !answer.isTold) {
            this._alert(line.payment_method_id.name, answer.message);
        }
    }

    /** The core calls this on every refused line; some of them are not worth keeping. */
    afterRefusal(line) {
        if (this._memo(line).drop && line.pos_order_id) {
            line.pos_order_id.removePaymentline(line);
        }
    }

    /** Makes a taken line editable again; its hold goes when the new amount is asked for. */
    reopen(line) {
        if (line?.isStoredValue() && line.getPaymentStatus() === "done" && line.transaction_id) {
            line.setPaymentStatus("pending");
        }
    }

    /** Releases what a line holds, without waiting, and forgets how its card was found. */
    release(line) {
        if (!line) {
            return;
        }
        const key = this._heldKey(line);
        if (key && !line.pos_order_id?.finalized) {
            this.till.void(key);
        }
        this.memos.delete(line.uuid);
    }

    /** Deleting the order: nothing stays held. When it is paid, nothing stays remembered. */
    releaseOrder(order) {
        for (const line of (order?.payment_ids || []).filter((p) => p.isStoredValue())) {
            if (order.finalized) {
                this.memos.delete(line.uuid);
            } else {
                order.removePaymentline(line);
            }
        }
    }

    /** A finished order: nobody's card number stays in the memory of the till. */
    forget(order) {
        this.scanned.delete(order.uuid);
        this.typed.delete(order.uuid);
        order.payment_ids.forEach(({ uuid }) => this.memos.delete(uuid));
    }

    /** What the payment screen shows under a line. */
    statusText(line) {
        const { answer } = this._memo(line);
        const status = {
            amount: line.getAmount(),
            status: line.getPaymentStatus(),
            card: answer?.masked_code || (line.card_no ? `•••• ${line.card_no}` : ""),
            method: line.payment_method_id.name,
            answer,
        };
        return tenderStatus(status, this.pos.env.utils.formatCurrency);
    }

    /** Shows what a refund line gives back and to which card, or as how many points. */
    markRefund(line, { maskedCode, cardNo, points }) {
        this._memo(line).answer = { masked_code: maskedCode, points };
        line.card_no = cardNo;
        line.setPaymentStatus("done");
    }

    /** Before another attempt. A lost answer is asked for again, unless the amount changed. */
    async _releaseHeld(line) {
        const memo = this._memo(line);
        const key = this._heldKey(line);
        if (key && (line.transaction_id || memo.isKeyed)) {
            await this.till.void(key);
            if (isGone(line)) {
                return;
            }
            line.transaction_id = "";
            Object.assign(memo, { attempt: memo.attempt + 1, answer: undefined, isLost: false });
        }
    }

    /** The key of the hold a line has, or may have when the answer got lost. */
    _heldKey(line) {
        const memo = this._memo(line);
        return line.transaction_id || (memo.isLost && `${line.uuid}:${memo.attempt}`);
    }

    _alert(title, message) {
        this.pos.dialog.add(CardAlert, { title, body: message });
    }
}
