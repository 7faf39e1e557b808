"""What a sale earns by the rules of a program, and what is left of it after refunds."""

from decimal import Decimal

from .earning_rules import (  # the names others import from here
    CHANNELS,
    KINDS,
    ROUNDING_MODES,
    TARGETS,
    Earning,
    EarnRule,
    Rounding,
    Sale,
    SaleLine,
    Usage,
)

__all__ = [
    "CHANNELS",
    "KINDS",
    "ROUNDING_MODES",
    "TARGETS",
    "EarnRule",
    "Earning",
    "Rounding",
    "Sale",
    "SaleLine",
    "Usage",
    "entitled",
    "evaluate",
]

#: Shares of lines are kept at this many decimals, so that they can be stored and add up exactly.
SHARE_QUANTUM = Decimal("0.000001")


def evaluate(rules, sale, usage=Usage(), rounding=Rounding()):  # noqa: B008 (immutable)
    """What ``sale`` earns: an :class:`Earning`."""
    return Earning()


def entitled(parts, rounding=Rounding()):  # noqa: B008 (immutable)
    """What the unrefunded part of a sale still earns: ``parts`` = [(raw, qty, qty_refunded)]."""
    return Decimal(0)
