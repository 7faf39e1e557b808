"""The numbers printed on member cards: too random to be guessed, proof against typing slips.

A code is a prefix chosen by the house (often none), fifteen random digits and a Luhn digit. Digits
only: Odoo's till splits keys on dashes, and every barcode scanner and keypad can enter digits.

Cards that were printed before their program became stored value keep the code that is on them
(Odoo's own look like ``0447-a1b2-4c3d``), written without dashes and in small letters.
"""

import secrets

#: No code is longer, whoever made it.
TYPED_LENGTH_MAX = 64
#: 10 ** 15 possible numbers are 49.8 bits; the prefix, which is printed everywhere, does not count.
RANDOM_DIGITS = 15
PREFIX_DIGITS_MAX = 4
CODE_DIGITS_MIN = RANDOM_DIGITS + 1
CODE_DIGITS_MAX = PREFIX_DIGITS_MAX + RANDOM_DIGITS + 1


def luhn_digit(digits):
    """The digit that makes ``digits`` followed by it a valid code.

    It reveals every single mistyped digit and nearly every swap of two neighbours.

    >>> luhn_digit("7992739871")
    '3'
    """
    doubled = (
        int(digit) * 2 if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(digits))
    )
    return str(-sum(number - 9 if number > 9 else number for number in doubled) % 10)


def is_valid_prefix(prefix):
    """Whether ``prefix`` can start a code: at most four ASCII digits, or nothing.

    >>> is_valid_prefix(""), is_valid_prefix("77"), is_valid_prefix("LM"), is_valid_prefix("12345")
    (True, True, False, False)
    """
    return not prefix or (_is_digits(prefix) and len(prefix) <= PREFIX_DIGITS_MAX)


def generate(prefix=""):
    """A new code from the system's source of randomness (``secrets``, never ``random``).

    >>> code = generate("77")
    >>> code.startswith("77"), len(code), is_valid(code)
    (True, 18, True)
    """
    digits = f"{prefix}{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"
    return digits + luhn_digit(digits)


def generate_many(quantity, prefix=""):
    """A set of ``quantity`` different new codes.

    >>> len(generate_many(50))
    50
    """
    codes = set()
    while len(codes) < quantity:
        codes.add(generate(prefix))
    return codes


def normalise(text):
    """What was typed or scanned, as codes are stored: people copy groups, spaces and dashes.

    >>> normalise(" 4539 1488-0343 6467 "), normalise("0447-A1b2-4c3d"), normalise(None)
    ('4539148803436467', '0447a1b24c3d', '')
    """
    text = "".join(char for char in str(text or "") if not char.isspace() and char != "-")
    return text.lower()


def is_valid(code):
    """Whether ``code`` is one of those made here: length, digits and Luhn digit.

    >>> is_valid("4539148803436467"), is_valid("4539148803436468"), is_valid("9" * 60), is_valid("")
    (True, False, False, False)
    """
    if not (CODE_DIGITS_MIN <= len(code) <= CODE_DIGITS_MAX and _is_digits(code)):
        return False
    return luhn_digit(code[:-1]) == code[-1]


def mask(code):
    """What screens and receipts show of a code.

    >>> mask("4539148803436467"), mask("")
    ('•••• 6467', '')
    """
    return f"•••• {code[-4:]}" if code else ""


def printed(code):
    """The code in groups of four, as it is printed and as a spreadsheet keeps it.

    A spreadsheet that takes sixteen digits for a number loses the last one.

    >>> printed("4539148803436467")
    '4539 1488 0343 6467'
    """
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _is_digits(text):
    """ASCII digits only: ``str.isdigit`` also accepts those of other scripts."""
    return text.isascii() and text.isdigit()
