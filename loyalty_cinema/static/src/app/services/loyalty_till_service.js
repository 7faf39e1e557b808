import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const RETRY_DELAY_MS = 700;

/**
 * Every call the till makes to `loyalty.till`, in one place.
 *
 * Each answer has `ok`; a refusal has `code` and a `message` in the cashier's words. A lost
 * connection is answered the same way (code "offline"), so that no caller can mistake it for
 * a success. Calls that place or release value carry a key: asking again is always safe.
 */
export class LoyaltyTill {
    constructor(data, actingEmployee = () => null) {
        this.data = data;
        this.actingEmployee = actingEmployee;
        this.lateVoids = new Set();
        // Asks a manager to let the till go on after too many wrong numbers; set by the till.
        this.unlock = null;
        window.addEventListener("pos-network-online", () => this.voidLate());
    }

    /**
     * Holds an amount for one payment line; without `exact`, as much of it as there is. `goods`
     * is what the goods of the order cost: points may be limited to a share of it.
     */
    authorize({ orderUuid, key, methodId, amount, credential, exact, goods }) {
        const args = [orderUuid, key, methodId, amount, credential, exact, goods];
        return this._call("authorize", args, { again: true });
    }

    /**
     * Releases a hold. Not reaching the server is no reason to keep the cashier waiting: it is
     * tried again when the network is back, and the server releases old holds by itself.
     */
    async void(key) {
        this.lateVoids.add(key);
        const answer = await this._call("void", [key]);
        if (answer.code !== "offline") {
            this.lateVoids.delete(key);
        }
        return answer;
    }

    /** Voids what could not be voided while there was no connection. */
    async voidLate() {
        for (const key of [...this.lateVoids]) {
            await this.void(key);
        }
    }

    /** Balances, state and last movements of a card or customer. */
    lookup(credential) {
        return this._call("lookup", [credential]);
    }

    /** Who a customer is in the membership program, and with what points. */
    member(credential) {
        return this._call("member", [credential]);
    }

    /** Makes a newcomer, or the customer named, a member. */
    enrol(values, partnerId) {
        return this._call("enrol", [values, partnerId || false]);
    }

    /** What is known of a customer, and what may be noted: for the profile popup. */
    profile(partnerId) {
        return this._call("profile", [partnerId]);
    }

    /** Notes birthday, tastes, consents and the like. */
    saveProfile(partnerId, values) {
        return this._call("save_profile", [partnerId, values]);
    }

    /** A task that a tier promises is done. */
    benefitDone(issueId) {
        return this._call("benefit_done", [issueId]);
    }

    /**
     * Holds the points that all rewards of an order cost; none releases them. `credential` has
     * the PIN of the customer's card, where the server asks for it; `partnerId` is the customer.
     */
    holdClaims(orderUuid, claims, credential = false, partnerId = false) {
        const args = [orderUuid, claims, credential, partnerId];
        return this._call("hold_claims", args, { again: true });
    }

    /** A manager frees what other tills have reserved of a balance. */
    releaseHolds(orderUuid, credential, balanceId, { manager_id, pin, reason }) {
        const args = [orderUuid, credential, balanceId, manager_id, pin, reason];
        return this._call("release_holds", args);
    }

    /** Checks a load before it becomes an order line; amount 0 asks for the choices only. */
    prepareLoad(productId, amount, credential) {
        return this._call("prepare_load", [productId, amount, credential]);
    }

    /** Activate, block, unblock, report lost, replace, set the PIN. */
    cardAction(action, credential, values) {
        return this._call("card_action", [action, credential, values]);
    }

    /** Who may approve at this till; or why nobody knows. */
    async managers() {
        const answer = await this._call("managers", []);
        return Array.isArray(answer) ? { managers: answer } : { managers: [], ...answer };
    }

    /** How much of a refund goes back to which card, and how much may be money. */
    refundPlan(originalOrderId, amount) {
        return this._call("refund_plan", [originalOrderId, amount]);
    }

    /** A manager lets this till try numbers and PINs again. */
    liftLock({ manager_id, pin }) {
        return this._call("lift_lock", [manager_id, pin]);
    }

    /** What can still be refunded of loads that were sold, by their order lines. */
    refundableLoads(lineIds) {
        return this._call("refundable_loads", [lineIds]);
    }

    /** A manager lets one refund leave in money. */
    approveCashRefund(orderUuid, { manager_id, pin, reason }) {
        return this._call("approve_cash_refund", [orderUuid, manager_id, pin, reason]);
    }

    async _call(method, args, { again = false } = {}) {
        try {
            const acting = this.actingEmployee();
            const answer = await this.data.call(
                "loyalty.till",
                method,
                [odoo.pos_session_id, ...args],
                acting ? { employee_id: acting.id } : {},
            );
            return answer.code === "locked" && this.unlock
                ? await this._unlock(answer, method, args)
                : answer;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                return this._refusal(error);
            }
            if (again && !this.data.network.offline) {
                // The request may have arrived and only its answer got lost.
                await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
                return this._call(method, args);
            }
            return { ok: false, code: "offline", message: this.offlineMessage(method) };
        }
    }

    /** Another payment is advice for who wants to pay, and for nobody else. */
    offlineMessage(method) {
        return method === "authorize"
            ? _t(
                  "There is no connection to the server. Nothing was taken. Cards need the connection: try again in a moment, or take another payment.",
              )
            : _t(
                  "There is no connection to the server, and nothing was done. Try again in a moment.",
              );
    }

    /** The same again after a manager has said so; else the refusal, which a dialog has told. */
    async _unlock(answer, method, args) {
        const isFree = await this.unlock(answer.message);
        return isFree ? this._call(method, args) : { ...answer, isTold: true };
    }

    /** A server error that nobody turned into an answer: still a message, never a success. */
    _refusal(error) {
        const message = error.data?.message;
        if (!message) {
            throw error;
        }
        return { ok: false, code: "error", message };
    }
}

export const loyaltyTillService = {
    dependencies: ["pos_data"],
    start(env, { pos_data }) {
        return new LoyaltyTill(pos_data, () => env.services.pos?.actingEmployee);
    },
};

registry.category("services").add("loyalty_till", loyaltyTillService);
