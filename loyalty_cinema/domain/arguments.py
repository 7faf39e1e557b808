"""What a client may send as an argument: one rule for each name, whichever call it is sent with.

A till sends JSON. Where text is due it can put a list, which a search would take for many texts;
text can hold what no database stores, or be too long for an index.
"""

#: No key, uuid, reason or name of a till is longer.
TEXT_MAX = 250
#: More than an order has of lines, and a call of anything.
ITEMS_MAX = 1000
DEPTH_MAX = 6


def is_text(value, longest=TEXT_MAX):
    """Text that the database can hold.

    >>> is_text("Mai"), is_text(""), is_text(["Mai"]), is_text("a" * 9000)
    (True, True, False, False)
    >>> is_text("a\\0b"), is_text("\\ud800")
    (False, False)
    """
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        return False
    return not any("\ud800" <= char <= "\udfff" for char in value)


def is_clean(value, depth=DEPTH_MAX):
    """Whether all of what a client sent, however nested, is such text, numbers, yes and no.

    >>> is_clean({"name": "Mai", "tastes": {"add": [1, 2]}, "email": None})
    True
    >>> is_clean({"name": ["a\\0b"]}), is_clean([[[[[[[["deep"]]]]]]]])
    (False, False)
    """
    if isinstance(value, (dict, list)):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        fits = depth > 0 and len(value) <= ITEMS_MAX
        return fits and all(is_clean(item, depth - 1) for item in inner)
    if isinstance(value, str):
        return is_text(value)
    return value is None or isinstance(value, (bool, int, float))


def is_id(value):
    """The id of a record.

    >>> is_id(7), is_id(True), is_id("7"), is_id(0), is_id([7]), is_id(2**31)
    (True, False, False, False, False, False)
    """
    return type(value) is int and 0 < value < 2**31


def _or_nothing(rule):
    """``rule``, or nothing: what a till leaves out it sends as false, null or an empty text."""
    return lambda value: value in (None, False, "") or rule(value)


def _is_number(value):
    """A number, typed ones too: what it is worth is asked where it is used."""
    return value is None or isinstance(value, (int, float)) or is_text(value, 40)


def _is_ids(value):
    return isinstance(value, list) and all(is_id(item) for item in value)


def _is_named(**rules):
    """A dictionary with text keys in which each of ``rules`` holds."""
    return lambda value: (
        isinstance(value, dict)
        and all(isinstance(key, str) for key in value)
        and all(rule(value.get(name)) for name, rule in rules.items())
    )


_WORDS = _or_nothing(is_text)
_SOME_ID = _or_nothing(is_id)

#: By name of the argument. Text, ids and numbers within ``values`` are checked where they are used.
RULES = {
    "session_id": _SOME_ID,
    "order_uuid": _WORDS,
    "key": _WORDS,
    "method_id": _SOME_ID,
    "product_id": _SOME_ID,
    "partner_id": _SOME_ID,
    "issue_id": _SOME_ID,
    "manager_id": _SOME_ID,
    "balance_id": _SOME_ID,
    "employee_id": _SOME_ID,
    "original_order_id": _SOME_ID,
    "line_ids": _is_ids,
    "amount": _is_number,
    "goods": _is_number,
    "exact": lambda value: value is None or isinstance(value, bool),
    "done": lambda value: value is None or isinstance(value, bool),
    "action": is_text,
    "pin": _WORDS,
    "reason": _WORDS,
    "credential": _or_nothing(
        _is_named(code=_WORDS, pin=_WORDS, partner_id=_SOME_ID, balance_id=_SOME_ID)
    ),
    "claims": lambda value: isinstance(value, list),
    "values": _or_nothing(
        _is_named(
            reason=_WORDS,
            manager_id=_SOME_ID,
            pin=_WORDS,
            new_code=_WORDS,
            new_pin=_WORDS,
            partner_id=_SOME_ID,
        )
    ),
}


def unreadable(arguments):
    """The name of the first argument that no honest client sends so; empty when all are right.

    >>> unreadable({"session_id": 7, "credential": {"code": "4539 1488"}})
    ''
    >>> unreadable({"session_id": 7, "credential": {"code": ["4539 1488"]}})
    'credential'
    >>> unreadable({"key": "k" * 9000}), unreadable({"claims": [{"balance_id": {}}]})
    ('key', '')
    """
    for name, value in arguments.items():
        if not is_clean(value) or not RULES[name](value):
            return name
    return ""
