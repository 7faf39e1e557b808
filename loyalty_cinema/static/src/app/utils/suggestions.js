/**
 * What may be suggested beside what is on the order: a drink for a dish.
 *
 * @param {Array<{products: Set<number>, categories: Set<number>, except: Set<number>,
 *                exceptCategories: Set<number>, suggested: number}>} suggestions in their order
 * @param {Array<{product: number, categories: number[]}>} cart
 * @param {number} most
 * @returns {Array} the first of them that fit, each product once
 */
export function fitting(suggestions, cart, most = 2) {
    const found = new Map();
    for (const suggestion of suggestions) {
        const holds = (products, categories) =>
            cart.some(
                (good) =>
                    products.has(good.product) || good.categories.some((id) => categories.has(id)),
            );
        const isHad =
            holds(suggestion.except, suggestion.exceptCategories) ||
            holds(new Set([suggestion.suggested]), new Set());
        if (!isHad && holds(suggestion.products, suggestion.categories)) {
            found.set(suggestion.suggested, found.get(suggestion.suggested) || suggestion);
        }
    }
    return [...found.values()].slice(0, most);
}
