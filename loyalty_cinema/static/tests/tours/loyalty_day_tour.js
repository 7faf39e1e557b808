import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

const { CARDS } = Till;

/** One day at the cinema, from opening the till to closing it. */
registry.category("web_tour.tours").add("LoyaltyDayTour", {
    steps: () =>
        [
            Till.openTill(),
            // Combo 1 in cash
            Till.sell("Combo 1"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.nextOrder(),
            // a gift card of 200,000
            Till.sell("Gift card"),
            Till.enterLoad(CARDS.newGift),
            Till.enterLoad("200000"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.receiptSays("200,000"),
            Till.nextOrder(),
            // the wallet of a member topped up by 500,000, with 10 %
            Till.chooseCustomer("An Pham"),
            Till.sell("Wallet top-up"),
            Till.enterLoad("500000"),
            Till.orderShows("50,000"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.receiptSays("550,000"),
            Till.nextOrder(),
            // Combo 2 by gift card, cash and wallet
            Till.chooseCustomer("An Pham"),
            Till.sell("Combo 2"),
            Till.goPay(),
            Till.chooseMethod("Gift card"),
            Till.enterCard(CARDS.newGift),
            Till.lineIs("Gift card", "200,000"),
            Till.chooseMethod("Cash"),
            Till.PaymentScreen.clickNumpad("5 0 0 0 0"),
            Till.lineIs("Cash", "50,000"),
            // the wallet pays the rest, and with that the order is done
            Till.chooseMethod("Member wallet"),
            Till.ReceiptScreen.isShown(),
            Till.receiptSays("350,000"),
            Till.receiptSays("Balance left"),
            Till.nextOrder(),
            // refunded to where it came from
            Till.refundOrder("450,000"),
            Till.lineIs("Gift card", "-200,000"),
            Till.lineIs("Member wallet", "-200,000"),
            Till.payAll("Cash"),
            Till.receiptSays("Given back to it"),
            Till.nextOrder(),
            // the end of the day
            Till.closeRegister("950000"),
        ].flat(Infinity),
});
