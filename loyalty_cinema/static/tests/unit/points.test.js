import { expect, test } from "@odoo/hoot";
import { useEnglish } from "@loyalty_cinema/../tests/unit/english";
import {
    formatPoints,
    memberPoints,
    memberSummary,
    claimsToHold,
    piecesLost,
    rewardText,
} from "@loyalty_cinema/app/utils/points";
import { typedContact } from "@loyalty_cinema/app/utils/typed_contact";

useEnglish();

test("points are shown without needless decimals", () => {
    expect(formatPoints(12300)).toBe("12,300");
    expect(formatPoints(0.5)).toBe("0.5");
    expect(formatPoints(0.1 + 0.2)).toBe("0.3");
    expect(formatPoints(-250)).toBe("-250");
});

test("a member is one line; pending points only when there are some", () => {
    const mai = { name: "Mai Tran", available: 12300, pending: 0, point_name: "points" };
    expect(memberSummary(mai)).toBe("Mai Tran · 12,300 points to spend");
    expect(memberSummary({ ...mai, pending: 500 })).toBe(
        "Mai Tran · 12,300 points to spend (+500 pending)",
    );
    expect(memberPoints(mai, 5000)).toBe("12,300 points to spend (−5,000 for rewards)");
});

test("claims are added up by balance: points of members, and vouchers of customers", () => {
    const ours = { id: 7, program_id: { is_membership: true } };
    const theirs = { id: 8, program_id: { is_membership: false } };
    const line = (coupon_id, points_cost) => ({ coupon_id, points_cost });
    expect(claimsToHold([line(ours, 500), line(theirs, 10), line(ours, 200)])).toEqual([
        { balance_id: 7, points: 700 },
    ]);
    expect(claimsToHold([line(theirs, 10), line(undefined, 0)])).toEqual([]);
    const voucher = { id: 9, partner_id: { id: 3 }, program_id: { program_type: "coupons" } };
    expect(claimsToHold([line(voucher, 1)])).toEqual([{ balance_id: 9, points: 1 }]);
    expect(claimsToHold([line({ ...voucher, partner_id: undefined }, 1)])).toEqual([]);
});

test("a reward of members tells its price", () => {
    const program = { is_membership: true, portal_point_name: "points" };
    const gift = { description: "Popcorn", reward_type: "product", required_points: 5000 };
    expect(rewardText({ ...gift, program_id: program })).toBe("Popcorn · 5,000 points");
    expect(rewardText({ ...gift, program_id: { is_membership: false } })).toBe("Popcorn");
    const discount = { ...gift, reward_type: "discount", discount_mode: "per_point" };
    expect(rewardText({ ...discount, program_id: program })).toBe("Popcorn");
});

test("what was searched for becomes the newcomer's phone or name", () => {
    expect(typedContact("+84 (90) 123-4567")).toEqual({ phone: "+84 (90) 123-4567" });
    expect(typedContact(" Mai Tran ")).toEqual({ name: "Mai Tran" });
    expect(typedContact("12")).toEqual({ name: "12" });
    expect(typedContact("")).toEqual({});
});

test("free pieces that an order has no use for are told", () => {
    const reward = {
        reward_type: "product",
        required_points: 1,
        reward_product_qty: 3,
        description: "Free tickets",
    };
    const line = (qty, points_cost, values = {}) => ({
        reward_id: { ...reward, ...values },
        qty,
        points_cost,
    });
    expect(piecesLost([line(1, 1)])).toEqual([
        { name: "Free tickets", gives: 3, used: 1, lost: 2 },
    ]);
    expect(piecesLost([line(4, 2)])[0].lost).toBe(2);
    expect(piecesLost([line(3, 1), line(6, 2)])).toEqual([]);
    expect(piecesLost([line(1, 0), line(1, 1, { reward_type: "discount" })])).toEqual([]);
    expect(piecesLost([line(1, 50, { clear_wallet: true }), { qty: 1 }])).toEqual([]);
});
