"""Refunds take back what the refunded part earned."""

from odoo.addons.loyalty_cinema.exceptions import RewardRefused
from odoo.tests import tagged

from .points_common import PointsCase


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

    def test_a_refund_line_of_the_wrong_sign_is_refused(self):
        order = self.buy(lines=[self.pieces(2, 50)])
        forged = self.line(self.snack, 2, 0, order.lines.id)
        with self.assertRaises(RewardRefused):
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
