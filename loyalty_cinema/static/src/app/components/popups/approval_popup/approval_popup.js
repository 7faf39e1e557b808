import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

/** Who approved last at this till: most often the same manager approves again. */
let lastManagerId = false;

/**
 * A reason, and the manager who stands for it. A manager at the own till is asked for the reason
 * only. Whether the PIN is right, and whether an approval was needed, only the server says.
 *
 * `submit(values)` returns the server's answer; a refusal is shown in the popup.
 */
export class ApprovalPopup extends Component {
    static template = "loyalty_cinema.ApprovalPopup";
    static components = { Dialog };
    static props = {
        title: String,
        text: { type: String, optional: true },
        codeLabel: { type: String, optional: true },
        asksReason: { type: Boolean, optional: true },
        needsManager: Boolean,
        loadManagers: Function,
        submit: Function,
        getPayload: Function,
        close: Function,
    };
    static defaultProps = { text: "", codeLabel: "", asksReason: true };

    setup() {
        useAutofocus({ refName: "first" });
        this.managers = [];
        this.state = useState({
            code: "",
            managerId: false,
            pin: "",
            reason: "",
            message: "",
            isBusy: false,
        });
        if (this.props.codeLabel) {
            useCardReader((code) => (this.state.code = code));
        }
        onWillStart(async () => {
            if (this.props.needsManager) {
                const { managers, message = "" } = await this.props.loadManagers();
                this.managers = managers;
                this.state.message = message;
                const last = this.managers.find((manager) => manager.id === lastManagerId);
                this.state.managerId = (last || this.managers[0])?.id || false;
            }
        });
    }

    get isComplete() {
        const { code, managerId, pin, reason } = this.state;
        const isApproved = !this.props.needsManager || (managerId && pin);
        const hasReason = !this.props.asksReason || reason.trim();
        return Boolean(hasReason && isApproved && (!this.props.codeLabel || code.trim()));
    }

    onManager(ev) {
        this.state.managerId = Number(ev.target.value);
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.isComplete) {
            ev.preventDefault();
            this.confirm();
        }
    }

    async confirm() {
        if (!this.isComplete || this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        const { code, managerId, pin, reason } = this.state;
        const answer = await this.props.submit({
            reason: reason.trim(),
            manager_id: this.props.needsManager && managerId,
            pin: this.props.needsManager && pin,
            ...(this.props.codeLabel ? { new_code: code.trim() } : {}),
        });
        this.state.isBusy = false;
        if (answer.ok) {
            lastManagerId = managerId || lastManagerId;
            this.props.getPayload(answer);
            this.props.close();
        } else {
            Object.assign(this.state, { message: answer.message, pin: "" });
        }
    }
}

/**
 * Opens the popup. `needsManager: false` asks for the reason only, `asksReason: false` for none.
 *
 * @param {Object} pos
 * @param {{title: string, text?: string, codeLabel?: string, needsManager?: boolean,
 *          asksReason?: boolean, submit: Function}} props
 * @returns {Promise<Object|undefined>} the server's answer; nothing when the popup was closed
 */
export function askApproval(pos, props) {
    return makeAwaitable(pos.dialog, ApprovalPopup, {
        needsManager: true,
        ...props,
        ...(pos.user.raw.role === "manager" && pos.isUserActing ? { needsManager: false } : {}),
        loadManagers: () => pos.env.services.loyalty_till.managers(),
    });
}
