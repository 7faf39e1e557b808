import { patch } from "@web/core/utils/patch";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { MemberLine } from "@loyalty_cinema/app/components/member_line/member_line";
import { MemberStrip } from "@loyalty_cinema/app/components/member_line/member_strip";
import { SuggestionBar } from "@loyalty_cinema/app/components/suggestion_bar/suggestion_bar";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

patch(ProductScreen, {
    components: { ...ProductScreen.components, MemberLine, MemberStrip, SuggestionBar },
});

patch(ProductScreen.prototype, {
    setup() {
        super.setup(...arguments);
        useCardReader((code) => this.pos.memberCards.welcome(code), { couponsFirst: () => true });
    },
});
