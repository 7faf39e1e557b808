/**
 * Page objects of the member's panel, beside those of `loyalty_member_util`.
 */
const MODAL = ".modal:not(.o_inactive_modal)";
const LINE = ".product-screen .o_loyalty_member_box";
// above the products, or on small screens below the line
const PANEL = ".product-screen .o_loyalty_panel";
const PROFILE = `${MODAL} .o_loyalty_profile`;

export const tierIs = (name) => ({
    content: `the member is ${name}`,
    trigger: `${LINE} .o_loyalty_tier:contains("${name}")`,
});

/** The band in the line of the customer, where there are no members. */
export const bandIs = (percent) => ({
    content: `the discount card gives ${percent} %`,
    trigger: `${LINE} .o_loyalty_band:contains("Discount card ${percent} %")`,
});

/** Anywhere in the panel. */
export const says = (text) => ({
    content: `the panel says: ${text}`,
    trigger: `${PANEL}:contains("${text}")`,
});

export const isShown = () => ({
    content: "the panel is there",
    trigger: PANEL,
});

export const isFolded = () => ({
    content: "the panel is folded",
    trigger: ".product-screen:not(:has(.o_loyalty_panel))",
});

export const fold = () => ({
    content: "fold or unfold",
    trigger: `${LINE} .o_loyalty_fold`,
    run: "click",
});

/** Puts a voucher on the order, or takes it off. */
export const touchVoucher = (name) => ({
    content: `touch the voucher ${name}`,
    trigger: `${PANEL} .o_loyalty_voucher:enabled:contains("${name}")`,
    run: "click",
});

export const voucherIsOn = (name) => ({
    content: `${name} is on the order`,
    trigger: `${PANEL} .o_loyalty_voucher[aria-pressed="true"]:contains("${name}")`,
});

export const voucherIsOff = (name) => ({
    content: `${name} is not on the order`,
    trigger: `${PANEL} .o_loyalty_voucher[aria-pressed="false"]:contains("${name}")`,
});

export const noVoucher = (name) => ({
    content: `there is no ${name} any more`,
    trigger: `${PANEL}:not(:has(.o_loyalty_voucher:contains("${name}")))`,
});

export const finishTask = (name) => [
    {
        content: `${name} is done`,
        trigger: `${PANEL} .o_loyalty_task:contains("${name}")`,
        run: "click",
    },
    {
        content: `${name} is no longer to do`,
        trigger: `${PANEL}:not(:has(.o_loyalty_task))`,
    },
];

export const ringUpUsual = (product) => ({
    content: `the usual: ${product}`,
    trigger: `${PANEL} .o_loyalty_usual:contains("${product}")`,
    run: "click",
});

export const openProfile = () => [
    {
        content: "open the profile",
        trigger: `${LINE} .o_loyalty_profile_button`,
        run: "click",
    },
    { content: "the profile is shown", trigger: `${PROFILE} .o_loyalty_chip` },
];

export const setBirthday = (date) => ({
    content: `birthday ${date}`,
    trigger: `${PROFILE} #loyalty_profile_birthday`,
    // the tour's own "edit" types into dates in a format of its own
    run: ({ anchor }) => {
        anchor.value = date;
        anchor.dispatchEvent(new Event("input", { bubbles: true }));
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    },
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

export const closeProfile = () => ({
    content: "close the profile",
    trigger: `${PROFILE} .modal-footer .btn-secondary`,
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
    trigger: `${LINE}.o_loyalty_is_old .o_loyalty_as_of`,
});

export const isNew = () => ({
    content: "what is shown is new",
    trigger: `${LINE}:not(.o_loyalty_is_old):not(:has(.o_loyalty_as_of))`,
});

export const nothingIsKnown = () => ({
    content: "nothing is known of the customer",
    trigger: `${LINE} .o_loyalty_unknown`,
});

export const vouchersWait = () => ({
    content: "vouchers wait for the connection",
    trigger: `${PANEL} .o_loyalty_voucher:disabled`,
});

/** Small screens show the cart on a pane of its own. */
export const showCart = () => ({
    content: "show the cart",
    trigger: ".product-screen .review-button",
    run: "click",
});

const FIRST_PRODUCT = ".product-screen .product-list .product";
let firstProduct = null;

const placeOf = (selector) => {
    const { x, y, height } = document.querySelector(selector).getBoundingClientRect();
    return [x, y, height].map(Math.round).join(" ");
};

export const rememberProducts = () => ({
    content: "where the products are",
    trigger: FIRST_PRODUCT,
    run: () => (firstProduct = placeOf(FIRST_PRODUCT)),
});

/** A touch that was on its way when the panel came hits the product that it was meant for. */
export const productsStayed = () => ({
    content: "the products are where they were",
    trigger: FIRST_PRODUCT,
    run: () => {
        if (placeOf(FIRST_PRODUCT) !== firstProduct) {
            throw new Error(`moved from ${firstProduct} to ${placeOf(FIRST_PRODUCT)}`);
        }
    },
});

export const orderListIsAtLeast = (height) => ({
    content: `the order list is at least ${height} pixels high`,
    trigger: ".product-screen:has(.numpad) .order-container",
    run: ({ anchor }) => {
        if (anchor.clientHeight < height) {
            throw new Error(`The order list is ${anchor.clientHeight} pixels high`);
        }
    },
});

export const signals = (icon, count) => ({
    content: `the folded panel shows ${icon} ${count || ""}`,
    trigger:
        `${LINE} .o_loyalty_fold .o_loyalty_signal:has(.${icon})` +
        (count ? `:contains("${count}")` : ""),
});
