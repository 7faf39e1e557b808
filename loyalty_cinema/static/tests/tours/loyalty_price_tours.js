import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as Panel from "@loyalty_cinema/../tests/tours/utils/loyalty_panel_util";
import { refundOrder } from "@loyalty_cinema/../tests/tours/utils/loyalty_refund_util";

const PRICE = "50,000";
const GOLD_PRICE = "45,000";

const pay = () => [Till.goPay(), Till.payAll("Cash"), Till.nextOrder()];

/** A popcorn for Mai: it is rung up before the cashier knows whom for. */
const popcornForMai = (tier, total) => [
    Till.sell("Popcorn"),
    Till.ProductScreen.totalAmountIs(PRICE),
    Till.chooseCustomer("Mai Tran"),
    Panel.tierIs(tier),
    Till.ProductScreen.totalAmountIs(total),
];

/** Prices follow the tier: up with a purchase, down with its refund, in one open till. */
registry.category("web_tour.tours").add("LoyaltyTierPricesTour", {
    steps: () =>
        [
            Till.openTill(),
            popcornForMai("Silver", PRICE),
            pay(),
            popcornForMai("Gold", GOLD_PRICE),
            Till.look("price of gold"),
            pay(),
            refundOrder(PRICE),
            Till.chooseMethod("Cash"),
            Till.validate(),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
            popcornForMai("Silver", PRICE),
            // somebody else after a Gold member pays the ordinary price
            Till.chooseCustomer("Binh Le"),
            Till.ProductScreen.totalAmountIs(PRICE),
        ].flat(Infinity),
});
