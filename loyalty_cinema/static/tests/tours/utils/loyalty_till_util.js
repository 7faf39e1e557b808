/**
 * Page objects of the till with stored value: what a cashier does, in the cashier's words.
 * Tours read like a day at the till; only this file knows selectors.
 */
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";

export * from "@loyalty_cinema/../tests/tours/utils/loyalty_hands_util";
export * from "@loyalty_cinema/../tests/tours/utils/loyalty_load_util";
export {
    receiptSaysNot,
    refundLines,
    refundOrder,
} from "@loyalty_cinema/../tests/tours/utils/loyalty_refund_util";

/** Card numbers that `tests/test_tours.py` issues; `unknown` is a good number of no card. */
export const CARDS = {
    gift: "9007199254710001",
    newGift: "9007199254710373",
    named: "9007199254710746",
    spare: "9007199254711116",
    blocked: "9007199254711488",
    expired: "9007199254711850",
    pin: "9007199254712221",
    empty: "9007199254712593",
    unknown: "9007199254712965",
    pinless: "9007199254714458",
};

const MODAL = ".modal:not(.o_inactive_modal)";

export const openTill = () => [
    Chrome.startPoS(),
    Dialog.confirm("Open Register"),
    { content: "the register is open", trigger: "body:not(.modal-open)" },
];

export const chooseCustomer = (name) => [
    ProductScreen.clickPartnerButton(),
    ProductScreen.clickCustomer(name),
];

export const sell = (product) => ProductScreen.clickDisplayedProduct(product);

export const goPay = () => ProductScreen.clickPayButton();

/** Types into the popup in front and presses Enter. */
export const enter = (popup, text) => [
    {
        content: `type ${text}`,
        trigger: `${MODAL} .${popup} input:enabled`,
        run: `edit ${text}`,
    },
    {
        content: "press Enter",
        trigger: `${MODAL} .${popup} input:enabled`,
        run: "press Enter",
    },
];

export const enterCard = (code) => enter("o_loyalty_card_entry", code);
export const enterLoad = (text) => enter("o_loyalty_load", text);

/** The load popup has found the card and asks for the amount. */
export const loadCardIs = (code) => ({
    content: "the card is found",
    trigger: `${MODAL} .o_loyalty_load_card:contains("${code.slice(-4)}")`,
});

export const scan = (code) => ({
    content: `scan ${code}`,
    trigger: "body:has(.pos .product-screen, .pos .payment-screen)", // before, nobody listens
    run: () => {
        window.posmodel.barcodeReader.scan(code); // not awaited: it may ask something
    },
});

/** A refusal, inside the popup in front. */
export const popupSays = (text) => ({
    content: `the popup says: ${text}`,
    trigger: `${MODAL} .o_loyalty_message:contains("${text}")`,
});

/** A refusal in a dialog of its own, read and closed. */
export const alertSays = (text) => [
    { content: `the alert says: ${text}`, trigger: `${MODAL} .modal-body:contains("${text}")` },
    { content: "close the alert", trigger: `${MODAL} .modal-footer .btn-primary`, run: "click" },
];

/** Picks one of several balances, which the list shows with its amount. */
export const chooseFromList = (name, amount = "") => ({
    content: `choose ${name} ${amount}`,
    trigger: `${MODAL} .selection-item:contains("${name}"):contains("${amount}")`,
    run: "click",
});

export const closePopup = () => ({
    content: "close the popup",
    trigger: `${MODAL} .modal-header button[aria-label="Close"]`,
    run: "click",
});

/** Leaves a popup without a cross in its corner. */
export const discardPopup = () => ({
    content: "discard the popup",
    trigger: `${MODAL} .modal-footer button:contains("Discard")`,
    run: "click",
});

export const notificationSays = (text) => ({
    content: `the notification says: ${text}`,
    trigger: `.o_notification:contains("${text}")`,
});

export const chooseMethod = (name) => PaymentScreen.clickPaymentMethod(name);

export const lineIs = (method, amount) => ({
    content: `${method} pays ${amount}`,
    trigger: `.paymentlines .payment-infos:contains("${method}"):has(.payment-amount:contains("${amount}"))`,
});

export const noLine = (method) => ({
    content: `nothing is taken by ${method}`,
    trigger: `.payment-screen:not(:has(.paymentlines .payment-infos:contains("${method}")))`,
});

/** What stands under the selected payment line. */
export const lineSays = (text) => ({
    content: `the payment line says: ${text}`,
    trigger: `.paymentlines .o_loyalty_tender:contains("${text}")`,
});

export const takeAgain = () => ({
    content: "ask for the amount on the line",
    trigger: ".paymentlines .o_loyalty_tender .send_payment_request",
    run: "click",
});

export const removeLine = (method, amount) =>
    PaymentScreen.clickPaymentlineDelButton(method, amount);

export const validate = () =>
    [PaymentScreen.validateButtonIsHighlighted(), PaymentScreen.clickValidate()].flat(Infinity);

export const receiptSays = (text) => ({
    content: `the receipt says: ${text}`,
    trigger: `.receipt-screen .o_loyalty_receipt:contains("${text}")`,
});

/** Another order, while this one waits. */
export const nextNewOrder = () => Chrome.createFloatingOrder();

export const nextOrder = () => ReceiptScreen.clickNextOrder();

export const payAll = (method) =>
    [...chooseMethod(method), ...validate(), ReceiptScreen.isShown()].flat();

/** Fills the approval popup; without a PIN only the reason is asked. */
export const approve = ({ reason, pin, newCode }) => [
    ...(newCode
        ? [{ content: "new card", trigger: `${MODAL} #loyalty_new_code`, run: `edit ${newCode}` }]
        : []),
    ...(reason
        ? [{ content: "reason", trigger: `${MODAL} #loyalty_reason`, run: `edit ${reason}` }]
        : []),
    ...(pin
        ? [
              {
                  content: "manager",
                  trigger: `${MODAL} #loyalty_manager`,
                  run: "selectByLabel Manager Linh",
              },
              { content: "PIN", trigger: `${MODAL} #loyalty_manager_pin`, run: `edit ${pin}` },
          ]
        : []),
    { content: "approve", trigger: `${MODAL} .o_loyalty_confirm:enabled`, run: "click" },
];

export const openCardPopup = () => ({
    content: "press Card",
    trigger: ".o_loyalty_card_button",
    run: "click",
});

export const findCard = (code) => [
    { content: `type ${code}`, trigger: `${MODAL} .o_loyalty_code:enabled`, run: `edit ${code}` },
    { content: "press Enter", trigger: `${MODAL} .o_loyalty_code:enabled`, run: "press Enter" },
];

export const cardShows = (text) => ({
    content: `the card popup shows ${text}`,
    trigger: `${MODAL} .o_loyalty_card_popup:contains("${text}")`,
});

export const cardAction = (name) => ({
    content: `press ${name}`,
    trigger: `${MODAL} .o_loyalty_action_${name}`,
    run: "click",
});

export const closeCardPopup = () => ({
    content: "close the card popup",
    trigger: `${MODAL} .o_loyalty_close`,
    run: "click",
});

export const orderShows = (text) => ({
    content: `the order shows ${text}`,
    trigger: `.product-screen .order-container:contains("${text}")`,
});

/** What happens when the network is gone: every call fails at once. */
export const cutConnection = () => ({
    content: "cut the connection",
    trigger: "body",
    run: () => {
        window.posmodel.data.network.offline = true;
    },
});

export const restoreConnection = () => ({
    content: "the connection is back",
    trigger: "body",
    run: () => {
        window.posmodel.data.network.offline = false;
    },
});

/** Counts the drawer and closes the session. */
export const closeRegister = (cash) =>
    [
        Chrome.clickMenuOption("Close Register"),
        ProductScreen.closeWithCashAmount(cash),
        {
            content: "close the register",
            trigger: ".modal .modal-footer .btn:contains(close register)",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "the session is closed", trigger: "button:contains(backend)" },
    ].flat(Infinity);

export { Chrome, Dialog, PaymentScreen, ProductScreen, ReceiptScreen, TicketScreen };
