/** What a member card's code looks like: 16 digits, the last one a Luhn check digit. */
export const CODE_LENGTH = 16;

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
    return code.length === CODE_LENGTH && /^\d+$/.test(code) && hasLuhnDigit(code);
}
