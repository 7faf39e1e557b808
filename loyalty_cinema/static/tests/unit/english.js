import { beforeEach } from "@odoo/hoot";
import { allowTranslations, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { localization } from "@web/core/l10n/localization";

/** Words and numbers as an English till shows them; tests of pure functions start no services. */
export function useEnglish() {
    beforeEach(() => {
        allowTranslations();
        patchWithCleanup(localization, {
            dateFormat: "MM/dd/yyyy",
            decimalPoint: ".",
            grouping: [3, 0],
            thousandsSep: ",",
        });
    });
}
