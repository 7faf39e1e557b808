"""The sequences that hypothesis plays on the ledger: one rule for each thing that can happen."""

from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    invariant,
    multiple,
    rule,
)

from odoo.fields import Datetime

from ..domain.movement import Movement
from ..exceptions import KeyReused
from .ledger_book import NEVER, ZERO, Book, Refused
from .ledger_judge import JudgedMachine, decimal, round_cents

START = date(2030, 1, 1)
WALLETS = st.sampled_from([0, 1])
BALANCES = st.sampled_from([0, 1, 2])  # the last one holds points
#: Cents, so that a third of something always leaves a remainder.
AMOUNTS = st.integers(1, 20000).map(lambda cents: Decimal(cents) / 100)
LIFETIMES = st.none() | st.integers(0, 40)  # days
SHARES = st.none() | st.integers(1, 120).map(lambda percent: Decimal(percent) / 100)


class LedgerMachine(JudgedMachine):
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
            entries.append(
                self._credit(balance, bonus, "bonus", "bonus", f"{key}:bonus", life, key)
            )
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
        balance, held = hold.balance_id, decimal(hold.amount)
        amount = held if share is None else round_cents(held * share)

        def plan(book):
            if not ZERO < amount <= held or hold.key in self.cancelled:
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
                book.release(hold.balance_id.id, decimal(hold.amount))

        self._do(lambda: self.ledger.void(hold.key), plan)
        if was_open:
            self.cancelled.add(hold.key)

    @rule()
    def lapse(self):
        """The job that releases what abandoned orders left on hold."""
        mine = self.env["loyalty.hold"].search(
            [("balance_id", "in", self._ids()), ("state", "=", "open")]
        )
        due = mine.filtered(lambda hold: hold.expires_at < Datetime.now())
        freed = [(hold.balance_id.id, decimal(hold.amount)) for hold in due]
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
        balance, total = entry.balance_id, abs(decimal(entry.amount))
        open_parts = self._open_parts(entry)
        left = total - sum(abs(decimal(e.amount)) for e in self._reversals(entry))
        amount = left if share is None else round_cents(total * share)
        unspent = sum(decimal(lot.remaining) for lot in open_parts)

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

        self._do(
            lambda: self.ledger.transfer(source, target, amount, self.case.key(), reason), plan
        )

    @rule(moves=st.lists(st.tuples(BALANCES, AMOUNTS, st.booleans()), min_size=1, max_size=6))
    def batch(self, moves):
        """Many movements in one post: all of them or none."""
        moves = [(self.balances[n].id, amount if plus else -amount) for n, amount, plus in moves]
        movements = [
            Movement(id_, x, "adjust", self.case.key(), reason="Batch") for id_, x in moves
        ]

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
        """L4: a key that comes back changes nothing, whatever has happened since."""
        amount, kind = decimal(entry.amount), entry.kind
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
            self.case.assertEqual((decimal(balance.points), decimal(balance.held)), (points, held))
            self.case.assertEqual(decimal(balance.overdraft), max(held - points, ZERO))
            pools = {}
            for lot in balance.lot_ids.filtered("remaining"):
                day = lot.expires_on or NEVER
                pools[day] = pools.get(day, ZERO) + decimal(lot.remaining)
            expected = {day: left for day, left in self.book.pools[balance.id].items() if left}
            self.case.assertEqual(pools, expected)
