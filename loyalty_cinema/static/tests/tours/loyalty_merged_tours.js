import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as Member from "@loyalty_cinema/../tests/tours/utils/loyalty_member_util";
import * as Panel from "@loyalty_cinema/../tests/tours/utils/loyalty_panel_util";

/** What a restaurant does with two tables: the lines become lines of the other order. */
const mergeIntoOrderOf = (name) => ({
    content: `put the order together with that of ${name}`,
    trigger: "body",
    run: () => {
        const pos = window.posmodel;
        const source = pos.getOrder();
        const partner = pos.models["res.partner"].find((partner) => partner.name === name);
        const target = pos.addNewOrder();
        target.setPartner(partner);
        while (source.lines.length) {
            const values = { ...source.lines[0].raw, order_id: target.id };
            delete values.uuid;
            delete values.id;
            pos.models["pos.order.line"].create(values, false, true);
            source.lines[0].delete();
        }
        pos.setOrder(target);
        if (!target.loadLines().every((line) => line.loyalty_balance_id)) {
            throw new Error("a top-up has lost whose it is");
        }
    },
});

/** T23: a voucher of one guest, a bill of another: heard before anybody has paid. */
registry.category("web_tour.tours").add("LoyaltyMergedTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("An Pham"), // the till knows him
            Till.scan(Member.POINTS_CARDS.mai),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            Till.sell("Combo 1"),
            Panel.touchVoucher("Food voucher"),
            Panel.voucherIsOn("Food voucher"),
            Till.sell("Wallet top-up"),
            Till.enterLoad("100000"),
            Till.ProductScreen.totalAmountIs("100,000"),
            mergeIntoOrderOf("An Pham"),
            Till.goPay(),
            Till.chooseMethod("Cash"),
            Till.validate(),
            {
                content: "it says whose voucher it is",
                trigger: '.modal-body:contains("belongs to Mai Tran"):contains("taken off")',
            },
            Till.look("voucher of another"),
            Till.alertSays("belongs to Mai Tran"),
            Till.chooseMethod("Bank"),
            Till.lineIs("Bank", "250,000"),
            Till.validate(),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
        ].flat(Infinity),
});
