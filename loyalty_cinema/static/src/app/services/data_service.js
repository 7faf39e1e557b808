import { ConnectionLostError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { PosData } from "@point_of_sale/app/services/data_service";

patch(PosData.prototype, {
    /** Whoever wants to know what became of a sale hears it here: Odoo keeps it to itself. */
    async call(model, method, args, kwargs) {
        const listener = model === "pos.order" && this.saleListeners?.[method];
        if (!listener) {
            return super.call(...arguments);
        }
        listener.sending?.(args);
        try {
            const answer = await super.call(...arguments);
            listener.sent(args, null, kwargs?.context || {});
            return answer;
        } catch (error) {
            listener.sent(args, error, kwargs?.context || {});
            throw error;
        }
    },
});

/** Nobody knows whether the server has heard of it. */
export const isLost = (error) => error instanceof ConnectionLostError;
