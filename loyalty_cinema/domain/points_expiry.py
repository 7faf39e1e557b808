"""When points may first be spent, and when they are lost."""

from calendar import monthrange
from datetime import date, timedelta

#: How points wait before they can be spent.
PENDING_MODES = [
    ("none", "At once"),
    ("next_day", "The next day"),
    ("days", "After some days"),
]
#: How points are lost. Only the first three give a lot its last day; inactivity is looked up.
EXPIRY_MODES = [
    ("never", "Never"),
    ("months", "Some months after they can be spent"),
    ("fixed_day", "On a fixed day of the year"),
    ("inactivity", "All at once, after months without a visit"),
]


def available_on(mode, days, earned_on):
    """The first day on which points of ``earned_on`` can be spent; None: at once.

    >>> available_on("next_day", 0, date(2026, 12, 31)), available_on("days", 3, date(2026, 2, 27))
    (datetime.date(2027, 1, 1), datetime.date(2026, 3, 2))
    >>> available_on("none", 3, date(2026, 12, 31)) is None
    True
    """
    wait = {"next_day": 1, "days": days}.get(mode, 0)
    return earned_on + timedelta(days=wait) if wait else None


def expire_on(mode, months, day, month, earned_on):
    """The last day on which points of ``earned_on`` can be spent; None: no such day.

    After N months: the same day of the month, or the last one where the month is shorter.

    >>> expire_on("months", 12, 0, 0, date(2026, 1, 15))
    datetime.date(2027, 1, 15)
    >>> expire_on("months", 1, 0, 0, date(2026, 1, 31))
    datetime.date(2026, 2, 28)

    On a fixed day: the next one after the day of earning, so that points of that very day last a
    year instead of some hours.

    >>> [expire_on("fixed_day", 0, 31, 12, date(2026, 12, d)).year for d in (30, 31)]
    [2026, 2027]

    :param day: day of the month; one that the month does not have means its last
    """
    if mode == "months":
        years, index = divmod(earned_on.month - 1 + months, 12)
        return _day_of(earned_on.year + years, index + 1, earned_on.day)
    if mode == "fixed_day":
        this_year = _day_of(earned_on.year, month, day)
        return this_year if this_year > earned_on else _day_of(earned_on.year + 1, month, day)
    return None


def _day_of(year, month, day):
    """That day, or the last of its month.

    >>> _day_of(2027, 2, 29)
    datetime.date(2027, 2, 28)
    """
    return date(year, month, min(day, monthrange(year, month)[1]))
