import { expect, test } from "@odoo/hoot";
import { useEnglish } from "@loyalty_cinema/../tests/unit/english";
import { groupedAmount } from "@loyalty_cinema/app/utils/typed_amount";

useEnglish();

test("an amount shows its thousands while it is typed", () => {
    expect(groupedAmount("")).toBe("");
    expect(groupedAmount("500")).toBe("500");
    expect(groupedAmount("5000")).toBe("5,000");
    expect(groupedAmount("5,0000")).toBe("50,000");
    expect(groupedAmount("1,00,000")).toBe("100,000");
    expect(groupedAmount("1234.5")).toBe("1,234.5");
    expect(groupedAmount("1234.")).toBe("1,234.");
    expect(groupedAmount("0500")).toBe("500");
    expect(groupedAmount("abc")).toBe("abc");
});
