import { expect, test } from "@odoo/hoot";
import { bestCombo, comboOffer } from "@loyalty_cinema/app/utils/combos";

const [POPCORN, COLA, TEA, NACHOS] = [1, 2, 3, 4];
const PRICES = { [POPCORN]: 50, [COLA]: 30, [TEA]: 20, [NACHOS]: 60 };

const choice = (product) => ({ product, price: PRICES[product], item: product });
const group = (name, count, ...products) => ({ name, count, choices: products.map(choice) });
const combo = (template, price, ...groups) => ({ template, groups, priceOf: () => price });
const good = (product, qty = 1) => ({ product, price: PRICES[product], qty, line: product });

const snack = group("Snack", 1, POPCORN, NACHOS);
const drink = group("Drink", 1, COLA, TEA);

test("a combo that contains all of it saves the difference", () => {
    const offer = comboOffer([good(POPCORN), good(COLA)], combo("Duo", 65, snack, drink));
    expect(offer.saves).toBe(15);
    expect(offer.missing).toBe(null);
    expect(offer.taken.map(({ good }) => good.line).sort()).toEqual([POPCORN, COLA]);
});

test("one thing may be missing: then it saves what the poorest choice saves", () => {
    const offer = comboOffer([good(POPCORN)], combo("Duo", 65, snack, drink));
    expect(offer.missing.name).toBe("Drink");
    expect(offer.saves).toBe(5);
});

test("no offer: nothing of it is wanted, half of it is missing, or it saves nothing", () => {
    expect(comboOffer([good(TEA)], combo("Snacks", 40, snack))).toBe(null);
    const trio = combo("Trio", 10, snack, drink, group("Second snack", 1, NACHOS));
    expect(comboOffer([good(COLA)], trio)).toBe(null);
    expect(comboOffer([good(POPCORN), good(COLA)], combo("Duo", 80, snack, drink))).toBe(null);
});

test("two of a thing need two on the order", () => {
    const pair = combo("Pair", 80, group("Snacks", 2, POPCORN));
    expect(comboOffer([good(POPCORN, 2)], pair)).toMatchObject({ saves: 20, missing: null });
    expect(comboOffer([good(POPCORN)], pair).missing.name).toBe("Snacks");
});

test("complete before incomplete, then what saves most", () => {
    const duo = combo("Duo", 75, snack, drink);
    const better = combo("Better", 70, snack, drink);
    const trio = combo("Trio", 1, snack, drink, group("Nachos", 1, NACHOS));
    const goods = [good(POPCORN), good(COLA)];
    expect(bestCombo(goods, [duo, trio, better]).template).toBe("Better");
    expect(bestCombo([], [duo])).toBe(null);
});
