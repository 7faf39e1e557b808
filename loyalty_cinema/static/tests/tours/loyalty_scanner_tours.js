import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";

const { CARDS } = Till;

/** A scanner is a keyboard: what it types on the payment screen is a card and never an amount. */
registry.category("web_tour.tours").add("LoyaltyScannerKeysPayTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.sell("Film evening"),
            Till.goPay(),
            Till.scanKeys(CARDS.gift),
            Till.lineIs("Gift card", "200,000"),
            Till.lineSays("Reserved on"),
            Till.noLine("Cash"),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});
