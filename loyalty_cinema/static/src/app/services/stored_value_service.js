import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { CredentialFlow } from "@loyalty_cinema/app/utils/credential_flow";
import { tenderRoom } from "@loyalty_cinema/app/utils/tender_amounts";

/** Refusals after which the line stays, so that the cashier can correct it and try again. */
const KEEPS_LINE = new Set(["offline", "insufficient"]);

/**
 * Paying with stored value: from a payment line to a hold on the server and back.
 *
 * What a line asked for last is remembered here and not on the record: a code or PIN must
 * never reach the order's data or the browser's database.
 */
export class StoredValueService {
    constructor(pos) {
        this.pos = pos;
        this.memos = new Map();
        this.scanned = new Map();
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    get flow() {
        return new CredentialFlow(this.pos.dialog, this.pos.env.utils.formatCurrency);
    }

    /** Remembers a scanned card for this order: paying with it needs no second scan. */
    rememberCard(order, credential, balances = []) {
        const types = balances.map((balance) => balance.program_type);
        this.scanned.set(order.uuid, { credential, types });
    }

    /** What is known about who pays: the card scanned for this order, or its customer. */
    knownCredential(order, method) {
        const card = this.scanned.get(order.uuid);
        const isFit =
            !method || !card?.types.length || card.types.includes(method.stored_value_type);
        if (card && isFit) {
            return card.credential;
        }
        const partner = order.getPartner();
        return partner ? { partner_id: partner.id } : null;
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
        const isKeyed = memo.asked !== undefined && line.getAmount() !== memo.asked;
        await this._releaseHeld(line);
        line.setAmount(Math.min(line.getAmount(), this.room(order, line)));
        const request = {
            orderUuid: order.uuid,
            key: `${line.uuid}:${memo.attempt}`,
            methodId: line.payment_method_id.id,
            amount: line.getAmount(),
            exact: isKeyed,
        };
        const credential = memo.credential || this.knownCredential(order, line.payment_method_id);
        const result = await this.flow.run(
            (credential) => this.till.authorize({ ...request, credential }),
            credential,
            line.payment_method_id.name,
            { insist: isKeyed },
        );
        return this._settle(line, order, result, request);
    }

    _settle(line, order, result, request) {
        const memo = this._memo(line);
        memo.asked = request.amount;
        if (!result?.answer.ok) {
            memo.drop = !result || !KEEPS_LINE.has(result.answer.code);
            memo.attempt += result?.answer.code === "retry" ? 1 : 0;
            if (result) {
                this._alert(line.payment_method_id.name, result.answer.message);
            }
            return false;
        }
        const { answer, credential } = result;
        if (!order.payment_ids.includes(line)) {
            this.till.void(answer.key); // removed while the server was asked
            return false;
        }
        Object.assign(memo, { credential, asked: answer.amount, answer, drop: false });
        this.scanned.delete(order.uuid); // it has been used; the next tender may be another
        line.setAmount(answer.amount);
        line.transaction_id = answer.key;
        line.card_no = (answer.masked_code || "").slice(-4);
        line.card_type = answer.program_name;
        line.cardholder_name = answer.holder || "";
        return true;
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

    /** Releases a line's hold without waiting. The next attempt needs a new key. */
    release(line) {
        if (line?.transaction_id && !line.pos_order_id?.finalized) {
            this.till.void(line.transaction_id);
            this._afterRelease(line);
        } else if (line && this._memo(line).asked !== undefined) {
            // The answer may have been lost: the hold may exist.
            const memo = this._memo(line);
            this.till.void(`${line.uuid}:${memo.attempt}`);
            memo.attempt += 1;
        }
    }

    /** Leaving the payment screen or deleting the order: nothing stays held. */
    releaseOrder(order) {
        if (!order || order.finalized) {
            return;
        }
        for (const line of order.payment_ids.filter((p) => p.isStoredValue())) {
            order.removePaymentline(line);
        }
    }

    /** What the payment screen shows under a line, in the cashier's words. */
    statusText(line) {
        const { answer } = this._memo(line);
        const card = answer?.masked_code || (line.card_no ? `•••• ${line.card_no}` : "");
        if (line.getAmount() < 0) {
            return _t("Goes back to %s", card || line.payment_method_id.name);
        }
        switch (line.getPaymentStatus()) {
            case "done":
                return answer
                    ? _t("Reserved on %(card)s, %(amount)s left", {
                          card,
                          amount: this.pos.env.utils.formatCurrency(answer.available),
                      })
                    : _t("Reserved on %s", card);
            case "pending":
                return _t("Not taken yet");
            case "retry":
                return _t("Nothing was taken");
            default:
                return _t("Asking the server…");
        }
    }

    /** Shows what a refund line gives back and to which card. */
    markRefund(line, maskedCode) {
        this._memo(line).answer = { masked_code: maskedCode };
        line.card_no = maskedCode.slice(-4);
        line.setPaymentStatus("done");
    }

    async _releaseHeld(line) {
        if (line.transaction_id) {
            await this.till.void(line.transaction_id);
            this._afterRelease(line);
        }
    }

    _afterRelease(line) {
        line.transaction_id = "";
        const memo = this._memo(line);
        memo.attempt += 1;
        memo.answer = undefined;
    }

    _memo(line) {
        if (!this.memos.has(line.uuid)) {
            this.memos.set(line.uuid, { attempt: 1 });
        }
        return this.memos.get(line.uuid);
    }

    _alert(title, message) {
        this.pos.dialog.add(AlertDialog, { title, body: message });
    }
}
