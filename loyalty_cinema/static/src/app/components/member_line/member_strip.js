import { MemberView } from "@loyalty_cinema/app/components/member_line/member_view";
import { MemberPanel } from "@loyalty_cinema/app/components/member_panel/member_panel";

/**
 * The panel on screens that are wide enough: beside the order, above the products, where it takes
 * no line away from the order. It comes and goes with the customer only: products that move while
 * somebody taps them would be mistaken for one another.
 */
export class MemberStrip extends MemberView {
    static template = "loyalty_cinema.MemberStrip";
    static components = { MemberPanel };
}
