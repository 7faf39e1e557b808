import { patch } from "@web/core/utils/patch";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { MemberLine } from "@loyalty_cinema/app/components/member_line/member_line";

patch(ProductScreen, {
    components: { ...ProductScreen.components, MemberLine },
});

patch(ProductScreen.prototype, {
    setup() {
        super.setup(...arguments);
        useBarcodeReader({
            memberCard: (code) => this.pos.memberCards.welcome(code),
            couponsFirst: () => true,
        });
    },
});
