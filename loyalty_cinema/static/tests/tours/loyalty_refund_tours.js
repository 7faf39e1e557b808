import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

const { CARDS } = Till;

const sellByGiftCard = () =>
    [
        Till.sell("Popcorn"),
        Till.goPay(),
        Till.chooseMethod("Gift card"),
        Till.enterCard(CARDS.gift),
        // paid in full: the order is done without another click
        Till.ReceiptScreen.isShown(),
        Till.nextOrder(),
    ].flat(Infinity);

/** Value goes back to its card; as money only when a manager says so. */
registry.category("web_tour.tours").add("LoyaltyRefundTour", {
    steps: () =>
        [
            Till.openTill(),
            sellByGiftCard(),
            // to the card: the line is there already
            Till.refundOrder("50,000"),
            Till.lineIs("Gift card", "-50,000"),
            Till.lineSays("Goes back to"),
            Till.look("refund to card"),
            Till.validate(),
            Till.ReceiptScreen.isShown(),
            Till.receiptSays("Given back to it"),
            Till.receiptSays("Balance left"),
            Till.receiptSays(CARDS.gift.slice(-4)),
            Till.receiptSaysNot("Points"),
            Till.look("receipt of a refund to a card"),
            Till.nextOrder(),
            // in cash: refused, then approved
            sellByGiftCard(),
            Till.refundOrder("50,000"),
            Till.removeLine("Gift card", "-50,000"),
            Till.chooseMethod("Cash"),
            Till.validate(),
            Till.look("cash refund approval"),
            Till.approve({ reason: "Guest flies home tonight", pin: "0000" }),
            Till.popupSays("Check the manager"),
            Till.approve({ reason: "Guest flies home tonight", pin: "135790" }),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
        ].flat(Infinity),
});
