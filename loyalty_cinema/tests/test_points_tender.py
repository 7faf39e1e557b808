"""Points as a payment: terms, holds, capture, refunds."""

from uuid import uuid4

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..exceptions import TenderRefused
from .tender_common import PointsTenderCase


@tagged("post_install", "-at_install")
class TestPointsTender(PointsTenderCase):
    """Money on the order, points on the balance, exactly equal."""

    def test_part_of_an_order_is_paid_with_points(self):
        self.grant(500)
        order = self.pay_by_points(30)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.points.held, 0)
        # 300 points for 30; the 70 in cash earn 10 %, the points nothing
        self.assertEqual(self.points.points, 500 - 300 + 7)
        [tender] = order.loyalty_receipt["tenders"]
        self.assertEqual((tender["amount"], tender["points"]), (30, 300))
        paid = order.payment_ids.filtered(lambda p: p.payment_method_id == self.by_points)
        self.assertFalse(paid.card_no, "a member's name is no card number")
        self.assert_whole()

    def test_as_much_as_there_is(self):
        self.grant(123)
        answer = self.ask(100)
        self.assertEqual((answer["amount"], answer["points"]), (12.3, 123))
        self.assertEqual((answer["available"], answer["available_money"]), (0, 0))

    def test_minimum(self):
        self.terms(pay_min_points=200)
        self.grant(150)
        self.assertEqual(self.ask(50)["code"], "insufficient")
        self.grant(350)
        self.assertEqual(self.ask(10)["code"], "limit")
        self.assertEqual(self.ask(30)["points"], 300)

    def test_step(self):
        self.terms(pay_step_points=100)
        self.grant(550)
        self.assertEqual(self.ask(48)["points"], 400)
        self.assertEqual(self.ask(48, exact=True)["code"], "limit")

    def test_share_of_the_goods_over_all_payments(self):
        self.terms(pay_max_share=30)
        self.grant(1000)
        uuid = str(uuid4())
        self.assertEqual(self.ask(100, uuid, goods=100)["amount"], 30)
        self.assertEqual(self.ask(100, uuid, goods=100)["code"], "limit")

    def test_points_that_are_no_whole_coin_pay_in_units(self):
        self.terms(point_value=0.03, points_step=0.1)
        self.grant(100.5)
        answer = self.ask(100)
        # 1 point is 3 cents, 0.1 points are no coin: whole points pay
        self.assertEqual((answer["points"], answer["amount"]), (100, 3))
        self.assertEqual(self.ask(1, exact=True)["code"], "limit")

    def test_pending_points_do_not_pay(self):
        self.pending(500)
        answer = self.ask(10)
        self.assertEqual(answer["code"], "insufficient")
        self.assertIn("Linh", answer["message"])

    def test_programs_that_do_not_pay(self):
        self.grant(500)
        self.terms(pay_with_points=False)
        self.assertFalse(self.ask(10)["ok"])

    def test_terms_that_cannot_be(self):
        for values in ({"point_value": 0}, {"pay_max_share": 0}, {"pay_max_share": 101}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.terms(**values)


@tagged("post_install", "-at_install")
class TestPointsCapture(PointsTenderCase):
    """What the server checks when the order is paid, whatever was authorised (L5)."""

    def setUp(self):
        super().setUp()
        self.grant(1000)
        self.uuid = str(uuid4())

    def pay(self, amount, key, price=100, lines=None, **values):
        lines = lines or [self.ticket(price)]
        total = sum(line["price_subtotal_incl"] for line in lines)
        payments = [(self.by_points, amount, key), (self.cash, total - amount, False)]
        return self.sync(self.order(lines, payments, uuid=self.uuid, **values))

    def test_l5_no_more_than_was_held(self):
        with self.assertRaises(TenderRefused):
            self.pay(40, self.held(self.uuid, 30))

    def test_a_lowered_payment_costs_less(self):
        self.pay(20, self.held(self.uuid, 30))
        self.assertEqual(self.points.points, 1000 - 200 + 8)
        self.assertEqual(self.points.held, 0)

    def test_l5_money_that_is_no_number_of_points(self):
        key = self.held(self.uuid, 30)
        self.terms(pay_step_points=7)
        with self.assertRaises(TenderRefused):
            self.pay(30, key)

    def test_l5_share_is_checked_on_the_lines(self):
        self.terms(pay_max_share=50)
        key = self.held(self.uuid, 40, goods=1000)  # what the till says of the goods
        with self.assertRaises(TenderRefused):
            self.pay(40, key, price=60)

    def test_l5_points_of_another_customer(self):
        key = self.held(self.uuid, 30)
        with self.assertRaises(TenderRefused):
            self.pay(30, key, partner_id=self.person("Hoa").id)

    def test_a_presented_card_pays_for_a_friend(self):
        kind = self.env["loyalty.card.kind"].create({"name": "Points", "opens_points": True})
        card = self.env["loyalty.member.card"].create(
            {"kind_id": kind.id, "holder_id": self.partner.id}
        )
        card._activate()
        key = self.held(self.uuid, 30, credential={"code": card.code})
        order = self.pay(30, key, partner_id=self.person("Hoa").id)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.points.points, 700)

    def test_l5_points_do_not_pay_loads(self):
        key = self.held(self.uuid, 30)
        with self.assertRaises(TenderRefused):
            self.pay(30, key, lines=[self.topup_line(100)])

    def test_l5_points_do_not_pay_gift_cards_of_odoos_own(self):
        key = self.held(self.uuid, 30)
        gift = self.native_gift.rule_ids.product_ids
        with self.assertRaises(TenderRefused):
            self.pay(30, key, lines=[self.line(gift, 1, 50, False)])

    def test_l5_a_wallet_method_does_not_take_points(self):
        key = self.held(self.uuid, 30)
        with self.assertRaises(TenderRefused):
            self.sync(self.order([self.ticket(30)], [(self.tender, 30, key)], uuid=self.uuid))

    def test_l4_synchronised_twice(self):
        order = self.order([self.ticket(30)], [], uuid=self.uuid)
        order["payment_ids"] = self.order([], [(self.by_points, 30, self.held(self.uuid, 30))])[
            "payment_ids"
        ]
        self.sync(order)
        self.sync(order)
        self.assertEqual(self.points.points, 700)

    @classmethod
    def person(cls, name):
        return cls.env["res.partner"].create({"name": name})


@tagged("post_install", "-at_install")
class TestPointsTenderRefund(PointsTenderCase):
    """Points go back to the very lots, in proportion of the money they paid."""

    def setUp(self):
        super().setUp()
        self.grant(1000)

    def test_all_at_once(self):
        order = self.pay_by_points(100)
        [lot] = self.points.lot_ids.filtered(lambda lot: lot.amount == 1000)
        self.assertEqual(lot.remaining, 0)
        self.give_back((order.lines, 1), payments=[(self.by_points, -100, False)])
        self.assertEqual(lot.remaining, 1000)
        self.assert_whole()

    def test_the_value_of_a_point_has_changed_meanwhile(self):
        order = self.pay_by_points(100)
        self.terms(point_value=0.2)
        self.give_back((order.lines, 1), payments=[(self.by_points, -100, False)])
        self.assertEqual(self.points.points, 1000)

    def test_three_parts_end_at_zero(self):
        self.terms(point_value=0.07)
        order = self.pay_by_points(10.5, lines=[self.pieces(3, 3.5)])
        self.assertEqual(self.points.points, 850)
        for back in (3.5, 3.5, 3.5):
            self.give_back((order.lines, 1), payments=[(self.by_points, -back, False)])
        self.assertEqual(self.points.points, 1000)
        self.assert_whole()

    def test_no_more_than_was_paid(self):
        order = self.pay_by_points(50)
        with self.assertRaises(TenderRefused):
            self.give_back((order.lines, 1), payments=[(self.by_points, -100, False)])

    def test_not_in_cash(self):
        order = self.pay_by_points(50)
        with self.assertRaises(TenderRefused):
            self.give_back((order.lines, 1))

    def test_the_plan_names_the_points(self):
        order = self.pay_by_points(50)
        plan = self.till.refund_plan(self.session.id, order.id, 100)
        [tender] = plan["tenders"]
        self.assertEqual((tender["amount"], tender["points"], plan["cash"]), (50, 500, 50))
