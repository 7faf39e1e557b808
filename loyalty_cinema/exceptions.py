"""What can go wrong with a balance, in words a cashier understands.

All are ``UserError``: Odoo shows their text and rolls the request back, so nothing is half done.
"""

from odoo.exceptions import UserError


class LoyaltyError(UserError):
    """A movement of value was refused."""

    # The web client knows classes by name, and shows "Oops!" for one that it does not know.
    context = {"exception_class": "odoo.exceptions.UserError"}


class InsufficientValue(LoyaltyError):
    """The balance does not hold as much as was asked for."""


class BalanceUnusable(LoyaltyError):
    """The balance is archived, expired, blocked or of another company."""


class InvalidAmount(LoyaltyError):
    """The amount is zero, of the wrong sign, absurd or finer than the currency."""


class KeyReused(LoyaltyError):
    """An idempotency key came back with another balance or amount."""


class ReasonMissing(LoyaltyError):
    """A correction, transfer or compensation came without its reason."""


class TenderRefused(LoyaltyError):
    """A payment by stored value has no hold that covers it."""


class RewardRefused(LoyaltyError):
    """A reward on an order is another's, is taken too often, or gives more than it may."""


class PointsRefused(LoyaltyError):
    """So many points cannot pay: too few, no multiple of the step, or too much of the order."""


class SecondPersonNeeded(LoyaltyError):
    """Another manager must approve a merge first; ``merge``: ids of the sources, of the target."""

    def __init__(self, message, merge=None):
        super().__init__(message)
        self.merge = merge


class CodeRefused(LoyaltyError):
    """What was typed or scanned cannot be the number of a card, or a PIN."""


class GuessesLocked(LoyaltyError):
    """There were too many wrong numbers or PINs: no other is tried for some minutes."""


class ApprovalsLocked(GuessesLocked):
    """There were too many wrong PINs of managers."""


class LoadRefused(LoyaltyError):
    """A load is outside its limits, paid by stored value, or already spent."""


class LedgerProtected(LoyaltyError):
    """Someone tried to change an entry, lot or hold outside the ledger."""


class FixedByValue(LoyaltyError):
    """Value of customers hangs on what somebody tried to change."""
