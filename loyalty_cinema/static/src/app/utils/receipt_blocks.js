import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatPoints } from "@loyalty_cinema/app/utils/points";

/**
 * Turns the server's account of an order's cards and points into what the receipt prints.
 *
 * @param {{tenders?: Array, loads?: Array, refunds?: Array, points?: Object}} receipt
 *      `pos.order.loyalty_receipt`
 * @param {(amount: number) => string} format prints an amount of money
 * @returns {Array<{title: string, card: string, rows: Array<{label: string, value: string}>}>}
 */
export function receiptBlocks(receipt, format) {
    return [
        ...(receipt.tenders || []).map((entry) =>
            block(entry, format, [
                [_t("Paid from it"), entry.amount, format],
                ...pointsRow(_t("Points used"), entry),
                ...balanceLeft(receipt, entry),
            ]),
        ),
        ...(receipt.loads || []).map((entry) =>
            block(entry, format, [
                [_t("Loaded"), entry.amount],
                [bonusLabel(entry), entry.bonus || false],
                [_t("New balance"), entry.balance],
            ]),
        ),
        ...(receipt.refunds || []).map((entry) =>
            // below zero: a load was refunded, and its value taken off the card again
            block(entry, format, [
                [
                    entry.amount < 0 ? _t("Taken off again") : _t("Given back to it"),
                    Math.abs(entry.amount),
                    format,
                ],
                [_t("Bonus taken off again"), entry.bonus || false],
                ...pointsRow(_t("Points given back"), entry),
                ...balanceLeft(receipt, entry),
            ]),
        ),
        ...(receipt.points ? [pointsBlock(receipt.points)] : []),
    ];
}

/** Balances of points are printed as points, beside the money that they paid. */
function block(entry, format, rows) {
    const print = entry.points ? formatPoints : format;
    return {
        title: entry.label,
        // the code of a balance of points is nothing that a member knows
        card: (!entry.points && entry.masked_code) || "",
        rows: rows
            .filter(([, amount]) => amount !== undefined && amount !== false)
            .map(([label, amount, own]) => ({ label, value: (own || print)(amount) })),
    };
}

function pointsRow(label, { points }) {
    return points ? [[label, Math.abs(points)]] : [];
}

/** The block about points ends with what is left of them: nothing in between needs telling. */
function balanceLeft({ points }, entry) {
    return points && entry.points ? [] : [[_t("Balance left"), entry.balance]];
}

function pointsBlock(points) {
    const rows = [
        [_t("Earned"), points.earned],
        [pendingLabel(points), points.pending],
        [_t("Used for rewards"), points.spent],
        [_t("Given back"), points.given_back],
        [_t("Taken back"), points.clawed_back],
    ];
    return {
        title: points.program,
        card: "",
        rows: [
            ...rows.filter(([, amount]) => amount),
            [_t("New balance"), points.balance || 0],
        ].map(([label, amount]) => ({ label, value: formatPoints(amount) })),
    };
}

function pendingLabel({ available_on: date }) {
    return date ? _t("To spend from %s", formatDate(deserializeDate(date))) : _t("To spend later");
}

function bonusLabel(entry) {
    return entry.bonus_expires_on
        ? _t("Bonus, until %s", formatDate(deserializeDate(entry.bonus_expires_on)))
        : _t("Bonus");
}
