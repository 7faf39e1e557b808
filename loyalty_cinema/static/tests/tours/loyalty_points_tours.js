import { registry } from "@web/core/registry";
import * as Till from "@loyalty_cinema/../tests/tours/utils/loyalty_till_util";
import * as Member from "@loyalty_cinema/../tests/tours/utils/loyalty_member_util";

const { POINTS_CARDS } = Member;

/** A newcomer in a few seconds, keyboard only; an existing customer is found by phone. */
registry.category("web_tour.tours").add("LoyaltyEnrolTour", {
    steps: () =>
        [
            Till.openTill(),
            // searched for in vain: what was typed is not typed again
            Member.newMemberFromList("0901 555 777"),
            Member.fieldIs("phone", "0901 555 777"),
            Till.look("enrol popup"),
            Member.pressEnter(),
            Till.popupSays("name"),
            Member.fill("name", "Lan Vo"),
            Member.pressEnter(),
            Till.notificationSays("Lan Vo"),
            Till.ProductScreen.customerIsSelected("Lan Vo"),
            Member.memberIs("Lan Vo · 0 "),
            Till.look("enrolled"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.receiptSays("Earned"),
            Till.receiptSays("2,500"),
            Till.nextOrder(),
            // a customer who is no member yet, found by phone; brought by somebody unknown
            Member.newMember(),
            Member.fill("referrer", "0909 999 999"),
            Member.fill("phone", "0902333444"),
            Member.pressEnter(),
            Till.popupSays("No member has this card"),
            Till.look("enrol refused"),
            Member.fill("referrer", "0901 555 777"),
            Member.pressEnter(),
            Till.notificationSays("An Pham"),
            Till.ProductScreen.customerIsSelected("An Pham"),
            Till.look("found by phone"),
            // a customer chosen on the order is enrolled with one Enter
            Till.chooseCustomer("Binh Le"),
            Member.isNoMember(),
            Member.newMember(),
            Till.look("enrol customer"),
            Member.pressEnter(),
            Member.memberIs("Binh Le · 0 "),
        ].flat(Infinity),
});

/** A new card in the Card popup becomes the newcomer's, and scanning it tells who came. */
registry.category("web_tour.tours").add("LoyaltyEnrolCardTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.openCardPopup(),
            Till.findCard(POINTS_CARDS.fresh),
            Till.cardShows("Not active yet"),
            Member.newMemberFromCard(),
            Member.enrol("Lan Vo", "0901 555 777"),
            Member.cardIsActive(),
            Till.look("card of a new member"),
            Till.closeCardPopup(),
            Member.memberIs("Lan Vo · 0 "),
        ].flat(Infinity),
});

/** Scan, sell, earn, and take it back: the numbers are the server's. */
registry.category("web_tour.tours").add("LoyaltyEarnTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.scan(POINTS_CARDS.mai),
            Till.notificationSays("Mai Tran · 12,300"),
            Till.ProductScreen.customerIsSelected("Mai Tran"),
            Member.memberIs("Mai Tran · 12,300"),
            Till.look("member scanned"),
            Till.sell("Film evening"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.receiptSays("Earned"),
            Till.receiptSays("22,500"),
            Till.receiptSays("To spend from"),
            Till.receiptSays("34,800"),
            Till.look("receipt earned"),
            Till.nextOrder(),
            Till.chooseCustomer("Mai Tran"),
            Member.memberIs("12,300"),
            Member.memberIs("+22,500"),
            Till.look("member pending"),
            // the refund takes back what was earned
            Till.refundOrder("450,000"),
            Till.payAll("Cash"),
            Till.receiptSays("Taken back"),
            Till.receiptSays("12,300"),
            Till.look("receipt taken back"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Any part of an order by points: as much as the share allows, changed, refused, given back. */
registry.category("web_tour.tours").add("LoyaltyPayByPointsTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Popcorn"),
            Till.goPay(),
            Till.chooseMethod("Points"),
            Till.lineIs("Points", "12,000"),
            Till.lineSays("12,000"),
            Till.lineSays("300"),
            Till.look("paid by points"),
            // not a multiple of the step
            Till.PaymentScreen.clickNumpad("1 5 0 0"),
            Till.lineSays("Not taken yet"),
            Till.takeAgain(),
            Member.sees("1,000"),
            Till.look("points refused"),
            Till.alertSays("1,000"),
            Till.PaymentScreen.clickNumpad("⌫ ⌫ ⌫ ⌫ 1 0 0 0 0"),
            Till.takeAgain(),
            Till.lineIs("Points", "10,000"),
            Till.lineSays("2,300"),
            Till.payAll("Cash"),
            Till.receiptSays("Points used"),
            Till.receiptSays("10,000"),
            Till.look("receipt points used"),
            Till.nextOrder(),
            // the refund goes back the same way
            Till.refundOrder("50,000"),
            Till.lineIs("Points", "-10,000"),
            Till.lineSays("10,000"),
            Till.look("refund to points"),
            Till.payAll("Cash"),
            Till.receiptSays("Points given back"),
            Till.look("receipt points given back"),
            Till.nextOrder(),
            // a card with two balances asks which one pays
            Till.sell("Combo 1"),
            Till.goPay(),
            Till.scan(POINTS_CARDS.mai),
            Member.sees("Member wallet"),
            Till.look("which balance pays"),
            Till.chooseFromList("Member wallet", "80,000"),
            Till.lineIs("Member wallet", "80,000"),
            Till.payAll("Cash"),
            Till.receiptSays("80,000"),
            Till.receiptSays("₫"),
            Till.receiptSays("Earned"),
            Till.look("receipt dong"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** A gift is claimed when asked for; ringing the product up claims nothing; brought back, its points are, too. */
registry.category("web_tour.tours").add("LoyaltyGiftTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Member.memberIs("12,300"),
            Till.sell("Film evening"),
            Till.sell("Popcorn"),
            Till.ProductScreen.totalAmountIs("500,000"),
            Member.claim("Popcorn · 5,000"),
            Till.ProductScreen.totalAmountIs("450,000"),
            Member.memberIs("5,000 for rewards"),
            Till.look("gift claimed"),
            Till.goPay(),
            Till.payAll("Cash"),
            Till.receiptSays("Used for rewards"),
            Till.receiptSays("5,000"),
            Till.look("receipt gift"),
            Till.nextOrder(),
            // the gift is given back, and its points with it; the evening stays sold
            Till.refundLines("450,000", "Popcorn", "Free Product"),
            Till.look("refund of a gift"),
            Till.validate(),
            Till.receiptSays("Given back"),
            Till.receiptSays("5,000"),
            Till.look("receipt gift given back"),
            Till.nextOrder(),
            Till.chooseCustomer("Mai Tran"),
            Member.memberIs("Mai Tran · 34,800"),
        ].flat(Infinity),
});

/** Points that another till has spent meanwhile: said politely, corrected, the order stays. */
registry.category("web_tour.tours").add("LoyaltyStaleTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Member.memberIs("12,300"),
            Till.sell("Film evening"),
            Member.claim("Popcorn"),
            Till.ProductScreen.totalAmountIs("450,000"),
            Member.otherTillClaims(12000),
            Till.goPay(),
            Till.chooseMethod("Cash"),
            Till.validate(),
            Member.sees("300"),
            Till.look("stale balance"),
            Till.alertSays("taken off the order"),
            Till.PaymentScreen.remainingIs("50,000"),
            Till.PaymentScreen.clickBack(),
            Member.memberIs("Mai Tran · 300"),
            Till.ProductScreen.totalAmountIs("500,000"),
            Till.goPay(),
            Till.removeLine("Cash", "450,000"),
            Till.payAll("Cash"),
            Till.nextOrder(),
        ].flat(Infinity),
});

/** Without a connection: no rewards for points, and the receipt says that points follow. */
registry.category("web_tour.tours").add("LoyaltyPointsOfflineTour", {
    steps: () =>
        [
            Till.openTill(),
            Till.chooseCustomer("Mai Tran"),
            Member.memberIs("12,300"),
            Till.sell("Film evening"),
            Member.claim("Popcorn"),
            Till.goPay(),
            Till.chooseMethod("Cash"),
            Member.cutConnection(),
            Till.validate(),
            Member.sees("need the connection"),
            Till.look("reward offline"),
            Till.alertSays("need the connection"),
            Member.restoreConnection(),
            Till.validate(),
            Till.ReceiptScreen.isShown(),
            Till.nextOrder(),
            Till.chooseCustomer("Mai Tran"),
            Till.sell("Combo 1"),
            Till.goPay(),
            Till.chooseMethod("Cash"),
            Member.cutConnection(),
            Till.validate(),
            Member.goOnOffline(),
            Till.receiptSays("Points follow once the till is connected"),
            Till.look("receipt offline"),
            Member.restoreConnection(),
            Till.nextOrder(),
        ].flat(Infinity),
});
