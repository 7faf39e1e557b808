import { expect, test } from "@odoo/hoot";
import { LoadService } from "@loyalty_cinema/app/services/load_service";
import { StoredValueRefundService } from "@loyalty_cinema/app/services/stored_value_refund_service";
import { StoredValueService } from "@loyalty_cinema/app/services/stored_value_service";

const order = { uuid: "o", totalDue: 50, loadsTotal: () => 0 };
const line = { uuid: "l", payment_method_id: { id: 1 }, transaction_id: "", getAmount: () => 50 };

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
