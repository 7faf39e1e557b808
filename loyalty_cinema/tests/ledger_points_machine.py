"""The sequences that hypothesis plays on a member's points."""

from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, multiple, rule

from ..domain.lots import NewLot
from ..domain.movement import Movement, Reversal
from .ledger_book import NEVER, ZERO
from .ledger_judge import JudgedMachine, decimal, round_cents
from .ledger_machine import AMOUNTS, START
from .ledger_points_book import PointsBook

LIFETIMES = st.none() | st.integers(0, 40)  # days
WAITS = st.none() | st.integers(0, 10)  # days until points can be spent
QUALIFYING = st.integers(0, 5).map(Decimal)
SHARES = st.none() | st.integers(1, 110).map(lambda percent: Decimal(percent) / 100)


class PointsMachine(JudgedMachine):
    """One member: earns, waits, spends, gives back in parts, loses; done to ledger and book."""

    case = None  # the test case, set by the test
    sales = Bundle("sales")
    holds = Bundle("holds")

    def __init__(self):
        super().__init__()
        self.env, self.ledger = self.case.env, self.case.ledger
        self.savepoint = self.case.cr.savepoint(flush=False)
        self.balance = self.case.balance(program=self.case.points_program)
        self.book, self.today, self.entries = PointsBook(), START, []
        self.clocks = ExitStack()
        for model, name, clock in [
            (self.ledger, "_today", lambda _ledger: self.today),
            (self.env["res.company"], "_loyalty_days", self._company_days),
        ]:
            self.clocks.enter_context(patch.object(type(model), name, clock))

    def _company_days(self, *_companies):
        return dict.fromkeys([0, *self.env["res.company"].search([]).ids], self.today)

    def teardown(self):
        """Forget this example: its rows and what the ORM remembers of them."""
        self.clocks.close()
        self.savepoint.close()
        self.env.invalidate_all(flush=False)

    # -- what members do -------------------------------------------------------------------------

    @rule(target=sales, amount=AMOUNTS, qualifying=QUALIFYING, life=LIFETIMES, wait=WAITS)
    def earn(self, amount, qualifying, life, wait):
        """At once or pending, with a last day or without, with qualifying points or without."""
        expires_on = None if life is None else self.today + timedelta(days=life)
        available_on = None if wait is None else self.today + timedelta(days=wait)
        lots = [NewLot("points", expires_on, amount, available_on)]
        entry = self._do(
            lambda: self.ledger.credit(
                self.balance, amount, "earn", self.case.key(), lots=lots, qualifying=qualifying
            ),
            lambda book: book.earn(
                amount, qualifying, expires_on or NEVER, available_on if wait else None
            ),
        )
        self.entries.append(entry)
        return len(self.entries) - 1

    @rule(amount=AMOUNTS)
    def redeem(self, amount):
        self._do(
            lambda: self.ledger.debit(self.balance, amount, "redeem", self.case.key()),
            lambda book: (book.days_pass(self.today), book.spend(amount)),
        )

    @rule(target=holds, amount=AMOUNTS)
    def hold(self, amount):
        hold = self._do(
            lambda: self.ledger.authorize(self.balance, amount, self.case.key()),
            lambda book: (book.days_pass(self.today), book.hold(amount)),
        )
        return hold or multiple()

    @rule(hold=holds, share=SHARES)
    def capture(self, hold, share):
        held = decimal(hold.amount)
        amount = round_cents(held * (share or 1))
        if hold.state == "open" and 0 < amount <= held:
            self._do(
                lambda: self.ledger.capture(hold.key, amount, kind="redeem"),
                lambda book: book.spend(amount, settles=held),
            )

    @rule(sales=st.lists(st.tuples(sales, SHARES, QUALIFYING), min_size=1, max_size=3))
    def claw_back(self, sales):
        """Wholly, in parts, for too much; several sales, or one sale twice, in a batch."""
        asked = []
        for sale, share, qualifying in sales:
            entry = self.entries[sale]
            whole = share is None
            amount = None if whole else round_cents(decimal(entry.amount) * share)
            qualifying = None if whole else qualifying
            asked.append((sale, Reversal(entry, self.case.key(), amount, qualifying)))

        def plan(book):
            for sale, reversal in asked:
                purse, amount = book.purses[sale], reversal.amount
                whole = amount is None
                book.claw(
                    sale,
                    purse.unreturned if whole else amount,
                    purse.qualifying if whole else reversal.qualifying,
                )

        self._do(lambda: self.ledger.claw_back([reversal for _sale, reversal in asked]), plan)

    @rule(days=st.integers(1, 30))
    def days_pass(self, days):
        """Nights with their jobs."""
        self.today += timedelta(days=days)
        self._do(
            lambda: (self.ledger._mature_due(self.balance), self.ledger.expire(self.balance)),
            lambda book: book.days_pass(self.today),
        )

    @rule(sale=sales)
    def replay(self, sale):
        """L4: a key that comes back changes nothing."""
        entry = self.entries[sale]
        amount, qualifying = decimal(entry.amount), decimal(entry.qualifying_points)
        again = Movement(self.balance.id, amount, "earn", entry.key, qualifying=qualifying)
        self._do(lambda: self.case.assertEqual(self.ledger.post([again]), entry), lambda book: None)

    # -- what must always hold -------------------------------------------------------------------

    @invariant()
    def l1_to_l4_hold(self):
        self.case.assertEqual(self.ledger.verify(self.balance), [])

    @invariant()
    def the_book_agrees(self):
        balance, book = self.balance, self.book
        names = ("points", "held", "pending", "available", "overdraft", "qualifying_points")
        expected = (book.points, book.held, book.pending, book.available)
        expected += (max(-book.available, ZERO), book.qualifying)
        self.case.assertEqual(tuple(decimal(balance[name]) for name in names), expected)

    @invariant()
    def every_sale_has_left_what_the_book_says(self):
        lots = {lot.entry_id: lot for lot in self.balance.lot_ids}
        left = [(lots[e].pending, decimal(lots[e].remaining)) for e in self.entries]
        expected = [(purse.pending, purse.left) for purse in self.book.purses]
        self.case.assertEqual(left, expected)

    @invariant()
    def no_more_is_taken_back_than_was_earned(self):
        for entry, purse in zip(self.entries, self.book.purses, strict=True):
            self.case.assertEqual(
                [decimal(left) for left in map(float, self.ledger._left_of(entry)[entry])],
                [purse.unreturned, purse.qualifying],
            )
