/** A member card's code: a prefix of up to 4 digits, 15 random ones, a Luhn check digit. */
export const CODE_LENGTH_MIN = 16;
export const CODE_LENGTH_MAX = 20;

const CODE_PATTERN = new RegExp(`^\\d{${CODE_LENGTH_MIN},${CODE_LENGTH_MAX}}$`);

/**
 * Codes are typed with spaces and dashes, and scanners may add blanks.
 *
 * @param {string} text
 * @returns {string} the code without them
 */
export function normalizeCode(text) {
    return String(text ?? "").replace(/[\s-]/g, "");
}

/**
 * What screens show of a code, as `domain/card_code.py` does.
 *
 * @param {string} code
 * @returns {string}
 */
export function maskCode(code) {
    return `•••• ${normalizeCode(code).slice(-4)}`;
}

/**
 * @param {string} digits
 * @returns {boolean} whether the last digit is the Luhn check digit of the others
 */
export function hasLuhnDigit(digits) {
    const sum = [...digits].reverse().reduce((total, char, index) => {
        const digit = Number(char) * (index % 2 ? 2 : 1);
        return total + (digit > 9 ? digit - 9 : digit);
    }, 0);
    return sum % 10 === 0;
}

/**
 * Tells a member card from a product barcode before anything asks the server. It is a
 * courtesy to the cashier, never a check: only the server knows which codes exist.
 *
 * @param {string} text scanned or typed
 * @returns {boolean}
 */
export function isMemberCardCode(text) {
    const code = normalizeCode(text);
    return CODE_PATTERN.test(code) && hasLuhnDigit(code);
}

/**
 * Odoo's own codes of coupons and gift cards start with 044. Cards that were printed with one
 * keep it when their program becomes stored value; only the server knows which did.
 *
 * @param {string} text scanned or typed
 * @returns {boolean}
 */
export function isOdooCode(text) {
    return /^044[0-9a-f]{9,17}$/i.test(normalizeCode(text));
}
