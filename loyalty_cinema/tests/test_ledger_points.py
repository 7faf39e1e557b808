from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ..domain.amounts import to_decimal
from ..domain.movement import Movement, Reversal
from ..exceptions import InsufficientValue, KeyReused
from .ledger_points_common import PointsCase


@tagged("post_install", "-at_install")
class TestLedgerPoints(PointsCase):
    """Pending and qualifying points, and what is taken back of them."""

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2031-07-10 15:00:00"))
        self.points = self.balance(program=self.points_program)

    def numbers(self):
        """Points, pending, available, overdraft."""
        points = self.points
        return points.points, points.pending, points.available, points.overdraft

    def test_l2_pending_points_are_seen_and_not_spent(self):
        self.earn(self.points, 30, available_on=date(2031, 7, 11))
        self.earn(self.points, 5)
        self.assertEqual(self.numbers(), (35, 30, 5, 0))
        for attempt in (
            lambda: self.ledger.debit(self.points, 6, "redeem", self.key()),
            lambda: self.ledger.authorize(self.points, 6, self.key()),
        ):
            with self.assertRaises(InsufficientValue):
                attempt()
        self.assert_whole(self.points)

    def test_pending_points_are_available_on_the_company_s_day(self):
        self.points_program.company_id = self.company
        self.earn(self.points, 30, available_on=date(2031, 7, 11))
        for zone, expected in (("America/Lima", 0), ("Asia/Ho_Chi_Minh", 30)):
            self.company.partner_id.tz = zone
            with freeze_time("2031-07-10 17:30:00"):  # half past midnight in Vietnam
                self.env["loyalty.lot"]._cron_mature()
            self.assertEqual(self.points.available, expected)
        self.assert_whole(self.points)

    def test_sales_and_waiting_go_by_one_clock(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "America/Lima"
        self.env.user.tz = "Asia/Ho_Chi_Minh"
        with freeze_time("2031-07-11 03:00:00"):
            earned_on = self.membership()._moment(datetime(2031, 7, 11, 3))[0]
            self.assertEqual(earned_on, date(2031, 7, 10))
            self.assertEqual(self.env["res.company"]._loyalty_days()[self.company.id], earned_on)

    def test_points_whose_day_has_come_are_spent_before_any_job_ran(self):
        self.earn(self.points, 30, available_on=date(2031, 7, 11))
        with freeze_time("2031-07-12 00:00:00"):
            self.ledger.debit(self.points, 20, "redeem", self.key())
        self.assertEqual(self.numbers(), (10, 0, 10, 0))
        self.assert_whole(self.points)

    def test_members_read_from_when_points_can_be_spent(self):
        self.earn(self.points, 30, available_on=date(2031, 7, 11))
        self.earn(self.points, 30)
        later, now = self.points.history_ids.sorted("id").mapped("description")
        self.assertEqual(now, "Points earned")
        self.assertRegex(later, "^Points earned, available from .*2031")

    def test_maturing_takes_a_batch_at_a_time(self):
        with freeze_time("2031-07-12 00:00:00"):
            self.ledger._mature_due()  # what others are waiting for
            for _n in range(3):
                self.earn(self.points, 10, available_on=date(2031, 7, 13))
        with freeze_time("2031-07-14 00:00:00"):
            self.ledger._mature_all(2)
        self.assertEqual((self.commits, self.numbers()), ([(2, 1), (1, 0)], (30, 0, 30, 0)))

    def test_a_clawback_takes_the_very_points_of_the_sale_pending_or_not(self):
        self.earn(self.points, 20)
        sale = self.earn(self.points, 30, available_on=date(2031, 7, 11))
        self.ledger.reverse(sale, self.key(), amount=12, kind="clawback")
        self.assertEqual(self.numbers(), (38, 18, 20, 0))
        self.ledger.reverse(sale, self.key(), kind="clawback")
        self.assertEqual(self.numbers(), (20, 0, 20, 0))
        with self.assertRaises(InsufficientValue):
            self.ledger.reverse(sale, self.key(), amount=1, kind="clawback")
        self.assert_whole(self.points)

    def test_a_clawback_of_spent_points_takes_others_then_pending_ones_then_owes(self):
        sale = self.earn(self.points, 50)
        self.ledger.debit(self.points, 50, "redeem", self.key())
        self.earn(self.points, 10)
        self.earn(self.points, 15, available_on=date(2031, 7, 11))
        expected = [(13, 13, 0, 0), (-25, 0, -25, 25)]
        for amount, numbers in zip((12, 38), expected, strict=True):
            self.ledger.reverse(sale, self.key(), amount=amount, kind="clawback")
            self.assertEqual(self.numbers(), numbers)
        self.earn(self.points, 40, available_on=date(2031, 7, 11))  # fills the debt at once
        self.assertEqual(self.numbers(), (15, 15, 0, 0))
        self.assert_whole(self.points)

    def test_a_clawback_leaves_a_payment_under_way_alone_as_long_as_it_can(self):
        sale = self.earn(self.points, 50)
        self.ledger.debit(self.points, 50, "redeem", self.key())
        self.earn(self.points, 20)
        self.earn(self.points, 15, available_on=date(2031, 7, 11))
        hold = self.ledger.authorize(self.points, 20, self.key())
        self.ledger.reverse(sale, self.key(), amount=15, kind="clawback")
        self.assertEqual(self.numbers(), (20, 0, 0, 0))
        self.ledger.capture(hold.key)
        self.assert_whole(self.points)

    def test_qualifying_points_move_beside_the_amount_or_alone(self):
        sale = self.earn(self.points, 30, qualifying=4)
        alone = Movement(
            self.points.id, to_decimal(0), "earn", self.key(), qualifying=to_decimal(3)
        )
        [entry] = self.ledger.post([alone])
        self.assertEqual((entry.amount, self.points.qualifying_points), (0, 7))
        self.assertFalse(entry.lot_line_ids)
        self.assertEqual(len(self.points.history_ids), 1)  # members read of points they can spend
        self.ledger.reverse(sale, self.key(), amount=0, qualifying=1, kind="clawback")
        self.ledger.reverse(sale, self.key(), kind="clawback")
        self.assertEqual((self.points.points, self.points.qualifying_points), (0, 3))
        with self.assertRaises(InsufficientValue):
            self.ledger.reverse(sale, self.key(), amount=0, qualifying=1, kind="clawback")
        self.assert_whole(self.points)

    def test_a_clawback_that_was_wrong_is_taken_back_itself(self):
        sale = self.earn(self.points, 30, qualifying=4, available_on=date(2031, 7, 11))
        clawback = self.ledger.reverse(sale, self.key(), kind="clawback")
        self.ledger.reverse(clawback, self.key(), kind="adjust", reason="Wrong order")
        self.assertEqual(self.numbers(), (30, 30, 0, 0))
        self.assertEqual(self.points.qualifying_points, 4)
        self.assert_whole(self.points)

    def test_a_correction_reaches_pending_points_and_stops_at_zero(self):
        self.earn(self.points, 5)
        self.earn(self.points, 30, available_on=date(2031, 7, 11))
        with self.assertRaises(InsufficientValue):
            self.ledger.debit(self.points, 36, "adjust", self.key(), reason="Typing error")
        self.points.points = 0
        self.assertEqual(self.numbers(), (0, 0, 0, 0))
        self.assert_whole(self.points)

    def test_l4_a_batch_of_clawbacks_counts_what_it_has_taken_and_repeats_nothing(self):
        sale = self.earn(self.points, 30, qualifying=to_decimal(3))
        asked = [Reversal(sale, f"{self.key()}", 10, 1), Reversal(sale, f"{self.key()}")]
        entries = self.ledger.claw_back(asked)
        self.assertEqual(entries.mapped("amount"), [-10, -20])
        self.assertEqual(entries.mapped("qualifying_points"), [-1, -2])
        self.assertEqual(self.ledger.claw_back(asked), entries)
        with self.assertRaises(KeyReused):
            self.ledger.claw_back([Reversal(sale, asked[0].key, 11)])
        self.assert_whole(self.points)

    def test_a_transfer_of_everything_keeps_pending_points_pending(self):
        target = self.balance(program=self.points_program)
        self.earn(self.points, 20, expires_on=date(2032, 1, 1))
        self.earn(self.points, 30, available_on=date(2031, 7, 11))
        self.ledger.transfer(self.points, target, None, self.key(), "Merged")
        self.assertEqual((self.points.points, target.points, target.pending), (0, 50, 30))
        self.assertEqual(target.lot_ids.filtered("pending").available_on, date(2031, 7, 11))
        self.assert_whole(self.points | target)
