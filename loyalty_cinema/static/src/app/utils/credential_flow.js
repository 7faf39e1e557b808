import { _t } from "@web/core/l10n/translation";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { CardEntryPopup } from "@loyalty_cinema/app/components/popups/card_entry_popup/card_entry_popup";
import { formatValue } from "@loyalty_cinema/app/utils/points";
import { normalizeCode } from "@loyalty_cinema/app/utils/member_card_code";

/** Answers after which no more is typed into the same popup. */
const ANSWERED = ["choose", "pin_required", "stale", "foreign", "held", "gone"];
/** Refusals that only mean "ask for a card": the order's customer has nothing to offer. */
const NOTHING_THERE = ["unknown", "insufficient"];

/**
 * Leads from what is known (a customer, a scanned code, nothing) to a credential the server
 * accepts, with as few questions as its answers call for.
 *
 * Usage: `await new CredentialFlow(dialog, formatCurrency).run(attempt, credential, title)`
 * where `attempt(credential)` is the call to the server. Returns the last answer with its
 * credential, or null when the cashier closed a question. With `insist`, a customer who has
 * too little is an answer and no reason to ask for another card. `release(answer, credential)` asks
 * a manager to free what another till has reserved, and tells whether that was done.
 */
export class CredentialFlow {
    constructor(dialog, formatCurrency) {
        this.dialog = dialog;
        this.formatCurrency = formatCurrency;
    }

    async run(attempt, credential, title, { insist = false, release = null } = {}) {
        this.insist = insist;
        this.release = release;
        let answer = credential ? await attempt(credential) : null;
        while (answer === null || !answer.ok) {
            const step = this._nextStep(answer, credential);
            if (!step) {
                return { answer, credential };
            }
            const next = await step.call(this, { attempt, credential, answer, title });
            if (!next) {
                return null;
            }
            ({ answer, credential } = next);
        }
        return { answer, credential };
    }

    _nextStep(answer, credential) {
        if (!answer) {
            return this._askCode;
        }
        if (answer.code === "choose") {
            return this._choose;
        }
        if (answer.code === "pin_required") {
            return this._askPin;
        }
        if (answer.code === "held" && this.release) {
            return this._askRelease;
        }
        const isNothing = credential?.partner_id && NOTHING_THERE.includes(answer.code);
        return isNothing && !this.insist ? this._askCode : null;
    }

    async _choose({ attempt, answer, title }) {
        const balance = await makeAwaitable(this.dialog, SelectionPopup, {
            title,
            list: answer.balances.map((balance) => ({
                id: balance.id,
                label: `${balance.program_name} ${balance.masked_code || ""}`.trim(),
                description: formatValue(balance, balance.available, this.formatCurrency),
                item: balance,
            })),
        });
        if (!balance) {
            return null;
        }
        const credential = { balance_id: balance.id };
        return { credential, answer: await attempt(credential) };
    }

    async _askRelease({ attempt, credential, answer }) {
        const isFree = await this.release(answer, credential);
        return isFree ? { credential, answer: await attempt(credential) } : null;
    }

    _askCode({ attempt, answer, title }) {
        return this._enter(
            {
                title,
                message: answer?.message,
                label: _t("Scan the card or type its number"),
                scan: true,
            },
            (text) => ({ code: normalizeCode(text), pin: false }),
            attempt,
        );
    }

    _askPin({ attempt, credential, title }) {
        return this._enter(
            { title, label: _t("PIN of the card"), secret: true },
            (text) => ({ ...credential, pin: text }),
            attempt,
        );
    }

    /** One popup: wrong input is answered inside it, only the next question closes it. */
    async _enter(props, toCredential, attempt) {
        return await makeAwaitable(this.dialog, CardEntryPopup, {
            ...props,
            submit: async (text) => {
                const credential = toCredential(text);
                const answer = await attempt(credential);
                const isAnswered = answer.ok || ANSWERED.includes(answer.code);
                return { isAnswered, message: answer.message, payload: { answer, credential } };
            },
        });
    }
}
