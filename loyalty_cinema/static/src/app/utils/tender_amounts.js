/**
 * Sums the till shows and asks for. Pure functions, so that unit tests can reach them; the
 * server computes every one of them again.
 */

/**
 * Stored value may pay everything on an order except loads: value cannot buy value.
 *
 * @param {{totalDue: number, loads: number, taken: number, remaining: number}} order
 *      amounts in the order's currency; `taken` by other stored-value lines
 * @returns {number} how much one more stored-value line may take, never below 0
 */
export function tenderRoom({ totalDue, loads, taken, remaining }) {
    return Math.max(0, Math.min(remaining, totalDue - loads - taken));
}

/**
 * @param {{tenders: Array<{method_id: number, amount: number, masked_code: string,
 *                          points?: number}>}} plan
 * @param {number} methodId
 * @returns {{amount: number, points: number, maskedCode: string, cardNo: string}} what goes back
 *      through one payment method: money, and the points it stands for
 */
export function plannedFor(plan, methodId) {
    const tenders = plan.tenders.filter((tender) => tender.method_id === methodId);
    const total = (key) => tenders.reduce((sum, tender) => sum + (tender[key] || 0), 0);
    return {
        amount: total("amount"),
        points: total("points"),
        cardNo: tenders.at(-1)?.card_no || "",
        maskedCode: tenders.map((tender) => tender.masked_code).join(", "),
    };
}

/**
 * @param {number} moneyBack what the refund pays out in money, positive
 * @param {{cash: number}} plan
 * @param {(amount: number) => boolean} isPositive compares with the currency's rounding
 * @returns {boolean} whether more money leaves the till than was paid in money
 */
export function needsApproval(moneyBack, plan, isPositive) {
    return isPositive(moneyBack - plan.cash);
}
