import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

// Of pos_hr and pos_restaurant, which are no dependencies: their own helpers may not be there.
const logIn = (name) => [
    { content: "log in", trigger: ".login-overlay .select-cashier", run: "click" },
    {
        content: `as ${name}`,
        trigger: `.modal .selection-item:contains("${name}")`,
        run: "click",
    },
];

const clickTable = (number) => ({
    content: `table ${number}`,
    trigger: `.floor-map .table:has(.label:contains("${number}"))`,
    run: "click",
});

/** An employee at a till that a manager has opened: sells, takes the wallet, refunds in money. */
registry.category("web_tour.tours").add("LoyaltyTogetherTour", {
    steps: () =>
        [
            Till.Chrome.startPoS(),
            logIn("Employee Tam"),
            Till.Dialog.confirm("Open Register"),
            clickTable(5),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Film evening"),
            Till.goPay(),
            Till.chooseMethod("Member wallet"),
            Till.lineIs("Member wallet", "150,000"),
            // back to the tables and again: the card is not asked for twice
            Till.PaymentScreen.clickBack(),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.lineIs("Member wallet", "150,000"),
            Till.payAll("Cash"),
            Till.receiptSays("Balance left"),
            Till.nextOrder(),
            clickTable(5),
            Till.refundLines("500,000", "Film evening", "Popcorn"),
            Till.lineIs("Member wallet", "-150,000"),
            Till.removeLine("Member wallet", "-150,000"),
            Till.chooseMethod("Cash"),
            Till.validate(),
            // the manager who opened the till is not who stands here
            Till.look("employee asks for approval"),
            Till.approve({ reason: "Guest flies home tonight", pin: "0000" }),
            Till.popupSays("Check the manager"),
            Till.approve({ reason: "Guest flies home tonight", pin: "135790" }),
            Till.ReceiptScreen.isShown(),
        ].flat(Infinity),
});
