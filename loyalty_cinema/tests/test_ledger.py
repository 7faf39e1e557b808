from datetime import date

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import (
    InsufficientValue,
    InvalidAmount,
    KeyReused,
    LedgerProtected,
    LoadRefused,
    ReasonMissing,
    TenderRefused,
)
from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestLedger(LedgerCase):
    """What each verb of the ledger promises."""

    def test_l1_load_and_bonus_are_spent_in_proportion_and_refunded_to_their_lots(self):
        balance = self.balance(100, bonus=20)
        spend = self.ledger.debit(balance, 60, "spend", self.key())
        self.assertEqual((spend.paid_amount, spend.bonus_amount), (-50, -10))
        self.assertEqual(balance.points, 60)
        refund = self.ledger.reverse(spend, self.key(), amount=30)
        self.assertEqual((refund.paid_amount, refund.bonus_amount), (25, 5))
        self.assertEqual(sorted(balance.lot_ids.mapped("remaining")), [15, 75])
        self.assert_whole(balance)

    def test_l2_a_debit_beyond_the_balance_takes_nothing(self):
        balance = self.balance(100)
        with self.assertRaises(InsufficientValue):
            self.ledger.debit(balance, 101, "spend", self.key())
        self.assertEqual(balance.points, 100)

    def test_l2_the_database_refuses_what_python_would_let_through(self):
        balance = self.balance(100)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.cr.execute("UPDATE loyalty_card SET points = -1 WHERE id = %s", (balance.id,))

    def test_l2_what_is_on_hold_cannot_be_spent_elsewhere(self):
        balance = self.balance(100)
        hold = self.ledger.authorize(balance, 80, "hold-1", order_uuid="order-1")
        self.assertEqual((balance.available, balance.points), (20, 100))
        with self.assertRaises(InsufficientValue):
            self.ledger.debit(balance, 30, "spend", self.key())
        self.ledger.capture(hold.key, 50)
        self.assertEqual((balance.available, balance.points, hold.state), (50, 50, "captured"))
        self.assert_whole(balance)

    def test_l3_entries_lots_and_holds_are_closed_to_everyone(self):
        balance = self.balance(100)
        self.ledger.authorize(balance, 10, "hold-2")
        for record in (balance.entry_ids, balance.lot_ids, balance.hold_ids):
            for attempt in (
                lambda r=record: r.write({"amount": 1}),
                lambda r=record: r.unlink(),
                lambda r=record: r.create({"balance_id": balance.id, "amount": 5}),
                lambda r=record: r.copy(),
            ):
                with self.assertRaises(LedgerProtected):
                    attempt()

    def test_l4_the_same_key_changes_nothing(self):
        balance = self.balance(100)
        first = self.ledger.debit(balance, 40, "spend", "once")
        self.assertEqual(self.ledger.debit(balance, 40, "spend", "once"), first)
        self.assertEqual(balance.points, 60)
        with self.assertRaises(KeyReused):
            self.ledger.debit(balance, 41, "spend", "once")

    def test_l4_a_hold_is_captured_once_and_never_after_it_was_cancelled(self):
        balance = self.balance(100)
        self.ledger.authorize(balance, 30, "hold-3")
        entry = self.ledger.capture("hold-3")
        self.assertEqual(self.ledger.capture("hold-3"), entry)
        with self.assertRaises(TenderRefused):
            self.ledger.void("hold-3")
        self.ledger.authorize(balance, 30, "hold-4")
        self.assertTrue(self.ledger.void("hold-4"))
        self.assertFalse(self.ledger.void("hold-4"))
        with self.assertRaises(KeyReused):
            self.ledger.authorize(balance, 30, "hold-4")
        self.assertEqual(balance.available, 70)

    def test_l7_a_plain_write_of_points_becomes_a_movement(self):
        balance = self.balance(program=self.points_program)
        balance.points += 12.5
        balance.points -= 2.5
        self.assertEqual(balance.entry_ids.mapped("amount"), [-2.5, 12.5])
        self.assert_whole(balance)

    def test_a_load_is_taken_back_only_as_far_as_it_is_unspent(self):
        balance = self.balance()
        load = self.load(balance, 100)
        self.ledger.debit(balance, 60, "spend", self.key())
        self.load(balance, 500)  # the balance is high enough, the load itself is not
        with self.assertRaisesRegex(LoadRefused, "40"):
            self.ledger.reverse(load, self.key())
        self.ledger.reverse(load, self.key(), amount=40)
        self.assertEqual(balance.points, 500)
        self.assert_whole(balance)

    def test_the_lot_that_expires_first_is_spent_first_and_expiry_spares_holds(self):
        balance = self.balance()
        self.load(balance, 100, expires_on=date(2020, 6, 30))
        self.load(balance, 50, expires_on=date(2020, 3, 31))
        self.ledger.expire(balance, today=date(2020, 4, 1))
        self.assertEqual(balance.points, 100)
        self.ledger._change_held(balance, 30)
        self.ledger.expire(balance, today=date(2020, 7, 1))
        self.assertEqual(balance.points, 30)
        self.ledger._change_held(balance, -30)
        self.assert_whole(balance)

    def test_a_transfer_keeps_price_and_expiry(self):
        source, target = self.balance(), self.balance()
        self.load(source, 100, bonus=20, expires_on=date(2099, 1, 1))
        with self.assertRaises(ReasonMissing):
            self.ledger.transfer(source, target, 60, self.key(), " ")
        self.ledger.transfer(source, target, 60, self.key(), "Two cards, one customer")
        self.assertEqual(
            set(target.lot_ids.mapped(lambda lot: (lot.source, lot.remaining))),
            {("paid", 50), ("bonus", 10)},
        )
        self.assertEqual(set(target.lot_ids.mapped("expires_on")), {date(2099, 1, 1)})
        self.assert_whole(source | target)

    def test_a_clawback_may_go_below_zero_for_points_and_later_points_fill_it(self):
        points, value = self.balance(program=self.points_program), self.balance(10)
        self.ledger.credit(points, 30, "earn", self.key())
        self.ledger.debit(points, 25, "redeem", self.key())
        self.ledger.debit(points, 30, "clawback", self.key())
        self.assertEqual((points.points, points.overdraft), (-25, 25))
        self.ledger.credit(points, 40, "earn", self.key())
        self.assertEqual((points.points, points.overdraft), (15, 0))
        with self.assertRaises(InsufficientValue):
            self.ledger.debit(value, 11, "clawback", self.key())
        self.assert_whole(points | value)

    def test_amounts_that_make_no_sense_are_refused_in_words(self):
        balance = self.balance(100)
        for amount in (0, -5, "abc", 10**13, 0.001, float("nan"), float("inf")):
            with self.subTest(amount=amount), self.assertRaises(InvalidAmount):
                self.ledger.authorize(balance, amount, self.key())
        self.assertEqual(balance.available, 100)

    def test_expired_holds_are_released_and_a_late_order_still_pays(self):
        balance = self.balance(100)
        self.ledger.authorize(balance, 60, "late", expires_at="2020-01-01 00:00:00")
        self.ledger._release_expired_holds()
        self.assertEqual((balance.held, balance.available), (0, 100))
        self.assert_whole(balance)

    def test_balances_from_before_the_installation_get_an_opening_entry(self):
        balances = self.balance() | self.balance(program=self.points_program)
        self.cr.execute(
            "UPDATE loyalty_card SET points = v.points, overdraft = GREATEST(-v.points, 0) FROM "
            "(VALUES (%s, 33.33333), (%s, -5)) AS v(id, points) WHERE loyalty_card.id = v.id",
            balances.ids,
        )
        balances.invalidate_recordset()
        for _again in range(2):
            self.ledger._open_existing_balances()
        self.assertEqual(balances.mapped("entry_ids.amount"), [33.3333, -5])
        self.assertEqual(balances.mapped("overdraft"), [0, 5])
        self.assert_whole(balances)

    def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(self):
        from ..domain.amounts import to_decimal
        from ..domain.movement import Movement

        def statements(count):
            balances = [self.balance(100) for _n in range(count)]
            movements = [Movement(b.id, to_decimal(-5), "spend", self.key()) for b in balances]
            self.env.flush_all()
            before = self.cr.sql_log_count
            self.ledger.post(movements)
            return self.cr.sql_log_count - before

        self.assertEqual(statements(2), statements(40))
