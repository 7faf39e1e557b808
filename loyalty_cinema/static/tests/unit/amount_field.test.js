import { expect, test } from "@odoo/hoot";
import { useEnglish } from "@loyalty_cinema/../tests/unit/english";
import { formatAmount, formatMoney } from "@loyalty_cinema/backend/amount_field";
import { registry } from "@web/core/registry";

useEnglish();

test("amounts have as many decimals as there are", () => {
    expect(formatAmount(330000)).toBe("330,000");
    expect(formatAmount(12.5)).toBe("12.5");
    expect(formatAmount(0.1234)).toBe("0.1234");
    expect(formatAmount(false)).toBe("");
});

test("sums and pivots know other digits, and show none of them", () => {
    const field = { type: "float", digits: [16, 4], min_display_digits: 0 };
    expect(formatAmount(1500, { field })).toBe("1,500");
    expect(formatAmount(1500, { digits: [16, 4], escape: true })).toBe("1,500");
    expect(formatMoney(1500, { digits: [16, 4] })).toBe("1,500");
});

test("lists and pivots find the formatters", () => {
    expect(registry.category("formatters").get("loyalty_amount")).toBe(formatAmount);
    expect(registry.category("fields").contains("loyalty_money")).toBe(true);
});
