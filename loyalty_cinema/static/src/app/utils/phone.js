/** Fewer digits are no phone number, and would find too much. */
const DIGITS_MIN = 6;
/** A stored number is all of a longer one that was typed only if it is no extension. */
const WHOLE_MIN = 8;
const PHONE_PATTERN = /^\+?[\d\s().\/-]+$/;

/** The digits without what stands before a number in one country or another. */
const significant = (text) => (text || "").replace(/\D/g, "").replace(/^0+/, "");

/**
 * @param {string} text what was typed in a search
 * @returns {boolean} whether it can be (a part of) a phone number
 */
export function isPhoneLike(text) {
    return PHONE_PATTERN.test((text || "").trim()) && significant(text).length >= DIGITS_MIN;
}

/**
 * Whether a stored number is the one that was typed, or has it within: 0900 000 013, 900000013,
 * 0900.000.013 and +84 900 000 013 are one number. The server says the same
 * (`res_partner_phone.py`); this decides what the list shows of its answer.
 *
 * @param {string} stored
 * @param {string} typed
 * @returns {boolean}
 */
export function isSamePhone(stored, typed) {
    const [known, asked] = [significant(stored), significant(typed)];
    return known.includes(asked) || (known.length >= WHOLE_MIN && asked.endsWith(known));
}
