import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as Member from "@loyalty_cinema/../tests/tours/utils/loyalty_member_util";
import * as Panel from "@loyalty_cinema/../tests/tours/utils/loyalty_panel_util";
import { refundOrder } from "@loyalty_cinema/../tests/tours/utils/loyalty_refund_util";

const PRICE = "50,000";
const GOLD_PRICE = "45,000";

const tours = registry.category("web_tour.tours");

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
tours.add("LoyaltyTierPricesTour", {
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

/** No membership: the discount card is recognised, and the band that was reached since then. */
tours.add("LoyaltyDiscountCardTour", {
    steps: () =>
        [
            Till.openTill(),
            Member.nobodyCanJoin(),
            Till.sell("Popcorn"),
            Till.scan(Member.POINTS_CARDS.discount),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            Panel.bandIs(0),
            Panel.says("another 50,000"),
            Till.ProductScreen.totalAmountIs(PRICE),
            Till.look("discount card no band yet"),
            pay(),
            Till.sell("Popcorn"),
            Till.chooseCustomer("Mai Tran"),
            Panel.bandIs(10),
            Panel.says("Discount card 10 %"),
            Till.ProductScreen.totalAmountIs(GOLD_PRICE),
            Member.nobodyCanJoin(),
            Till.look("discount card chosen by name"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.receiptSays("Saved by 10 %"),
            Till.receiptSays("5,000"),
            Till.receiptSays("Missing for 15 %"),
            Till.look("receipt of a discount card"),
            Till.nextOrder(),
            // somebody without a card pays the ordinary price
            Till.sell("Popcorn"),
            Till.chooseCustomer("Binh Le"),
            Panel.isShown(),
            Till.ProductScreen.totalAmountIs(PRICE),
            Till.look("no discount card"),
        ].flat(Infinity),
});
