"""What the ledger is written with: a movement, and the template of an indirect one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .lots import NewLot, Part
from .saying import Saying

#: Every kind of movement, with what a member reads in the list of movements.
KINDS = [
    ("load", "Load"),
    ("bonus", "Bonus"),
    ("earn", "Points earned"),
    ("redeem", "Points redeemed"),
    ("spend", "Payment"),
    ("refund", "Refund"),
    ("clawback", "Taken back"),
    ("expire", "Expired"),
    ("transfer", "Transfer"),
    ("compensation", "Compensation"),
    ("adjust", "Correction"),
    ("opening", "Opening balance"),
]
#: Kinds that a person decides on, and must therefore explain.
KINDS_WITH_REASON = frozenset({"adjust", "transfer", "compensation"})
#: Kinds that may take a points balance below zero.
OVERDRAWING_KINDS = frozenset({"clawback", "opening"})
#: Kinds that may take what is pending: corrections too, which stop at zero.
REACHING_KINDS = OVERDRAWING_KINDS | {"adjust"}
#: Kinds by which customers themselves move their value: they were here. What orders earn is not
#: among them, because the order itself is the visit.
VISIT_KINDS = frozenset({"redeem", "spend", "load"})
#: Where the value of a credit comes from when the caller does not say.
SOURCE_BY_KIND = {
    "bonus": "bonus",
    "adjust": "bonus",
    "compensation": "granted",
    "earn": "points",
}
STORED_VALUE_TYPES = frozenset({"gift_card", "ewallet"})
#: One template serves an order that moves value and points: value is loaded and spent, points are
#: earned and redeemed.
VALUE_WORDS = {"earn": "load", "redeem": "spend"}
POINT_WORDS = {"load": "earn", "spend": "redeem"}

#: In the context under ``loyalty_service``: the server's own code changes what is fixed for all
#: others (a conversion, for example). A client sends JSON, which cannot make this very object.
SERVICE = object()


@dataclass(frozen=True, slots=True)
class Movement:
    """One signed change of one balance, before it is posted.

    :param balance_id: the balance (``loyalty.card``)
    :param amount: signed; a credit is positive. Zero where only qualifying points move
    :param key: idempotency key: posting it again changes nothing
    :param reason: people's own text, or what the house says (:mod:`~.saying`)
    :param origin: ``(model, id)`` of the document it belongs to
    :param new_lots: for a credit: the lots it makes (default: one lot of the kind's source)
    :param group_key: key of the load whose lots these join (a bonus joins its load)
    :param parts: exact lots, instead of "those that expire first" (a refund, an expiry); what they
        do not cover of a credit is in ``new_lots``
    :param reverses_id: the entry this one takes back; a clawback empties the lots it made first
    :param held: how much of the balance's holds this movement settles
    :param mirror: write the line that the member sees (False where Odoo writes its own)
    :param qualifying: signed change of the qualifying points, which decide the tier and buy nothing
    :param qualifying_on: the day they count on for the tier: that of the sale. None: today, by the
        company's clock
    :param by_office: the customer had no part in it, whatever its kind: it is no visit
    """

    balance_id: int
    amount: Decimal
    kind: str
    key: str
    reason: str | Saying | None = None
    origin: tuple[str, int] | None = None
    new_lots: tuple[NewLot, ...] = ()
    group_key: str | None = None
    parts: tuple[Part, ...] = ()
    reverses_id: int | None = None
    held: Decimal = Decimal(0)
    mirror: bool = True
    qualifying: Decimal = Decimal(0)
    qualifying_on: date | None = None
    by_office: bool = False

    @property
    def is_visit(self):
        """Whether the customer was here for it."""
        return self.kind in VISIT_KINDS and not self.by_office


@dataclass(frozen=True, slots=True)
class Reversal:
    """What is to be taken back of one entry.

    :param entry: the entry (a record)
    :param amount: positive or zero; None: all that is left of it, qualifying points too
    :param qualifying: positive or zero; None: all with an amount of None, else nothing
    :param origin: the record it belongs to
    """

    entry: object
    key: str
    amount: Decimal | None = None
    qualifying: Decimal | None = None
    reason: str | None = None
    origin: object = None


@dataclass(frozen=True, slots=True)
class Template:
    """How a plain ``points = …`` of Odoo's own code is to be recorded.

    It travels in the context. An RPC client chooses its context freely but can only send JSON,
    never an instance of this class: that is what makes it proof of a server-side caller (the
    pattern of OCA's queue_job), where a flag or a string would be none.

    :param server: the server itself works out what changes; with a plain template the values may
        be a client's, and only say what they are to be recorded as
    """

    credit_kind: str
    debit_kind: str
    origin: tuple[str, int] | None = None
    reason: str | Saying | None = None
    mirror: bool = True
    key_prefix: str | None = None
    server: bool = False

    def kind_for(self, amount, program_type):
        """The kind of a change of ``amount``, in the words of that program: value or points.

        >>> Template("earn", "redeem").kind_for(-1, "gift_card")
        'spend'
        """
        kind = self.credit_kind if amount > 0 else self.debit_kind
        words = VALUE_WORDS if program_type in STORED_VALUE_TYPES else POINT_WORDS
        return words.get(kind, kind)


def source_for(kind, is_stored_value):
    """Where a credit's value comes from: paid, bonus, granted or points.

    >>> source_for("load", True), source_for("bonus", True), source_for("earn", False)
    ('paid', 'bonus', 'points')
    >>> source_for("compensation", True)
    'granted'
    """
    if not is_stored_value:
        return "points"
    return SOURCE_BY_KIND.get(kind, "paid")
