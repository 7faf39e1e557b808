"""What the ledger should say, worked out a second time and as simply as possible.

A plain dictionary of pools: of each balance, how much there is of each day of expiry. It knows
nothing of SQL, lots, rounding or keys, and shares no code with the service it judges.
"""

from copy import deepcopy
from datetime import date
from decimal import Decimal

NEVER = date.max
ZERO = Decimal(0)


class Refused(Exception):
    """The ledger must refuse this, and nothing may have changed."""


class Book:
    """Balances, holds and pools by expiry of a handful of balances."""

    def __init__(self):
        self.points, self.held, self.pools = {}, {}, {}

    def open(self, balance):
        """Start a balance at zero."""
        self.points[balance], self.held[balance], self.pools[balance] = ZERO, ZERO, {}

    def copy(self):  # pylint: disable=method-required-super
        """A book to try something on."""
        return deepcopy(self)

    def available(self, balance):
        """What may still be spent or set aside."""
        return self.points[balance] - self.held[balance]

    def credit(self, balance, amount, expires_on):
        """Value comes in; what the balance owed is filled first and leaves no pool behind."""
        debt = min(max(-self.points[balance], ZERO), amount)
        self.points[balance] += amount
        pool = self.pools[balance]
        pool[expires_on] = pool.get(expires_on, ZERO) + amount - debt

    def debit(self, balance, amount, settles=ZERO, may_owe=False):
        """Value goes out, soonest expiry first.

        :param settles: how much of the holds this payment answers
        :param may_owe: a clawback of points may leave the balance below zero
        """
        if not may_owe and amount > self.available(balance) + settles:
            raise Refused("not enough")
        self.points[balance] -= amount
        self.held[balance] -= settles
        for expires_on in sorted(self.pools[balance]):
            taken = min(amount, self.pools[balance][expires_on])
            self.pools[balance][expires_on] -= taken
            amount -= taken

    def hold(self, balance, amount):
        """Set value aside."""
        if amount > self.available(balance):
            raise Refused("not enough")
        self.held[balance] += amount

    def release(self, balance, amount):
        """Free what was set aside."""
        self.held[balance] -= amount

    def move(self, balance, amount, changes):
        """Apply what a reversal did to the pools (``{expiry: signed amount}``), as it was seen."""
        self.points[balance] += amount
        for expires_on, change in changes.items():
            self.pools[balance][expires_on] = self.pools[balance].get(expires_on, ZERO) + change

    def expire(self, balance, today):
        """Pools whose last day is over vanish, soonest first; what is on hold stays."""
        for expires_on in sorted(self.pools[balance]):
            if expires_on < today:
                gone = min(self.pools[balance][expires_on], max(self.available(balance), ZERO))
                self.pools[balance][expires_on] -= gone
                self.points[balance] -= gone
