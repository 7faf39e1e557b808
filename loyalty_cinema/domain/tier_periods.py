"""Over which days qualifying points are counted for a tier, and when a tier is reviewed.

A *fixed* window (calendar, membership) has periods that follow each other; a *rolling* one looks
back from each day; *lifetime* counts everything and is never reviewed.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

#: How the qualifying points of a ladder are counted.
WINDOWS = [
    ("rolling", "Over the last months"),
    ("calendar", "In the calendar year"),
    ("membership", "In the year of membership"),
    ("lifetime", "Since ever"),
]
FIXED_WINDOWS = frozenset({"calendar", "membership"})
#: More days of grace would reach over the period that follows.
GRACE_DAYS_MAX = 180
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The settings of a ladder that say which days count.

    :param kind: one of :data:`WINDOWS`
    :param months: how far a rolling window looks back
    :param valid_months: rolling: how long a tier is kept before its review
    :param grace_days: how many days after the period's end the review waits
    :param carry_over: calendar: ``(month, day)``; who joins on that day or later has a first period
        that runs to the end of the next year
    """

    kind: str = "rolling"
    months: int = 12
    valid_months: int = 12
    grace_days: int = 0
    carry_over: tuple[int, int] | None = None


def add_months(day, months):
    """That many months later (or earlier); the last of the month where it is shorter.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2024, 2, 29), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 2, 28))
    >>> add_months(date(2026, 1, 15), -1)
    datetime.date(2025, 12, 15)
    """
    years, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def period(window, joined_on, day):
    """``(first, last)`` day of the period that ``day`` is in. What is counted ends at ``day``.

    >>> def show(kind, joined, day, **settings):
    ...     days = period(Window(kind, **settings), date.fromisoformat(joined),
    ...                   date.fromisoformat(day))
    ...     return " .. ".join(map(str, days))

    A rolling window ends today; it holds as many whole months as it says.

    >>> show("rolling", "2020-01-01", "2026-11-22", months=12)
    '2025-11-23 .. 2026-11-22'
    >>> show("rolling", "2020-01-01", "2026-02-28", months=3)
    '2025-11-29 .. 2026-02-28'

    A year of membership starts on the day of joining, also for who joined on 29 February.

    >>> [show("membership", "2024-03-10", f"2026-03-{day}") for day in ("09", "10")]
    ['2025-03-10 .. 2026-03-09', '2026-03-10 .. 2027-03-09']
    >>> show("membership", "2024-02-29", "2025-02-28")
    '2025-02-28 .. 2026-02-27'

    A calendar year; who joins late in it is carried over, once.

    >>> for joined in ("2025-10-31", "2025-11-01"):
    ...     show("calendar", joined, "2025-12-01", carry_over=(11, 1))
    '2025-01-01 .. 2025-12-31'
    '2025-01-01 .. 2026-12-31'
    >>> show("calendar", "2025-11-01", "2026-12-31", carry_over=(11, 1))
    '2025-01-01 .. 2026-12-31'
    >>> show("calendar", "2025-11-01", "2027-01-01", carry_over=(11, 1))
    '2027-01-01 .. 2027-12-31'
    >>> show("lifetime", "2025-11-01", "2027-01-01")
    '0001-01-01 .. 9999-12-31'
    """
    if window.kind == "lifetime":
        return date.min, date.max
    if window.kind == "rolling":
        return add_months(day, -window.months) + ONE_DAY, day
    if window.kind == "membership":
        years = day.year - joined_on.year
        if add_months(joined_on, 12 * years) > day:
            years -= 1
        first, last = (add_months(joined_on, 12 * n) for n in (years, years + 1))
        return first, last - ONE_DAY
    late = window.carry_over and (joined_on.month, joined_on.day) >= window.carry_over
    if late and joined_on.year <= day.year <= joined_on.year + 1:
        return date(joined_on.year, 1, 1), date(joined_on.year + 1, 12, 31)
    return date(day.year, 1, 1), date(day.year, 12, 31)


def review_after(window, joined_on, day):
    """The day on which a tier reached on ``day`` is reviewed: after its period, and the grace days.

    >>> joined, day = date(2024, 3, 10), date(2026, 6, 30)
    >>> for kind in ("rolling", "calendar", "membership"):
    ...     print(kind, review_after(Window(kind, grace_days=10), joined, day))
    rolling 2027-07-10
    calendar 2027-01-11
    membership 2027-03-20
    >>> review_after(Window("lifetime"), joined, day) is None
    True
    """
    if window.kind == "lifetime":
        return None
    if window.kind == "rolling":
        start = add_months(day, window.valid_months)
    else:
        start = period(window, joined_on, day)[1] + ONE_DAY
    return start + timedelta(days=window.grace_days)


def next_review(window, joined_on, review_on):
    """The review after that of ``review_on``. Grace days do not add up from review to review.

    >>> window = Window("rolling", valid_months=6, grace_days=10)
    >>> next_review(window, date(2020, 1, 1), date(2026, 1, 11))
    datetime.date(2026, 7, 11)
    >>> next_review(Window("calendar", grace_days=10), date(2020, 1, 1), date(2026, 1, 11))
    datetime.date(2027, 1, 11)
    """
    if window.kind == "rolling":
        review_on -= timedelta(days=window.grace_days)
    return review_after(window, joined_on, review_on)


def reviewed_days(window, joined_on, review_on):
    """``(first, last)`` of the days that the review of ``review_on`` measures.

    The ended period and the grace days after it: what is bought in them counts for both periods.

    >>> def show(kind, joined, day, **settings):
    ...     days = reviewed_days(Window(kind, **settings), date.fromisoformat(joined),
    ...                          date.fromisoformat(day))
    ...     return " .. ".join(map(str, days))
    >>> show("calendar", "2020-05-05", "2026-01-31", grace_days=30)
    '2025-01-01 .. 2026-01-30'
    >>> show("calendar", "2024-12-01", "2026-01-01", carry_over=(11, 1))
    '2024-01-01 .. 2025-12-31'
    >>> show("membership", "2020-05-05", "2026-05-05")
    '2025-05-05 .. 2026-05-04'

    A rolling window is the one of the day on which the tier ends, so that what earned it does not
    earn it twice.

    >>> show("rolling", "2020-05-05", "2026-05-05", grace_days=5)
    '2025-05-01 .. 2026-05-05'

    A tier given by hand may end in the middle of a period: the one before is measured, and what the
    running one has brought so far counts anyhow (see :func:`~.tiers.review`).

    >>> show("calendar", "2020-05-05", "2026-07-01", grace_days=30)
    '2025-01-01 .. 2026-01-30'
    """
    if window.kind == "lifetime":
        return date.min, review_on
    if window.kind == "rolling":
        ended = review_on - timedelta(days=window.grace_days)
        return period(window, joined_on, ended)[0], review_on
    ended = period(window, joined_on, review_on)[0] - ONE_DAY
    return period(window, joined_on, ended)[0], ended + timedelta(days=window.grace_days)


def upgraded_days(window, joined_on, since, day):
    """``(first, last)`` of the days that earned the tier of ``since``, seen on ``day``.

    A rolling window as it was on that day; of a fixed one the whole period and its grace days.

    >>> since, day = date(2026, 6, 1), date(2026, 9, 1)
    >>> for kind in ("rolling", "calendar"):
    ...     print(*upgraded_days(Window(kind), since, since, day))
    2025-06-02 2026-06-01
    2026-01-01 2026-09-01
    >>> print(*upgraded_days(Window("calendar", grace_days=10), since, since, date(2027, 3, 1)))
    2026-01-01 2027-01-10
    """
    first, last = period(window, joined_on, since)
    if window.kind in FIXED_WINDOWS:
        last += timedelta(days=window.grace_days)
    return first, min(last, day)
