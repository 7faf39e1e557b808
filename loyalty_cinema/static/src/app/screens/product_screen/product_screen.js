import { patch } from "@web/core/utils/patch";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { MemberLine } from "@loyalty_cinema/app/components/member_line/member_line";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

patch(ProductScreen, {
    components: { ...ProductScreen.components, MemberLine },
});

patch(ProductScreen.prototype, {
    setup() {
        super.setup(...arguments);
        useCardReader((code) => this.pos.memberCards.welcome(code), { couponsFirst: () => true });
    },
});
