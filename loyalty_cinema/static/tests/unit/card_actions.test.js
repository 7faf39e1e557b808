import { expect, test } from "@odoo/hoot";
import { cardActions } from "@loyalty_cinema/app/components/popups/card_popup/card_actions";

const names = (state) => cardActions({ card: { state } }).map((action) => action.name);

test("a card offers what its state allows", () => {
    expect(names("issued")).toEqual(["activate", "set_pin"]);
    expect(names("active")).toEqual(["set_pin", "block", "lost", "replace"]);
    expect(names("blocked")).toEqual(["unblock", "lost", "replace"]);
    expect(names("lost")).toEqual(["replace"]);
    expect(names("expired")).toEqual(["replace"]);
    expect(names("replaced")).toEqual([]);
});

test("a customer without a card offers nothing", () => {
    expect(cardActions({ card: false })).toEqual([]);
});
