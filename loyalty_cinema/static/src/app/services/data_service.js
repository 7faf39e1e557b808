import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { PosData } from "@point_of_sale/app/services/data_service";

patch(PosData.prototype, {
    /** Whoever wants to know what became of an order hears it here: Odoo keeps it to itself. */
    async call(model, method, args, kwargs) {
        if (model !== "pos.order" || method !== "sync_from_ui") {
            return super.call(...arguments);
        }
        const uuids = args[0].map((order) => order.uuid);
        const tell = (error) => this.onOrdersSent?.(uuids, error, kwargs?.context || {});
        try {
            const answer = await super.call(...arguments);
            tell(null);
            return answer;
        } catch (error) {
            tell(error);
            throw error;
        }
    },
});

/** Nobody knows whether the server has heard of it. */
export const isLost = (error) => error instanceof ConnectionLostError;
