import { registry } from "@web/core/registry";

const send = (data) => ({
    content: "the till tells the display",
    trigger: ".o_customer_display",
    run: () => new BroadcastChannel("UPDATE_CUSTOMER_DISPLAY").postMessage(data),
});

const loyalty = {
    tier: "Gold",
    tierStyle: "background-color: #d4af37; color: #000000;",
    points: "12,300 points to spend",
    progress: "300 tier points to Platinum",
};

/** The customer's own screen. */
registry.category("web_tour.tours").add("LoyaltyCustomerDisplayTour", {
    steps: () => [
        send({ lines: [], amount: "0", loyalty }),
        { trigger: ".o_loyalty_display:contains('Gold'):contains('12,300'):contains('Platinum')" },
        send({ loyalty: false }),
        { trigger: ".o_customer_display:not(:has(.o_loyalty_display))" },
    ],
});
