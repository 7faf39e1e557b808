import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

const { CARDS } = Till;

const payerIs = (text) => ({
    content: `it is paid by ${text}`,
    trigger: `.paymentlines .o_loyalty_payer:contains("${text}")`,
});

const methodShows = (method, text) => ({
    content: `${method} shows ${text}`,
    trigger: `.paymentmethods .paymentmethod:contains("${method}"):contains("${text}")`,
});

/** The wallet of the customer before pays nothing; a card that was presented does, and is shown. */
registry.category("web_tour.tours").add("LoyaltyAnotherCustomerTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.scan(CARDS.gift),
            Till.notificationSays("200,000"),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Film evening"),
            Till.goPay(),
            methodShows("Gift card", "200,000"),
            Till.look("balances on buttons"),
            Till.chooseMethod("Member wallet"),
            Till.lineIs("Member wallet", "150,000"),
            Till.chooseMethod("Gift card"),
            Till.lineIs("Gift card", "200,000"),
            // selected or not, each line says whose card it is
            payerIs(`•••• ${CARDS.gift.slice(-4)}`),
            payerIs("Mai Tran"),
            methodShows("Member wallet", "0.00"),
            Till.look("payers"),
            Till.PaymentScreen.clickPartnerButton(),
            Till.PaymentScreen.clickCustomer("An Pham"),
            Till.notificationSays("150,000.00 went back to Mai Tran"),
            Till.noLine("Member wallet"),
            Till.lineIs("Gift card", "200,000"),
            Till.look("another customer"),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

const settledRequests = () => ({
    content: "the server has answered",
    trigger: "body",
    run: async () => {
        const isOver = () => !window.posmodel.paymentTerminalInProgress;
        for (const end = Date.now() + 8000; !isOver();) {
            if (Date.now() > end) {
                throw new Error("the till still waits for a payment");
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    },
});

/** A line is removed while the server is asked: nothing is held, asked or in the way of the next. */
registry.category("web_tour.tours").add("LoyaltyRemovedLineTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Film evening"),
            Till.goPay(),
            Till.disturbNetwork("authorize", { delay: 2500 }),
            Till.chooseMethod("Member wallet"),
            Till.removeLine("Member wallet", "450,000"),
            Till.noLine("Member wallet"),
            settledRequests(),
            Till.PaymentScreen.clickBack(),
            Till.chooseCustomer("An Pham"),
            Till.goPay(),
            // An's card asks for its PIN: not for a line that is no more
            Till.chooseMethod("Member wallet"),
            Till.removeLine("Member wallet", "450,000"),
            settledRequests(),
            Till.healNetwork(),
            { content: "no popup", trigger: "body:not(.modal-open)" },
            Till.chooseMethod("Gift card"),
            Till.enterCard(CARDS.gift),
            Till.lineIs("Gift card", "200,000"),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** One more water: no card and no PIN again, the difference by one touch; less water as well. */
registry.category("web_tour.tours").add("LoyaltyOneMoreTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.sell("Popcorn"),
            Till.goPay(),
            // typed first: what the card is to pay
            Till.PaymentScreen.clickNumpad("3 0 0 0 0"),
            Till.lineIs("Bank", "30,000"),
            Till.chooseMethod("Member wallet"),
            Till.enterCard(CARDS.pin),
            Till.enterCard("2468"),
            Till.lineIs("Member wallet", "30,000"),
            Till.noLine("Bank"),
            Till.look("typed first"),
            Till.PaymentScreen.clickBack(),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.lineIs("Member wallet", "30,000"),
            // the rest of the card, without asking
            Till.chooseMethod("Member wallet"),
            Till.lineIs("Member wallet", "50,000"),
            Till.look("one more"),
            // and one less
            Till.PaymentScreen.clickBack(),
            Till.ProductScreen.clickLine("Popcorn", "2"),
            Till.ProductScreen.clickNumpad("1"),
            Till.ProductScreen.selectedOrderlineHas("Popcorn", "1"),
            Till.goPay(),
            Till.lineIs("Member wallet", "20,000"),
            Till.validate(),
            Till.ReceiptScreen.isShown(),
            {
                content: "payments of cards are not edited",
                trigger: ".receipt-screen:not(:has(.edit-order-payment))",
            },
            Till.nextOrder(),
        ].flat(Infinity),
});
