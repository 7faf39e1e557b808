import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useService } from "@web/core/utils/hooks";
import { useCardReader } from "@loyalty_cinema/app/hooks/card_reader_hook";

/** A refusal about a card. The next scan closes it: another card need not wait for a click. */
export class CardAlert extends AlertDialog {
    setup() {
        super.setup();
        const barcodeReader = useService("barcode_reader");
        useCardReader((code) => {
            this.props.close();
            setTimeout(() => barcodeReader.scanCard(code)); // the dialog is gone by then
        });
    }
}
