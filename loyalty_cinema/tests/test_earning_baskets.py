"""The baskets of ``docs/earning.md``: worked by hand, bought at the till and on a sales order."""

from odoo.tests import tagged

from .basket_common import PURSE, BasketCase, Bought, Reward

ONE = {"kind": "per_amount", "rate": 1, "per_amount": 1}
PIECE = {"kind": "per_unit", "rate": 1}
FREE = {"reward_type": "product", "reward_product_qty": 1}


def off(discount, mode="percent", on="order", **more):
    """The values of a reward that is a discount."""
    return {
        "reward_type": "discount",
        "discount": discount,
        "discount_mode": mode,
        "discount_applicability": on,
        **more,
    }


def some(*names):
    """One of each."""
    return [Bought(name) for name in names]


#: ``number: (rules, goods, rewards, points)``; goods on a sales order where Odoo adds the free one.
BASKETS = {
    1: (
        [{"kind": "percent", "rate": 5}],
        [Bought("ticket", 2), Bought("popcorn", 1, 29)],
        [],
        11,
    ),
    2: ([{**ONE, "per_amount": 10}], [Bought("coffee", 1, 14)] * 3, [], 4),
    3: ([ONE], some("ticket", "wine"), [], 100),
    4: ([ONE], some("ticket", "wine"), [Reward({**FREE, "product": "wine"}, 100)], 100),
    5: ([ONE], some("ticket", "wine"), [Reward(off(10), 20)], 90),
    6: ([ONE], some("ticket", "wine"), [Reward(off(50, "per_order"), 50)], 75),
    7: (
        [ONE],
        some("ticket", "wine"),
        [Reward(off(20, on="specific", products="ticket"), 20)],
        80,
    ),
    8: ([ONE], some("ticket", "popcorn"), [Reward(off(100, on="cheapest"), 30)], 100),
    9: ([{"kind": "percent", "rate": 10, "on": ["menu"]}], some("menu"), [], 3),
    10: ([{**PIECE, "on": ["menu"]}], [Bought("menu", 2), Bought("coffee")], [], 2),
    11: ([{**PIECE, "on": ["coffee"]}], [Bought("menu", 2), Bought("coffee")], [], 3),
    12: ([ONE], some("plain menu", "ticket"), [], 100),
    13: (
        [{**PIECE, "on": ["coffee"]}],
        [Bought("coffee", 3)],
        [Reward({**FREE, "product": "coffee"}, 10)],
        2,
    ),
    14: ([PIECE], [Bought("ticket", 4)], [Reward(off(50), 200)], 4),
    15: (
        [PIECE],
        [Bought("ticket", 4)],
        [Reward(off(50, on="specific", products="ticket"), 200)],
        4,
    ),
    16: (
        [PIECE],
        [Bought("coffee", 2)],
        [Reward(off(1, "per_point", discount_max_amount=10), 10)],
        1,
    ),
    17: ([PIECE], [Bought("coffee", 1, None, "uom.product_uom_dozen", 12)], [], 12),
    18: ([PIECE], [Bought("nuts", 1500, None, "uom.product_uom_gram", 0.001)], [], 1),
    19: (
        [
            {"kind": "percent", "rate": 10, "on": ["poster"], "exclusive": True, "sequence": 1},
            {"kind": "percent", "rate": 5, "sequence": 2},
        ],
        some("poster", "ticket"),
        [],
        95,
    ),
    20: ([{**ONE, "cap_order": 500}], some("poster"), [], 500),
}
#: Where Odoo adds the free piece to a sales order by itself.
ORDERED = {4: some("ticket"), 13: [Bought("coffee", 2)]}


@tagged("post_install", "-at_install")
class TestEarningBaskets(BasketCase):
    """The same points by both ways, and those that were worked out by hand."""

    def setUp(self):
        super().setUp()
        self.grant(PURSE)

    def check(self, number, way):
        rules, goods, rewards, points = BASKETS[number]
        self.rules(*rules)
        if way == "till":
            self.at_till(goods, rewards)
        else:
            self.on_order(ORDERED.get(number, goods), rewards)
        self.assertEqual(self.earned_by(), points)
        self.assert_whole()

    def test_baskets_at_the_till(self):
        for number in BASKETS:
            with self.subTest(number), self.cr.savepoint() as undo:
                self.check(number, "till")
                undo.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def test_baskets_on_sales_orders(self):
        for number in BASKETS:
            with self.subTest(number), self.cr.savepoint() as undo:
                self.check(number, "order")
                undo.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def ways(self):
        """Buy and give back, by both ways; each undone at its end."""
        for buy, back in (
            (self.at_till, self.back_at_till),
            (self.on_order, self.back_on_order),
        ):
            with self.subTest(buy.__name__), self.cr.savepoint() as undo:
                yield buy, back
                self.assert_whole()
                undo.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def test_21_a_cap_is_asked_again_of_what_is_left(self):
        for buy, back in self.ways():
            self.rules({**ONE, "cap_order": 500})
            order = buy([Bought("ticket", 9)])
            self.assertEqual(self.earned_by(), 500)
            back(order, "ticket", 6)
            self.assertEqual(self.earned_by(), 300)
            back(order, "ticket", 3)
            self.assertEqual(self.earned_by(), 0)

    def test_orders_from_before_go_by_their_shares(self):
        for buy, back in self.ways():
            self.rules({**ONE, "cap_order": 500})
            order = buy([Bought("ticket", 9)])
            self.cr.execute("DELETE FROM loyalty_earn_basis")
            self.env.invalidate_all()
            back(order, "ticket", 6)
            self.assertEqual(self.earned_by(), 166)

    def test_spend_towards_a_tier_is_spread_over_all_goods(self):
        self.program.tier_measure = "spend"
        for buy, back in self.ways():
            order = buy(some("ticket", "wine"), [Reward(off(10), 20)])
            self.assertEqual(self.points.qualifying_points, 90)
            back(order, "wine", 1)
            self.assertEqual(self.points.qualifying_points, 80, "20 stay off the ticket")

    def test_room_under_a_cap_is_filled_once(self):
        """In the order of the sales, and never above the cap; the rules are those of the day."""
        for buy, back in self.ways():
            self.rules({**ONE, "cap_day": 500})
            first = buy([Bought("ticket", 4)])
            second, third = buy([Bought("ticket", 3)]), buy([Bought("ticket", 6)])
            self.assertEqual(self.earned_by(), 500)
            self.program.earn_rule_ids.rate = 7
            back(first, "ticket", 1)
            self.assertEqual(self.earned_by(), 500, "the second has 200 of its 300")
            back(first, "ticket", 3)
            self.assertEqual(self.earned_by(), 500, "300 and 200")
            back(second, "ticket", 3)
            self.assertEqual(self.earned_by(), 500)
            back(third, "ticket", 4)
            self.assertEqual(self.earned_by(), 200)
            back(third, "ticket", 2)
            self.assertEqual(self.earned_by(), 0)

    def test_one_refund_of_two_receipts_gives_neither_the_room_of_the_other(self):
        self.rules({**ONE, "cap_day": 100})
        first, second = (self.at_till([Bought("ticket", 3)]) for _receipt in range(2))
        self.assertEqual(self.earned_by(), 100)
        # tills refund one order at a time, the office may put two into one document
        refund = self.env["pos.order"].browse(first.refund()["res_id"])
        other = self.env["pos.order"].browse(second.refund()["res_id"])
        other.lines.order_id = refund
        refund._compute_prices()
        refund.add_payment(
            {"pos_order_id": refund.id, "amount": -600, "payment_method_id": self.cash.id}
        )
        refund.action_pos_order_paid()
        self.assertEqual(refund._refunded_order(), first | second)
        self.assertEqual(self.earned_by(), 0)
        self.assert_whole()

    def test_till_and_office_give_back_parts_of_one_order_under_a_cap(self):
        self.rules({**ONE, "cap_order": 500})
        lines, paid = [self.line(self.product["ticket"], 9, 100, False)], [(self.cash, 900, False)]
        for at_till, in_office, left in ((4, 4, 100), (4, 5, 0)):
            with self.subTest(in_office), self.cr.savepoint() as undo:
                order = self.sync(self.order(lines, paid, to_invoice=True))
                self.give_back((order.lines, at_till))
                self.assertEqual(self.earned_by(), 500)
                note = order.account_move._reverse_moves([{}])
                note.invoice_line_ids.quantity = in_office
                note.action_post()
                self.assertEqual(self.earned_by(), left)
                basis = self.env["loyalty.earn.basis"].search([("origin_id", "=", order.id)])
                self.assertEqual(round(sum(order._kept_of(basis).values()) * 900, 6), left)
                self.assert_whole()
                undo.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def given_by_rule(self):
        """What the report of points by rule, which caps are measured by, says of all rules."""
        return sum(self.env["loyalty.earning"].search([]).mapped("points"))

    def test_a_credit_note_that_is_undone_gives_again_what_it_took(self):
        before = self.given_by_rule()
        self.rules({**ONE, "cap_order": 500}, {"kind": "percent", "rate": 10})
        order = self.on_order([Bought("ticket", 9)])
        note = self.back_on_order(order, "ticket", 6)
        self.assertEqual((self.earned_by(), self.given_by_rule() - before), (330, 330))
        note.button_draft()
        self.assertEqual((self.earned_by(), self.given_by_rule() - before), (590, 590))
        note.action_post()
        self.assertEqual((self.earned_by(), self.given_by_rule() - before), (330, 330))
        self.assert_whole()

    def test_goods_that_come_back_with_their_sale_are_no_pieces(self):
        self.rules({"kind": "per_unit", "rate": 1})
        self.at_till([Bought("ticket", 3)])
        lines = [self.line(self.product["ticket"], n, 100, False) for n in (3, -1)]
        self.sync(self.order(lines, [(self.cash, 200, False)]))
        self.assertEqual(self.earned_by(), 3 + 2)

    def test_22_a_discount_that_stays_behind_is_off_what_is_left(self):
        for buy, back in self.ways():
            self.rules(ONE)
            order = buy(some("poster", "ticket"), [Reward(off(100, "per_order"), 100)])
            self.assertEqual(self.earned_by(), 900)
            back(order, "poster", 1)
            self.assertEqual(self.earned_by(), 0)

    def test_23_part_refunds_are_exact(self):
        for buy, back in self.ways():
            self.rules({**ONE, "per_amount": 10})
            order = buy([Bought("coffee", 3, 14)])
            for points in (2, 1, 0):
                back(order, "coffee", 1)
                self.assertEqual(self.earned_by(), points)

    def test_24_a_refund_makes_room_under_the_cap_of_the_day(self):
        for buy, back in self.ways():
            self.rules({**ONE, "cap_day": 500})
            first, second = buy(some("poster")), buy(some("poster"))
            self.assertEqual(self.earned_by(), 500)
            back(first, "poster", 1)
            self.assertEqual(self.earned_by(), 500)
            back(second, "poster", 1)
            self.assertEqual(self.earned_by(), 0)

    def test_25_a_visit_is_a_day(self):
        for buy, back in self.ways():
            self.rules({"kind": "per_visit", "rate": 10})
            first, second = buy(some("ticket")), buy(some("ticket"))
            self.assertEqual(self.earned_by(), 10)
            back(first, "ticket", 1)
            self.assertEqual(self.earned_by(), 10)
            back(second, "ticket", 1)
            self.assertEqual(self.earned_by(), 0)
