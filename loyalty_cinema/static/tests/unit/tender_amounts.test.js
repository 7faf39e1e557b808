import { expect, test } from "@odoo/hoot";
import { needsApproval, plannedFor, tenderRoom } from "@loyalty_cinema/app/utils/tender_amounts";

test("stored value pays what is due, less loads", () => {
    const order = { totalDue: 450, loads: 0, taken: 0, remaining: 450 };
    expect(tenderRoom(order)).toBe(450);
    expect(tenderRoom({ ...order, remaining: 250 })).toBe(250);
    expect(tenderRoom({ ...order, loads: 200 })).toBe(250);
    expect(tenderRoom({ ...order, loads: 200, taken: 250, remaining: 200 })).toBe(0);
    expect(tenderRoom({ ...order, loads: 450 })).toBe(0);
});

test("an order in the customer's favour has nothing to pay", () => {
    expect(tenderRoom({ totalDue: -10, loads: 0, taken: 0, remaining: -10 })).toBe(0);
});

test("a refund plan is read by payment method", () => {
    const plan = {
        cash: 50,
        tenders: [
            { method_id: 1, amount: 100, masked_code: "•••• 1111" },
            { method_id: 2, amount: 300, masked_code: "•••• 2222" },
            { method_id: 1, amount: 20, masked_code: "•••• 3333" },
        ],
    };
    expect(plannedFor(plan, 1)).toEqual({
        amount: 120,
        points: 0,
        cardNo: "",
        maskedCode: "•••• 1111, •••• 3333",
    });
    expect(plannedFor(plan, 9)).toEqual({ amount: 0, points: 0, cardNo: "", maskedCode: "" });
    const isPositive = (amount) => amount > 0.005;
    expect(needsApproval(50, plan, isPositive)).toBe(false);
    expect(needsApproval(50.01, plan, isPositive)).toBe(true);
});
