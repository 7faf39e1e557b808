import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as Panel from "@loyalty_cinema/../tests/tours/utils/loyalty_panel_util";
import * as Member from "@loyalty_cinema/../tests/tours/utils/loyalty_member_util";

/** What was sent to the customer's display last; another window of the same till listens like this. */
let shown = null;

const listen = () => ({
    content: "the display listens",
    trigger: "body",
    run: () => {
        new BroadcastChannel("UPDATE_CUSTOMER_DISPLAY").onmessage = ({ data }) =>
            (shown = { ...shown, ...data });
    },
});

const displays = (content, check) => ({
    content,
    trigger: "body",
    run: async () => {
        for (const end = Date.now() + 5000; !check(shown?.loyalty);) {
            if (Date.now() > end) {
                throw new Error(`The display has ${JSON.stringify(shown?.loyalty)}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    },
});

registry.category("web_tour.tours").add("LoyaltyDisplayTour", {
    steps: () =>
        [
            Till.openTill(),
            listen(),
            Till.chooseCustomer("An Pham"),
            Panel.tierIs("Gold"),
            displays(
                "tier, points, what is missing; no name",
                (member) =>
                    member?.tier === "Gold" &&
                    member.points.startsWith("0 ") &&
                    member.progress.includes("Platinum") &&
                    !JSON.stringify(shown).includes("An Pham"),
            ),
            Till.chooseCustomer("Binh Le"),
            Member.isNoMember(),
            displays("nothing of somebody who is no member", (member) => member === false),
        ].flat(Infinity),
});
