import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as Member from "@loyalty_cinema/../tests/tours/utils/loyalty_member_util";

/** A gift asks for the PIN of the member's card, as a payment by points does. */
registry.category("web_tour.tours").add("LoyaltyGiftPinTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Member.memberIs("12,300"),
            Till.sell("Film evening"),
            Member.claim("Popcorn"),
            Till.ProductScreen.totalAmountIs("450,000"),
            Till.goPay(),
            Till.chooseMethod("Cash"),
            Till.validate(),
            Till.enterCard("9999"),
            Till.popupSays("not valid here"),
            Till.look("PIN for a gift"),
            Till.enterCard("2468"),
            Till.ReceiptScreen.isShown(),
            Till.receiptSays("Used for rewards"),
            Till.nextOrder(),
        ].flat(Infinity),
});
