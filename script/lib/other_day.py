#!/usr/bin/env python3
"""A day on which code that reads the clock goes wrong; another one each week.

    script/test --day "$(script/lib/other_day.py)" --quick

Prints ``YYYY-MM-DD HH:MM`` (UTC). The week of the calendar chooses among the kinds of days below,
and each kind's next day from now on is taken, so that the list never grows old.
"""

import calendar
from datetime import datetime, timedelta, timezone


def leap_day(now):
    """The evening of the next 29 February."""
    leap_years = filter(calendar.isleap, range(now.year, now.year + 9))
    evenings = (datetime(year, 2, 29, 23, 40) for year in leap_years)
    return next(evening for evening in evenings if evening > now)


def new_year(now):
    """The last half hour of the year: elsewhere it is next year already."""
    return datetime(now.year, 12, 31, 23, 30)


def first_of_month(now):
    """The first hours of a month: elsewhere it is the month before."""
    return datetime(now.year + now.month // 12, now.month % 12 + 1, 1, 1, 30)


def clocks_forward(now):
    """Just before Europe's clocks are put forward."""
    return _change(now, 3)


def clocks_back(now):
    """Just before Europe's clocks are put back."""
    return _change(now, 10)


def _change(now, month):
    """01:00 UTC on the last Sunday of the month, ten minutes before."""
    for year in (now.year, now.year + 1):
        last = datetime(year, month, 31, 0, 50)
        day = last - timedelta(days=(last.weekday() + 1) % 7)
        if day > now:
            return day
    raise AssertionError("one of two years has it")


def late_evening(now):
    """Tonight, when it is tomorrow in Asia."""
    return now.replace(hour=22, minute=30)


KINDS = (leap_day, new_year, first_of_month, clocks_forward, late_evening, clocks_back)


def other_day(now):
    """The moment for the week of ``now`` (both naive, in UTC).

    >>> for week in range(6):
    ...     print(other_day(datetime(2026, 11, 2, 12) + timedelta(weeks=week)))
    2027-03-28 00:50:00
    2026-11-09 22:30:00
    2027-10-31 00:50:00
    2028-02-29 23:40:00
    2026-12-31 23:30:00
    2027-01-01 01:30:00
    """
    return KINDS[now.isocalendar().week % len(KINDS)](now)


if __name__ == "__main__":
    moment = other_day(datetime.now(timezone.utc).replace(tzinfo=None, second=0, microsecond=0))
    print(f"{moment:%Y-%m-%d %H:%M}")
