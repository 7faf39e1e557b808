"""Refunds take back what the refunded part earned, and give back what was spent on it."""

from odoo.tests import tagged

from ..domain.amounts import to_decimal
from ..exceptions import TenderRefused
from .points_common import PointsCase
from .tender_common import PointsTenderCase


@tagged("post_install", "-at_install")
class TestClawback(PointsCase):
    """Points follow the goods, to the last fraction."""

    def test_three_partial_refunds_of_three_pieces_end_at_zero(self):
        self.rule.write({"kind": "per_amount", "rate": 1, "per_amount": 30})
        self.earn_rule(kind="per_visit", rate=10, target="qualifying")
        order = self.buy(lines=[self.pieces(3, 40)])
        left = [(self.points.points, self.points.qualifying_points)]
        for _piece in range(3):
            self.give_back((order.lines, 1))
            left.append((self.points.points, self.points.qualifying_points))
        self.assertEqual(left, [(4, 10), (2, 6), (1, 3), (0, 0)])
        self.assert_whole()

    def test_the_receipt_of_a_refund_says_what_was_taken_back(self):
        order = self.buy(100, 100)
        refund = self.give_back((order.lines[0], 1))
        block = refund.loyalty_receipt["points"]
        self.assertEqual((block["clawed_back"], block["earned"], block["balance"]), (10, 0, 10))

    def test_l4_a_refund_that_is_sent_again_takes_nothing_more(self):
        order = self.buy(lines=[self.pieces(2, 50)])
        refund = self.order([self.back_line(order.lines, 1)], [(self.cash, -50, False)])
        for _again in range(2):
            self.sync(dict(refund))
        self.env["pos.order"].search([("uuid", "=", refund["uuid"])]).action_pos_order_paid()
        self.assertEqual(self.points.points, 5)

    def test_the_balance_falls_below_zero_and_later_points_fill_it(self):
        order = self.buy(100)
        self.ledger.debit(self.points, 8, "redeem", self.key())
        self.give_back((order.lines, 1))
        self.assertEqual(self.points.points, -8)
        self.buy(50)
        self.assertEqual((self.points.points, self.points.available), (-3, -3))
        self.buy(50)
        self.assertEqual((self.points.points, self.points.overdraft), (2, 0))
        self.assert_whole()

    def test_pending_points_are_cancelled(self):
        self.program.pending_mode = "next_day"
        self.grant(5)
        order = self.buy(100)
        self.assertEqual(self.points.pending, 10)
        self.give_back((order.lines, 1))
        self.assertEqual(
            (self.points.points, self.points.pending, self.points.available), (5, 0, 5)
        )
        self.assert_whole()

    def test_who_refunds_does_not_matter(self):
        order = self.buy(100)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.give_back((order.lines, 1), partner_id=stranger.id)
        self.assertEqual(self.points.points, 0)

    def test_the_back_office_refunds(self):
        order = self.buy(100, lines=[self.pieces(3, 10)])
        refund = self.env["pos.order"].browse(order.refund()["res_id"])
        refund.lines[0].unlink()
        refund.lines.qty = -2
        refund.lines._onchange_amount_line_all()
        refund._compute_prices()
        refund.add_payment(
            {"pos_order_id": refund.id, "amount": -20, "payment_method_id": self.cash.id}
        )
        refund.action_pos_order_paid()
        self.assertEqual(self.points.points, 11)

    def test_money_given_back_for_a_hundredth_of_a_piece_takes_all(self):
        order = self.buy(100)
        line = {**self.line(self.snack, -0.01, 10000, order.lines.id)}
        self.sync(self.order([line], [(self.cash, -100, False)]))
        self.assertEqual(self.points.points, 0)

    def test_a_refund_line_of_the_wrong_sign_saves_no_points(self):
        order = self.buy(lines=[self.pieces(2, 50)])
        forged = self.line(self.snack, 2, 0, order.lines.id)
        self.sync(self.order([forged], []))
        self.give_back((order.lines, 2))
        self.assertEqual(self.points.points, 0)

    def test_an_exchange_takes_back_and_earns(self):
        order = self.buy(100)
        exchange = self.give_back((order.lines, 1), lines=[self.ticket(130)])
        self.assertEqual(self.points.points, 13)
        block = exchange.loyalty_receipt["points"]
        self.assertEqual((block["earned"], block["clawed_back"]), (13, 10))

    def test_an_exchange_of_goods_paid_by_bonus_earns_on_the_paid_part_only(self):
        self.scheme(25)
        self.buy(lines=[self.topup_line(100)])
        order = self.order([self.ticket(100)])
        key = self.authorize(order["uuid"], 100)["key"]
        sold = self.sync(
            self.order([self.ticket(100)], [(self.tender, 100, key)], uuid=order["uuid"])
        )
        self.give_back((sold.lines, 1), lines=[self.ticket(100)])
        self.assertEqual(self.points.points, 8)

    def test_several_exchanges_and_refunds_end_at_zero(self):
        first = self.buy(90, 30)
        second = self.give_back((first.lines[0], 1), lines=[self.ticket(60), self.ticket(30)])
        self.give_back((second.lines.filtered("qty")[-1], 1))
        rest = (first.lines[1] | second.lines).filtered(
            lambda line: line.qty > 0 and not line.refunded_qty
        )
        for line in rest:
            self.give_back((line, 1))
        self.assertEqual(self.points.points, 0)
        self.assert_whole()

    def test_points_of_a_member_merged_since_are_taken_from_who_is_left(self):
        order = self.buy(lines=[self.pieces(2, 50)])
        kept = self.enrol(self.env["res.partner"].create({"name": "Linh Tran"}))
        partners = self.partner | kept.partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, kept.partner_id)
        self.assertEqual(kept.points, 10)
        for left in (5, 0):
            self.give_back((order.lines, 1), partner_id=kept.partner_id.id)
            self.assertEqual((kept.points, self.points.points), (left, 0))
        self.assert_whole()

    def test_a_refund_of_expired_points_is_owed(self):
        self.program.write({"points_expiry": "months", "expiry_months": 1})
        order = self.buy(100)
        self.ledger.expire(self.points, self.points.lot_ids.expires_on.replace(year=2100))
        self.assertEqual(self.points.points, 0)
        self.give_back((order.lines, 1))
        self.assertEqual(self.points.points, -10)
        self.assert_whole()


@tagged("post_install", "-at_install")
class TestClaimsReturned(PointsCase):
    """What was spent on refunded rewards comes back, into the lots it came from."""

    def claim(self, reward, balance, cost, price=20):
        """The lines of a gift: the product, and the discount that makes it free."""
        gift = self.line(self.poster, 1, price, False)
        discount = {
            **self.line(reward.discount_line_product_id, 1, -price, False),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": balance.id,
            "points_cost": cost,
            "reward_identifier_code": "gift",
        }
        return [gift, discount]

    def test_points_of_a_refunded_gift_come_back_into_their_lots(self):
        self.grant(60)
        [lot] = self.points.lot_ids
        reward = self.gift_reward(50)
        order = self.buy(100, lines=self.claim(reward, self.points, 50))
        self.assertEqual(self.points.points, 20)
        self.assertEqual(order.loyalty_receipt["points"]["spent"], 50)
        gift = order.lines.filtered(lambda line: line.product_id != self.snack)
        refund = self.give_back(*((line, 1) for line in gift))
        self.assertEqual((self.points.points, lot.remaining), (70, 60))
        self.assertEqual(refund.loyalty_receipt["points"]["given_back"], 50)
        self.assert_whole()

    def test_l4_a_gift_comes_back_once(self):
        self.grant(50)
        order = self.buy(100, lines=self.claim(self.gift_reward(50), self.points, 50))
        gift = order.lines.filtered(lambda line: line.product_id != self.snack)
        for _again in range(2):
            self.give_back(*((line, 1) for line in gift))
        self.assertEqual(self.points.points, 60)

    def test_a_coupon_is_usable_again_after_a_full_refund(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Coupons",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {})],
                "reward_ids": [
                    (0, 0, {"reward_type": "discount", "discount": 20, "required_points": 1})
                ],
            }
        )
        coupon = self.native_card(1, program)
        line = {**self.claim_line(coupon, 20, 1)}
        order = self.buy(100, lines=[line])
        self.assertEqual((coupon.points, self.points.points), (0, 8))
        self.give_back(*((line, 1) for line in order.lines))
        self.assertEqual((coupon.points, self.points.points), (1, 0))
        found = self.config.use_coupon_code(coupon.code, "2026-01-15 10:00:00", False, False)
        self.assertTrue(found["successful"], found)

    def test_a_coupon_for_the_next_order_goes_with_the_order_that_brought_it(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Next order",
                "program_type": "next_order_coupons",
                "trigger": "auto",
                "applies_on": "future",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {"reward_point_mode": "order"})],
                "reward_ids": [(0, 0, {"reward_type": "discount", "discount": 20})],
            }
        )
        order = self.buy(100)
        data = {"-1": {"points": 1, "program_id": program.id, "coupon_id": -1, "barcode": "044"}}
        order.with_user(self.cashier).confirm_coupon_programs(data)
        self.assertEqual(program.coupon_ids.points, 1)
        self.give_back((order.lines, 1))
        self.assertEqual(program.coupon_ids.points, 0)


@tagged("post_install", "-at_install")
class TestPaidWithPoints(PointsTenderCase):
    """Goods that points paid for a part of: refunds and exchanges."""

    def setUp(self):
        super().setUp()
        self.grant(400)
        self.sold = self.pay_by_points(40, lines=[self.pieces(2, 50)])
        self.assertEqual(self.points.points, 6)

    def test_a_refund_gives_points_and_money_back(self):
        payments = [(self.by_points, -40, False), (self.cash, -60, False)]
        self.give_back((self.sold.lines, 2), payments=payments)
        self.assertEqual(self.points.points, 400)
        self.assert_whole()

    def test_an_exchange_earns_on_what_money_paid(self):
        exchange = self.give_back((self.sold.lines, 2), lines=[self.ticket(100)])
        self.assertEqual(self.points.points, 6)
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.give_back((exchange.lines[-1], 1))
        payments = [(self.by_points, -40, False), (self.cash, -60, False)]
        self.give_back((exchange.lines[-1], 1), payments=payments)
        self.assertEqual(self.points.points, 400)

    def test_an_exchange_of_one_piece_earns_on_its_share(self):
        self.give_back((self.sold.lines, 1), lines=[self.ticket(150)])
        self.assertEqual(self.points.points, 3 + 13, "50 of the 150 were paid as the piece was")


@tagged("post_install", "-at_install")
class TestCreditNotes(PointsCase):
    """A credit note of the back office on the invoice of an order takes points back, too."""

    def invoiced(self, *prices):
        order = self.buy(*prices, to_invoice=True)
        self.assertTrue(order.account_move)
        return order

    def credit(self, order, share=1):
        """Credit a share of the order's invoice."""
        reversal = order.account_move._reverse_moves([{"ref": "?"}])
        for line in reversal.invoice_line_ids:
            line.price_unit = float(to_decimal(line.price_unit) * to_decimal(share))
        reversal.action_post()
        return reversal

    def test_a_full_credit_note_takes_all_back(self):
        self.credit(self.invoiced(100, 50))
        self.assertEqual(self.points.points, 0)
        self.assert_whole()

    def test_partial_credit_notes_take_their_share_and_end_at_zero(self):
        order = self.invoiced(100)
        left = []
        for share in (0.25, 0.25, 0.5):
            self.credit(order, share)
            left.append(self.points.points)
        self.assertEqual(left, [7, 5, 0])

    def test_a_refund_at_the_till_after_a_credit_note_takes_nothing_twice(self):
        order = self.invoiced(100)
        self.credit(order)
        self.give_back((order.lines, 1))
        self.assertEqual(self.points.points, 0)
