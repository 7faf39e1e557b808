import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { CredentialFlow } from "@loyalty_cinema/app/utils/credential_flow";
import { claimsToHold } from "@loyalty_cinema/app/utils/points";

/**
 * Gifts and discounts for points, and vouchers: what the rewards on an order cost is held on the
 * server before the order is validated, so that two tills cannot spend the same.
 */
export class ClaimService {
    constructor(pos) {
        this.pos = pos;
        this.held = new Set();
    }

    get till() {
        return this.pos.env.services.loyalty_till;
    }

    /** Does the order claim anything, or did it before? */
    concerns(order) {
        return this._claims(order).length > 0 || this.held.has(order.uuid);
    }

    /**
     * Holds what the order claims, in place of what it held before. When the points are not
     * there any more the cashier is told, rewards they no longer cover come off, and the rest
     * of the order stays as it is.
     *
     * @returns {Promise<boolean>} whether the order can be validated
     */
    async hold(order) {
        const claims = this._claims(order);
        const answer = await this._ask(order, claims);
        if (answer?.ok) {
            this.held[claims.length ? "add" : "delete"](order.uuid);
        }
        if (answer && !answer.ok) {
            this._takeOff(order, answer.foreign || []);
            this._refuse(answer);
        }
        return Boolean(answer?.ok);
    }

    /** The server's answer, with the PIN where the card asks for one; null: not entered. */
    async _ask(order, claims) {
        const attempt = async (credential) => {
            const partner = order.getPartner();
            const answer = await this.till.holdClaims(
                order.uuid,
                claims,
                credential,
                partner?.id || false,
            );
            this._correct(answer.balances || []);
            return answer;
        };
        const flow = new CredentialFlow(this.pos.dialog, this.pos.env.utils.formatCurrency);
        const result = await flow.run(attempt, {}, _t("Rewards and vouchers"));
        return result && result.answer;
    }

    /** Leaving the payment screen or deleting the order: nothing stays held. */
    release(order) {
        if (order && this.held.delete(order.uuid) && !order.finalized) {
            this.till.holdClaims(order.uuid, []);
        }
    }

    /** What belongs to somebody else comes off: after two tables were put together, mostly. */
    _takeOff(order, balanceIds) {
        for (const id of balanceIds) {
            this.pos.vouchers.remove(order, this.pos.models["loyalty.card"].get(id) || { id });
        }
    }

    _claims(order) {
        return claimsToHold(order._get_reward_lines());
    }

    /** Odoo offers rewards by the points of its own records: they become the server's. */
    _correct(balances) {
        for (const { id, points } of balances) {
            const balance = this.pos.models["loyalty.card"].get(id);
            if (balance) {
                balance.points = points;
            }
            this.pos.members.correct(id, points);
        }
    }

    _refuse({ code, message }) {
        this.pos.dialog.add(AlertDialog, {
            title: _t("Rewards and vouchers"),
            body: this._reason(code, message),
        });
        if (code !== "offline") {
            this.pos.updateRewards();
        }
    }

    _reason(code, message) {
        if (code === "offline") {
            return _t(
                "Rewards and vouchers need the connection. Take them off the order, or try again in a moment.",
            );
        }
        const done = {
            stale: _t("Rewards that the points no longer pay for were taken off the order."),
            foreign: _t(
                "It was taken off the order. Take what is still due, or make one order for each customer.",
            ),
        };
        return `${message} ${done[code] || ""}`.trim();
    }
}
