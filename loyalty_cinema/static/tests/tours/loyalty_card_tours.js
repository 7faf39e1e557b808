import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

const { CARDS } = Till;

const typePin = (pin) => [Till.enterCard(pin), Till.enterCard(pin)].flat();

/** The Card button: look, block with a manager's PIN, unblock, replace, top up. */
registry.category("web_tour.tours").add("LoyaltyCardPopupTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.openCardPopup(),
            Till.cardShows("Scan a card"),
            Till.look("card popup empty"),
            Till.findCard(CARDS.unknown),
            Till.popupSays("not valid here"),
            Till.findCard(CARDS.named),
            Till.cardShows("Mai Tran"),
            Till.cardShows("150,000"),
            Till.look("card popup"),
            // blocking is the cashier's to do, unblocking a manager's
            Till.cardAction("block"),
            Till.approve({ reason: "Left on a seat" }),
            Till.cardShows("Blocked"),
            Till.cardAction("unblock"),
            Till.approve({ reason: "Found again", pin: "0000" }),
            Till.popupSays("Check the manager"),
            Till.look("approval refused"),
            Till.approve({ reason: "Found again", pin: "135790" }),
            Till.cardShows("Active"),
            Till.cardAction("replace"),
            Till.approve({ reason: "Card broken", pin: "135790", newCode: CARDS.spare }),
            Till.cardShows(CARDS.spare.slice(-4)),
            Till.cardShows("150,000"),
            Till.look("card replaced"),
            Till.closeCardPopup(),
            // the old card is dead
            Till.openCardPopup(),
            Till.findCard(CARDS.named),
            Till.cardShows("Replaced"),
            Till.closeCardPopup(),
            // the new one is topped up from the popup
            Till.openCardPopup(),
            Till.findCard(CARDS.spare),
            Till.cardShows("Active"),
            {
                content: "top up from the popup",
                trigger: ".o_loyalty_top_up:contains('Top up')",
                run: "click",
            },
            Till.enterLoad("100000"),
            Till.orderShows(CARDS.spare.slice(-4)),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** A PIN is the customer's to choose on a new card, and a manager's business afterwards. */
registry.category("web_tour.tours").add("LoyaltyCardPinTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.openCardPopup(),
            Till.findCard(CARDS.spare),
            Till.cardShows("Not active yet"),
            Till.cardAction("set_pin"),
            Till.enterCard("12"),
            Till.popupSays("4 to 8 digits"),
            Till.enterCard("4711"),
            Till.enterCard("4712"),
            Till.popupSays("differ"),
            Till.enterCard("4711"),
            Till.cardAction("activate"),
            Till.cardShows("Active"),
            Till.cardShows("Mai Tran"),
            Till.look("card activated"),
            Till.cardAction("set_pin"),
            typePin("2580"),
            Till.look("PIN approval"),
            Till.approve({ reason: "Forgotten", pin: "135790" }),
            Till.closeCardPopup(),
            // the card pays with its new PIN, not with the old one
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.scan(CARDS.spare),
            Till.lineIs("Member wallet", "50,000"),
            Till.enterCard("4711"),
            Till.popupSays("not valid here"),
            Till.enterCard("2580"),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** A customer with two wallets is asked which one pays. */
registry.category("web_tour.tours").add("LoyaltyWhichCardTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.chooseMethod("Member wallet"),
            Till.chooseFromList(CARDS.named.slice(-4), "150,000"),
            // paid in full: the order is done without another click
            Till.ReceiptScreen.isShown(),
            Till.receiptSays(CARDS.named.slice(-4)),
            Till.nextOrder(),
        ].flat(Infinity),
});
