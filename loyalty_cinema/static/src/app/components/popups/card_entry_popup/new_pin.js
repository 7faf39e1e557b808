import { _t } from "@web/core/l10n/translation";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { CardEntryPopup } from "@loyalty_cinema/app/components/popups/card_entry_popup/card_entry_popup";

/**
 * The customer types the new PIN twice; a slip must not lock the card away.
 *
 * @returns {Promise<string|undefined>} nothing when a popup was closed
 */
export async function askNewPin(dialog) {
    const ask = (label, check) =>
        makeAwaitable(dialog, CardEntryPopup, {
            title: _t("PIN of the card"),
            label,
            secret: true,
            submit: async (text) => ({
                isAnswered: !check(text),
                message: check(text),
                payload: text,
            }),
        });
    const pin = await ask(_t("New PIN"), (text) =>
        /^\d{4,8}$/.test(text) ? "" : _t("A PIN has 4 to 8 digits."),
    );
    return (
        pin &&
        ask(_t("The same PIN again"), (text) => (text === pin ? "" : _t("The two PINs differ.")))
    );
}
