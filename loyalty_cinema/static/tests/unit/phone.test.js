import { expect, test } from "@odoo/hoot";
import { isPhoneLike, isSamePhone } from "@loyalty_cinema/app/utils/phone";
import { typedContact } from "@loyalty_cinema/app/utils/typed_contact";

test("a phone number is found however people say it", () => {
    for (const stored of ["+84 900 000 013", "0900 000 013", "0084900000013"]) {
        for (const typed of [
            "0900 000 013",
            "900000013",
            "0900.000.013",
            "+84 900 000 013",
            "0084-900-000-013",
            "900 000",
        ]) {
            expect(isPhoneLike(typed)).toBe(true);
            expect(isSamePhone(stored, typed)).toBe(true);
        }
    }
    expect(isSamePhone("+84 900 000 013", "0900 000 014")).toBe(false);
    expect(isSamePhone("12 34", "0900 000 1234")).toBe(false); // an extension
    expect(isSamePhone("", "0900 000 013")).toBe(false);
});

test("names and short numbers are no phone numbers", () => {
    for (const text of ["Mai", "12345", "", undefined, "3 Trang Tien 100000"]) {
        expect(isPhoneLike(text)).toBe(false);
    }
});

test("what was searched for is a name, a phone or a card", () => {
    expect(typedContact(" Mai ")).toEqual({ name: "Mai" });
    expect(typedContact("0900 000 013")).toEqual({ phone: "0900 000 013" });
    expect(typedContact("9007 1992 5471 3708")).toEqual({ card: "9007199254713708" });
    expect(typedContact("")).toEqual({});
});
