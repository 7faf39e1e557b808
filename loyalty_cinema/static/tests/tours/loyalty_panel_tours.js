import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as Member from "@loyalty_cinema/../tests/tours/utils/loyalty_member_util";
import * as Panel from "@loyalty_cinema/../tests/tours/utils/loyalty_panel_util";

const { POINTS_CARDS } = Member;
const tours = registry.category("web_tour.tours");

/** One scan tells all of it; what a Diamond member has is applied by one touch each. */
tours.add("LoyaltyDiamondTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.scan(POINTS_CARDS.mai),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            Panel.tierIs("Diamond"),
            Panel.says("Birthday today"),
            Panel.says("Day of the cinema"),
            Panel.says("Happy birthday, Mai Tran"),
            Panel.says("750,000"),
            Panel.says("Personal service"),
            Panel.says("80,000"),
            Till.look("diamond birthday"),
            Till.sell("Film evening"),
            Till.sell("Combo 1"),
            Panel.touchVoucher("30 % today"),
            Panel.voucherIsOn("30 % today"),
            Till.ProductScreen.totalAmountIs("490,000"),
            Panel.touchVoucher("30 % today"),
            Panel.voucherIsOff("30 % today"),
            Till.ProductScreen.totalAmountIs("700,000"),
            Panel.touchVoucher("Birthday popcorn"),
            Panel.voucherIsOn("Birthday popcorn"),
            Till.ProductScreen.totalAmountIs("700,000"),
            Panel.touchVoucher("Food voucher"),
            Panel.voucherIsOn("Food voucher"),
            Till.ProductScreen.totalAmountIs("450,000"),
            Panel.finishTask("Photo on the wall"),
            Till.look("diamond vouchers"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.receiptSays("Food voucher"),
            Till.receiptSays("Left, until"),
            Till.receiptSays("500,000"),
            Till.look("receipt of a voucher"),
            Till.nextOrder(),
            Till.chooseCustomer("Mai Tran"),
            Panel.says("500,000"),
            Panel.noVoucher("Birthday popcorn"),
            Till.look("diamond afterwards"),
        ].flat(Infinity),
});

/** Enrolled, greeted and noted down in passing; then a drink, and the combo of both. */
tours.add("LoyaltyNewcomerTour", {
    steps: () =>
        [
            Till.openTill(),
            Member.newMember(),
            Member.enrol("Lan Vo", "0901 555 777"),
            Panel.tierIs("Silver"),
            Panel.says("First time here"),
            Till.look("newcomer"),
            Panel.openProfile(),
            Panel.setBirthday("2001-05-17"),
            Panel.touchChip("With friends"),
            Panel.touchChip("Comedy"),
            Panel.touchChip("Being known at the till"),
            Till.look("profile popup"),
            Panel.saveProfile(),
            Till.notificationSays("Saved"),
            Panel.says("Comedy"),
            Till.sell("Popcorn"),
            Panel.suggests("Cola"),
            Panel.suggests("Movie combo (+ Drink)"),
            Till.look("suggestions"),
            Panel.takeSuggestion("Cola"),
            Till.ProductScreen.totalAmountIs("80,000"),
            Panel.suggests("As Movie combo"),
            Panel.suggests("15,000"),
            Panel.takeCombo(),
            Till.ProductScreen.totalAmountIs("65,000"),
            Till.look("combo taken"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** A Gold member who stayed away, with an open complaint; then a customer who is no member. */
tours.add("LoyaltyAbsentTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("An Pham"),
            Panel.tierIs("Gold"),
            Panel.says("82 days since the last visit"),
            Panel.says("Popcorn was cold"),
            Panel.ringUpUsual("Popcorn"),
            Till.ProductScreen.totalAmountIs("50,000"),
            Till.look("gold long absent"),
            Panel.fold(),
            Panel.isFolded(),
            Panel.signals("fa-exclamation-triangle"),
            Till.look("panel folded"),
            Panel.fold(),
            Panel.isShown(),
            Till.chooseCustomer("Binh Le"),
            Member.isNoMember(),
            Panel.says("First time here"),
            Till.look("no member yet"),
        ].flat(Infinity),
});

/** Without a connection: the last known, marked; nothing of it can be claimed. */
tours.add("LoyaltyPanelOfflineTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Panel.tierIs("Diamond"),
            Till.chooseCustomer("An Pham"),
            Panel.tierIs("Gold"),
            Member.cutConnection(),
            Till.chooseCustomer("Mai Tran"),
            Panel.isOld(),
            Panel.tierIs("Diamond"),
            Panel.vouchersWait(),
            Till.look("panel offline"),
            Till.chooseCustomer("Binh Le"),
            Panel.nothingIsKnown(),
            Till.look("unknown offline"),
            Till.chooseCustomer("Mai Tran"),
            Panel.isOld(),
            Member.restoreConnection(),
            Panel.isNew(),
            Panel.tierIs("Diamond"),
        ].flat(Infinity),
});

/** Only a look, in whatever language the cashier works. */
tours.add("LoyaltyPanelLookTour", {
    steps: () =>
        [
            Till.Chrome.startPoS(),
            Till.scan(POINTS_CARDS.mai),
            Panel.isShown(),
            Till.sell("Popcorn"),
            Till.look("diamond vietnamese"),
            Panel.openProfile(),
            Till.look("profile vietnamese"),
            Panel.closeProfile(),
            Panel.isShown(),
        ].flat(Infinity),
});

/** A telephone shows one line of the member, and the rest when it is asked for. */
tours.add("LoyaltyPanelSmallTour", {
    steps: () =>
        [
            Till.Chrome.startPoS(),
            Till.scan(POINTS_CARDS.mai),
            Panel.tierIs("Diamond"),
            Panel.isFolded(),
            Panel.signals("fa-birthday-cake"),
            Panel.signals("fa-ticket", "3"),
            Panel.signals("fa-check-square-o", "1"),
            Till.look("telephone products"),
            Panel.showCart(),
            Panel.tierIs("Diamond"),
            Panel.isFolded(),
            Till.look("telephone folded"),
            Panel.fold(),
            Panel.isShown(),
            Till.look("telephone unfolded"),
        ].flat(Infinity),
});

/** On a small counter: the order keeps Odoo's room, and nothing moves when the panel comes late. */
tours.add("LoyaltyPanelPlaceTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.resizeTo(1024, 600),
            Till.sell("Film evening"),
            Till.sell("Popcorn"),
            Panel.rememberProducts(),
            Panel.orderListIsAtLeast(96),
            Till.disturbNetwork("loyalty.till", { delay: 1500 }),
            Till.scan(POINTS_CARDS.mai),
            Panel.productsStayed(),
            Panel.isShown(),
            Panel.productsStayed(),
            Panel.suggests("Movie combo (+ Drink)"),
            Panel.orderListIsAtLeast(96),
            Till.healNetwork(),
            Till.look("small counter"),
        ].flat(Infinity),
});

/** A voucher of three pieces on an order with one: told before the customer pays. */
tours.add("LoyaltyPiecesLostTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.scan(POINTS_CARDS.mai),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            Till.sell("Popcorn"),
            Panel.touchVoucher("Three popcorns"),
            Panel.voucherIsOn("Three popcorns"),
            Till.sell("Film evening"),
            Till.ProductScreen.clickPayButton(false),
            Till.Dialog.is({ title: "More pieces are free" }),
            Till.Dialog.bodyIs("gives 3 pieces, and this order has 1. Ring up 2 more"),
            Till.look("pieces lost"),
            Till.Dialog.cancel({ title: "More pieces are free" }),
            Till.sell("Popcorn"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.nextOrder(),
            Till.chooseCustomer("Mai Tran"),
            Panel.noVoucher("Three popcorns"),
        ].flat(Infinity),
});
