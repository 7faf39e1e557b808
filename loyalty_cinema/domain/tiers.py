"""The rules of tiers: who rises, who falls, and when. Plain functions over a member's standing.

Which days count is in :mod:`.tier_periods`. Sums are qualifying points, net of refunds, which count
on the day of the sale that they refund. Below, whole lives of members in tables; more of them, and
how to read them, in :mod:`.tier_story`. The tiers: silver 0, gold 100, platinum 300, diamond 750.

>>> from .tier_story import tell

A rolling year, no grace. A tier is kept for a year; then the year after it was reached is measured.

>>> tell("rolling", '''
...     2024-05-01 +60
...     2025-02-01 +50      what was earned within a year counts together
...     2026-01-31 review   too early: a year is not over
...     2026-02-01 review   nothing since: what earned the tier does not earn it twice
... ''')
2025-02-01 upgrade gold, review 2026-02-01
2026-02-01 downgrade silver
>>> tell("rolling", '''
...     2025-02-01 +110
...     2025-12-01 +100
...     2026-03-15 review   the job was late; the day of the next review does not move
...     2027-02-01 review
... ''')
2025-02-01 upgrade gold, review 2026-02-01
2026-03-15 review gold, review 2027-02-01
2027-02-01 downgrade silver

A calendar year with 31 days of grace: what is bought in January counts for both years.

>>> tell("calendar grace=31", '''
...     2025-03-01 +110
...     2026-02-01 review
...     2027-01-20 +100     in time for 2026, and 2027 has it too
...     2027-02-01 review
...     2028-02-01 review
...     2029-02-01 review
... ''')
2025-03-01 upgrade gold, review 2026-02-01
2026-02-01 review gold, review 2027-02-01
2027-02-01 review gold, review 2028-02-01
2028-02-01 review gold, review 2029-02-01
2029-02-01 downgrade silver

Two steps up at once; down to what was earned, or step by step.

>>> tell("calendar", '''
...     2025-03-01 +800
...     2026-01-01 review
...     2026-06-01 +110
...     2027-01-01 review
... ''')
2025-03-01 upgrade diamond, review 2026-01-01
2026-01-01 review diamond, review 2027-01-01
2027-01-01 downgrade gold, review 2028-01-01
>>> tell("calendar one_step", '''
...     2025-03-01 +800
...     2026-01-01 review
...     2027-01-01 review
...     2028-01-01 review
...     2029-01-01 review
... ''')
2025-03-01 upgrade diamond, review 2026-01-01
2026-01-01 review diamond, review 2027-01-01
2027-01-01 downgrade platinum, review 2028-01-01
2028-01-01 downgrade gold, review 2029-01-01
2029-01-01 downgrade silver

Carried over: who joined on or after 1 November has a first period to the end of the next year.

>>> tell("calendar carry=11-01 joined=2025-11-05", '''
...     2025-12-01 +60
...     2026-03-01 +50
...     2027-01-01 review
...     2028-01-01 review
... ''')
2026-03-01 upgrade gold, review 2027-01-01
2027-01-01 review gold, review 2028-01-01
2028-01-01 downgrade silver
>>> tell("calendar carry=11-01 joined=2025-10-31", '''
...     2025-12-01 +60
...     2026-03-01 +50
... ''')

A refund undoes the upgrade that it paid for, and nothing else. It counts on the day of its sale.

>>> tell("rolling", '''
...     2025-02-01 +110
...     2025-03-01 -20 of 2025-02-01
...     2025-04-01 +15      105 once more
...     2025-05-01 -15 of 2025-04-01
... ''')
2025-02-01 upgrade gold, review 2026-02-01
2025-03-01 refund silver
2025-04-01 upgrade gold, review 2026-04-01
2025-05-01 refund silver
>>> tell("rolling months=3", '''
...     2025-02-01 +110
...     2025-06-01 +30
...     2025-07-30 -20 of 2025-06-01    gold was earned without it
... ''')
2025-02-01 upgrade gold, review 2026-02-01
"""

from dataclasses import replace
from datetime import date

from .tier_ladder import ZERO, Rung, Standing
from .tier_periods import FIXED_WINDOWS, ONE_DAY, next_review, period, review_after

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


def start(ladder, day):
    """The standing of who joins: in the lowest tier, if that starts at zero."""
    tier = ladder.earned(ZERO)
    return Standing(tier, day, None, tier) if tier else Standing()


def rise(ladder, joined_on, standing, total, day):
    """The standing after something was earned: up at once, never down.

    What was held when a new period began is secured in it.

    :param total: the sum of the period that ``day`` is in
    """
    reached, window, secured = ladder.earned(total), ladder.window, standing.secured
    if not reached or (standing.tier and reached <= standing.tier):
        return standing
    start_of_period = period(window, joined_on, day)[0]
    if window.kind in FIXED_WINDOWS and standing.since and standing.since < start_of_period:
        secured = standing.tier
    return replace(
        standing,
        tier=reached,
        since=day,
        review_on=_if_it_can_fall(reached, review_after(window, joined_on, day)),
        secured=secured,
        secured_review_on=_earlier(standing.secured_review_on, standing.review_on),
    )


def undo(ladder, standing, now, then, day):
    """The standing after a refund: an upgrade falls that neither sum justifies any more.

    To what is secured, or to what either sum still reaches, whichever is higher.

    :param now: the sum of the period that ``day`` is in
    :param then: the sum of the days that earned the tier (:func:`~.tier_periods.upgraded_days`)
    """
    tier, secured = standing.tier, standing.secured
    if not tier or (secured and tier <= secured) or max(now, then) >= tier.threshold:
        return standing
    earned_then = ladder.earned(then)
    left = _higher(secured, _higher(ladder.earned(now), earned_then))
    if left and left == standing.floor:
        review_on = standing.until and standing.until + ONE_DAY
    else:
        review_on = standing.secured_review_on or standing.review_on
    reached_then = left != secured and earned_then and left <= earned_then
    return replace(
        standing,
        tier=left,
        since=standing.since if reached_then else day,
        review_on=_if_it_can_fall(left, review_on),
    )


def assign(rung, day, until):
    """The standing of who is given a tier by hand. It is reviewed on the day after ``until``."""
    review_on = _if_it_can_fall(rung, until and until + ONE_DAY)
    return Standing(rung, day, review_on, rung, review_on, rung, until)


def review(ladder, joined_on, standing, measured, running, day):
    """The standing after the review of ``standing.review_on``, held on ``day`` or later.

    :param measured: the sum of :func:`~.tier_periods.reviewed_days`
    :param running: the sum of the period that ``day`` is in: what it has brought so far counts
    """
    tier, due = standing.tier, standing.review_on
    floor, until = standing.floor, standing.until
    if floor and until and until < due:
        floor = until = None
    best = ladder.earned(max(measured, running))
    if not best or best < tier:
        step = ladder.below(tier) if ladder.downgrade == "one_step" else None
        tier = _higher(floor, _higher(best, step))
    if tier and tier == floor:
        review_on = until and until + ONE_DAY
    else:
        review_on = next_review(ladder.window, joined_on, due)
    review_on = _if_it_can_fall(tier, review_on)
    since = standing.since if tier == standing.tier else day
    return Standing(tier, since, review_on, tier, review_on, floor, until)


def merge(one, other):
    """The standing of two who are one person: the higher tier of both, and the longer term.

    >>> gold, platinum = Rung(100, 2), Rung(300, 3)
    >>> up, given = Standing(platinum), assign(gold, date(2025, 4, 1), date(2025, 7, 1))
    >>> both = merge(up, given)
    >>> both.tier == platinum, both.secured == gold, both.floor == gold
    (True, True, True)
    """

    def better(rung, last):
        def key(standing):
            held = getattr(standing, rung)
            return held is not None, held or Rung(ZERO, 0), getattr(standing, last) or date.max

        return max(one, other, key=key)

    held = better("tier", "review_on")
    secured, given = better("secured", "secured_review_on"), better("floor", "until")
    return replace(
        held,
        secured=secured.secured,
        secured_review_on=secured.secured_review_on,
        floor=given.floor,
        until=given.until,
    )


def _higher(one, other):
    """The higher of two rungs, of which one or both may be None."""
    return max(one, other) if one and other else one or other


def _earlier(one, other):
    """The earlier of two days, of which one or both may be None."""
    return min(one, other) if one and other else one or other


def _if_it_can_fall(rung, review_on):
    """Nobody falls out of a tier that starts at zero: it is not reviewed."""
    return review_on if rung and rung.threshold > 0 else None
