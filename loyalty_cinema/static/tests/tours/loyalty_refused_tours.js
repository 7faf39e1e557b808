import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

/** 150,000 by wallet; the order's request is lost, so that the customer goes before it is booked. */
const sellWithoutConnection = () => [
    Till.openTill(),
    Till.chooseCustomer("Mai Tran"),
    Till.sell("Film evening"),
    Till.goPay(),
    Till.chooseMethod("Member wallet"),
    Till.lineIs("Member wallet", "150,000"),
    Till.chooseMethod("Cash"),
    Till.expectLostConnection(),
    Till.disturbNetwork("sync_from_ui", { lose: "request", times: 1 }),
    Till.validate(),
    Till.Dialog.confirm("Continue with limited functionality"),
    Till.ReceiptScreen.isShown(),
];

const valueIsSpentElsewhere = () => ({
    content: "the value is spent elsewhere",
    trigger: "body",
    run: async () => {
        await window.posmodel.data.orm.call("loyalty.till", "tour_spend_elsewhere", []);
    },
});

const bannerSays = (text) => ({
    content: `the banner says: ${text}`,
    trigger: `.o_loyalty_refused:contains("${text}")`,
});

const noBanner = () => ({
    content: "no banner",
    trigger: ".pos:not(:has(.o_loyalty_refused))",
});

const settle = () => ({ content: "settle", trigger: ".o_loyalty_refused button", run: "click" });

/** A sale without connection that is refused later; the next customer can pay all the same. */
const refuse = () => [
    sellWithoutConnection(),
    valueIsSpentElsewhere(),
    Till.restoreConnection(),
    Till.ReceiptScreen.clickNextOrder(),
    Till.sell("Popcorn"),
    Till.goPay(),
    Till.payAll("Cash"),
    bannerSays("Mai Tran"),
    bannerSays("450,000"),
    Till.look("refused sale"),
    Till.nextOrder(),
];

/** The banner stays over reloads; closing names the sale; on account it is booked. */
registry.category("web_tour.tours").add("LoyaltyRefusedSaleTour", {
    steps: () =>
        [
            refuse(),
            bannerSays("Mai Tran"),
            Till.Chrome.clickMenuOption("Close Register"),
            {
                content: "closing names it",
                trigger: '.modal .o_loyalty_refused_sales:contains("Mai Tran"):contains("450,000")',
            },
            Till.look("refused sale closing"),
            { trigger: ".modal .btn:contains(Discard)", run: "click" },
            Till.Chrome.clickMenuOption("Backend"),
            {
                content: "leaving asks",
                trigger: '.modal-body:contains("goods were handed over"):contains("Mai Tran")',
            },
            { trigger: ".modal .btn:contains(Go back)", run: "click" },
            settle(),
            Till.chooseFromList("Mai Tran's account", "150,000"),
            noBanner(),
        ].flat(Infinity),
});

/** Nothing is sent without a connection; with another payment it is an open sale like any other. */
registry.category("web_tour.tours").add("LoyaltyRefusedReopenTour", {
    steps: () =>
        [
            refuse(),
            Till.cutConnection(),
            settle(),
            Till.chooseFromList("Send it again", "again"),
            Till.alertSays("There is no connection"),
            bannerSays("Mai Tran"),
            Till.restoreConnection(),
            // refused once more, and told once more
            settle(),
            Till.chooseFromList("Send it again", "again"),
            Till.notificationSays("was refused"),
            bannerSays("Mai Tran"),
            settle(),
            Till.chooseFromList("Take another", "payment"),
            noBanner(),
            Till.noLine("Member wallet"),
            {
                content: "it has not been sold yet",
                trigger: ".payment-screen",
                run: () => {
                    if (window.posmodel.getOrder().uiState.isSoldBefore) {
                        throw new Error("a refusal would not be told to the cashier");
                    }
                },
            },
            Till.payAll("Bank"),
            noBanner(),
            Till.nextOrder(),
        ].flat(Infinity),
});
