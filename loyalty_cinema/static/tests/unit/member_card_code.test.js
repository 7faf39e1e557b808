import { expect, test } from "@odoo/hoot";
import {
    hasLuhnDigit,
    isMemberCardCode,
    isOdooCode,
    normalizeCode,
} from "@loyalty_cinema/app/utils/member_card_code";

test("codes are read with spaces and dashes", () => {
    expect(normalizeCode(" 4539-5787 6362 1486 ")).toBe("4539578763621486");
    expect(normalizeCode(undefined)).toBe("");
});

test("a member card has 16 to 20 digits, the last one Luhn's", () => {
    expect(isMemberCardCode("77" + "4539578763621486")).toBe(hasLuhnDigit("774539578763621486"));
    expect(isMemberCardCode("00000" + "4539578763621486")).toBe(false); // 21 digits
    expect(isMemberCardCode("4539 5787 6362 1486")).toBe(true);
    expect(isMemberCardCode("4539578763621487")).toBe(false);
    expect(isMemberCardCode("5901234123457")).toBe(false); // a product, EAN-13
    expect(isMemberCardCode("453957876362148X")).toBe(false);
});

test("every single wrong digit is noticed", () => {
    const code = "4539578763621486";
    for (let position = 0; position < code.length; position++) {
        const wrong = (Number(code[position]) + 1) % 10;
        const typed = code.slice(0, position) + wrong + code.slice(position + 1);
        expect(hasLuhnDigit(typed)).toBe(false);
    }
});

test("cards may have kept the code that Odoo gave them", () => {
    expect(isOdooCode("0447-a1b2-4c3d")).toBe(true);
    expect(isOdooCode("044" + "4539578763621486")).toBe(true);
    expect(isOdooCode("4539578763621486")).toBe(false);
    expect(isOdooCode("044 popcorn")).toBe(false);
});
