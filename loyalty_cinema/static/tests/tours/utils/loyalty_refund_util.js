/**
 * Page objects of refunds at the till, beside those of `loyalty_till_util`.
 */
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";

/** Opens the refund of a paid one-line order, found by its total; leads to the payment screen. */
export const refundOrder = (total) =>
    [
        ProductScreen.clickRefund(),
        TicketScreen.selectOrderByPrice(total),
        TicketScreen.confirmRefund(),
        PaymentScreen.isShown(),
    ].flat(Infinity);

/** One piece of each of these lines of a paid order goes back; leads to the payment screen. */
export const refundLines = (total, ...products) =>
    [
        ProductScreen.clickRefund(),
        TicketScreen.selectOrderByPrice(total),
        products.map((product) => [
            {
                content: `choose ${product}`,
                trigger: `.ticket-screen .orderline:has(.product-name:contains("${product}"))`,
                run: "click",
            },
            ProductScreen.clickNumpad("1"),
            {
                content: `${product} goes back`,
                trigger: `.ticket-screen .orderline.selected:contains("${product}"):has(.to-refund-highlight)`,
            },
        ]),
        TicketScreen.confirmRefund(),
        PaymentScreen.isShown(),
    ].flat(Infinity);

export const receiptSaysNot = (text) => ({
    content: `the receipt says nothing of ${text}`,
    trigger: `.receipt-screen .o_loyalty_receipt:not(:contains("${text}"))`,
});
