import { expect, test } from "@odoo/hoot";
import { useEnglish } from "@loyalty_cinema/../tests/unit/english";
import { tenderStatus } from "@loyalty_cinema/app/utils/tender_status";

useEnglish();

const line = { amount: 20, status: "done", card: "•••• 1111", method: "Points" };
const says = (values) => String(tenderStatus({ ...line, ...values }, (amount) => `${amount} ₫`));

test("points are told as points, value as money", () => {
    const points = { points: 2000, available: 10300, point_name: "points" };
    expect(says({ answer: points })).toBe("2,000 points taken, 10,300 left");
    expect(says({ answer: { available: 50 } })).toBe("Reserved on •••• 1111, 50 ₫ left");
    expect(says({})).toBe("Reserved on •••• 1111"); // after a reload
});

test("what goes back says where to", () => {
    expect(says({ amount: -20, answer: { points: 2000 } })).toBe("2,000 points go back");
    expect(says({ amount: -20 })).toBe("Goes back to •••• 1111");
});

test("nothing is taken before the server has held it", () => {
    expect(says({ status: "pending" })).toBe("Not taken yet");
    expect(says({ status: "retry" })).toBe("Nothing was taken");
    expect(says({ status: "waiting" })).toBe("Asking the server…");
});
