import { expect, test } from "@odoo/hoot";
import { useEnglish } from "@loyalty_cinema/../tests/unit/english";
import {
    birthdayText,
    discountText,
    displayed,
    expiryText,
    panelSignals,
    progressText,
    tierColors,
    voucherText,
} from "@loyalty_cinema/app/utils/member_panel";
import { fitting } from "@loyalty_cinema/app/utils/suggestions";

useEnglish();

const dong = (amount) => `${amount} ₫`;
const { DateTime } = luxon;

test("letters can be read on every tier's colour; a typing error is grey", () => {
    expect(tierColors("#FFD700")).toEqual({ background: "#FFD700", text: "#000000" });
    expect(tierColors("#2f4f8f").text).toBe("#ffffff");
    expect(tierColors("url(x)").background).toBe("#6c757d");
    expect(tierColors(false).background).toBe("#6c757d");
});

test("progress is told in the measure of the ladder", () => {
    const progress = { missing: 1500, next: "Gold", measure: "points" };
    expect(progressText(progress, dong)).toBe("1,500 tier points to Gold");
    expect(progressText({ ...progress, measure: "spend" }, dong)).toBe("1500 ₫ to Gold");
    expect(progressText({ ...progress, missing: 2, measure: "visits" }, dong)).toBe(
        "2 visits to Gold",
    );
    expect(progressText({ ...progress, next: false }, dong)).toBe("");
});

test("a birthday is told by its distance", () => {
    expect([0, 1, 3].map((days) => birthdayText({ in_days: days }))).toEqual([
        "Birthday today",
        "Birthday tomorrow",
        "Birthday in 3 days",
    ]);
    expect(birthdayText(false)).toBe("");
});

test("a discount card tells its band, and how far it is to the next", () => {
    const band = { percent: 10, missing: 3000000, next: 15 };
    expect(discountText(band, dong)).toBe("Discount card 10 % (another 3000000 ₫ for 15 %)");
    expect(discountText({ ...band, next: false }, dong)).toBe("Discount card 10 %");
});

test("a voucher of value tells what is left of it, and every voucher its last day", () => {
    const gift = { name: "Birthday gift", points: 1, expires_on: "2030-11-30" };
    expect(voucherText(gift, { discount_mode: "percent" }, dong)).toBe(
        "Birthday gift · until Nov 30, 2030",
    );
    const food = { name: "Food", points: 350000, expires_on: false };
    expect(voucherText(food, { discount_mode: "per_point", discount: 1 }, dong)).toBe(
        "Food · 350000 ₫",
    );
});

test("points that expire next year are no news", () => {
    const today = DateTime.fromISO("2030-11-01");
    const next = (date) => ({ next_expiry: { date, points: 300 } });
    expect(expiryText(next("2030-11-30"), today)).toBe("300 points expire after Nov 30, 2030");
    expect(expiryText(next("2031-11-30"), today)).toBe("");
    expect(expiryText({ next_expiry: false }, today)).toBe("");
});

test("a drink for a dish, unless there is one", () => {
    const drink = {
        products: new Set([1]),
        categories: new Set([10]),
        except: new Set(),
        exceptCategories: new Set([20]),
        suggested: 2,
    };
    const popcorn = { product: 1, categories: [] };
    expect(fitting([drink], [popcorn])).toEqual([drink]);
    expect(fitting([drink], [{ product: 9, categories: [10] }])).toEqual([drink]);
    expect(fitting([drink, drink], [popcorn])).toEqual([drink]);
    expect(fitting([drink], [popcorn, { product: 3, categories: [20] }])).toEqual([]);
    expect(fitting([drink], [popcorn, { product: 2, categories: [] }])).toEqual([]);
    expect(fitting([drink], [])).toEqual([]);
});

test("a folded panel still shows what must not be overlooked", () => {
    const names = (panel) => panelSignals(panel).map(({ name, count }) => [name, count]);
    const panel = {
        complaint: "Popcorn was cold",
        birthday: { in_days: 0 },
        special_day: "Day of the cinema",
        vouchers: [{}, {}],
        tasks: [{}],
    };
    expect(names(panel)).toEqual([
        ["complaint", undefined],
        ["birthday", undefined],
        ["day", undefined],
        ["vouchers", 2],
        ["tasks", 1],
    ]);
    expect(panelSignals(panel)[1].text).toBe("Birthday today");
    expect(names({ complaint: false, birthday: false, vouchers: [], tasks: [] })).toEqual([]);
});

test("letters on every tier's colour can be read", () => {
    const part = (text) => {
        const value = parseInt(text, 16) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    const light = (color) =>
        0.2126 * part(color.slice(1, 3)) +
        0.7152 * part(color.slice(3, 5)) +
        0.0722 * part(color.slice(5, 7));
    for (const color of ["#a8a9ad", "#d4af37", "#5b7083", "#2a6f97", "#808080", "#ff0000"]) {
        const { background, text } = tierColors(color);
        const [dark, bright] = [light(background), light(text)].sort((a, b) => a - b);
        expect((bright + 0.05) / (dark + 0.05)).toBeGreaterThan(4.5);
    }
});

test("the customer's display tells a member of himself, and nobody his name", () => {
    const member = { name: "Mai Tran", available: 12300, pending: 0, point_name: "points" };
    const panel = {
        tier: { name: "Gold", color: "#d4af37" },
        progress: { missing: 300, next: "Platinum", measure: "points" },
        complaint: "Popcorn was cold",
    };
    const told = displayed(member, panel, dong);
    expect(told.tier).toBe("Gold");
    expect(told.points).toBe("12,300 points to spend");
    expect(told.progress).toBe("300 tier points to Platinum");
    expect(JSON.stringify(told)).not.toInclude("Mai");
    expect(JSON.stringify(told)).not.toInclude("cold");
    expect(displayed(member, { tier: false, progress: false }, dong).tier).toBe("");
});
