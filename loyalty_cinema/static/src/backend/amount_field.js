/**
 * The field widget "loyalty_amount": points, and amounts in whatever unit a balance holds.
 *
 * As many decimals as there are and no zeros after them: in cells, and also in the sums of a list
 * and in pivots, where Odoo knows neither the field's digits nor the option hide_trailing_zeros.
 */
import { registry } from "@web/core/registry";
import { floatField } from "@web/views/fields/float/float_field";
import { formatFloat } from "@web/views/fields/formatters";

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

registry.category("formatters").add("loyalty_amount", formatAmount);
registry.category("fields").add("loyalty_amount", amountField);
