"""For which occasion a benefit counts that a manager gives by hand, and how long it can be used.

What is given by hand takes the key that the nightly job would take, so that the two never give for
one occasion. A birthday or special day need not be near: it may have been missed, or be ahead.
"""

from dataclasses import replace
from datetime import timedelta

from .benefits import WINDOW_DAYS_MAX, birthday_slots, days_around, special_day_slots
from .birthday import birthday_in


def day_by_hand(days, today, before, after):
    """Which of an occasion's ``days`` (one a year) a gift of ``today`` is for; None without any.

    The one whose window is open; else that of this year, be it over or still ahead.

    >>> from datetime import date
    >>> feast = [date(2025, 12, 15), date(2026, 12, 15), date(2027, 12, 15)]
    >>> str(day_by_hand(feast, date(2026, 11, 22), 3, 3))
    '2026-12-15'

    When the year has just turned, what was missed is last year's; and next year's window may be
    open in this one.

    >>> str(day_by_hand(feast, date(2027, 1, 10), 3, 3))
    '2026-12-15'
    >>> str(day_by_hand([date(2026, 1, 2), date(2027, 1, 2)], date(2026, 12, 30), 3, 3))
    '2027-01-02'
    >>> day_by_hand([], date(2026, 11, 22), 3, 3) is None
    True
    """
    if open_ := sorted(set(days_around(today, before, after)).intersection(days)):
        return open_[-1]
    by_year = {day.year: day for day in days}
    this, last = by_year.get(today.year), by_year.get(today.year - 1)
    is_ahead = not this or this > today
    if last and is_ahead and (today - last).days <= WINDOW_DAYS_MAX:
        return last
    return this


def _last_day(day, today, before, after, valid_days):
    """The days that the benefit says; else as many as its window has, and through that window.

    >>> from datetime import date
    >>> str(_last_day(date(2026, 3, 1), date(2026, 11, 22), 7, 7, 0))
    '2026-12-06'
    >>> str(_last_day(date(2026, 12, 15), date(2026, 11, 22), 7, 7, 0))
    '2026-12-22'
    """
    if valid_days:
        return today + timedelta(days=valid_days)
    return max(day + timedelta(days=after), today + timedelta(days=before + after))


def birthday_by_hand(birth, today, *terms):
    """``(the birthday, its Slot)`` for somebody born on ``birth``.

    >>> from datetime import date
    >>> day, slot = birthday_by_hand(date(2004, 2, 29), date(2026, 3, 10), 0, 5, 0)
    >>> str(day), slot.key, str(slot.valid_until), (slot.month, slot.day)
    ('2026-02-28', '2026', '2026-03-15', (2, 29))

    :param terms: days of the window before and after the day, days that the benefit is valid for
    """
    days = [birthday_in(birth, today.year + years) for years in (-1, 0, 1)]
    day = day_by_hand(days, today, *terms[:2])
    own = (birth.month, birth.day)
    [slot] = [slot for slot in birthday_slots(day, 0, 0) if (slot.month, slot.day) == own]
    return day, replace(slot, valid_until=_last_day(day, today, *terms))


def special_day_by_hand(day_id, dates, today, *terms):
    """``(the date, its Slot)`` of a special day with these ``dates``; None without one.

    >>> from datetime import date
    >>> tet = [date(2026, 2, 17), date(2027, 2, 6)]
    >>> day, slot = special_day_by_hand(7, tet, date(2026, 3, 1), 3, 3, 30)
    >>> str(day), slot.key, str(slot.valid_until)
    ('2026-02-17', 'day:7:2026', '2026-03-31')

    :param terms: as in :func:`birthday_by_hand`
    """
    day = day_by_hand(dates, today, *terms[:2])
    if not day:
        return None
    [slot] = special_day_slots({day_id: [day]}, day, 0, 0)
    return day, replace(slot, valid_until=_last_day(day, today, *terms))
