import { expect, test } from "@odoo/hoot";
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
