import { _t } from "@web/core/l10n/translation";

/** What a card's state is called at the till, and how it is coloured. */
export const CARD_STATES = {
    issued: { label: _t("Not active yet"), class: "o_loyalty_new" },
    active: { label: _t("Active"), class: "o_loyalty_good" },
    blocked: { label: _t("Blocked"), class: "o_loyalty_bad" },
    lost: { label: _t("Reported lost"), class: "o_loyalty_bad" },
    replaced: { label: _t("Replaced"), class: "text-bg-secondary" },
    expired: { label: _t("Expired"), class: "text-bg-secondary" },
};

/** `done` is what is said afterwards, of the card that the customer then has. */
const ACTIONS = {
    activate: { label: _t("Activate"), done: (card) => _t("Card %s is active.", card) },
    set_pin: {
        label: _t("Set PIN"),
        isPin: true,
        asksReason: true,
        needsManager: true,
        done: (card) => _t("Card %s has its new PIN.", card),
    },
    block: {
        label: _t("Block"),
        asksReason: true,
        done: (card) => _t("Card %s is blocked.", card),
    },
    unblock: {
        label: _t("Unblock"),
        asksReason: true,
        needsManager: true,
        done: (card) => _t("Card %s can be used again.", card),
    },
    lost: {
        label: _t("Report lost"),
        asksReason: true,
        done: (card) => _t("Card %s is reported lost.", card),
    },
    replace: {
        label: _t("Replace"),
        asksReason: true,
        needsManager: true,
        codeLabel: _t("Scan the new card or type its number"),
        done: (card) => _t("Card %s takes the place of the old one.", card),
    },
};

const BY_STATE = {
    issued: ["activate", "set_pin"],
    active: ["set_pin", "block", "lost", "replace"],
    blocked: ["unblock", "lost", "replace"],
    lost: ["replace"],
    expired: ["replace"],
};

/**
 * Which buttons make sense for a card. Never a permission: the server decides.
 *
 * @param {{card?: {state: string}}} data answer of `loyalty.till.lookup`
 * @returns {Array<{name: string, label: string, asksReason?: boolean, needsManager?: boolean}>}
 */
export function cardActions({ card }) {
    const actions = (BY_STATE[card?.state] || []).map((name) => ({ name, ...ACTIONS[name] }));
    // The first PIN of a card that nobody has used yet is the customer's own business.
    const isNew = card?.state === "issued";
    return actions.map((action) =>
        isNew ? { ...action, asksReason: false, needsManager: false } : action,
    );
}
