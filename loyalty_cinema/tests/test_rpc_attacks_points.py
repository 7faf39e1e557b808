"""A cashier, and everybody else with the lowest rights, after points, over real JSON-RPC (L1-L7).

Each call is refused, or leaves every balance with no more than what was paid for earns.
"""

from odoo import Command
from odoo.tests import tagged

from .claim_common import ClaimCase
from .rpc_common import RpcTillCase


class PointsAttackCase(ClaimCase, RpcTillCase):
    """A cashier whose till, or browser console, sends what it likes."""

    def setUp(self):
        super().setUp()
        self.friend = self.enrol(self.env["res.partner"].create({"name": "Friend"}))

    def photograph(self):
        """All value, and all that belongs to points."""
        shots = super().photograph()
        for name, query in {
            "points": "SELECT id, points, pending, qualifying_points FROM loyalty_card ORDER BY id",
            "members": "SELECT id, partner_id, balance_id, referrer_id, active FROM loyalty_member "
            "ORDER BY id",
            "adjustments": "SELECT id, state, points, user_id FROM loyalty_adjustment ORDER BY id",
            "earn rules": "SELECT id, rate, active FROM loyalty_earn_rule ORDER BY id",
            "earnings": "SELECT COUNT(*), SUM(points) FROM loyalty_earning",
            "incidents": "SELECT MIN(id) FROM loyalty_incident",
            "terms": "SELECT id, is_membership, grant_limit, point_value, auto_enrol, "
            "referral_points_referrer FROM loyalty_program ORDER BY id",
        }.items():
            self.cr.execute(query)
            shots[name] = self.cr.fetchall()
        return shots

    def send(self, *lines, partner=None, paid=None, **values):
        """One order over RPC, paid in cash; the order, or nothing where it was refused."""
        partner = self.partner if partner is None else partner
        total = sum(line["price_subtotal_incl"] for line in lines)
        paid = total if paid is None else paid
        order = self.order(
            [*lines], [(self.cash, paid, False)] if paid else [], partner_id=partner.id, **values
        )
        answer = self.rpc_or_refusal("pos.order", "sync_from_ui", [order])
        self.assert_whole()
        found = self.env["pos.order"].search([("uuid", "=", order["uuid"])])
        return found if isinstance(answer, dict) else found.browse()

    def back(self, line, price=None, qty=-1):
        """A line that gives ``line`` back, at whatever price."""
        return self.line(line.product_id, qty, line.price_unit if price is None else price, line.id)

    def assert_points(self, points, balance=None):
        self.assertEqual((balance or self.points).points, points)
        self.assert_whole()


@tagged("post_install", "-at_install")
class TestRpcAttacksExchanges(PointsAttackCase):
    """Goods given back that pay for new ones, which earn."""

    def test_l5_goods_given_back_pay_at_most_what_they_cost(self):
        sold = self.send(self.ticket(100))
        self.send(self.back(sold.lines, 9000), self.ticket(9000))
        self.assertLessEqual(self.points.points, 10)

    def test_l5_goods_given_back_pay_once(self):
        sold = self.send(self.ticket(100))
        for _time in range(3):
            self.send(self.back(sold.lines), self.ticket(100))
        self.assertLessEqual(self.points.points, 10)

    def test_l5_a_discount_that_calls_itself_a_refund_is_a_discount(self):
        sold = self.send(self.ticket(100))
        discount = {**self.line(self.snack, 1, -8900, sold.lines.id)}
        self.send(discount, self.ticket(9000), paid=100)
        self.assertLessEqual(self.points.points, 20)

    def test_l5_what_others_bought_does_not_earn_again(self):
        for customer in (self.env["res.partner"], self.friend.partner_id):
            with self.subTest(customer=customer.name):
                sold = self.send(self.ticket(100), partner=customer)
                self.send(self.back(sold.lines), self.ticket(100))
                self.assert_points(0)

    def test_l5_a_discount_that_is_kept_is_off_what_is_kept(self):
        """Also when it is "given back" for nothing."""
        for kept in ((), (0,)):
            with self.subTest(kept=kept):
                discount = self.line(self.poster, 1, -100, False)
                sold = self.send(self.ticket(900), self.ticket(100), discount)
                self.assert_points(90)
                large, _small, off = sold.lines
                self.send(self.back(large), *(self.back(off, price) for price in kept))
                self.assert_points(0)

    def test_l5_an_honest_exchange_earns_as_before(self):
        sold = self.send(self.ticket(100), self.ticket(60))
        self.send(self.back(sold.lines[0]), self.ticket(250))
        self.assert_points(25 + 6)
        self.send(self.back(sold.lines[1]), self.ticket(40))
        self.assert_points(25 + 4)

    def test_l5_a_refund_of_a_refund_earns_nothing(self):
        sold = self.send(self.ticket(100))
        refund = self.send(self.back(sold.lines))
        again = self.line(self.snack, 1, 9000, refund.lines.id)
        self.send(again)
        self.send(again, self.line(self.snack, -1, 8900, sold.lines.id))
        self.assertLessEqual(self.points.points, 10)

    def test_l5_another_company_s_sale_is_not_refunded(self):
        theirs = (
            self.env["pos.order.line"]
            .sudo()
            .search([("company_id", "!=", self.company.id), ("qty", ">", 0)], limit=1)
        )
        before = self.photograph()["points"]
        if theirs:
            self.send(self.back(theirs))
            self.send(self.back(theirs), self.ticket(theirs.price_unit))
        self.assertEqual(self.photograph()["points"], before)

    def test_l5_tiny_and_fractional_refunds_keep_nothing(self):
        sold = self.send(self.pieces(3, 100))
        for _time in range(10):
            self.send(self.line(self.snack, -0.3, 100, sold.lines.id))
        self.assert_points(0)

    def test_l5_prices_below_zero_and_pieces_below_zero(self):
        self.send(self.line(self.snack, -1, -9000, False))
        self.assertLessEqual(self.points.points, 900)
        before = self.points.points
        self.send(self.ticket(9000), self.line(self.snack, -1, 9000, False), paid=0)
        self.send(self.line(self.snack, 1, -9000, False), self.ticket(9000), paid=0)
        self.assert_points(before)


@tagged("post_install", "-at_install")
class TestRpcAttacksPaidOrders(PointsAttackCase):
    """Orders that are changed after they were paid, or never were."""

    def test_l4_a_paid_order_keeps_what_a_refund_needs(self):
        sold = self.send(self.pieces(2, 100))
        refund = self.send(self.back(sold.lines))
        self.assert_points(10)
        draft = self.order([self.ticket(1)], state="draft")
        [draft] = self.rpc("pos.order", "sync_from_ui", [draft])["pos.order"]
        line = {"order_id": sold.id, **self.ticket(9000)}
        for model, method, *args in (
            ("pos.order.line", "write", refund.lines.ids, {"order_id": draft["id"]}),
            ("pos.order.line", "write", sold.lines.ids, {"order_id": draft["id"]}),
            ("pos.order.line", "write", refund.lines.ids, {"refunded_orderline_id": False}),
            ("pos.order.line", "write", sold.lines.ids, {"qty": 1000}),
            ("pos.order.line", "write", sold.lines.ids, {"loyalty_shares": {}}),
            ("pos.order.line", "write", sold.lines.ids, {"refund_orderline_ids": [(5,)]}),
            ("pos.order.line", "create", [line]),
            ("pos.order.line", "unlink", sold.lines.ids),
            ("pos.order", "write", sold.ids, {"lines": [Command.create(self.ticket(9000))]}),
            ("pos.order", "write", sold.ids, {"lines": [Command.set([])]}),
            ("pos.order", "write", draft["id"], {"lines": [Command.link(refund.lines.id)]}),
            ("pos.order", "write", sold.ids, {"state": "cancel"}),
            ("pos.order", "write", sold.ids, {"state": "draft"}),
            ("pos.order", "write", sold.ids, {"loyalty_settled": False}),
            ("pos.order", "action_pos_order_cancel", sold.ids),
            ("pos.order", "action_pos_order_paid", sold.ids),
            ("pos.order", "copy", sold.ids),
            ("pos.order", "unlink", sold.ids),
        ):
            answer = self.rpc_or_refusal(model, method, *args)
            with self.subTest(f"{method} {args}"):
                self.assertEqual(refund.lines.refunded_orderline_id, sold.lines, answer)
                self.assertEqual((sold.state, sold.lines.qty, len(sold.lines)), ("paid", 2, 1))
                self.assertEqual((sold.lines.order_id, refund.lines.order_id), (sold, refund))
                self.assert_points(10)
        self.send(self.back(sold.lines))
        self.assert_points(0)

    def test_l5_another_customer_written_on_a_paid_order_gets_nothing(self):
        sold = self.send(self.ticket(100))
        for values in (
            {"partner_id": self.friend.partner_id.id},
            {"partner_id": False},
            {"date_order": "2020-01-01 00:00:00"},
        ):
            self.rpc_or_refusal("pos.order", "write", sold.ids, values)
            self.rpc_or_refusal("pos.order", "action_pos_order_paid", sold.ids)
        self.assert_points(0, self.friend.balance_id)
        self.send(self.back(sold.lines), partner=self.friend.partner_id)
        self.assert_points(0)
        self.assert_points(0, self.friend.balance_id)

    def test_l4_a_refund_takes_the_row_of_what_it_refunds(self):
        sold = self.send(self.ticket(100), partner=self.env["res.partner"])

        def version():
            self.cr.execute("SELECT ctid FROM pos_order WHERE id = %s", sold.ids)
            return self.cr.fetchone()

        before = version()
        self.send(self.back(sold.lines), partner=self.env["res.partner"])
        self.assertNotEqual(version(), before, "two refunds at once would both be paid out")

    def test_l5_drafts_and_declared_payments_earn_nothing(self):
        order = self.order([self.ticket(9000)], [], state="draft")
        [draft] = self.rpc("pos.order", "sync_from_ui", [order])["pos.order"]
        for method, *args in (
            ("action_pos_order_paid", draft["id"]),
            ("write", draft["id"], {"amount_total": 0}),
            ("action_pos_order_paid", draft["id"]),
            ("write", draft["id"], {"amount_paid": 9000, "state": "paid"}),
            ("action_pos_order_paid", draft["id"]),
            ("write", draft["id"], {"state": "done"}),
            ("_earn", draft["id"]),
            ("_earn_or_collect", draft["id"]),
            ("_process_saved_order", draft["id"], False),
        ):
            self.rpc_or_refusal("pos.order", method, *args)
        for extra in ({"state": "done"}, {"amount_total": 0, "amount_paid": 0}):
            self.send(self.ticket(9000), paid=0, **extra)
        self.assert_points(0)

    def test_l4_the_same_order_again_earns_once(self):
        order = self.order([self.ticket(100)], [(self.cash, 100, False)])
        self.rpc("pos.order", "sync_from_ui", [order])
        self.rpc_or_refusal("pos.order", "sync_from_ui", [order, order])
        self.rpc_or_refusal("pos.order", "sync_from_ui", [{**order, "state": "draft"}, order])
        self.assert_points(10)
        dearer = {**self.order([self.ticket(900)], [(self.cash, 900, False)])}
        self.rpc_or_refusal("pos.order", "sync_from_ui", [{**dearer, "uuid": order["uuid"]}])
        self.assert_points(10)

    def test_l5_tips_and_change_earn_nothing(self):
        self.config.write({"iface_tipproduct": True, "tip_product_id": self.poster.id})
        self.send(self.line(self.poster, 1, 5000, False))
        self.assert_points(0)
        order = self.order([self.ticket(100)], [(self.cash, 9000, False)], amount_return=8900)
        self.rpc_or_refusal("pos.order", "sync_from_ui", [order])
        self.assertLessEqual(self.points.points, 10)
