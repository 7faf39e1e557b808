import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as Member from "@loyalty_cinema/../tests/tours/utils/loyalty_member_util";
import * as Panel from "@loyalty_cinema/../tests/tours/utils/loyalty_panel_util";

const { POINTS_CARDS } = Member;
const tours = registry.category("web_tour.tours");

const press = (selector) => ({ content: `press ${selector}`, trigger: selector, run: "click" });
const MODAL = ".modal:not(.o_inactive_modal)";
const closeCard = () => press(`${MODAL} .o_loyalty_close`);
const cancel = () => press(`${MODAL} .modal-header .btn-close`);

/** Chosen without Odoo's list, whose words are in another language each time. */
const chosen = (name) => ({
    content: `choose ${name}`,
    trigger: ".product-screen",
    run: () => {
        const pos = window.posmodel;
        pos.setPartnerToCurrentOrder(pos.models["res.partner"].find((p) => p.name === name));
    },
});

/** Each screen and popup of ours at three sizes, in whatever language the cashier works. */
const screens = (language) => {
    const inspect = (name) => Till.inspect(`${language} ${name}`);
    return [
        Till.Chrome.startPoS(),
        Till.resizeTo(1280, 800),
        inspect("nobody"),
        press(".product-screen .o_loyalty_enrol_button"),
        inspect("enrol"),
        cancel(),
        chosen("An Pham"),
        Panel.tierIs("Gold"),
        inspect("complaint"),
        Panel.fold(),
        Panel.isFolded(),
        inspect("complaint folded"),
        Panel.fold(),
        Till.scan(POINTS_CARDS.mai),
        Panel.tierIs("Diamond"),
        inspect("member"),
        Panel.fold(),
        Panel.isFolded(),
        inspect("member folded"),
        Panel.fold(),
        Till.sell("Popcorn"),
        inspect("suggestion"),
        Panel.touchVoucher("Birthday popcorn"),
        Panel.voucherIsOn("Birthday popcorn"),
        inspect("voucher"),
        Panel.openProfile(),
        inspect("profile"),
        Panel.closeProfile(),
        Till.openCardPopup(),
        press(`${MODAL} .o_loyalty_action_block`),
        press(`${MODAL} #loyalty_reason`),
        inspect("approval"),
        cancel(),
        inspect("card"),
        press(`${MODAL} .o_loyalty_top_up`),
        press(`${MODAL} .o_loyalty_denomination`),
        Till.openCardPopup(),
        press(`${MODAL} .o_loyalty_action_set_pin`),
        press(`${MODAL} .o_loyalty_card_entry input`),
        inspect("PIN"),
        cancel(),
        closeCard(),
        { content: "the load is on the order", trigger: ".order-container .o_loyalty_load_note" },
        inspect("load on the order"),
        Till.ProductScreen.clickNumpad("5"),
        { content: "the amount is asked", trigger: `${MODAL} .o_loyalty_denomination` },
        inspect("load"),
        cancel(),
        Till.ProductScreen.clickNumpad("⌫"),
        Till.sell("Film evening"),
        Till.goPay(),
        press(".paymentmethods .paymentmethod:nth-child(1)"),
        inspect("payment"),
    ];
};

tours.add("LoyaltyScreensEnglishTour", {
    steps: () => [screens("en"), Till.nothingIsWrong()].flat(Infinity),
});

tours.add("LoyaltyScreensVietnameseTour", {
    steps: () => [screens("vi"), Till.nothingIsWrong()].flat(Infinity),
});
