import { expect, test } from "@odoo/hoot";
import { useEnglish } from "@loyalty_cinema/../tests/unit/english";
import { receiptBlocks } from "@loyalty_cinema/app/utils/receipt_blocks";

useEnglish();

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

test("points that paid are printed as points, and the money they stood for", () => {
    const tender = {
        program_type: "loyalty",
        label: "Points",
        masked_code: "•••• 1",
        amount: 20,
        points: 2000,
        balance: 300,
    };
    const [block] = receiptBlocks({ tenders: [tender] }, format);
    expect(block.card).toBe(""); // no code of a balance on paper
    expect(block.rows.map((row) => row.value)).toEqual(["20 ₫", "2,000", "300"]);
    const back = { ...tender, balance: 2300 };
    const [refund] = receiptBlocks({ refunds: [back] }, format);
    expect(refund.rows.map((row) => row.value)).toEqual(["20 ₫", "2,000", "2,300"]);
    // what the sale earned comes on top: only the last number counts
    const both = receiptBlocks(
        { tenders: [tender], points: { program: "Club", balance: 500 } },
        format,
    );
    expect(both[0].rows.map((row) => row.value)).toEqual(["20 ₫", "2,000"]);
    expect(both[1].rows.map((row) => row.value)).toEqual(["500"]);
});

test("the receipt tells what was earned, what waits and what was taken back", () => {
    const points = { program: "Club", earned: 500, pending: 500, available_on: "2026-11-23" };
    const [sale] = receiptBlocks({ points: { ...points, balance: 800 } }, format);
    expect(sale.title).toBe("Club");
    expect(sale.rows.map((row) => row.value)).toEqual(["500", "500", "800"]);
    const refunded = { program: "Club", clawed_back: 500, given_back: 200, balance: 0 };
    const [refund] = receiptBlocks({ points: refunded }, format);
    expect(refund.rows.map((row) => row.value)).toEqual(["200", "500", "0"]);
});

test("a refunded load shows its bonus", () => {
    const refunded = { label: "Top-up", masked_code: "", amount: -100, bonus: 10, balance: 0 };
    const [block] = receiptBlocks({ refunds: [refunded] }, format);
    expect(block.rows.map((row) => row.value)).toEqual(["100 ₫", "10 ₫", "0 ₫"]);
});

test("a wallet's refund is money, with its number and what is left, whatever the server adds", () => {
    const refund = {
        label: "Member wallet",
        masked_code: "•••• 2222",
        program_type: "ewallet",
        amount: 100000,
        points: 100000,
        balance: 150000,
    };
    const [block] = receiptBlocks({ refunds: [refund], points: { program: "Club" } }, format);
    expect(block.card).toBe("•••• 2222");
    expect(block.rows).toEqual([
        { label: "Given back to it", value: "100000 ₫" },
        { label: "Balance left", value: "150000 ₫" },
    ]);
});

test("a voucher that is spent in parts tells what is left", () => {
    const voucher = { label: "Food voucher", amount: 250000, balance: 500000, expires_on: false };
    const [block] = receiptBlocks({ vouchers: [voucher] }, format);
    expect(block.title).toBe("Food voucher");
    expect(block.rows.map((row) => row.value)).toEqual(["250000 ₫", "500000 ₫"]);
});

test("a discount card tells what it saved and what the next band takes", () => {
    const discount = {
        label: "Discount card",
        masked_code: "•••• 3333",
        used: 10,
        saved: 25000,
        percent: 10,
        missing: 300000,
        next: 15,
    };
    const [block] = receiptBlocks({ discount }, format);
    expect(block.card).toBe("•••• 3333");
    expect(block.rows).toEqual([
        { label: "Saved by 10 %", value: "25000 ₫" },
        { label: "Missing for 15 %", value: "300000 ₫" },
    ]);
    const [reached] = receiptBlocks(
        { discount: { ...discount, percent: 15, next: false } },
        format,
    );
    expect(reached.rows[1]).toEqual({ label: "Your discount from now on", value: "15 %" });
    const nothing = { ...discount, used: 0, saved: 0, percent: 0, next: false };
    expect(receiptBlocks({ discount: nothing }, format)).toEqual([]);
});
