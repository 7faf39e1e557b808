import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

/** The ledger keeps four decimals; more would be noise of floats. */
const POINTS_DIGITS = [69, 4];

/**
 * @param {number} points
 * @returns {string} in the cashier's language, without needless decimals
 */
export function formatPoints(points) {
    return formatFloat(points, { digits: POINTS_DIGITS, trailingZeros: false });
}

/**
 * A number of points or of money, as the program of the balance counts.
 *
 * @param {{program_type: string, point_name?: string}} source a balance or movement, as the
 *      server describes it
 * @param {number} amount
 * @param {(amount: number) => string} formatCurrency
 * @returns {string}
 */
export function formatValue({ program_type: type, point_name: unit }, amount, formatCurrency) {
    if (type !== "loyalty") {
        return formatCurrency(amount);
    }
    return [formatPoints(amount), unit].filter(Boolean).join(" ");
}

/**
 * One short line about a member.
 *
 * @param {{name: string, available: number, pending: number, point_name: string}} member
 * @returns {string} "Mai Tran · 12,300 points to spend (+500 pending)"
 */
export function memberSummary(member) {
    return `${member.name} · ${memberPoints(member)}`;
}

/**
 * What a member can spend; the points that decide the tier are others.
 *
 * @param {{available: number, pending: number, point_name: string}} member
 * @param {number} claimed what the rewards on the order cost
 * @returns {string} "12,300 points to spend (−5,000 for rewards) (+500 pending)"
 */
export function memberPoints({ available, pending, point_name: unit }, claimed = 0) {
    return [
        _t("%(points)s %(unit)s to spend", {
            points: formatPoints(available),
            unit: unit || _t("points"),
        }),
        claimed ? _t("(−%s for rewards)", formatPoints(claimed)) : "",
        pending ? _t("(+%s pending)", formatPoints(pending)) : "",
    ]
        .filter(Boolean)
        .join(" ");
}

/**
 * What a reward gives, and for members what it costs; a discount by the point has no one price.
 *
 * @param {{description: string, required_points: number, discount_mode?: string,
 *          reward_type: string, program_id: Object}} reward
 * @returns {string} "Free Product - Popcorn · 5,000 points"
 */
export function rewardText(reward) {
    const { description, required_points: points, program_id: program } = reward;
    const isByPoint = reward.reward_type === "discount" && reward.discount_mode === "per_point";
    if (!program.is_membership || isByPoint) {
        return description;
    }
    return `${description} · ${formatPoints(points)} ${program.portal_point_name || _t("points")}`;
}

/** Points of a member, and a customer's own voucher: what one till after another could claim. */
const isHeld = ({ id, partner_id: partner, program_id: program }) =>
    program?.is_membership || (id > 0 && partner && program?.program_type === "coupons");

/**
 * What the rewards on an order cost members' points and customers' vouchers: the claims that the
 * server is asked to hold. The server works out the cost again.
 *
 * @param {Array<{coupon_id?: {id: number, partner_id?: Object,
 *                             program_id: {is_membership: boolean, program_type: string}},
 *                points_cost: number}>} rewardLines
 * @returns {Array<{balance_id: number, points: number}>} one for each balance
 */
export function claimsToHold(rewardLines) {
    const claims = new Map();
    for (const { coupon_id: balance, points_cost: points } of rewardLines) {
        if (balance && isHeld(balance)) {
            claims.set(balance.id, (claims.get(balance.id) || 0) + points);
        }
    }
    return [...claims].map(([id, points]) => ({ balance_id: id, points }));
}

/**
 * Free pieces that a voucher or points pay for and this order has no use for: they would be lost.
 *
 * @param {Array} lines reward lines of an order
 * @returns {Array<{name: string, gives: number, used: number, lost: number}>}
 */
export function piecesLost(lines) {
    return lines
        .filter(({ reward_id: reward, points_cost: cost }) => {
            const isGift = reward?.reward_type === "product" && reward.required_points > 0;
            return isGift && !reward.clear_wallet && cost > 0;
        })
        .map(({ reward_id: reward, points_cost: cost, qty }) => {
            const times = Math.round(cost / reward.required_points);
            const gives = times * reward.reward_product_qty;
            return { name: reward.description, gives, used: qty, lost: gives - qty };
        })
        .filter(({ lost }) => lost > 0);
}
