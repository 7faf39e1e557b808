import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

/** The second request of a sale is lost: its coupon comes when the till is loaded again. */
registry.category("web_tour.tours").add("LoyaltyLostCouponTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Film evening"),
            Till.goPay(),
            Till.chooseMethod("Cash"),
            Till.expectLostConnection(),
            Till.disturbNetwork("confirm_coupon_programs", { lose: "request", times: 1 }),
            Till.validate(),
            Till.Dialog.confirm("Continue with limited functionality"),
            Till.ReceiptScreen.isShown(),
            Till.healNetwork(),
            {
                content: "the till is loaded again",
                trigger: "body",
                run: () => window.location.reload(),
                expectUnloadPage: true,
            },
            Till.notificationSays("coupons for the next visit"),
            Till.look("coupon comes late"),
        ].flat(Infinity),
});

/** Another till holds the wallet and has died: a manager frees it here. */
registry.category("web_tour.tours").add("LoyaltyHeldElsewhereTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.chooseMethod("Member wallet"),
            {
                content: "it says who holds it",
                trigger: '.modal .o_loyalty_approval:contains("150,000.00 is reserved by")',
            },
            Till.look("reserved elsewhere"),
            Till.approve({ reason: "That till has crashed", pin: "135790" }),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
        ].flat(Infinity),
});
