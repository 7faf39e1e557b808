"""Members and their opening balances, as another system hands them over: a table, checked.

The first row names the columns (:data:`COLUMNS`, in any order; those that are not needed may be
left out), each further row is one member. Cells are text, as in a CSV file, or numbers and dates,
as in a spreadsheet. Nothing is guessed: what could mean two things is a problem.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .amounts import AMOUNT_MAX, AMOUNT_QUANTUM, is_multiple, to_decimal
from .card_code import TYPED_LENGTH_MAX, normalise

COLUMNS = (
    "name",
    "phone",
    "email",
    "ref",
    "card",
    "points",
    "qualifying",
    "expires_on",
    "joined_on",
)
#: By which of them a member is found again.
IDENTITY = ("ref", "email", "phone", "card")
#: A spreadsheet keeps no more digits of a number; longer card numbers must be text.
NUMBER_DIGITS_MAX = 15
#: Shorter ones are guessed.
CARD_LENGTH_MIN = 6
ZERO = Decimal(0)


class ImportRow(NamedTuple):
    """One member as the table has it; ``line`` counts from 1, the header being line 1."""

    line: int
    name: str = ""
    phone: str = ""
    email: str = ""
    ref: str = ""
    card: str = ""
    points: Decimal = ZERO
    qualifying: Decimal = ZERO
    expires_on: date | None = None
    joined_on: date | None = None

    def identity(self, country_code=""):
        """By what the member is found: ``{"ref", "email", "phone", "card"}`` as far as given.

        >>> ImportRow(2, phone="+84 912 345 678", email="Mai@Example.com").identity("84")
        {'email': 'mai@example.com', 'phone': '912345678'}
        """
        keys = {
            "ref": self.ref,
            "email": self.email.lower(),
            "phone": phone_key(self.phone, country_code),
            "card": self.card,
        }
        return {name: key for name, key in keys.items() if key}


class Problem(NamedTuple):
    """What is wrong in which line: a code, and the cell that it is about."""

    line: int
    code: str
    detail: str = ""


def phone_key(text, country_code=""):
    """A phone number without what people write differently: spaces, the country, leading zeros.

    >>> phone_key("+84 (0) 912-345-678", "84"), phone_key("0084912345678", "84")
    ('912345678', '912345678')
    >>> phone_key("0912 345 678"), phone_key("912345678"), phone_key("n/a")
    ('912345678', '912345678', '')
    """
    text = str(text or "").strip()
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if text.startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00").removeprefix(country_code)
    return digits.lstrip("0")


def read_table(table, today, country_code=""):
    """The rows of a table, and what is wrong with it: ``(rows, problems)``.

    >>> table = [["Name", "Phone", "Points"], ["Mai", "0912", "10.5"], [], ["Nam", "", "1,5"]]
    >>> rows, problems = read_table(table, date(2026, 11, 22))
    >>> [(row.line, row.name, str(row.points)) for row in rows]
    [(2, 'Mai', '10.5'), (4, 'Nam', '0')]
    >>> [(problem.line, problem.code, problem.detail) for problem in problems]
    [(4, 'number', '1,5'), (4, 'identity', '')]

    :param table: an iterable of rows, each a sequence of cells
    :param today: expiry before it and joining after it are problems
    :param country_code: what phone numbers may begin with, such as "84"
    """
    table = iter(table)
    header = [_text(cell).lower().replace(" ", "_") for cell in next(table, ())]
    problems = [Problem(1, "column", name) for name in header if name and name not in COLUMNS]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    problems += [Problem(1, "column_twice", name) for name in twice]
    if "name" not in header or not set(IDENTITY) & set(header):
        problems.append(Problem(1, "header"))
    if problems:
        return [], problems
    rows = []
    for line, cells in enumerate(table, start=2):
        values = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        if not any(_text(cell) for cell in values.values()):
            continue
        row, wrong = _read_row(line, values, today)
        rows.append(row)
        problems += wrong
    return rows, problems + _said_twice(rows, country_code)


def _read_row(line, values, today):
    """One row and its problems."""
    problems, read = [], {}
    for name, cell in values.items():
        try:
            read[name] = READERS.get(name, _text)(cell)
        except ValueError as error:
            problems.append(Problem(line, str(error), _text(cell)))
    row = ImportRow(line, **read)
    if not row.identity():
        problems.append(Problem(line, "identity"))
    if row.qualifying < 0:
        problems.append(Problem(line, "negative", str(row.qualifying)))
    if row.expires_on and row.expires_on < today:
        problems.append(Problem(line, "expired", str(row.expires_on)))
    if row.joined_on and row.joined_on > today:
        problems.append(Problem(line, "future", str(row.joined_on)))
    return row, problems


def _said_twice(rows, country_code):
    """Rows that name somebody whom an earlier row has named."""
    seen, problems = {}, []
    for row in rows:
        for pair in row.identity(country_code).items():
            first = seen.setdefault(pair, row.line)
            if first != row.line:
                problems.append(Problem(row.line, "twice", str(first)))
                break
    return problems


def _text(cell):
    """A cell as text; a spreadsheet's whole numbers come as floats.

    >>> _text(912345678.0), _text(" Mai "), _text(None)
    ('912345678', 'Mai', '')
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _number(cell):
    """An amount: digits and, for decimals, a point. No thousands separators: "1.234" is ambiguous.

    >>> _number("1000.5"), _number(12), _number("")
    (Decimal('1000.5'), Decimal('12'), Decimal('0'))
    """
    if isinstance(cell, float):
        cell = to_decimal(cell)
    text = _text(cell)
    if not text:
        return ZERO
    digits = text.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError("number")
    number = Decimal(text)
    if abs(number) > AMOUNT_MAX or not is_multiple(number, AMOUNT_QUANTUM):
        raise ValueError("number")
    return number


def _date(cell):
    """A date: a spreadsheet's, or YYYY-MM-DD. Anything else could be read in two ways."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("date") from None


def _card(cell):
    """A card number as cards have it; as text, for a spreadsheet loses digits of long numbers."""
    text = normalise(_text(cell))
    if not text:
        return ""
    if not isinstance(cell, str) and len(text) > NUMBER_DIGITS_MAX:
        raise ValueError("card_number")
    if not CARD_LENGTH_MIN <= len(text) <= TYPED_LENGTH_MAX:
        raise ValueError("card")
    return text


READERS = {
    "points": _number,
    "qualifying": _number,
    "expires_on": _date,
    "joined_on": _date,
    "card": _card,
}
