import { patch } from "@web/core/utils/patch";
import { ClosePosPopup } from "@point_of_sale/app/components/popups/closing_popup/closing_popup";

// the server names the sales that it refused, those of other devices too
patch(ClosePosPopup, { props: [...ClosePosPopup.props, "loyalty_refused?"] });
