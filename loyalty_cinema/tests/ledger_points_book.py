"""What a member's points should be, worked out a second time and as simply as possible.

One purse for each sale that earned, and four numbers. It knows nothing of SQL, entries or keys, and
shares no code with the service it judges.
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from .ledger_book import NEVER, ZERO, Refused


@dataclass
class Purse:
    """What is left of the points of one sale, and of what can be taken back of it."""

    age: int
    left: object
    expires_on: date
    available_on: date | None
    unreturned: object
    qualifying: object

    @property
    def pending(self):
        """Whether it cannot be spent yet."""
        return self.available_on is not None


class PointsBook:
    """The points of one member."""

    def __init__(self):
        self.points = self.held = self.qualifying = ZERO
        self.purses = []

    def copy(self):  # pylint: disable=method-required-super
        """A book to try something on."""
        return deepcopy(self)

    @property
    def pending(self):
        """Points whose day has not come."""
        return sum((purse.left for purse in self.purses if purse.pending), ZERO)

    @property
    def available(self):
        """What may be spent or set aside; less than nothing after a clawback."""
        return self.points - self.held - self.pending

    def days_pass(self, today):
        """What is due matures, then what is over goes, soonest first; what is held stays."""
        for purse in self._in_order():
            if purse.pending and purse.available_on <= today:
                purse.available_on = None
        for purse in self._in_order():
            if not purse.pending and purse.expires_on < today:
                self.points -= self._take(purse, max(self.available, ZERO))

    def earn(self, amount, qualifying, expires_on, available_on):
        """A sale earns; what the member owed is filled first."""
        debt = min(max(-self.points, ZERO), amount)
        self.points += amount
        self.qualifying += qualifying
        purse = Purse(len(self.purses), amount - debt, expires_on, available_on, amount, qualifying)
        self.purses.append(purse)

    def spend(self, amount, settles=ZERO):
        """Soonest expiry first, never what is pending."""
        if amount > self.available + settles:
            raise Refused("not enough")
        self.held -= settles
        self.points -= amount
        for purse in self._in_order():
            if not purse.pending:
                amount -= self._take(purse, amount)

    def hold(self, amount):
        """Set points aside."""
        if amount > self.available:
            raise Refused("not enough")
        self.held += amount

    def claw(self, number, amount, qualifying):
        """Take back of one sale: its own points, then others, as far below zero as it takes."""
        own = self.purses[number]
        if amount > own.unreturned or qualifying > own.qualifying or not amount + qualifying:
            raise Refused("more than it earned, or nothing")
        own.unreturned -= amount
        own.qualifying -= qualifying
        self.qualifying -= qualifying
        free = max(sum(p.left for p in self.purses if not p.pending) - self.held, ZERO)
        self.points -= amount
        others = [purse for purse in self._in_order() if purse is not own]
        for purse in [own, *(p for p in others if not p.pending)]:
            taken = self._take(purse, amount if purse.pending else min(amount, free))
            free -= ZERO if purse.pending else taken
            amount -= taken
        for purse in [*(p for p in others if p.pending), *self._in_order()]:
            amount -= self._take(purse, amount)

    def _in_order(self):
        return sorted(self.purses, key=lambda purse: (purse.expires_on or NEVER, purse.age))

    def _take(self, purse, amount):
        """Take as much of ``amount`` as the purse has; returns that."""
        taken = min(purse.left, amount)
        purse.left -= taken
        return taken
