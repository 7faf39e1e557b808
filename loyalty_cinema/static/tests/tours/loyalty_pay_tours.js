import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

const { CARDS } = Till;

/** Gift card by code, wallet by customer, the rest in cash; the receipt tells it all. */
registry.category("web_tour.tours").add("LoyaltyPayTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Film evening"),
            Till.goPay(),
            // the customer has no gift card: the till asks for one
            Till.chooseMethod("Gift card"),
            Till.enterCard(CARDS.gift),
            Till.lineIs("Gift card", "200,000"),
            Till.lineSays("Reserved on •••• " + CARDS.gift.slice(-4)),
            // the customer's wallet: one click
            Till.chooseMethod("Member wallet"),
            Till.lineIs("Member wallet", "150,000"),
            Till.look("payment"),
            // another amount on the same line
            Till.PaymentScreen.clickNumpad("1 0 0 0 0 0"),
            Till.lineSays("Not taken yet"),
            Till.takeAgain(),
            Till.lineIs("Member wallet", "100,000"),
            Till.lineSays("50,000"),
            Till.payAll("Cash"),
            Till.receiptSays(CARDS.gift.slice(-4)),
            Till.receiptSays("Balance left"),
            Till.receiptSays("50,000"),
            Till.look("receipt"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Scanning a card on the payment screen picks the method; it stays taken until it is removed. */
registry.category("web_tour.tours").add("LoyaltyScanToPayTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.scan(CARDS.named),
            Till.notificationSays("Mai Tran"),
            Till.ProductScreen.customerIs("Mai Tran"),
            Till.sell("Film evening"),
            Till.goPay(),
            Till.scan(CARDS.gift),
            Till.lineIs("Gift card", "200,000"),
            Till.lineSays("Reserved on"),
            Till.removeLine("Gift card", "200,000"),
            Till.noLine("Gift card"),
            Till.chooseMethod("Member wallet"),
            Till.lineIs("Member wallet", "150,000"),
            Till.lineSays("Reserved on"),
            Till.PaymentScreen.clickBack(),
            Till.goPay(),
            Till.lineIs("Member wallet", "150,000"),
            Till.removeLine("Member wallet", "150,000"),
            Till.noLine("Member wallet"),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Every refusal is a clear message, and nothing is taken. */
registry.category("web_tour.tours").add("LoyaltyRefusalsTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.sell("Film evening"),
            Till.goPay(),
            Till.chooseMethod("Member wallet"),
            // unknown number: said inside the popup, which stays
            Till.enterCard(CARDS.unknown),
            Till.popupSays("not valid here"),
            Till.look("unknown card"),
            Till.enterCard(CARDS.blocked),
            Till.popupSays("is blocked"),
            Till.enterCard(CARDS.expired),
            Till.popupSays("has expired"),
            // a wrong PIN is asked for again
            Till.enterCard(CARDS.pin),
            Till.enterCard("9999"),
            Till.popupSays("not valid here"),
            Till.enterCard("2468"),
            Till.lineIs("Member wallet", "80,000"),
            // more than there is: nothing taken, the line waits for another amount
            Till.PaymentScreen.clickNumpad("9 0 0 0 0"),
            Till.takeAgain(),
            Till.alertSays("80,000"),
            Till.lineSays("Nothing was taken"),
            Till.look("insufficient"),
            Till.removeLine("Member wallet", "90,000"),
            Till.noLine("Member wallet"),
            // an empty card cannot pay
            Till.chooseMethod("Gift card"),
            Till.enterCard(CARDS.empty),
            Till.popupSays("is empty"),
            Till.closePopup(),
            Till.noLine("Gift card"),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Without a connection nothing is taken; when it is back, the same line is taken. */
registry.category("web_tour.tours").add("LoyaltyOfflineTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.cutConnection(),
            Till.chooseMethod("Member wallet"),
            Till.alertSays("There is no connection"),
            Till.lineSays("Nothing was taken"),
            Till.restoreConnection(),
            // paid in full: the order is done without another click
            Till.takeAgain(),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
        ].flat(Infinity),
});
