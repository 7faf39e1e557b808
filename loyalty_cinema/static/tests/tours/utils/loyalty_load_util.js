/**
 * Page objects of the popups in which a card is loaded or gets its PIN.
 */
const MODAL = ".modal:not(.o_inactive_modal)";

export const loadAmountIs = (text) => ({
    content: `the amount reads ${text}`,
    trigger: `${MODAL} .o_loyalty_load input:value("${text}")`,
});

export const loadOffers = (amount) => ({
    content: `${amount} is one touch`,
    trigger: `${MODAL} .o_loyalty_denomination:contains("${amount}")`,
});

export const anotherCard = () => ({
    content: "another card",
    trigger: `${MODAL} .o_loyalty_load .o_loyalty_back`,
    run: "click",
});

export const isFocused = (selector) => ({
    content: `the focus is on ${selector}`,
    trigger: `${MODAL} ${selector}:focus`,
});

export const discard = () => ({
    content: "discard",
    trigger: `${MODAL} .modal-footer .btn-secondary:not(.o_loyalty_back)`,
    run: "click",
});

export const topUp = () => ({
    content: "top up from the card popup",
    trigger: `${MODAL} .o_loyalty_top_up:contains("Top up")`,
    run: "click",
});

/** The card lacks a PIN, and the popup offers to set it. */
export const offeredPin = () => ({
    content: "set the PIN that is missing",
    trigger: `${MODAL} .o_loyalty_no_pin button`,
    run: "click",
});

export const cardShowsNot = (text) => ({
    content: `the card popup says nothing of ${text}`,
    trigger: `${MODAL} .o_loyalty_card_popup:not(:contains("${text}"))`,
});
