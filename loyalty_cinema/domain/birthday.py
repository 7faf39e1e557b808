"""Birthdays: which dates can be one, and how far the next one is."""

from calendar import isleap
from datetime import date

#: Nobody alive was born before; an older date is a slip of the keyboard.
BIRTH_MIN = date(1900, 1, 1)


def is_birth_date(birth, today):
    """Whether somebody can have been born on ``birth``.

    >>> today = date(2026, 11, 22)
    >>> [is_birth_date(date(*day), today) for day in [(1899, 12, 31), (1900, 1, 1), (2026, 11, 22)]]
    [False, True, True]
    >>> is_birth_date(date(2026, 11, 23), today)
    False
    """
    return BIRTH_MIN <= birth <= today


def birthday_in(birth, year):
    """The day on which a birthday is kept in ``year``: on 28 February where there is no 29th.

    >>> birthday_in(date(2000, 2, 29), 2026), birthday_in(date(2000, 2, 29), 2028)
    (datetime.date(2026, 2, 28), datetime.date(2028, 2, 29))
    """
    if (birth.month, birth.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return birth.replace(year=year)


def days_to_birthday(birth, today):
    """Days until the next birthday; 0 on the day itself.

    >>> today = date(2026, 12, 30)
    >>> days = [(12, 30), (12, 31), (1, 2), (12, 29)]
    >>> [days_to_birthday(date(1990, *day), today) for day in days]
    [0, 1, 3, 364]
    >>> days_to_birthday(date(2000, 2, 29), date(2026, 2, 28))
    0
    """
    coming = birthday_in(birth, today.year)
    if coming < today:
        coming = birthday_in(birth, today.year + 1)
    return (coming - today).days
