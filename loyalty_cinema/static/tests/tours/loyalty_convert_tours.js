import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

/** As plain Odoo printed it, before the program became stored value. */
const OLD_CODE = "0447-a1b2-4c3d";

/** A card that kept Odoo's code: scanned on either screen, and typed as it is printed. */
registry.category("web_tour.tours").add("LoyaltyOldCodeTour", {
    steps: () =>
        [
            Till.openTill(),
            // on the product screen it is tried as a coupon first, which it is no longer
            Till.scan(OLD_CODE),
            Till.notificationSays("4c3d"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.chooseMethod("Gift card"),
            // it covers the order, so that the till goes on by itself
            Till.receiptSays("100,000"),
            Till.nextOrder(),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.scan(OLD_CODE),
            Till.receiptSays("4c3d"),
            Till.nextOrder(),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.chooseMethod("Gift card"),
            Till.enterCard(OLD_CODE.toUpperCase()),
            Till.receiptSays("Balance left"),
            Till.nextOrder(),
        ].flat(Infinity),
});
