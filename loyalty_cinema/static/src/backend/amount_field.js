/**
 * The field widgets "loyalty_amount": points, and amounts in whatever unit a balance holds, and
 * "loyalty_money": amounts of stored value, with their currency where it is known.
 *
 * As many decimals as there are and no zeros after them: in cells, and also in the sums of a list
 * and in pivots, where Odoo knows neither the field's digits nor the option hide_trailing_zeros.
 */
import { registry } from "@web/core/registry";
import { floatField } from "@web/views/fields/float/float_field";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { monetaryField } from "@web/views/fields/monetary/monetary_field";

/** Precision and scale of balances: AMOUNT_DIGITS of domain/amounts.py. */
const AMOUNT_DIGITS = [16, 4];

export function formatAmount(value, options = {}) {
    return formatFloat(value, { ...options, digits: AMOUNT_DIGITS, trailingZeros: false });
}
formatAmount.extractOptions = formatFloat.extractOptions;

export const amountField = {
    ...floatField,
    extractProps: (info) => ({ ...floatField.extractProps(info), trailingZeros: false }),
};

/** The totals of groups come without their currency, and with the digits of the field. */
export function formatMoney(value, options = {}) {
    return options.currencyId
        ? formatMonetary(value, { ...options, digits: undefined })
        : formatAmount(value, options);
}
formatMoney.extractOptions = formatMonetary.extractOptions;

registry.category("formatters").add("loyalty_amount", formatAmount);
registry.category("formatters").add("loyalty_money", formatMoney);
registry.category("fields").add("loyalty_money", monetaryField);
registry.category("fields").add("loyalty_amount", amountField);
