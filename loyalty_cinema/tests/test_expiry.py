from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..domain.amounts import to_decimal
from ..domain.lots import Part
from ..domain.movement import Movement
from .ledger_points_common import PointsCase

#: What two entries of the same expiry may differ in.
OWN = {"id", "balance_id", "card_id", "key", "lot_id", "entry_id", "group_id"}


@tagged("post_install", "-at_install")
class TestExpiry(PointsCase):
    """Points go on their day, or with their member; what is held or pending stays."""

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2031-07-10 15:00:00"))

    def rows(self, table, column, ids):
        """The rows of a table, without what two of the same content differ in."""
        self.cr.execute(f"SELECT * FROM {table} WHERE {column} = ANY(%s) ORDER BY id", (ids,))
        return [
            {name: value for name, value in row.items() if name not in OWN}
            for row in self.cr.dictfetchall()
        ]

    def written(self, expire):
        """All that ``expire`` writes, given a balance with two lots that are over and one not."""
        balance = self.balance(program=self.points_program)
        self.earn(balance, 30, expires_on=date(2031, 7, 1))
        self.earn(balance, 20, expires_on=date(2031, 6, 1))
        self.earn(balance, 5)
        entries = expire(balance)
        self.assertEqual(len(entries), 2)
        self.assert_whole(balance)
        return [
            self.rows("loyalty_ledger_entry", "id", entries.ids),
            self.rows("loyalty_lot_line", "entry_id", entries.ids),
            self.rows("loyalty_history", "card_id", balance.ids),
            self.rows("loyalty_lot", "balance_id", balance.ids),
            self.rows("loyalty_card", "id", balance.ids)[0] | {"code": ""},
        ]

    def test_expiry_writes_the_rows_that_post_would_write(self):
        def by_post(balance):
            late, soon = balance.lot_ids.filtered("expires_on").sorted("id")
            return self.ledger.post(
                Movement(balance.id, -x, "expire", self.key(), parts=(Part(lot.id, -x),))
                for lot, x in ((soon, to_decimal(20)), (late, to_decimal(30)))
            )

        self.assertEqual(self.written(self.ledger.expire), self.written(by_post))

    def test_l4_a_second_run_changes_nothing(self):
        balance = self.balance(program=self.points_program)
        self.earn(balance, 30, expires_on=date(2031, 7, 1))
        self.env["loyalty.lot"]._cron_expire()
        [entry] = balance.entry_ids.filtered(lambda e: e.kind == "expire")
        self.assertEqual(entry.key, f"expire:{balance.lot_ids.id}:1")
        self.env["loyalty.lot"]._cron_expire()
        self.assertEqual(len(balance.entry_ids), 2)

    def test_value_given_back_to_a_lot_that_is_over_expires_again(self):
        balance = self.balance(program=self.points_program)
        self.earn(balance, 30, expires_on=date(2031, 7, 20))
        spend = self.ledger.debit(balance, 10, "redeem", self.key())
        with freeze_time("2031-08-01 15:00:00"):
            self.ledger.expire(balance)
            self.ledger.reverse(spend, self.key())
            self.ledger.expire(balance)
        self.assertEqual(balance.points, 0)
        self.assert_whole(balance)

    def test_a_job_that_stopped_goes_on_where_it_was(self):
        self.ledger.expire()  # what the database holds beside
        balances = [self.balance(program=self.points_program) for _n in range(3)]
        for balance in balances:
            self.earn(balance, 30, expires_on=date(2031, 7, 1))
        self.job_has_time = 0
        self.assertFalse(self.ledger._expire_all(1))
        self.assertEqual(sorted(b.points for b in balances), [0, 30, 30])
        self.job_has_time = 1
        self.assertTrue(self.ledger._expire_all(1))
        self.assertEqual([b.points for b in balances], [0, 0, 0])
        self.assertEqual(self.commits, [(1, 2), (1, 1), (1, 0)])
        self.assert_whole(self.env["loyalty.card"].union(*balances))

    def test_a_batch_of_expiries_is_the_same_number_of_statements_whatever_its_size(self):
        def statements(count):
            balances = self.env["loyalty.card"]
            for _n in range(count):
                balances |= self.balance(program=self.points_program)
                self.earn(balances[-1], 30, expires_on=date(2031, 7, 1))
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.ledger.expire(balances)
            return self.cr.sql_log_count - before

        statements(1)  # which reads what an expiry is called in each language
        self.assertEqual([statements(1), statements(20)], [2, 2])

    def test_l2_what_is_held_or_pending_does_not_expire(self):
        balance = self.balance(program=self.points_program)
        self.earn(balance, 30, expires_on=date(2031, 7, 1))
        self.earn(balance, 7, expires_on=date(2031, 7, 1), available_on=date(2031, 9, 1))
        self.ledger._change_held(balance, 10)
        self.ledger.expire(balance)
        self.assertEqual((balance.points, balance.held, balance.pending), (17, 10, 7))
        self.ledger._change_held(balance, -10)
        self.assert_whole(balance)

    def test_value_is_not_over_before_its_day_is_over_everywhere(self):
        balance = self.balance(program=self.points_program)
        self.earn(balance, 30, expires_on=date(2031, 7, 9))
        with freeze_time("2031-07-10 11:59:00"):
            self.assertFalse(self.ledger.expire(balance))
        self.assertTrue(self.ledger.expire(balance))

    def test_all_goes_of_a_member_who_stays_away(self):
        program = self.membership(points_expiry="inactivity", expiry_months=6)
        partners = self.env["res.partner"].create([{"name": "Away"}, {"name": "Active"}])
        members = self.env["loyalty.member"]._enrol(program, partners, "till")
        away, active = members.sorted("id").balance_id
        with freeze_time("2031-01-05 12:00:00"):
            for balance in (away, active):
                self.earn(balance, 30)
                self.earn(balance, 5, expires_on=date(2035, 1, 1))
        self.ledger.debit(active, 1, "redeem", self.key())
        for _again in range(2):
            self.env["loyalty.lot"]._cron_expire()
        self.assertEqual((away.points, active.points), (0, 34))
        visits = members.sorted("id").mapped("last_visit_on")
        self.assertEqual(visits, [False, date(2031, 7, 10)])
        gone = away.entry_ids.filtered(lambda e: e.kind == "expire")
        self.assertEqual(sorted(gone.mapped("amount")), [-30, -5])
        self.assertIn("6", gone[0].reason)
        self.assertIn(gone[0].reason, away.history_ids.mapped("description"))
        self.assert_whole(away | active)
