import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";

/**
 * Turns the server's account of an order's cards into what the receipt prints.
 *
 * @param {{tenders?: Array, loads?: Array, refunds?: Array}} receipt `pos.order.loyalty_receipt`
 * @param {(amount: number) => string} format prints an amount of money
 * @returns {Array<{title: string, card: string, rows: Array<{label: string, value: string}>}>}
 */
export function receiptBlocks(receipt, format) {
    const block = (entry, rows) => ({
        title: entry.label,
        card: entry.masked_code || "",
        rows: rows
            .filter(([, amount]) => amount !== undefined && amount !== false)
            .map(([label, amount]) => ({ label, value: format(amount) })),
    });
    const balance = (entry) => [_t("Balance left"), entry.balance];
    return [
        ...(receipt.tenders || []).map((entry) =>
            block(entry, [[_t("Paid from it"), entry.amount], balance(entry)]),
        ),
        ...(receipt.loads || []).map((entry) =>
            block(entry, [
                [_t("Loaded"), entry.amount],
                [bonusLabel(entry), entry.bonus || false],
                [_t("New balance"), entry.balance],
            ]),
        ),
        ...(receipt.refunds || []).map((entry) =>
            // below zero: a load was refunded, and its value taken off the card again
            block(entry, [
                [
                    entry.amount < 0 ? _t("Taken off again") : _t("Given back to it"),
                    Math.abs(entry.amount),
                ],
                balance(entry),
            ]),
        ),
    ];
}

function bonusLabel(entry) {
    return entry.bonus_expires_on
        ? _t("Bonus, until %s", formatDate(deserializeDate(entry.bonus_expires_on)))
        : _t("Bonus");
}
