"""What plain Odoo 19 gets wrong with points, replayed: with Odoo's own programs and with ours.

The numbers are the rows of the table in ``docs/architecture.md``. With stored value:
``test_odoo_gaps_native.py`` and ``test_odoo_gaps_tender.py``.
"""

from odoo import Command
from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestOdooGapsPoints(PointsCase):
    """Points of a membership program: earned on the server, taken back with the goods."""

    def test_row_9_a_refund_takes_the_points_back(self):
        order = self.buy(lines=[self.pieces(2, 100)])
        self.give_back((order.lines, 1))
        self.assertEqual(self.points.points, 10)
        self.assert_whole()

    def test_row_11_points_spent_on_a_gift_do_not_become_money(self):
        self.grant(50)
        reward = self.gift_reward(50)
        discount = {
            **self.line(reward.discount_line_product_id, 1, -20, False),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": self.points.id,
            "points_cost": 50,
            "reward_identifier_code": "gift",
        }
        gift = self.line(self.poster, 1, 20, False)
        order = self.sync(self.order([gift, discount], []))
        poster = order.lines.filtered(lambda line: line.product_id == self.poster)
        with self.assertRaisesRegex(Exception, "not out in money"), self.cr.savepoint():
            self.give_back((poster, 1))
        self.give_back(*((line, 1) for line in order.lines))
        self.assertEqual(self.points.points, 50)

    def test_row_12_a_full_credit_note_takes_points_back_and_gives_spent_ones_back(self):
        self.grant(50)
        reward = self.gift_reward(50, self.snack)
        discount = {
            **self.line(reward.discount_line_product_id, 1, -20, False),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": self.points.id,
            "points_cost": 50,
            "reward_identifier_code": "gift",
        }
        order = self.buy(100, 20, lines=[discount], to_invoice=True)
        self.assertEqual(self.points.points, 10)
        order.account_move._reverse_moves([{"ref": "?"}]).action_post()
        self.assertEqual(self.points.points, 50)
        self.assert_whole()

    def test_row_16_points_expire_by_themselves_with_an_entry(self):
        self.program.write({"points_expiry": "months", "expiry_months": 1})
        self.buy(100)
        last_day = self.points.lot_ids.expires_on
        self.ledger.expire(self.points, last_day)
        self.assertEqual(self.points.points, 10, "the last day is theirs")
        entry = self.ledger.expire(self.points, last_day.replace(year=2100))
        self.assertEqual((self.points.points, entry.kind, entry.amount), (0, "expire", -10))
        self.assert_whole()

    def test_row_17_money_earns_once_on_its_way_through_a_wallet(self):
        self.buy(lines=[self.topup_line(100)])
        self.assertEqual(self.points.points, 0)
        order = self.order([self.ticket(100)])
        key = self.authorize(order["uuid"], 100)["key"]
        self.sync(self.order([self.ticket(100)], [(self.tender, 100, key)], uuid=order["uuid"]))
        self.assertEqual(self.points.points, 10)


@tagged("post_install", "-at_install")
class TestOdooGapsNativePoints(PointsCase):
    """The same with a points program of Odoo's own, whose points come with the second request."""

    def setUp(self):
        super().setUp()
        self.native = self.env["loyalty.program"].create(
            {
                "name": "Odoo's points",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": self.company.id,
                "rule_ids": [
                    Command.create({"reward_point_mode": "money", "reward_point_amount": 1})
                ],
            }
        )

    def confirm(self, order, points):
        """The till's second request."""
        data = {
            "-1": {
                "points": points,
                "program_id": self.native.id,
                "coupon_id": -1,
                "partner_id": self.partner.id,
            }
        }
        with self.as_client():
            order.with_user(self.cashier).confirm_coupon_programs(data)
        return self.native.coupon_ids

    def test_row_9_a_refund_takes_the_points_back(self):
        order = self.buy(lines=[self.pieces(3, 100)])
        balance = self.confirm(order, 300)
        left = []
        for _piece in range(3):
            self.give_back((order.lines, 1))
            left.append(balance.points)
        self.assertEqual(left, [200, 100, 0])
        self.assert_whole()

    def test_row_9_each_line_takes_its_own_points_along(self):
        self.native.rule_ids.write({"reward_point_mode": "unit", "product_ids": self.snack.ids})
        order = self.buy(lines=[self.pieces(4, 10), self.line(self.poster, 1, 60, False)])
        balance = self.confirm(order, 4)
        self.give_back((order.lines[1], 1))
        self.assertEqual(balance.points, 4)
        self.give_back((order.lines[0], 3))
        self.assertEqual(balance.points, 1)

    def test_row_12_a_full_credit_note_takes_the_points_back(self):
        order = self.buy(100, to_invoice=True)
        balance = self.confirm(order, 100)
        order.account_move._reverse_moves([{"ref": "?"}]).action_post()
        self.assertEqual(balance.points, 0)

    def test_row_17_a_load_earns_no_points(self):
        order = self.buy(40, lines=[self.topup_line(100)])
        self.assertEqual(self.confirm(order, 140).points, 40)
        [incident] = self.incidents(kind="points")
        self.assertEqual((incident.asked, incident.granted), (140, 40))
        self.assertEqual((incident.user_id, incident.config_id), (self.cashier, self.config))
