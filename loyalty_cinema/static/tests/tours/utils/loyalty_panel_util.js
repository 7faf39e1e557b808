/**
 * Page objects of the member's panel, beside those of `loyalty_member_util`.
 */
const MODAL = ".modal:not(.o_inactive_modal)";
const BOX = ".product-screen .o_loyalty_member_box";
const PROFILE = `${MODAL} .o_loyalty_profile`;

export const tierIs = (name) => ({
    content: `the member is ${name}`,
    trigger: `${BOX} .o_loyalty_tier:contains("${name}")`,
});

/** Anywhere in the panel. */
export const says = (text) => ({
    content: `the panel says: ${text}`,
    trigger: `${BOX} .o_loyalty_panel:contains("${text}")`,
});

export const isShown = () => ({
    content: "the panel is there",
    trigger: `${BOX} .o_loyalty_panel`,
});

export const isFolded = () => ({
    content: "the panel is folded",
    trigger: `${BOX}:not(:has(.o_loyalty_panel))`,
});

export const fold = () => ({
    content: "fold or unfold",
    trigger: `${BOX} .o_loyalty_fold`,
    run: "click",
});

/** Puts a voucher on the order, or takes it off. */
export const touchVoucher = (name) => ({
    content: `touch the voucher ${name}`,
    trigger: `${BOX} .o_loyalty_voucher:enabled:contains("${name}")`,
    run: "click",
});

export const voucherIsOn = (name) => ({
    content: `${name} is on the order`,
    trigger: `${BOX} .o_loyalty_voucher[aria-pressed="true"]:contains("${name}")`,
});

export const voucherIsOff = (name) => ({
    content: `${name} is not on the order`,
    trigger: `${BOX} .o_loyalty_voucher[aria-pressed="false"]:contains("${name}")`,
});

export const noVoucher = (name) => ({
    content: `there is no ${name} any more`,
    trigger: `${BOX} .o_loyalty_panel:not(:has(.o_loyalty_voucher:contains("${name}")))`,
});

export const finishTask = (name) => [
    {
        content: `${name} is done`,
        trigger: `${BOX} .o_loyalty_task:contains("${name}")`,
        run: "click",
    },
    {
        content: `${name} is no longer to do`,
        trigger: `${BOX}:not(:has(.o_loyalty_task))`,
    },
];

export const ringUpUsual = (product) => ({
    content: `the usual: ${product}`,
    trigger: `${BOX} .o_loyalty_usual:contains("${product}")`,
    run: "click",
});

export const openProfile = () => ({
    content: "open the profile",
    trigger: `${BOX} .o_loyalty_profile_button`,
    run: "click",
});

export const setBirthday = (date) => ({
    content: `birthday ${date}`,
    trigger: `${PROFILE} #loyalty_profile_birthday`,
    run: `edit ${date}`,
});

export const touchChip = (text) => ({
    content: `touch ${text}`,
    trigger: `${PROFILE} .o_loyalty_chip:contains("${text}")`,
    run: "click",
});

export const saveProfile = () => ({
    content: "save the profile",
    trigger: `${PROFILE} .o_loyalty_confirm:enabled`,
    run: "click",
});

export const suggests = (text) => ({
    content: `the till suggests ${text}`,
    trigger: `.product-screen .o_loyalty_suggestions:contains("${text}")`,
});

export const takeSuggestion = (product) => ({
    content: `add ${product}`,
    trigger: `.product-screen .o_loyalty_suggestion:contains("${product}")`,
    run: "click",
});

export const takeCombo = () => ({
    content: "take the combo",
    trigger: ".product-screen .o_loyalty_combo",
    run: "click",
});

export const isOld = () => ({
    content: "what is shown is old, and says so",
    trigger: `${BOX}.o_loyalty_is_old .o_loyalty_as_of`,
});

export const isNew = () => ({
    content: "what is shown is new",
    trigger: `${BOX}:not(.o_loyalty_is_old):not(:has(.o_loyalty_as_of))`,
});

export const nothingIsKnown = () => ({
    content: "nothing is known of the customer",
    trigger: `${BOX} .o_loyalty_unknown`,
});

export const vouchersWait = () => ({
    content: "vouchers wait for the connection",
    trigger: `${BOX} .o_loyalty_voucher:disabled`,
});

/** Small screens show the cart on a pane of its own. */
export const showCart = () => ({
    content: "show the cart",
    trigger: ".product-screen .review-button",
    run: "click",
});
