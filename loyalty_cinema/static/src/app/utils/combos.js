/** More choices than a combo on a menu has; beyond it nothing is suggested. */
const SLOTS_MAX = 8;

/**
 * @typedef {Object} Good one thing on the order that a combo could contain
 * @property {number} product id of the product
 * @property {number} price for one, as the customer pays it
 * @property {number} qty
 * @property {*} line where it stands on the order
 *
 * @typedef {Object} Choice one thing that a combo offers
 * @property {number} product id of the product
 * @property {number} price for one, sold on its own
 * @property {*} item the record of the choice
 *
 * @typedef {Object} Combo
 * @property {*} template the product to sell
 * @property {Array<{name: string, count: number, choices: Choice[]}>} groups
 * @property {(items: Array) => number} priceOf what the combo costs with these choices
 *
 * @typedef {Object} Offer
 * @property {*} template
 * @property {Array<{choice: Choice, good: Good}>} taken what is on the order already
 * @property {{name: string, choices: Choice[]}|null} missing the one thing that is not
 * @property {number} saves money against single prices; with several choices, at least that much
 */

/**
 * Which combo contains what is on the order, and saves money? At most one thing may be missing:
 * a combo of which the customer wants half is no help.
 *
 * What is on the order fills the group with the fewest fitting things first, the dearest thing
 * first; that is not always the very best use of it, and always a true one.
 *
 * @param {Good[]} goods
 * @param {Combo[]} combos
 * @returns {Offer|null} complete before incomplete, then the one that saves most
 */
export function bestCombo(goods, combos) {
    const offers = combos.map((combo) => comboOffer(goods, combo)).filter(Boolean);
    offers.sort(
        (a, b) => Number(Boolean(a.missing)) - Number(Boolean(b.missing)) || b.saves - a.saves,
    );
    return offers[0] || null;
}

/**
 * @param {Good[]} goods
 * @param {Combo} combo
 * @returns {Offer|null}
 */
export function comboOffer(goods, combo) {
    const slots = combo.groups.flatMap((group) => Array(group.count).fill(group));
    if (!slots.length || slots.length > SLOTS_MAX) {
        return null;
    }
    const { taken, open } = fill(slots, goods);
    if (!taken.length || open.length > 1) {
        return null;
    }
    const missing = open[0] || null;
    const saves = Math.min(...(missing ? missing.choices : [null]).map(savedWith));
    return saves > 0 ? { template: combo.template, taken, missing, saves } : null;

    function savedWith(extra) {
        const choices = [...taken.map(({ choice }) => choice), ...(extra ? [extra] : [])];
        const single = taken.reduce((sum, { good }) => sum + good.price, extra ? extra.price : 0);
        return single - combo.priceOf(choices.map(({ item }) => item));
    }
}

/** Puts goods into slots; what fits nowhere stays outside of the combo. */
function fill(slots, goods) {
    const left = new Map(goods.map((good) => [good, good.qty]));
    const fitting = (slot) =>
        goods.filter((good) => left.get(good) >= 1 && choiceOf(slot, good) !== undefined);
    const taken = [];
    const open = [];
    const byChoice = [...slots].sort((a, b) => fitting(a).length - fitting(b).length);
    for (const slot of byChoice) {
        const [good] = fitting(slot).sort((a, b) => b.price - a.price);
        if (good) {
            left.set(good, left.get(good) - 1);
            taken.push({ choice: choiceOf(slot, good), good });
        } else {
            open.push(slot);
        }
    }
    return { taken, open };
}

function choiceOf(slot, good) {
    return slot.choices.find((choice) => choice.product === good.product);
}
