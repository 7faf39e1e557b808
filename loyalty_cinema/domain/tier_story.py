"""The life of a member in one program, told day by day: how the rules of tiers work together.

How to use: :func:`tell` takes the settings of a ladder and events, and tells one line for each
change of the tier, and for each review that kept it. It is what the database does, in plain Python:
the tests compare the two over random lives. Settings: the window, then any of "grace=<days>",
"months=", "valid=", "joined=<day>", "carry=<month>-<day>", "one_step". Events, each after its day:
"+<points>" (earned, "on <day>" where it counts on another day), "-<points> of <day of the sale>",
"review" (the nightly job), "<tier>" ("until <day>": by hand). What follows two spaces is a comment.

A year of membership; a lifetime.

>>> tell("membership joined=2024-05-10", '''
...     2025-05-09 +60      the last day of the first year
...     2025-05-10 +110
...     2026-05-10 review
...     2027-05-10 review
... ''')
2025-05-10 upgrade gold, review 2026-05-10
2026-05-10 review gold, review 2027-05-10
2027-05-10 downgrade silver
>>> tell("lifetime", '''
...     2024-05-10 +60
...     2034-05-10 +50
...     2044-05-10 review
...     2044-05-11 -20 of 2024-05-10
... ''')
2034-05-10 upgrade gold
2044-05-11 refund silver

What a review has secured is not undone. A step above it falls back to it.

>>> tell("calendar", '''
...     2025-02-01 +110
...     2026-01-01 review
...     2026-02-01 -110 of 2025-02-01
...     2026-03-01 +300
...     2026-03-05 -300 of 2026-03-01
... ''')
2025-02-01 upgrade gold, review 2026-01-01
2026-01-01 review gold, review 2027-01-01
2026-03-01 upgrade platinum, review 2027-01-01
2026-03-05 refund gold, review 2027-01-01

>>> tell("calendar grace=31", '''
...     2025-02-01 +110
...     2026-01-10 +300     gold is not reviewed yet, but the new year began with it
...     2026-02-05 -300 of 2026-01-10
...     2026-02-06 review
... ''')
2025-02-01 upgrade gold, review 2026-02-01
2026-01-10 upgrade platinum, review 2027-02-01
2026-02-05 refund gold, review 2026-02-01
2026-02-06 review gold, review 2027-02-01

Buying a higher tier and bringing it back puts no review off.

>>> tell("rolling", '''
...     2025-02-01 +110
...     2026-01-31 +300
...     2026-02-02 -300 of 2026-01-31
...     2026-02-03 review
... ''')
2025-02-01 upgrade gold, review 2026-02-01
2026-01-31 upgrade platinum, review 2027-01-31
2026-02-02 refund gold, review 2026-02-01
2026-02-03 downgrade silver
>>> tell("rolling", '''
...     2026-03-01 gold until 2026-12-31
...     2026-12-30 +300
...     2026-12-31 -300 of 2026-12-30
...     2027-01-01 review
... ''')
2026-03-01 manual gold, review 2027-01-01
2026-12-30 upgrade platinum, review 2027-12-30
2026-12-31 refund gold, review 2027-01-01
2027-01-01 downgrade silver

By hand: not lowered before the end, by no review; raised above it by what is earned.

>>> tell("calendar", '''
...     2025-02-01 platinum until 2027-06-30
...     2025-08-01 +750
...     2026-01-01 review
...     2027-01-01 review   2026 earned nothing, the hand still holds
...     2027-07-01 review
... ''')
2025-02-01 manual platinum, review 2027-07-01
2025-08-01 upgrade diamond, review 2026-01-01
2026-01-01 review diamond, review 2027-01-01
2027-01-01 downgrade platinum, review 2027-07-01
2027-07-01 downgrade silver
>>> tell("calendar", '''
...     2025-02-01 platinum until 2026-06-30
...     2025-08-01 +110
...     2026-07-01 review   2025 earned gold
... ''')
2025-02-01 manual platinum, review 2026-07-01
2026-07-01 downgrade gold, review 2027-01-01
>>> tell("calendar", '''
...     2025-02-01 platinum until 2026-06-30
...     2026-03-01 +110
...     2026-07-01 review   so has 2026 by now
... ''')
2025-02-01 manual platinum, review 2026-07-01
2026-07-01 downgrade gold, review 2027-01-01
>>> tell("calendar", '''
...     2025-02-01 diamond
...     2029-01-01 review
... ''')
2025-02-01 manual diamond

A sale that arrives late counts on its day, also when that is in the year before.

>>> tell("calendar", '''
...     2026-01-03 +110 on 2025-12-31
...     2026-01-04 review
... ''')
2025-12-31 upgrade gold, review 2026-01-01
2026-01-04 review gold, review 2027-01-01
"""

from datetime import date
from decimal import Decimal

from .tier_ladder import Ladder
from .tier_periods import Window, period, reviewed_days, upgraded_days
from .tiers import assign, review, rise, start, undo

TIERS = {"silver": 0, "gold": 100, "platinum": 300, "diamond": 750}
NUMBERS = {"grace": "grace_days", "months": "months", "valid": "valid_months"}


class Story:
    """One member: the standing, and what was earned on which day."""

    def __init__(self, ladder, joined_on):
        self.ladder, self.joined_on = ladder, joined_on
        self.standing = start(ladder, joined_on)
        self.points = []

    def total(self, first, last):
        """The sum of the days from ``first`` to ``last``."""
        return sum((p for day, p in self.points if first <= day <= last), Decimal(0))

    def running(self, day):
        """What the period of ``day`` has brought up to it."""
        return self.total(period(self.ladder.window, self.joined_on, day)[0], day)

    def move(self, day, points, counted_on=None):
        """Earn, or take back, on ``day`` what counts on another day; returns what changed."""
        counted_on = counted_on or day
        self.points.append((counted_on, Decimal(points)))
        if points > 0:
            days = sorted({counted_on, day})
            return [("upgrade", when) for when in days if self._became(self._risen(when))]
        then = self.total(*self._days_of_upgrade(day)) if self.standing.tier else Decimal(0)
        now = self.running(day)
        return [("refund", day)] * self._became(undo(self.ladder, self.standing, now, then, day))

    def assign(self, day, rung, until=None):
        """Give a tier by hand."""
        self.standing = assign(rung, day, until)
        return [("manual", day)]

    def review(self, day):
        """What the nightly job of ``day`` does: reviews until none is due."""
        changes = []
        while self.standing.review_on and self.standing.review_on <= day:
            before = self.standing
            days = reviewed_days(self.ladder.window, self.joined_on, before.review_on)
            sums = self.total(*days), self.running(day)
            self.standing = review(self.ladder, self.joined_on, before, *sums, day)
            kept = self.standing.tier == before.tier
            changes.append(("review" if kept else "downgrade", day))
        return changes

    def _risen(self, day):
        return rise(self.ladder, self.joined_on, self.standing, self.running(day), day)

    def _days_of_upgrade(self, day):
        return upgraded_days(self.ladder.window, self.joined_on, self.standing.since, day)

    def _became(self, standing):
        changed = standing.tier != self.standing.tier
        self.standing = standing
        return changed


class Told(str):
    """Lines that show as they are."""

    __slots__ = ()
    __repr__ = str.__str__


def tell(settings, events):
    """What the events change, line by line; None where that is nothing.

    See the top of this file for what settings and events may say.
    """
    story = Story(*_ladder(settings.split()))
    names = {rung.id: name for rung, name in zip(story.ladder.rungs, TIERS, strict=True)}
    told = []
    for line in filter(None, map(str.strip, events.splitlines())):
        for kind, day in _play(story, line.split("  ")[0].split()):
            review_on = story.standing.review_on
            tail = f", review {review_on}" if review_on else ""
            told.append(f"{day} {kind} {names[story.standing.tier.id]}{tail}")
    return Told("\n".join(told)) if told else None


def _ladder(words):
    kind, *words = words
    values = dict(word.split("=") for word in words if "=" in word)
    numbers = {NUMBERS[name]: int(values[name]) for name in values.keys() & NUMBERS.keys()}
    if "carry" in values:
        month, day = values["carry"].split("-")
        numbers["carry_over"] = int(month), int(day)
    pairs = list(enumerate(TIERS.values(), 1))
    downgrade = "one_step" if "one_step" in words else "earned"
    joined_on = date.fromisoformat(values.get("joined", "2024-01-01"))
    return Ladder.of(pairs, Window(kind, **numbers), downgrade), joined_on


def _play(story, words):
    day, what = date.fromisoformat(words[0]), words[1]
    other = date.fromisoformat(words[3]) if len(words) > 3 else None
    if what == "review":
        return story.review(day)
    if what in TIERS:
        return story.assign(day, story.ladder.earned(Decimal(TIERS[what])), other)
    return story.move(day, int(what), other)
