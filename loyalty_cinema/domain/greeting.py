"""Which line the cashier greets a customer with: the first rule that fits, with its gaps filled.

A rule's text may have gaps: ``{name}`` of the customer, ``{tier}``, ``{days}`` since the last visit
and ``{special_day}``. A rule whose gap nothing is known for does not fit: nobody is greeted with
"Good evening, your  tier". What consent does not allow is not among the facts, so it is not known.

Grammar: conditions are :data:`CONDITIONS`. How it works: rules come in their order, one pass.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

#: When a rule fits.
CONDITIONS = [
    ("birthday", "It is the birthday"),
    ("special_day", "It is a special day"),
    ("first_visit", "First visit"),
    ("absent", "Has not come for a while"),
    ("regular", "Comes often"),
    ("tier", "Has one of these tiers"),
    ("always", "Always"),
]
GAPS = ("name", "tier", "days", "special_day")
GAP = re.compile(r"\{([^{}]*)\}")


class Rule(NamedTuple):
    """One line: ``days`` of absence, or the period in which ``visits`` are counted."""

    condition: str
    text: str
    days: int = 0
    visits: int = 0
    tier_ids: tuple = ()


class Facts(NamedTuple):
    """What may be known about who is standing there.

    ``visits``: days of earlier visits, today not among them; empty without consent.
    ``first_visit`` says itself that there were none.
    """

    name: str
    today: date
    first_visit: bool = False
    visits: tuple = ()
    birthday: bool = False
    special_day: str = ""
    tier: str = ""
    tier_id: int = 0

    @property
    def days(self):
        """Days since the last visit; None where none is known."""
        return (self.today - max(self.visits)).days if self.visits else None


def bad_gaps(text):
    """What is between braces in ``text`` and cannot be filled, as written; also a single brace.

    >>> bad_gaps("Hello {name}, after {days} days")
    []
    >>> bad_gaps("Hello {nmae}, {name.__class__} {"), bad_gaps("{}")
    (['{nmae}', '{name.__class__}', '{'], ['{}'])
    """
    bad = [f"{{{gap}}}" for gap in GAP.findall(text) if gap not in GAPS]
    return bad + re.findall(r"[{}]", GAP.sub("", text))


def fits(rule, facts):
    """Whether the condition of ``rule`` holds; gaps apart.

    >>> today = date(2026, 11, 22)
    >>> weekly = Facts("Mai", today, visits=tuple(today - timedelta(days=d) for d in (7, 14, 21)))
    >>> periods = [(21, 3), (20, 3), (30, 4)]
    >>> [fits(Rule("regular", "", days=d, visits=v), weekly) for d, v in periods]
    [True, False, False]
    >>> [fits(Rule("absent", "", days=d), weekly) for d in (7, 8)]
    [True, False]
    >>> stranger = Facts("Nam", today)
    >>> [fits(Rule(name, "", days=1, visits=1), stranger) for name, _label in CONDITIONS]
    [False, False, False, False, False, False, True]
    >>> fits(Rule("tier", "", tier_ids=(3,)), stranger._replace(tier_id=3))
    True
    """
    match rule.condition:
        case "first_visit":
            return facts.first_visit
        case "birthday":
            return facts.birthday
        case "special_day":
            return bool(facts.special_day)
        case "absent":
            return facts.days is not None and facts.days >= rule.days
        case "regular":
            since = facts.today - timedelta(days=rule.days)
            return sum(day >= since for day in facts.visits) >= max(rule.visits, 1)
        case "tier":
            return facts.tier_id in rule.tier_ids
    return rule.condition == "always"


def fill(text, facts):
    """``text`` with its gaps filled; None when nothing is known for one of them.

    >>> facts = Facts("Mai", date(2026, 11, 22), visits=(date(2026, 11, 1),))
    >>> fill("Welcome back, {name}: {days} days!", facts)
    'Welcome back, Mai: 21 days!'
    >>> fill("Good evening to our {tier}", facts)
    """
    values = {name: getattr(facts, name) for name in GAPS}
    if any(values.get(gap) in (None, "") for gap in GAP.findall(text)):
        return None
    return GAP.sub(lambda gap: str(values[gap[1]]), text)


def choose(rules, facts):
    """The line of the first rule that fits and can be filled; empty when there is none.

    >>> rules = [
    ...     Rule("birthday", "Happy birthday, {name}!"),
    ...     Rule("first_visit", "First time here?"),
    ...     Rule("absent", "{days} days: how have you been?", days=60),
    ...     Rule("tier", "Our {tier} is here", tier_ids=(4,)),
    ...     Rule("always", "Hello, {name}"),
    ... ]
    >>> mai = Facts("Mai", date(2026, 11, 22))
    >>> choose(rules, mai), choose(rules, mai._replace(birthday=True))
    ('Hello, Mai', 'Happy birthday, Mai!')
    >>> choose(rules, mai._replace(visits=(date(2026, 9, 1),), tier_id=4, tier="Gold"))
    '82 days: how have you been?'
    >>> choose(rules, mai._replace(tier_id=4, tier="Gold"))
    'Our Gold is here'
    >>> choose([], mai)
    ''
    """
    for rule in rules:
        if fits(rule, facts):
            line = fill(rule.text, facts)
            if line is not None:
                return line
    return ""
