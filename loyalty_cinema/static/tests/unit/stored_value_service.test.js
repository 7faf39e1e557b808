import { expect, test } from "@odoo/hoot";
import { LoadService } from "@loyalty_cinema/app/services/load_service";
import { StoredValueRefundService } from "@loyalty_cinema/app/services/stored_value_refund_service";
import { StoredValueService } from "@loyalty_cinema/app/services/stored_value_service";

const order = { uuid: "o", totalDue: 50, loadsTotal: () => 0 };
const line = {
    uuid: "l",
    pos_order_id: order,
    payment_method_id: { id: 1 },
    transaction_id: "",
    getAmount: () => 50,
};

test("a key that was cancelled before a reload is followed by the next one", async () => {
    const asked = [];
    const authorize = async ({ key }) => {
        asked.push(key);
        return key === "l:1" ? { ok: false, code: "retry" } : { ok: true, key };
    };
    const pos = { env: { services: { loyalty_till: { authorize } } } };
    const answer = await new StoredValueService(pos)._authorize(line, order, {});
    expect(answer.ok).toBe(true);
    expect(asked).toEqual(["l:1", "l:2"]);
});

test("a line that was removed while the server was asked holds nothing, and asks nothing", async () => {
    for (const answer of [{ ok: true }, { code: "offline" }, { code: "pin_required" }]) {
        const removed = { ...line };
        const voided = [];
        const authorize = async () => {
            delete removed.pos_order_id;
            return answer;
        };
        const till = { authorize, void: (key) => voided.push(key) };
        const service = new StoredValueService({ env: { services: { loyalty_till: till } } });
        const { code, isTold } = await service._authorize(removed, order, {});
        expect([code, isTold]).toEqual(["gone", true]);
        expect(voided).toEqual(answer.code === "pin_required" ? [] : ["l:1"]);
        service._refuse(removed, { message: "nobody reads this" });
    }
});

test("a card that has paid pays more for nobody but its holder", () => {
    const service = new StoredValueService({});
    const method = { id: 1, stored_value_type: "ewallet" };
    const paid = {
        uuid: "p",
        payment_method_id: method,
        transaction_id: "p:1",
        isDone: () => true,
    };
    const credential = { code: "9007199254710746", pin: false };
    const answer = { available: 50, holder: "Mai Tran" };
    const payer = (customer, memo) => {
        service.memos.set("p", { credential, answer, ...memo });
        const sale = { uuid: "o", payment_ids: [paid], getPartner: () => customer };
        return service.knownCredential(sale, method);
    };
    const an = { id: 2, name: "An Pham" };
    const mai = { id: 1, name: "Mai Tran" };
    expect(payer(null)).toBe(credential);
    expect(payer(mai)).toBe(credential);
    expect(payer(an)).toEqual({ partner_id: 2 });
    // two people of one name
    expect(payer({ ...an, name: "Mai Tran" }, { partnerId: 1 })).toEqual({ partner_id: 2 });
    expect(payer(an, { answer: { available: 50, holder: false } })).toBe(credential);
});

test("after a finished order nothing of it stays in memory, above all no card number", () => {
    const done = { uuid: "o", payment_ids: [{ uuid: "p" }], lines: [{ uuid: "l" }] };
    const [value, refunds, loads] = [StoredValueService, StoredValueRefundService, LoadService].map(
        (Service) => new Service({}),
    );
    value.rememberCard(done, { code: "9007199254710001", pin: false });
    value.memos.set("p", { credential: { code: "9007199254710001", pin: "2468" } });
    refunds.plans.set("o", {});
    refunds.approved.add("o");
    loads.credentials.set("l", { code: "9007199254710373" });
    [value, refunds, loads].forEach((service) => service.forget(done));
    const left = [value.scanned, value.memos, refunds.plans, refunds.approved, loads.credentials];
    expect(left.map(({ size }) => size)).toEqual([0, 0, 0, 0, 0]);
});
