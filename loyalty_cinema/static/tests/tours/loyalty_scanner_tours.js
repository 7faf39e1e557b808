import { registry } from "@web/core/registry";
import * as Member from "@loyalty_cinema/../tests/tours/utils/loyalty_member_util";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

const { CARDS } = Till;

const { POINTS_CARDS } = Member;

/** The server answers at once, after 400 ms and after 3 s. */
const DELAYS = [0, 400, 3000];

const payByScan = (delay) => [
    Till.sell("Film evening"),
    Till.goPay(),
    delay ? Till.disturbNetwork("loyalty.till", { delay }) : [],
    Till.scanKeys(CARDS.named),
    Till.lineIs("Member wallet", "150,000"),
    Till.lineSays("Reserved on"),
    Till.noLine("Cash"),
    Till.healNetwork(),
    Till.removeLine("Member wallet", "150,000"),
];

/** A scanner is a keyboard: what it types on the payment screen is a card and never an amount. */
registry.category("web_tour.tours").add("LoyaltyScannerKeysPayTour", {
    steps: () =>
        [
            Till.openTill(),
            DELAYS.map((delay) => [
                payByScan(delay),
                // what was typed by hand stays: 123 in cash, the card pays of the rest
                Till.chooseMethod("Cash"),
                [..."123"].map((key) => Till.typeSlowly(key)),
                Till.lineIs("Cash", "123"),
                Till.scanKeys(CARDS.named),
                Till.lineIs("Member wallet", "150,000"),
                Till.lineIs("Cash", "123"),
                Till.removeLine("Member wallet", "150,000"),
                Till.removeLine("Cash", "123"),
                Till.payAll("Cash"),
                Till.nextOrder(),
            ]),
            // a digit right before the scan, without a pause, is the cashier's, too
            Till.sell("Film evening"),
            Till.goPay(),
            Till.chooseMethod("Cash"),
            Till.typeSlowly("7", 70),
            Till.scanKeys(CARDS.gift),
            Till.lineIs("Gift card", "200,000"),
            Till.lineIs("Cash", "7"),
            Till.look("paid by scan"),
            Till.removeLine("Cash", "7"),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Nor is it a number of pieces, a table or a search, or what a popup asks. */
registry.category("web_tour.tours").add("LoyaltyScannerKeysSellTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.sell("Popcorn"),
            DELAYS.map((delay, index) => [
                delay ? Till.disturbNetwork("loyalty.till", { delay }) : [],
                Till.scanKeys(POINTS_CARDS.mai),
                Till.notificationSays("Mai Tran"),
                Till.healNetwork(),
                Till.ProductScreen.customerIsSelected("Mai Tran"),
                Till.ProductScreen.selectedOrderlineHas("Popcorn", "1"),
            ]),
        ].flat(Infinity),
});

/** A member paid by wallet, and gets it back: the till knows no program of wallets. */
registry.category("web_tour.tours").add("LoyaltyRefundThenCustomersTour", {
    steps: () => {
        const customers = [
            Till.ProductScreen.clickPartnerButton(),
            Member.sees("Mai Tran"),
            Member.sees("An Pham"),
            Till.discardPopup(),
        ];
        return [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.chooseMethod("Member wallet"),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
            customers,
            Till.refundOrder("50,000"),
            Till.lineIs("Member wallet", "-50,000"),
            Till.validate(),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
            customers,
            Till.chooseCustomer("Mai Tran"),
            Member.memberIs("Mai Tran"),
        ].flat(Infinity);
    },
});
