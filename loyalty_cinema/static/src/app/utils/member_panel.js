import { _t } from "@web/core/l10n/translation";
import { deserializeDate } from "@web/core/l10n/dates";
import { formatPoints, memberPoints } from "@loyalty_cinema/app/utils/points";

const { DateTime } = luxon;

const COLOR_PATTERN = /^#[0-9a-f]{6}$/i;
const NO_COLOR = "#6c757d";
/** Points that expire later than that are no news at the till. */
const EXPIRY_NEWS_DAYS = 31;

/**
 * A tier's colour, and letters that can be read on it.
 *
 * @param {string|false} color as a manager typed it
 * @returns {{background: string, text: string}}
 */
export function tierColors(color) {
    const background = COLOR_PATTERN.test(color || "") ? color : NO_COLOR;
    const [red, green, blue] = [1, 3, 5].map((at) =>
        linear(parseInt(background.slice(at, at + 2), 16) / 255),
    );
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    // from there on black differs more from it than white: at least 4.5 to 1 (WCAG 2)
    return { background, text: luminance > 0.179 ? "#000000" : "#ffffff" };
}

/** A part of a colour as light, which is what the eye compares (sRGB). */
const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

/**
 * What a member still lacks for the next tier, in the measure of the ladder.
 *
 * @param {{missing: number, next: string|false, measure: string}} progress
 * @param {(amount: number) => string} formatCurrency
 * @returns {string} "150 tier points to Platinum"; nothing on the highest tier. Points of a tier are
 *      not those to spend, and are called by another name
 */
export function progressText({ missing, next, measure }, formatCurrency) {
    if (!next) {
        return "";
    }
    switch (measure) {
        case "spend":
            return _t("%(amount)s to %(tier)s", { amount: formatCurrency(missing), tier: next });
        case "visits":
            return _t("%(count)s visits to %(tier)s", { count: formatPoints(missing), tier: next });
        default:
            return _t("%(points)s tier points to %(tier)s", {
                points: formatPoints(missing),
                tier: next,
            });
    }
}

/**
 * A birthday; the server tells those that are near.
 *
 * @param {{in_days: number}|false} birthday
 * @returns {string}
 */
export function birthdayText(birthday) {
    if (!birthday) {
        return "";
    }
    switch (birthday.in_days) {
        case 0:
            return _t("Birthday today");
        case 1:
            return _t("Birthday tomorrow");
        default:
            return _t("Birthday in %s days", birthday.in_days);
    }
}

/**
 * A discount card: what it gives, and how much is missing for the next band.
 *
 * @param {{percent: number, missing: number, next: number|false}} discount
 * @param {(amount: number) => string} formatCurrency
 * @returns {string}
 */
export function discountText({ percent, missing, next }, formatCurrency) {
    const text = _t("Discount card %s %", formatPoints(percent));
    const following = { amount: formatCurrency(missing), percent: formatPoints(next) };
    return next ? `${text} (${_t("another %(amount)s for %(percent)s %", following)})` : text;
}

/**
 * What a voucher is and how long: those with value to spend in parts tell what is left.
 *
 * @param {{name: string, points: number, expires_on: string|false}} voucher
 * @param {{discount_mode?: string, discount?: number}|undefined} reward what it gives
 * @param {(amount: number) => string} formatCurrency
 * @returns {string}
 */
export function voucherText({ name, points, expires_on: last }, reward, formatCurrency) {
    const isValue = reward?.discount_mode === "per_point";
    return [
        name,
        isValue ? formatCurrency(points * (reward.discount || 1)) : "",
        last ? _t("until %s", shortDate(last)) : "",
    ]
        .filter(Boolean)
        .join(" · ");
}

/**
 * Points that expire soon; later ones are no news.
 *
 * @param {{next_expiry?: {date: string, points: number}|false, point_name?: string}} member
 * @param {Object} today luxon date
 * @returns {string}
 */
export function expiryText({ next_expiry: next, point_name: unit }, today) {
    if (!next?.date || deserializeDate(next.date).diff(today, "days").days > EXPIRY_NEWS_DAYS) {
        return "";
    }
    return _t("%(points)s %(unit)s expire after %(date)s", {
        points: formatPoints(next.points),
        unit: unit || _t("points"),
        date: shortDate(next.date),
    });
}

/**
 * What must not be overlooked while the panel is folded.
 *
 * @param {{complaint?: string|false, birthday?: Object|false, special_day?: string,
 *          vouchers?: Array, tasks?: Array}} panel
 * @returns {Array<{name: string, icon: string, text: string, count?: number, class?: string}>}
 */
export function panelSignals({ complaint, birthday, special_day: day, vouchers, tasks }) {
    const [gifts, deeds] = [vouchers?.length || 0, tasks?.length || 0];
    return [
        complaint && {
            name: "complaint",
            icon: "fa-exclamation-triangle",
            class: "o_loyalty_bad",
            text: _t("Open complaint: %s", complaint),
        },
        birthday && { name: "birthday", icon: "fa-birthday-cake", text: birthdayText(birthday) },
        day && { name: "day", icon: "fa-calendar", text: day },
        gifts && { name: "vouchers", icon: "fa-ticket", text: _t("Vouchers"), count: gifts },
        deeds && { name: "tasks", icon: "fa-check-square-o", text: _t("To do"), count: deeds },
    ].filter(Boolean);
}

/**
 * What members read of themselves on the customer's display. Others look at it, too: no name, and
 * nothing of what the house knows about them.
 *
 * @param {{available: number, pending: number, point_name: string}} member
 * @param {{tier?: {name: string, color: string|false}|false, progress?: Object|false}} panel
 * @param {(amount: number) => string} formatCurrency
 * @returns {{tier: string, tierStyle: string, points: string, progress: string}}
 */
export function displayed(member, { tier, progress }, formatCurrency) {
    const { background, text } = tierColors(tier?.color);
    return {
        tier: tier?.name || "",
        tierStyle: `background-color: ${background}; color: ${text};`,
        points: memberPoints(member),
        progress: progress ? progressText(progress, formatCurrency) : "",
    };
}

/**
 * @param {string} date as the server writes it
 * @returns {string} day and month in the cashier's language; the year only where it is another
 */
export function shortDate(date) {
    const day = deserializeDate(date);
    const isThisYear = day.year === DateTime.now().year;
    const year = isThisYear ? {} : { year: "numeric" };
    return day.toLocaleString({ day: "numeric", month: "short", ...year });
}
