import { useComponent } from "@odoo/owl";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";

/**
 * While this component is shown, scanned member cards come to it; in a popup, while the popup is
 * the one in front.
 *
 * @param {(code: string) => any} memberCard false, or a promise of it, says that there is no such
 *      card: the code goes its usual way
 * @param {Object} [others] further keys of Odoo's `useBarcodeReader`
 */
export function useCardReader(memberCard, others = {}) {
    const { dialogData, services } = useComponent().env;
    useBarcodeReader({
        memberCard,
        ...others,
        isInFront: () => dialogData?.isActive || false,
        // the same card on another order is another scan
        order: () => services.pos.getOrder()?.uuid,
    });
}
