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
            Till.lookAtSizes("paid by scan"),
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
            // scanners may end with Tab, or with nothing
            [["Tab"], []].map((end) => [
                Till.nextNewOrder(),
                Till.sell("Popcorn"),
                Till.scanKeys(POINTS_CARDS.mai, end),
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

const MODAL = ".modal:not(.o_inactive_modal)";
const focusOn = (selector) => ({
    content: `go to ${selector}`,
    trigger: `${MODAL} ${selector}`,
    run: ({ anchor }) => anchor.focus(),
});
const holds = (selector, value) => ({
    content: `${selector} holds ${value || "nothing"}`,
    trigger: `${MODAL} ${selector}`,
    run: ({ anchor }) => {
        if (anchor.value !== value) {
            throw new Error(`${selector} holds ${anchor.value}`);
        }
    },
});
const notUsed = (code) => Till.notificationSays(`${code.slice(-4)} was not used`);
const noPopup = () => ({ content: "no popup", trigger: `body:not(.modal-open)` });

/** Popups with fields: the card goes to whoever expects one, and never into the field. */
registry.category("web_tour.tours").add("LoyaltyScannerPopupsTour", {
    steps: () =>
        [
            Till.openTill(),
            // the list of customers: a search that has begun, and whose card it is
            Till.ProductScreen.clickPartnerButton(),
            focusOn(".modal-header input"),
            Till.typeSlowly("b"),
            Till.typeSlowly("i"),
            Till.scanKeys(POINTS_CARDS.mai),
            noPopup(),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            Member.memberIs("Mai Tran"),
            // by phone, as people say it
            Till.ProductScreen.clickPartnerButton(),
            {
                content: "search for a phone",
                trigger: `${MODAL} .modal-header input`,
                run: "edit +84 902.333.444",
            },
            Member.sees("An Pham"),
            {
                content: "nobody else is found",
                trigger: `${MODAL} .partner-list:not(:contains("Mai Tran"))`,
            },
            Till.discardPopup(),
            // a newcomer gets a new card; it is no phone number, in the list neither
            Till.ProductScreen.clickPartnerButton(),
            {
                content: "a number typed by hand",
                trigger: `${MODAL} .modal-header input`,
                run: `edit ${POINTS_CARDS.fresh}`,
            },
            { content: "New member", trigger: `${MODAL} .o_loyalty_enrol_button`, run: "click" },
            holds("#loyalty_enrol_phone", ""),
            Member.sees("Gets the new card •••• 3708"),
            Till.lookAtSizes("enrol with a new card"),
            Till.discardPopup(),
            Till.discardPopup(),
            Till.ProductScreen.clickPartnerButton(),
            { content: "New member", trigger: `${MODAL} .o_loyalty_enrol_button`, run: "click" },
            ...["phone", "name", "email"].flatMap((field) => [
                focusOn(`#loyalty_enrol_${field}`),
                Till.typeSlowly("0"),
                Till.scanKeys(POINTS_CARDS.fresh),
                Member.sees("Gets the new card •••• 3708"),
                holds(`#loyalty_enrol_${field}`, "0"),
            ]),
            focusOn("#loyalty_enrol_referrer"),
            Till.scanKeys(POINTS_CARDS.mai),
            holds("#loyalty_enrol_referrer", "•••• 3336"),
            Member.fill("email", ""),
            Member.fill("phone", "0901 555 777"),
            Member.fill("name", "Lan Vo"),
            Member.pressEnter(),
            Till.ProductScreen.customerIsSelected("Lan Vo"),
            // a member's card, where somebody is to be enrolled
            Till.ProductScreen.clickPartnerButton(),
            { content: "New member", trigger: `${MODAL} .o_loyalty_enrol_button`, run: "click" },
            focusOn("#loyalty_enrol_name"),
            Till.scanKeys(POINTS_CARDS.mai),
            Till.notificationSays("is a member already"),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            // a profile has no use for a card
            { content: "Profile", trigger: ".o_loyalty_profile_button", run: "click" },
            focusOn("#loyalty_profile_phone"),
            Till.scanKeys(POINTS_CARDS.fresh),
            notUsed(POINTS_CARDS.fresh),
            holds("#loyalty_profile_phone", "0903 111 222"),
            Till.discardPopup(),
            // a load is for the card that is scanned last, also while an amount is typed
            Till.sell("Wallet top-up"),
            Member.sees("3336"),
            Till.typeSlowly("5"),
            Till.scanKeys(POINTS_CARDS.fresh),
            Member.sees("3708"),
            Till.discardPopup(),
        ].flat(Infinity),
});

/** Reason and PIN of an approval, numbers of Odoo's popups, a search for goods. */
registry.category("web_tour.tours").add("LoyaltyScannerFieldsTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.openCardPopup(),
            Till.scanKeys(CARDS.named),
            Till.cardShows("0746"),
            Till.cardAction("block"),
            ...["#loyalty_reason", "#loyalty_manager_pin"].flatMap((field) => [
                // a block needs no manager: only the fields that are there
                field === "#loyalty_reason"
                    ? [
                          focusOn(field),
                          Till.typeSlowly("x"),
                          Till.scanKeys(CARDS.gift),
                          notUsed(CARDS.gift),
                          holds(field, "x"),
                      ]
                    : [],
            ]),
            Till.lookAtSizes("scan in a reason"),
            Till.discardPopup(),
            Till.cardAction("replace"),
            focusOn("#loyalty_manager_pin"),
            Till.typeSlowly("1"),
            Till.scanKeys(CARDS.spare),
            holds("#loyalty_manager_pin", "1"),
            holds("#loyalty_new_code", CARDS.spare),
            Till.discardPopup(),
            Till.closeCardPopup(),
            // Odoo's: a note on a line, the number of guests or a price
            Till.sell("Popcorn"),
            Till.ProductScreen.clickControlButton("Customer Note"),
            focusOn("textarea"),
            Till.typeKeys("ice"),
            Till.scanKeys(CARDS.gift),
            notUsed(CARDS.gift),
            holds("textarea", "ice"),
            Till.discardPopup(),
            // a number: the tip
            Till.goPay(),
            Till.PaymentScreen.clickTipButton(),
            Till.typeSlowly("5"),
            Till.scanKeys(CARDS.gift),
            notUsed(CARDS.gift),
            Till.typeSlowly("6"),
            Member.sees("56"),
            Till.look("scan in a number"),
            Till.discardPopup(),
            // Enter confirms the number that was typed just before
            Till.PaymentScreen.clickTipButton(),
            Till.typeKeys("7", "Enter"),
            {
                content: "the tip is what was typed",
                trigger: ".payment-screen .button:contains('Tip'):contains('7.00')",
            },
            Till.payAll("Cash"),
            // a receipt, and nothing to pay
            Till.scanKeys(CARDS.named),
            Till.notificationSays("0746 was not used: open an order"),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
            // the list of orders: no quantity to refund
            Till.Chrome.clickOrders(),
            Till.scanKeys(CARDS.gift),
            Till.notificationSays("0001 was not used: open an order"),
            Till.lookAtSizes("scan in the list of orders"),
            noPopup(),
        ].flat(Infinity),
});

/** A card that opens nothing says so, in red, and sets nothing. */
registry.category("web_tour.tours").add("LoyaltyScannerStatesTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.sell("Popcorn"),
            [
                [CARDS.blocked, "is blocked"],
                [CARDS.expired, "has expired"],
                [CARDS.spare, "was reported lost"],
                [CARDS.newGift, "was replaced"],
            ].map(([code, text]) => [
                Till.scanKeys(code),
                {
                    content: text,
                    trigger: `.o_notification:has(.o_notification_bar.bg-danger):contains("${text}"):contains("by name")`,
                },
                {
                    content: "nobody is the customer",
                    trigger: ".product-screen .set-partner:not(:contains(Mai)):not(:contains(An))",
                },
            ]),
            Till.look("blocked card"),
            Till.goPay(),
            Till.scanKeys(CARDS.blocked),
            Member.sees("is blocked"),
            // the next card closes the message
            Till.scanKeys(CARDS.expired),
            Member.sees("has expired"),
            Till.lookAtSizes("expired card on the payment screen"),
            Till.scanKeys(CARDS.gift),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Another customer's card: the order is asked about, the payment is not. */
registry.category("web_tour.tours").add("LoyaltyScannerOtherCustomerTour", {
    steps: () => {
        const asks = (answer) => [
            Member.sees("This order is for"),
            { content: answer, trigger: `${MODAL} button:contains("${answer}")`, run: "click" },
            noPopup(),
        ];
        return [
            Till.openTill(),
            // an empty order is whose card is scanned last
            Till.scanKeys(CARDS.pin),
            Till.ProductScreen.customerIsSelected("An Pham"),
            Till.scanKeys(CARDS.named),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            Till.sell("Popcorn"),
            Till.scanKeys(CARDS.pin),
            Member.sees("This order is for Mai Tran. Card •••• 2221 is An Pham's."),
            Till.lookAtSizes("another customer's card"),
            asks("Mai Tran"),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            Till.scanKeys(CARDS.pin),
            asks("An Pham"),
            Till.ProductScreen.customerIsSelected("An Pham"),
            // chosen by name, Mai does not pay by An's card, which was scanned before
            Till.chooseCustomer("Mai Tran"),
            Till.goPay(),
            Till.chooseMethod("Member wallet"),
            Till.ReceiptScreen.isShown(),
            Till.receiptSays("0746"),
            Till.nextOrder(),
            // a card that is scanned to pay pays, whoever the customer is
            Till.chooseCustomer("An Pham"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.scanKeys(CARDS.named),
            Till.ReceiptScreen.isShown(),
            Till.receiptSays("0746"),
            Till.nextOrder(),
        ].flat(Infinity);
    },
});

/** Too many wrong numbers: a manager lifts it where it is met. */
registry.category("web_tour.tours").add("LoyaltyScannerLockedTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.scanKeys(CARDS.named),
            Member.sees("Choose the customer by name, which still works"),
            Till.lookAtSizes("cards are stopped"),
            { content: "Close", trigger: `${MODAL} button:contains("Close")`, run: "click" },
            noPopup(),
            Till.chooseCustomer("An Pham"),
            Till.ProductScreen.customerIsSelected("An Pham"),
            Till.scanKeys(CARDS.named),
            {
                content: "ask a manager",
                trigger: `${MODAL} button:contains("A manager lets it go on")`,
                run: "click",
            },
            Till.approve({ pin: "0000" }),
            Till.popupSays("Check the manager"),
            Till.lookAtSizes("a manager lifts the lock"),
            Till.approve({ pin: "135790" }),
            // what was scanned is done without a second scan
            Till.ProductScreen.customerIsSelected("Mai Tran"),
        ].flat(Infinity),
});

/** A restaurant's floor plan: no order yet, and no number in full. */
registry.category("web_tour.tours").add("LoyaltyScannerFloorTour", {
    steps: () =>
        [
            Till.openTill(),
            { content: "the floor plan", trigger: ".floor-map .table" },
            Till.scanKeys(CARDS.named),
            Till.notificationSays("•••• 0746 was not used: open an order or a table"),
            Till.look("scan on the floor plan"),
            {
                content: "no number in full, no table searched for",
                trigger: `body:not(.modal-open):not(:contains("${CARDS.named}"))`,
            },
            { content: "table 5", trigger: ".floor-map .table", run: "click" },
            Till.ProductScreen.isShown(),
            Till.scanKeys(CARDS.named),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
        ].flat(Infinity),
});
