import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

const { CARDS } = Till;

/** A top-up with its bonus, and a gift card sold and activated in one order. */
registry.category("web_tour.tours").add("LoyaltyLoadTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Wallet top-up"),
            Till.look("top-up"),
            Till.enterLoad("500000"),
            Till.orderShows("Bonus"),
            Till.orderShows("50,000"),
            Till.sell("Gift card"),
            Till.enterLoad(CARDS.newGift),
            Till.loadCardIs(CARDS.newGift),
            Till.look("gift card amount"),
            Till.enterLoad("200000"),
            Till.orderShows(CARDS.newGift.slice(-4)),
            Till.look("order with loads"),
            // a load is never paid with stored value
            Till.goPay(),
            Till.chooseMethod("Member wallet"),
            Till.alertSays("must be paid with money"),
            Till.noLine("Member wallet"),
            Till.payAll("Cash"),
            Till.receiptSays("Bonus"),
            Till.receiptSays("New balance"),
            Till.receiptSays(CARDS.newGift.slice(-4)),
            Till.look("receipt of loads"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Amount, quantity and discount of a load: changed by its popup, never by the keys. */
registry.category("web_tour.tours").add("LoyaltyLoadLineTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Wallet top-up"),
            Till.enterLoad("0"),
            Till.popupSays("above zero"),
            Till.enterLoad("100000"),
            Till.ProductScreen.totalAmountIs("100,000"),
            Till.ProductScreen.clickNumpad("3"),
            Till.enterLoad("300000"),
            Till.ProductScreen.totalAmountIs("300,000"),
            Till.ProductScreen.clickNumpad("⌫"),
            Till.ProductScreen.orderIsEmpty(),
        ].flat(Infinity),
});

/** A promotion on the whole order leaves loads alone: nobody buys value at a discount. */
registry.category("web_tour.tours").add("LoyaltyLoadPromotionTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Popcorn"),
            Till.ProductScreen.totalAmountIs("45,000"),
            Till.sell("Wallet top-up"),
            Till.enterLoad("100000"),
            Till.ProductScreen.totalAmountIs("145,000"),
            // stored value pays the goods, money the load
            Till.goPay(),
            Till.chooseMethod("Member wallet"),
            Till.lineIs("Member wallet", "45,000"),
            Till.lineSays("Reserved on"),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** A refunded top-up takes its value and bonus off the card again. */
registry.category("web_tour.tours").add("LoyaltyLoadRefundTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Wallet top-up"),
            Till.enterLoad("500000"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.nextOrder(),
            Till.refundOrder("500,000"),
            Till.payAll("Cash"),
            Till.receiptSays("Taken off again"),
            Till.receiptSays("Bonus taken off again"),
            Till.receiptSays("50,000"),
            Till.look("receipt of refunded load"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Of a gift card that is partly spent, only what is left is refunded. */
registry.category("web_tour.tours").add("LoyaltyPartRefundTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.sell("Gift card"),
            Till.enterLoad(CARDS.newGift),
            Till.enterLoad("200000"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.nextOrder(),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.chooseMethod("Gift card"),
            Till.enterCard(CARDS.newGift),
            Till.nextOrder(),
            Till.refundOrder("200,000"),
            Till.alertSays("Part of this value"),
            Till.PaymentScreen.totalIs("-150,000"),
            Till.payAll("Cash"),
            Till.receiptSays("Taken off again"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** What a cashier sees while loading: thousands apart, a card instead of a huge amount, a way back. */
registry.category("web_tour.tours").add("LoyaltyLoadKeysTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.sell("Gift card"),
            // one that has been loaded is refused before an amount is typed
            Till.enterLoad(CARDS.gift),
            Till.popupSays("has been loaded already"),
            Till.enterLoad(CARDS.newGift),
            Till.loadCardIs(CARDS.newGift),
            Till.loadOffers("100,000"),
            Till.typeKeys("1500000"),
            Till.loadAmountIs("1,500,000"),
            // from the field Tab leads to the buttons, not through twelve number keys
            Till.typeKeys("", "Tab"),
            Till.isFocused(".o_loyalty_load .o_loyalty_confirm"),
            Till.anotherCard(),
            Till.enterLoad(CARDS.newGift),
            Till.loadCardIs(CARDS.newGift),
            // the scanner is used once more: another card, and no amount of 9 · 10¹⁵
            Till.scanKeys(CARDS.empty),
            Till.loadCardIs(CARDS.empty),
            Till.typeKeys("200000", "Enter"),
            Till.orderShows(CARDS.empty.slice(-4)),
            Till.ProductScreen.totalAmountIs("200,000"),
        ].flat(Infinity),
});

/** From the card to its load and back; then a new PIN, which is said to be set. */
registry.category("web_tour.tours").add("LoyaltyLoadBackTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.openCardPopup(),
            Till.findCard(CARDS.pinless),
            Till.cardShows("pays with a PIN only, and has none yet"),
            Till.topUp(),
            Till.loadCardIs(CARDS.pinless),
            Till.discard(),
            Till.cardShows("pays with a PIN only, and has none yet"),
            Till.offeredPin(),
            Till.enterCard("2468"),
            Till.enterCard("2468"),
            Till.approve({ reason: "First PIN", pin: "135790" }),
            Till.notificationSays("has its new PIN"),
            Till.cardShowsNot("has none yet"),
            Till.closeCardPopup(),
        ].flat(Infinity),
});
