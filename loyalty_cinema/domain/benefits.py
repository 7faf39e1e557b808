"""When a tier's benefits fall due: windows around a day, periods, and the keys that keep them once.

A *slot* is one occasion on which a benefit is given at most once to a member: a birthday of one
year, Tết of one year, the third quarter. Its key is stored with what was given; the database
refuses the second one of a member, benefit and key.
"""

from dataclasses import dataclass
from datetime import date, timedelta

#: On what a benefit is given.
OCCASIONS = [
    ("reaching", "On reaching the tier"),
    ("birthday", "Birthday"),
    ("special_day", "Special days"),
    ("period", "Once in a period"),
    ("always", "Always"),
]
#: What is given.
GIFTS = [
    ("voucher", "Voucher"),
    ("task", "Task for the staff"),
    ("service", "Personal service"),
]
#: The periods of a benefit that comes back.
PERIODS = [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]
#: How far a window reaches from its day, so that two birthdays of one person never share a day.
WINDOW_DAYS_MAX = 90
ONCE = "once"


@dataclass(frozen=True, slots=True)
class Slot:
    """One occasion of one benefit.

    :param key: what makes it unique for a member, e.g. "2026-Q4"
    :param valid_until: last day of what is given; None: no such day
    :param month: month and day of the birthdays that it is for; None: it is for everybody
    """

    key: str
    valid_until: date | None
    month: int | None = None
    day: int | None = None


def period_of(day, period):
    """The period that ``day`` lies in: ``(key, last day)``.

    >>> period_of(date(2026, 11, 22), "month")
    ('2026-11', datetime.date(2026, 11, 30))
    >>> period_of(date(2026, 11, 22), "quarter")
    ('2026-Q4', datetime.date(2026, 12, 31))
    >>> period_of(date(2026, 11, 22), "year")
    ('2026', datetime.date(2026, 12, 31))
    """
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    index = (day.month - 1) // months
    end_month = (index + 1) * months
    following = date(day.year + end_month // 12, end_month % 12 + 1, 1)
    suffix = {"month": f"-{index + 1:02}", "quarter": f"-Q{index + 1}", "year": ""}[period]
    return f"{day.year}{suffix}", following - timedelta(days=1)


def days_around(today, before, after):
    """The days whose window, ``before`` days ahead to ``after`` days past, has ``today`` in it.

    >>> [str(day) for day in days_around(date(2026, 12, 31), 2, 1)]
    ['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02']
    """
    return [today + timedelta(days=offset) for offset in range(-after, before + 1)]


def _born_on(day):
    """The (month, day) of births that have their birthday on ``day``: on 28 February maybe two."""
    births = [(day.month, day.day)]
    if births == [(2, 28)] and (day + timedelta(days=1)).month == 3:
        births.append((2, 29))
    return births


def birthday_slots(today, before, after):
    """The slots of birthdays in whose window ``today`` lies, one for each birthday in the calendar.

    The year of the key is the birthday's, not that in which the gift is made.

    >>> birthday_slots(date(2026, 12, 31), 1, 0)[1]
    Slot(key='2027', valid_until=datetime.date(2027, 1, 1), month=1, day=1)

    Who was born on 29 February has the birthday on the 28th in other years.

    >>> [(slot.month, slot.day) for slot in birthday_slots(date(2026, 2, 28), 0, 0)]
    [(2, 28), (2, 29)]
    >>> [(slot.month, slot.day) for slot in birthday_slots(date(2028, 2, 28), 0, 0)]
    [(2, 28)]
    """
    return [
        Slot(str(day.year), day + timedelta(days=after), *birth)
        for day in days_around(today, before, after)
        for birth in _born_on(day)
    ]


def special_day_slots(dates, today, before, after):
    """The slots of special days in whose window ``today`` lies.

    >>> tet = {7: [date(2026, 2, 17), date(2027, 2, 6)]}
    >>> special_day_slots(tet, date(2026, 2, 15), 3, 5)
    [Slot(key='day:7:2026', valid_until=datetime.date(2026, 2, 22), month=None, day=None)]
    >>> special_day_slots(tet, date(2026, 2, 23), 3, 5)
    []

    :param dates: ``{id of the special day: its dates}``
    """
    around = set(days_around(today, before, after))
    return [
        Slot(f"day:{day_id}:{day.year}", day + timedelta(days=after))
        for day_id, days in dates.items()
        for day in sorted(around.intersection(days))
    ]


def period_slot(today, period, valid_days):
    """The slot of the current period: valid for some days from today, else to the period's end.

    >>> period_slot(date(2026, 11, 22), "year", 0)
    Slot(key='2026', valid_until=datetime.date(2026, 12, 31), month=None, day=None)
    >>> period_slot(date(2026, 11, 22), "year", 90).valid_until
    datetime.date(2027, 2, 20)
    """
    key, last = period_of(today, period)
    return Slot(key, today + timedelta(days=valid_days) if valid_days else last)


def reaching_slot(today, valid_days):
    """The slot of what is given once, on reaching a tier.

    >>> reaching_slot(date(2026, 11, 22), 30)
    Slot(key='once', valid_until=datetime.date(2026, 12, 22), month=None, day=None)
    >>> reaching_slot(date(2026, 11, 22), 0).valid_until is None
    True
    """
    return Slot(ONCE, today + timedelta(days=valid_days) if valid_days else None)
