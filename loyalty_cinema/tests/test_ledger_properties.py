"""Any sequence of movements keeps L1 to L4: the service against a second, simpler book.

Hypothesis plays sequences of loads, bonuses, holds, captures, refunds, transfers and days that
pass, and shrinks the first one that breaks an invariant to the shortest that does. Derandomised:
the same sequences in every run. Run alone with more examples::

    LEDGER_EXAMPLES=2000 script/test loyalty_cinema/tests/test_ledger_properties.py
"""

import os
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from odoo.fields import Datetime
from odoo.tests import tagged

from ..domain.lots import NewLot
from ..domain.movement import Movement
from ..exceptions import KeyReused, LoyaltyError
from .ledger_book import NEVER, ZERO, Book, Refused
from .ledger_common import LedgerCase

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", 60))
STEPS_MAX = 25
START = date(2030, 1, 1)
CENT = Decimal("0.01")
WALLETS = st.sampled_from([0, 1])
BALANCES = st.sampled_from([0, 1, 2])  # the last one holds points
#: Cents, so that a third of something always leaves a remainder.
AMOUNTS = st.integers(1, 20000).map(lambda cents: Decimal(cents) / 100)
LIFETIMES = st.none() | st.integers(0, 40)  # days
SHARES = st.none() | st.integers(1, 120).map(lambda percent: Decimal(percent) / 100)


class LedgerMachine(RuleBasedStateMachine):
    """Two wallets and a points balance; each rule is done to the ledger and to the book."""

    case = None  # the test case, set by the test
    holds = Bundle("holds")
    spends = Bundle("spends")
    loads = Bundle("loads")

    def __init__(self):
        super().__init__()
        self.env, self.ledger = self.case.env, self.case.ledger
        self.savepoint = self.case.cr.savepoint(flush=False)
        programs = [self.case.wallet_program] * 2 + [self.case.points_program]
        self.balances = [self.case.balance(program=program) for program in programs]
        self.book, self.today, self.cancelled = Book(), START, set()
        for balance in self.balances:
            self.book.open(balance.id)
        clock = patch.object(type(self.ledger), "_today", lambda ledger: self.today)
        clock.start()
        self.stop_clock = clock.stop

    def teardown(self):
        """Forget this example: its rows and what the ORM remembers of them."""
        self.stop_clock()
        self.savepoint.close()
        self.env.invalidate_all(flush=False)

    # -- what customers and managers do ----------------------------------------------------------

    @rule(
        target=loads,
        n=WALLETS,
        amount=AMOUNTS,
        life=LIFETIMES,
        bonus=st.none() | AMOUNTS,
        bonus_life=st.just("same") | LIFETIMES,
    )
    def load(self, n, amount, life, bonus, bonus_life):
        """A load with or without bonus; the bonus expires with it or on a day of its own."""
        balance, key = self.balances[n], self.case.key()
        entries = [self._credit(balance, amount, "load", "paid", key, life)]
        if bonus:
            life = life if bonus_life == "same" else bonus_life
            entries.append(self._credit(balance, bonus, "bonus", "bonus", f"{key}:bonus", life, key))
        return multiple(*entries)

    @rule(target=loads, amount=AMOUNTS, life=LIFETIMES)
    def earn(self, amount, life):
        return self._credit(self.balances[2], amount, "earn", "points", self.case.key(), life)

    @rule(target=spends, n=BALANCES, amount=AMOUNTS)
    def spend(self, n, amount):
        balance, key = self.balances[n], self.case.key()
        kind = "redeem" if n == 2 else "spend"
        return self._entry(
            lambda: self.ledger.debit(balance, amount, kind, key),
            lambda book: (book.expire(balance.id, self.today), book.debit(balance.id, amount)),
        )

    @rule(target=holds, n=BALANCES, amount=AMOUNTS, lapsed=st.booleans())
    def hold(self, n, amount, lapsed):
        balance, key = self.balances[n], self.case.key()
        until = Datetime.now() + timedelta(hours=-1 if lapsed else 1)
        return self._entry(
            lambda: self.ledger.authorize(balance, amount, key, expires_at=until),
            lambda book: (book.expire(balance.id, self.today), book.hold(balance.id, amount)),
        )

    @rule(target=spends, hold=holds, share=SHARES)
    def capture(self, hold, share):
        """Wholly, partly or for too much; again; after it lapsed; after it was cancelled."""
        if hold.state == "captured":
            self.case.assertEqual(self.ledger.capture(hold.key), hold.entry_id)
            return multiple()
        balance, held = hold.balance_id, _decimal(hold.amount)
        amount = held if share is None else _round(held * share)

        def plan(book):
            if not ZERO < amount <= held or (False and hold.key in self.cancelled):
                raise Refused("too much, nothing, or cancelled")
            book.debit(balance.id, amount, settles=held if hold.state == "open" else ZERO)

        return self._entry(lambda: self.ledger.capture(hold.key, amount), plan)

    @rule(hold=holds)
    def void(self, hold):
        was_open, captured = hold.state == "open", hold.state == "captured"

        def plan(book):
            if captured:
                raise Refused("paid already")
            if was_open:
                book.release(hold.balance_id.id, _decimal(hold.amount))

        self._do(lambda: self.ledger.void(hold.key), plan)
        if not captured:
            self.cancelled.add(hold.key)

    @rule()
    def lapse(self):
        """The job that releases what abandoned orders left on hold."""
        mine = self.env["loyalty.hold"].search([("balance_id", "in", self._ids()), ("state", "=", "open")])
        due = mine.filtered(lambda hold: hold.expires_at < Datetime.now())
        freed = [(hold.balance_id.id, _decimal(hold.amount)) for hold in due]
        self._do(
            lambda: self.ledger._release_expired_holds(),
            lambda book: [book.release(*pair) for pair in freed],
        )

    @rule(target=spends, n=BALANCES, amount=AMOUNTS)
    def clawback(self, n, amount):
        """Points may go below zero by it, value never."""
        balance, key = self.balances[n], self.case.key()

        def plan(book):
            book.expire(balance.id, self.today)
            book.debit(balance.id, amount, may_owe=n == 2)

        return self._entry(lambda: self.ledger.debit(balance, amount, "clawback", key), plan)

    @rule(entry=spends | loads, share=SHARES)
    def reverse(self, entry, share):
        """Refund a payment to its lots, or take a load back as far as it is unspent."""
        balance, total = entry.balance_id, abs(_decimal(entry.amount))
        open_parts = self._open_parts(entry)
        left = total - sum(abs(_decimal(e.amount)) for e in self._reversals(entry))
        amount = left if share is None else _round(total * share)
        unspent = sum(_decimal(lot.remaining) for lot in open_parts)

        def plan(book):
            if not ZERO < amount <= left:
                raise Refused("more than is left of it")
            if entry.amount > 0 and amount > min(unspent, book.available(balance.id)):
                raise Refused("spent already")

        done = self._do(lambda: self.ledger.reverse(entry, self.case.key(), amount=amount), plan)
        if done:
            self._judge_reversal(done, open_parts, amount if entry.amount < 0 else -amount)

    @rule(a=WALLETS, b=WALLETS, amount=AMOUNTS, reason=st.sampled_from(["Two cards", " "]))
    def transfer(self, a, b, amount, reason):
        """Keeps price and expiry; refused without a reason."""
        source, target = self.balances[a], self.balances[b]

        def plan(book):
            if not reason.strip():
                raise Refused("no reason")
            book.expire(source.id, self.today)
            before = dict(book.pools[source.id])
            book.debit(source.id, amount)
            for expires_on, was in before.items():
                if moved := was - book.pools[source.id][expires_on]:
                    book.credit(target.id, moved, expires_on)

        self._do(lambda: self.ledger.transfer(source, target, amount, self.case.key(), reason), plan)

    @rule(moves=st.lists(st.tuples(BALANCES, AMOUNTS, st.booleans()), min_size=1, max_size=6))
    def batch(self, moves):
        """Many movements in one post: all of them or none."""
        moves = [(self.balances[n].id, amount if plus else -amount) for n, amount, plus in moves]
        movements = [Movement(id_, x, "adjust", self.case.key(), reason="Batch") for id_, x in moves]

        def plan(book):
            for id_, amount in moves:
                book.credit(id_, amount, NEVER) if amount > 0 else book.debit(id_, -amount)

        self._do(lambda: self.ledger.post(movements), plan)

    @rule(days=st.integers(1, 30))
    def days_pass(self, days):
        """Nights with their job of expiry."""
        self.today += timedelta(days=days)
        mine = self.env["loyalty.card"].browse(self._ids())
        self._do(
            lambda: self.ledger.expire(mine),
            lambda book: [book.expire(id_, self.today) for id_ in self._ids()],
        )

    @rule(entry=spends | loads)
    def replay(self, entry):
        """L4: the key of a movement changes nothing when it comes back, whatever has happened since."""
        amount, kind = _decimal(entry.amount), entry.kind
        again = Movement(entry.balance_id.id, amount, kind, entry.key)
        self._do(lambda: self.case.assertEqual(self.ledger.post([again]), entry), lambda book: None)
        forged = Movement(entry.balance_id.id, amount * 2, kind, entry.key)
        with self.case.assertRaises(KeyReused):
            self.ledger.post([forged])

    # -- what must always hold -------------------------------------------------------------------

    @invariant()
    def l1_to_l4_hold(self):
        mine = self.env["loyalty.card"].browse(self._ids())
        self.case.assertEqual(self.ledger.verify(mine), [])

    @invariant()
    def the_book_agrees(self):
        for balance in self.balances:
            points, held = self.book.points[balance.id], self.book.held[balance.id]
            self.case.assertEqual((_decimal(balance.points), _decimal(balance.held)), (points, held))
            self.case.assertEqual(_decimal(balance.overdraft), max(held - points, ZERO))
            pools = {}
            for lot in balance.lot_ids.filtered("remaining"):
                day = lot.expires_on or NEVER
                pools[day] = pools.get(day, ZERO) + _decimal(lot.remaining)
            expected = {day: left for day, left in self.book.pools[balance.id].items() if left}
            self.case.assertEqual(pools, expected)

    # -- helpers ---------------------------------------------------------------------------------

    def _do(self, action, plan):
        """Do ``action`` to the ledger and ``plan`` to the book: both succeed, or neither."""
        trial, expected = self.book.copy(), None
        try:
            plan(trial)
        except Refused as refusal:
            expected = refusal
        try:
            with self.case.cr.savepoint():
                result = action()
        except LoyaltyError as error:
            self.env.invalidate_all(flush=False)
            if not expected:
                raise AssertionError(f"refused without reason: {error}") from error
            return None
        if expected:
            raise AssertionError(f"must be refused: {expected}")
        self.book = trial
        return result

    def _entry(self, action, plan):
        """As :meth:`_do`, for a bundle: the new record, or nothing. Payments are judged."""
        record = self._do(action, plan)
        if record and record._name == "loyalty.ledger.entry" and record.amount < 0:
            self._judge_payment(record)
        return record if record else multiple()

    def _credit(self, balance, amount, kind, source, key, life, group_key=None):
        day = NEVER if life is None else self.today + timedelta(days=life)
        lots = [NewLot(source, None if life is None else day, amount)]
        return self._entry(
            lambda: self.ledger.credit(balance, amount, kind, key, lots=lots, group_key=group_key),
            lambda book: book.credit(balance.id, amount, day),
        )

    def _judge_payment(self, entry):
        """Lots of one load that expire together are used in proportion, to the cent."""
        used = {line.lot_id: -_decimal(line.amount) for line in entry.lot_line_ids}
        for lot in used:
            together = entry.balance_id.lot_ids.filtered(
                lambda l, lot=lot: (l.group_id, l.expires_on) == (lot.group_id, lot.expires_on)
            )
            before = {l: _decimal(l.remaining) + used.get(l, ZERO) for l in together}
            taken = sum(used.get(l, ZERO) for l in together)
            ideal = taken * before[lot] / sum(before.values())
            self.case.assertLessEqual(abs(used[lot] - ideal), CENT)

    def _judge_reversal(self, entry, open_parts, amount):
        """What is given back goes to the very lots, in proportion, never more than they gave."""
        self.case.assertEqual(_decimal(entry.amount), amount)
        changes, total = {}, sum(abs(part) for part in open_parts.values())
        for lot, given in _by_lot(entry.lot_line_ids).items():
            if lot.entry_id == entry:  # points that had filled a debt come back in a lot of their own
                changes[NEVER] = changes.get(NEVER, ZERO) + given
                continue
            self.case.assertLessEqual(abs(given), abs(open_parts[lot]))
            if entry.balance_id != self.balances[2]:
                self.case.assertLessEqual(abs(given - amount * abs(open_parts[lot]) / total), CENT)
            day = lot.expires_on or NEVER
            changes[day] = changes.get(day, ZERO) + given
        self.book.move(entry.balance_id.id, amount, changes)

    def _reversals(self, entry):
        return self.env["loyalty.ledger.entry"].search([("reverses_id", "=", entry.id)])

    def _open_parts(self, entry):
        """What the entry did to each lot and no reversal has undone yet."""
        return _by_lot(entry.lot_line_ids | self._reversals(entry).lot_line_ids)

    def _ids(self):
        return [balance.id for balance in self.balances]


def _by_lot(lines):
    """The signed amounts of ``lines``, summed by lot; zeros left out."""
    sums = {}
    for line in lines:
        sums[line.lot_id] = sums.get(line.lot_id, ZERO) + _decimal(line.amount)
    return {lot: amount for lot, amount in sums.items() if amount}


def _decimal(value):
    return Decimal(str(round(value, 4)))


def _round(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


@tagged("post_install", "-at_install")
class TestLedgerProperties(LedgerCase):
    """L1 to L4 under every sequence that hypothesis can think of."""

    def test_l1_to_l4_any_sequence_of_movements_keeps_the_ledger_whole(self):
        class Machine(LedgerMachine):
            case = self

        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS_MAX,
                derandomize=True,
                database=None,
                deadline=None,
                report_multiple_bugs=False,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )
