"""Which journal entry a movement of stored value asks for, beyond what Odoo posts by itself.

Grammar
    A movement has a *root kind* (its own, or that of the movement it takes back), an ``amount``,
    the ``bonus`` part of it and the part that was ``granted`` as a compensation, all signed: what
    came on the balance is positive. The rest of the amount is what the customer paid for.

Rules
    Odoo posts loads (the product is booked on the liability) and payments (the tender's outstanding
    account is the liability). It knows nothing of a bonus, an expiry or a compensation:

    ============ =============== ================================== ===========================
    root kind    stored value    paid part                          bonus part
    ============ =============== ================================== ===========================
    load         by Odoo         by Odoo                            (none)
    bonus        this batch      (none)                             unamortised bonus
    spend        by Odoo         by Odoo                            unamortised bonus, against
                                                                    promotional discount
    expire       this batch      breakage income                    unamortised bonus
    compensation this batch      service recovery                   (none)
    adjust       this batch      promotional discount               unamortised bonus
    transfer     nothing moves between accounts
    converted    this batch      promotional discount               unamortised bonus
    opening      posted by the accountant together with the other opening balances, or by the
                 conversion of a program of Odoo's own (``domain/conversion.py``)
    ============ =============== ================================== ===========================

    *Converted* is value that comes back from a sale of before the conversion of its program: Odoo
    undoes the discount line of then, which was never on the liability.

    The granted part has been an expense, service recovery, since the day it was given. When it is
    spent nothing more happens; when it expires or is corrected away the expense is taken back: it
    is no income from value that somebody paid for.

    Everything is linear in the signed numbers: a reversal is the same rule with the signs turned.
    Hence three invariants: the liability equals the sum of all balances; unamortised bonus equals
    what remains in bonus lots; the liability less unamortised bonus and less what remains in
    granted lots is what customers paid.

Example
    A wallet of 100 paid and 20 bonus, 60 of it spent, the rest expired:

    >>> show(lines("bonus", 20, 20))
    stored_value -20, unamortised_bonus 20
    >>> show(lines("spend", -60, -10))
    promotional_discount 10, unamortised_bonus -10
    >>> show(lines("expire", -60, -10))
    stored_value 60, breakage -50, unamortised_bonus -10

    The spend is refunded to the card; a customer gets 30 for a bad evening:

    >>> show(lines("spend", 60, 10))
    promotional_discount -10, unamortised_bonus 10
    >>> show(lines("compensation", 30, 0, granted=30))
    stored_value -30, service_recovery 30

    which expires before it is spent:

    >>> show(lines("expire", -30, 0, granted=-30))
    stored_value 30, service_recovery -30
"""

from decimal import Decimal

from .amounts import round_half_up, to_decimal

STORED_VALUE = "stored_value"
UNAMORTISED_BONUS = "unamortised_bonus"
PROMOTIONAL_DISCOUNT = "promotional_discount"
BREAKAGE = "breakage"
SERVICE_RECOVERY = "service_recovery"

#: Kinds whose whole amount this batch brings on or takes off the liability: kind → where the part
#: that was paid for goes. The bonus part always goes to unamortised bonus.
AGAINST = {
    "bonus": PROMOTIONAL_DISCOUNT,
    "converted": PROMOTIONAL_DISCOUNT,
    "expire": BREAKAGE,
    "compensation": SERVICE_RECOVERY,
    "adjust": PROMOTIONAL_DISCOUNT,
    "earn": PROMOTIONAL_DISCOUNT,
    "clawback": PROMOTIONAL_DISCOUNT,
}
#: Kinds that a tender posts; only their bonus part is left to do.
TENDERED = frozenset({"spend", "redeem", "refund"})
#: Kinds of which nothing is left to do.
NATIVE = frozenset({"load", "transfer", "opening"})


def changes_liability(root_kind):
    """Whether the batch, not the till, books this kind on the liability.

    >>> changes_liability("expire"), changes_liability("spend"), changes_liability("load")
    (True, False, False)
    """
    return root_kind in AGAINST


def lines(root_kind, amount, bonus, quantum=Decimal("0.01"), granted=0):
    """The balanced lines of one event: ``{account: debit}``, a credit being negative.

    :param amount: signed sum of the movements of the event
    :param bonus: the bonus part of it, of the same sign
    :param quantum: the smallest amount of the currency; each line is rounded to it once, and the
        first account of the event takes what rounding leaves, so that the lines add up to zero
    :param granted: the part of it that was a compensation, of the same sign
    :return: empty when nothing is to be posted
    """
    amount, bonus, granted = (
        round_half_up(to_decimal(part), quantum) for part in (amount, bonus, granted)
    )
    if root_kind in AGAINST:
        result = {STORED_VALUE: -amount, AGAINST[root_kind]: amount - bonus - granted}
        result[UNAMORTISED_BONUS] = bonus
        result[SERVICE_RECOVERY] = result.get(SERVICE_RECOVERY, 0) + granted
    elif root_kind in TENDERED:
        result = {PROMOTIONAL_DISCOUNT: -bonus, UNAMORTISED_BONUS: bonus}
    else:
        result = {}
    return {account: debit for account, debit in result.items() if debit}


def show(event_lines):
    """Print lines for the examples above."""
    lines = [f"{account} {debit.normalize():f}" for account, debit in event_lines.items()]
    print(", ".join(lines))  # pylint: disable=print-used
