/**
 * Page objects of members and points at the till, beside those of `loyalty_till_util`.
 */
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";

const MODAL = ".modal:not(.o_inactive_modal)";
const ENROL = `${MODAL} .o_loyalty_enrol`;

/** The card numbers that `tests/test_tours_points.py` issues. */
export const POINTS_CARDS = {
    mai: "9007199254713336",
    fresh: "9007199254713708",
    discount: "9007199254714086",
};

/** Opens the enrol popup below the order, where no customer is chosen yet. */
export const newMember = () => ({
    content: "press New member",
    trigger: ".product-screen .o_loyalty_enrol_button",
    run: "click",
});

/** Searches for a customer in vain and goes on from there. */
export const newMemberFromList = (typed) =>
    [
        ProductScreen.clickPartnerButton(),
        {
            content: `search for ${typed}`,
            trigger: `${MODAL} .modal-header .input-group input`,
            run: `edit ${typed}`,
        },
        {
            content: "press New member",
            trigger: `${MODAL} .o_loyalty_enrol_button`,
            run: "click",
        },
    ].flat(Infinity);

export const newMemberFromCard = () => ({
    content: "press New member in the card popup",
    trigger: `${MODAL} .o_loyalty_card_popup .o_loyalty_enrol_button`,
    run: "click",
});

/** Fills the popup with the keyboard only: the cursor is where it is needed. */
export const fill = (field, text) => ({
    content: `${field}: ${text}`,
    trigger: `${ENROL} #loyalty_enrol_${field}`,
    run: `edit ${text}`,
});

export const fieldIs = (field, text) => ({
    content: `${field} is ${text}`,
    trigger: `${ENROL} #loyalty_enrol_${field}:value("${text}")`,
});

export const pressEnter = () => ({
    content: "press Enter",
    trigger: `${ENROL} input:focus`,
    run: "press Enter",
});

export const enrol = (name, phone) => [fill("phone", phone), fill("name", name), pressEnter()];

/** The line about the member below the order. */
export const memberIs = (text) => ({
    content: `the member line says ${text}`,
    trigger: `.product-screen .o_loyalty_member:contains("${text}")`,
});

export const isNoMember = () => ({
    content: "the customer is no member",
    trigger: `.product-screen .o_loyalty_member_line:contains("Not a member yet")`,
});

/** Where there is no membership nobody is asked to join. */
export const nobodyCanJoin = () => ({
    content: "there is nothing to join",
    trigger: ".product-screen:not(:has(.o_loyalty_enrol_button))",
});

/** Takes a gift or discount through Odoo's Reward button. */
export const claim = (reward) =>
    [
        ProductScreen.clickControlButton("Reward"),
        {
            content: `choose ${reward}`,
            trigger: `.selection-item:contains("${reward}")`,
            run: "click",
        },
    ].flat(Infinity);

/** A dialog or list in front, left open. */
export const sees = (text) => ({
    content: `sees ${text}`,
    trigger: `${MODAL} .modal-content:contains("${text}")`,
});

/** Odoo tells that it goes on without a connection. */
export const goOnOffline = () => Till.Dialog.confirm("Continue with limited functionality");

export const cardIsActive = () => ({
    content: "the card in the popup is active",
    trigger: `${MODAL} .o_loyalty_card_head .o_loyalty_good`,
});

/** The network is gone, as far as the browser can tell; and it is back. */
export const cutConnection = OfflineUtil.setOfflineMode;

export const restoreConnection = () => [
    OfflineUtil.setOnlineMode(),
    {
        content: "the till notices",
        trigger: "body",
        run: () => window.posmodel.data.checkConnectivity(),
    },
];

/** What another till does in the same moment: it holds the customer's points for its order. */
export const otherTillClaims = (points) => ({
    content: `another till claims ${points} points`,
    trigger: "body",
    run: async () => {
        const { models, data } = window.posmodel;
        const customer = window.posmodel.getOrder().getPartner();
        const balance = models["loyalty.card"].find(
            (b) => b.program_id?.is_membership && b.partner_id === customer,
        );
        const claims = [{ balance_id: balance.id, points }];
        const args = [odoo.pos_session_id, "another-order", claims];
        const answer = await data.call("loyalty.till", "hold_claims", args);
        if (!answer.ok) {
            throw new Error(answer.message);
        }
    },
});
