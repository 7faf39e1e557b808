import { isMemberCardCode, normalizeCode } from "@loyalty_cinema/app/utils/member_card_code";

/** Digits as people write phone numbers, and enough of them. */
const PHONE_PATTERN = /^\+?[\d\s().-]{6,}$/;

/**
 * What a cashier typed to search for a customer, put where it belongs.
 *
 * @param {string} text
 * @returns {{phone?: string, name?: string, card?: string}}
 */
export function typedContact(text) {
    const typed = (text || "").trim();
    if (!typed) {
        return {};
    }
    if (isMemberCardCode(typed)) {
        return { card: normalizeCode(typed) };
    }
    return PHONE_PATTERN.test(typed) ? { phone: typed } : { name: typed };
}
