import { localization } from "@web/core/l10n/localization";
import { insertThousandsSep } from "@web/core/utils/numbers";

/**
 * An amount while it is typed, with its thousands apart: a nought too many is seen in 1,000,000.
 *
 * @param {string} text
 * @returns {string} unchanged where it is no number
 */
export function groupedAmount(text) {
    const { decimalPoint, thousandsSep, grouping } = localization;
    const [whole, ...decimals] = text.replaceAll(thousandsSep || " ", "").split(decimalPoint);
    if (!/^\d+$/.test(whole)) {
        return text;
    }
    const digits = whole.replace(/^0+(?=\d)/, "");
    return [insertThousandsSep(digits, thousandsSep, grouping), ...decimals].join(decimalPoint);
}
