"""The tiers of a program and the standing of a member on them, as values that never change."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .tier_periods import Window

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class Rung:
    """One tier: rungs compare by threshold.

    :param by_hand: people give it; no points reach it, and nobody is told to collect for it
    """

    threshold: Decimal
    id: int
    by_hand: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers of one program, lowest first, and the rules that hold for them.

    >>> ladder = Ladder.of([(3, 300), (1, 0), (2, 100)], Window("calendar"))
    >>> silver, gold, platinum = ladder.rungs
    >>> ladder.earned(Decimal(299)) == gold, ladder.earned(Decimal(-5)) == silver
    (True, True)
    >>> ladder.below(gold) == silver, ladder.below(silver), ladder.above(None) == silver
    (True, None, True)

    What is only given by hand has its place in the order, and is neither reached nor fallen to:

    >>> ladder = Ladder.of([(1, 0), (2, 100), (3, 300)], Window("calendar"), by_hand={2})
    >>> silver, club, gold = ladder.rungs
    >>> ladder.earned(Decimal(200)) == silver, ladder.above(silver) == gold
    (True, True)
    >>> ladder.above(club) == gold, ladder.below(gold) == silver, ladder.below(club) == silver
    (True, True, True)
    """

    rungs: tuple[Rung, ...]
    window: Window
    downgrade: str = "earned"

    @classmethod
    def of(cls, pairs, window, downgrade="earned", by_hand=()):
        """A ladder of ``(id, threshold)`` pairs in any order.

        :param by_hand: the ids of those that are only given by hand
        """
        rungs = sorted(Rung(Decimal(start), id_, id_ in by_hand) for id_, start in pairs)
        return cls(tuple(rungs), window, downgrade)

    def earned(self, total):
        """The highest rung that ``total`` reaches; None when it reaches none."""
        reached = [rung for rung in self._reachable() if rung.threshold <= max(total, ZERO)]
        return reached[-1] if reached else None

    def below(self, rung):
        """The next rung below that points reach; None when there is none."""
        lower = [other for other in self._reachable() if other < rung]
        return lower[-1] if lower else None

    def above(self, rung):
        """The next rung above ``rung`` that points reach (None: the lowest), or None."""
        return next((other for other in self._reachable() if rung is None or other > rung), None)

    def _reachable(self):
        return [rung for rung in self.rungs if not rung.by_hand]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of one member.

    :param tier: the rung; None: none yet
    :param since: the day on which it was reached
    :param review_on: the day of its next review; None: never
    :param secured: the rung with which the running period began (by a review, by hand, by joining):
        refunds take what was reached above it, and nothing below
    :param secured_review_on: the first review that upgrades have put off: who brings back what
        paid for them is reviewed on that day after all
    :param floor: the rung given by hand, below which the member does not fall
    :param until: the last day of that; None: until further notice
    """

    tier: Rung | None = None
    since: date | None = None
    review_on: date | None = None
    secured: Rung | None = None
    secured_review_on: date | None = None
    floor: Rung | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A standing as screens show it. ``progress`` is in percent of what the next tier needs."""

    tier_id: int | None = None
    since: date | None = None
    review_on: date | None = None
    until: date | None = None
    qualifying: Decimal = ZERO
    next_tier_id: int | None = None
    missing: Decimal = ZERO
    progress: float = 0.0


def outlook(ladder, standing, total):
    """What screens show of a standing and the sum of the running period.

    >>> ladder = Ladder.of([(1, 0), (2, 100)], Window())
    >>> silver, gold = ladder.rungs
    >>> view = outlook(ladder, Standing(silver), Decimal(30))
    >>> view.next_tier_id == gold.id, view.missing, view.progress
    (True, Decimal('70'), 30.0)
    >>> outlook(ladder, Standing(gold), Decimal(130)).progress
    100.0
    """
    following = ladder.above(standing.tier)
    missing = max(following.threshold - total, ZERO) if following else ZERO
    if following and following.threshold:
        progress = float(round(min(max(total, ZERO) / following.threshold, 1) * 100, 2))
    else:
        progress = 100.0 if standing.tier else 0.0
    given = standing.tier and standing.tier == standing.floor
    return Outlook(
        standing.tier and standing.tier.id,
        standing.since,
        standing.review_on,
        standing.until if given else None,
        total,
        following and following.id,
        missing,
        progress,
    )
