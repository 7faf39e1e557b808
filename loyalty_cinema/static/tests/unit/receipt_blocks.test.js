import { expect, test } from "@odoo/hoot";
import { receiptBlocks } from "@loyalty_cinema/app/utils/receipt_blocks";

const format = (amount) => `${amount} ₫`;

test("the receipt tells what was paid, loaded and given back", () => {
    const [tender, load, refund] = receiptBlocks(
        {
            tenders: [{ label: "Gift card", masked_code: "•••• 1111", amount: 200, balance: 0 }],
            loads: [
                {
                    label: "Wallet top-up",
                    masked_code: "•••• 2222",
                    amount: 500,
                    bonus: 50,
                    bonus_expires_on: false,
                    balance: 550,
                },
            ],
            refunds: [{ label: "Gift card", masked_code: "•••• 1111", amount: 200, balance: 200 }],
        },
        format,
    );
    expect(tender.rows.map((row) => row.value)).toEqual(["200 ₫", "0 ₫"]);
    expect(load.card).toBe("•••• 2222");
    expect(load.rows.map((row) => row.value)).toEqual(["500 ₫", "50 ₫", "550 ₫"]);
    expect(refund.rows.map((row) => row.value)).toEqual(["200 ₫", "200 ₫"]);
});

test("no bonus, no line about it; nothing about cards, no block", () => {
    const load = { label: "Top-up", masked_code: "", amount: 100, bonus: 0, balance: 100 };
    expect(receiptBlocks({ loads: [load] }, format)[0].rows.length).toBe(2);
    expect(receiptBlocks({}, format)).toEqual([]);
    const refunded = { label: "Top-up", masked_code: "", amount: -100, balance: 0 };
    expect(receiptBlocks({ refunds: [refunded] }, format)[0].rows[0].value).toBe("100 ₫");
});
