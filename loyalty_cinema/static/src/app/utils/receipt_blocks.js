import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatPoints } from "@loyalty_cinema/app/utils/points";

/**
 * Turns the server's account of an order's cards and points into what the receipt prints.
 *
 * @param {{tenders?: Array, loads?: Array, refunds?: Array, vouchers?: Array, points?: Object,
 *      discount?: Object}} receipt
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
        ...(receipt.vouchers || []).map((entry) =>
            block(entry, format, [
                [_t("Used"), entry.amount],
                [voucherLeftLabel(entry), entry.balance],
            ]),
        ),
        ...(receipt.points ? [pointsBlock(receipt.points)] : []),
        ...discountBlocks(receipt.discount, format),
    ];
}

const isPoints = ({ program_type: type }) => type === "loyalty";

/** Balances of points are printed as points, beside the money that they paid. */
function block(entry, format, rows) {
    const print = isPoints(entry) ? formatPoints : format;
    return {
        title: entry.label,
        // the code of a balance of points is nothing that a member knows
        card: (!isPoints(entry) && entry.masked_code) || "",
        rows: rows
            .filter(([, amount]) => amount !== undefined && amount !== false)
            .map(([label, amount, own]) => ({ label, value: (own || print)(amount) })),
    };
}

function pointsRow(label, entry) {
    return isPoints(entry) && entry.points ? [[label, Math.abs(entry.points)]] : [];
}

/** The block about points ends with what is left of them: nothing in between needs telling. */
function balanceLeft({ points }, entry) {
    return points && isPoints(entry) ? [] : [[_t("Balance left"), entry.balance]];
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

function voucherLeftLabel({ balance, expires_on: last }) {
    return balance && last
        ? _t("Left, until %s", formatDate(deserializeDate(last)))
        : _t("Left on the voucher");
}

/** What the discount card did on this order, and what it takes for more; nothing to tell, no block. */
function discountBlocks(discount, format) {
    if (!discount) {
        return [];
    }
    const { used, saved, percent, missing, next } = discount;
    const inPercent = (number) => `${formatPoints(number)} %`;
    const rows = [
        ...(saved > 0 ? [[_t("Saved by %s", inPercent(used)), format(saved)]] : []),
        ...(percent !== used ? [[_t("Your discount from now on"), inPercent(percent)]] : []),
        ...(next ? [[_t("Missing for %s", inPercent(next)), format(missing)]] : []),
    ].map(([label, value]) => ({ label, value }));
    return rows.length ? [{ title: discount.label, card: discount.masked_code || "", rows }] : [];
}
