"""The rules of tiers: who rises, who falls, and when. Plain functions over a member's standing.

Which days count is in :mod:`.tier_periods`. Words: a *ladder* is the tiers of one program, a *rung*
one of them, a *standing* what is kept of one member. Sums are qualifying points (Decimal), net of
refunds, which count on the day of the sale they refund.

>>> ladder = Ladder.of([(1, 0), (2, 100), (3, 300), (4, 750)], Window("calendar"))
>>> silver, gold, platinum, diamond = ladder.rungs
"""

from dataclasses import dataclass
from decimal import Decimal

from .tier_periods import Window

#: What a downgrade leads to.
DOWNGRADES = [("earned", "To the tier that is earned"), ("one_step", "One tier down")]
#: Why a tier changed, or was kept.
CHANGES = [
    ("start", "Start"),
    ("upgrade", "Upgrade"),
    ("downgrade", "Downgrade"),
    ("refund", "Undone by a refund"),
    ("manual", "By hand"),
    ("review", "Kept at review"),
    ("merge", "Merged"),
]


@dataclass(frozen=True, slots=True, order=True)
class Rung:
    """One tier: rungs compare by threshold."""

    threshold: Decimal
    id: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers of one program, lowest first, and the rules that hold for them."""

    rungs: tuple[Rung, ...]
    window: Window
    downgrade: str = "earned"

    @classmethod
    def of(cls, pairs, window, downgrade="earned"):
        """A ladder of ``(id, threshold)`` pairs in any order."""
        rungs = sorted(Rung(Decimal(threshold), id_) for id_, threshold in pairs)
        return cls(tuple(rungs), window, downgrade)
