from functools import wraps
from inspect import signature

from odoo import models
from odoo.exceptions import AccessError

from ..domain.arguments import unreadable
from ..exceptions import (
    ApprovalsLocked,
    BalanceUnusable,
    CodeRefused,
    GuessesLocked,
    InsufficientValue,
    InvalidAmount,
    KeyReused,
    LoadRefused,
    LoyaltyError,
    PointsRefused,
)
from .loyalty_acting import ActingEmployee

#: What the till is told of a refusal beside its text, to decide on its next step.
REFUSALS = {
    InsufficientValue: "insufficient",
    BalanceUnusable: "blocked",
    InvalidAmount: "amount",
    KeyReused: "retry",
    LoadRefused: "limit",
    PointsRefused: "limit",
    GuessesLocked: "locked",
    ApprovalsLocked: "pins_locked",
    CodeRefused: "unknown",
}


def arguments_checked(method):
    """Refuse in words what no till sends, before anything is done with it.

    Each argument follows the rule of its name in ``domain/arguments.py``. With any call a till may
    say which of its employees acts (``employee_id``); :meth:`LoyaltyTill._till_session` checks it.
    """
    parameters = signature(method)

    @wraps(method)
    def checked(self, *args, employee_id=None, **kwargs):
        try:
            given = parameters.bind(self, *args, **kwargs).arguments
            given = {**given, "employee_id": employee_id}
            wrong = unreadable({name: value for name, value in given.items() if name != "self"})
        except TypeError:
            wrong = method.__name__
        if wrong:
            raise LoyaltyError(
                self.env._(
                    "The till sent something that cannot be read (%(name)s). Reload the till, then "
                    "try again.",
                    name=wrong,
                )
            )
        if employee_id:
            self = self.with_context(loyalty_acting=ActingEmployee(employee_id))
        return method(self, *args, **kwargs)

    return checked


def refusals_returned(method):
    """Check the arguments, and answer a refusal instead of raising it.

    What was done before a refusal stays done: methods check everything before they write, or undo
    their deed themselves with a savepoint.
    """
    method = arguments_checked(method)

    @wraps(method)
    def answer(self, *args, **kwargs):
        try:
            result = method(self, *args, **kwargs)
        except LoyaltyError as refusal:
            result = {"message": str(refusal), "code": REFUSALS.get(type(refusal), "refused")}
        return {"ok": "code" not in result, **result}

    return answer


class LoyaltyTill(models.AbstractModel):
    """Everything a till may ask about cards: one call per action.

    A till is a hostile client. Each call names an open session of a company the user works for;
    everything after that check runs in sudo, because cashiers have no rights on cards, balances or
    the ledger. Refusals are returned, with words for the cashier:
    ``{"ok": False, "code": …, "message": …}``.

    A credential is one of ``{"code": …, "pin": …}`` (typed or scanned), ``{"partner_id": …}`` (the
    customer of the order) and ``{"balance_id": …}`` (one of that customer's). The value of an
    anonymous card is reached by its code only.
    """

    _name = "loyalty.till"
    _description = "Stored Value at the Till"

    def _till_session(self, session_id):
        """The open session, in sudo, after checking that this user may work at it."""
        if not self.env.user.has_group("loyalty_cinema.group_cashier"):
            raise AccessError(self.env._("Only cashiers use cards at a till."))
        # access rules of the user decide whether the session exists for them
        session = self.env["pos.session"].search([("id", "=", self._id(session_id))])
        if not session or session.company_id not in self.env.user.company_ids:
            raise LoyaltyError(self.env._("Open a session first."))
        if session.state not in ("opened", "opening_control"):
            raise LoyaltyError(
                self.env._(
                    "The session %(session)s is closed. Open a new one.", session=session.name
                )
            )
        self._check_employee(session.config_id)
        return session.sudo().with_company(session.company_id)  # sudo: see the class

    def _check_employee(self, config):
        """:raises LoyaltyError: when the till names somebody who does not work at it"""
        named = config._loyalty_knows_employees() and "loyalty_acting" in self.env.context
        if named and not config._loyalty_employee():
            raise LoyaltyError(
                self.env._("This employee does not work at this till. Log in there again.")
            )

    @staticmethod
    def _id(value):
        """``value`` where it is a database id, else 0, which finds nothing."""
        return value if type(value) is int and value > 0 else 0

    def _find_card(self, session, credential):
        """What a credential names: ``{"card", "partner", "balances"}``, or a refusal.

        One answer for an unknown number and for one of another company: what does not open here
        does not exist here.
        """
        credential = credential or {}
        Card, Partner = self.env["loyalty.member.card"].sudo(), self.env["res.partner"]
        Balance = self.env["loyalty.card"].sudo()  # sudo: see the class
        found = {"card": Card, "partner": Partner.sudo(), "balances": Balance}
        if credential.get("code"):
            card = self._card_by_code(session, credential["code"], bool(credential.get("pin")))
            if not card:
                if credential.get("pin"):  # as slow as a wrong PIN: time must not tell them apart
                    Card._verify_pin(credential["pin"])
                return self._unknown(credential.get("pin"))
            return dict(found, card=card, partner=card.holder_id, balances=card._balances())
        # the user's own rights decide which customers exist for them
        partner = Partner.search([("id", "=", self._id(credential.get("partner_id")))]).sudo()
        if partner:
            return dict(found, partner=partner, balances=self._balances_of(session, partner))
        balance = Balance.search([("id", "=", self._id(credential.get("balance_id")))])
        if not balance._holder() or balance not in self._balances_of(session, balance._holder()):
            return self._unknown()
        return dict(found, card=balance.member_card_id, partner=balance._holder(), balances=balance)

    def _card_by_code(self, session, code, with_pin=False):
        """The card with a typed or scanned number, empty for none; wrong ones are counted.

        What is printed on goods, badges and other cards of this house was scanned by mistake.
        """
        attempts = self.env["loyalty.code.attempt"]
        code = attempts._text(code)
        cards = self.env["loyalty.member.card"].sudo()  # sudo: see the class
        found = attempts._try(
            lambda: (
                cards._find_by_code(code, session.company_id)
                or (not with_pin and self._is_other_barcode(code))
            ),
            session.config_id,
            # with a PIN it is nobody else's card that was scanned by mistake
            code=None if with_pin else code,
            way="card",
        )
        return cards if found is True else found or cards

    def _is_other_barcode(self, code):
        """Whether the code belongs to a product, an employee or a customer."""
        models = ("product.product", "product.uom", "hr.employee", "res.partner")
        return any(
            # sudo: only the yes or no is used, and it is told to nobody
            self.env[name].sudo().search_count([("barcode", "=", code)], limit=1)
            for name in models
            if name in self.env and "barcode" in self.env[name]._fields
        )

    def _unknown(self, pin=None):
        """The one answer for what opens nothing; with a PIN it may be either that is wrong."""
        if pin:
            message = self.env._(
                "The PIN is wrong, or the card is not valid here. Let the customer type the PIN "
                "again."
            )
        else:
            message = self.env._("This card is not valid here. Check the number and try again.")
        return {"code": "unknown", "message": message}

    def _check_pin(self, session, card, credential):
        """A refusal when ``card`` asks for a PIN that the credential does not have, else None."""
        if not card.pin_required:
            return None
        if card._lacks_pin():
            return {"code": "blocked", "message": card._lacks_pin_message()}
        pin = (credential or {}).get("pin")
        if not pin:
            return {"code": "pin_required", "message": self.env._("Ask the customer for the PIN.")}
        attempts = self.env["loyalty.code.attempt"]
        if not attempts._try(lambda: card._verify_pin(pin), session.config_id):
            return self._unknown(pin)
        return None

    def _balances_of(self, session, partner):
        """What ``partner`` may spend here: own value, that of held cards, and a member's points."""
        balances, company = self.env["loyalty.card"].sudo(), session.company_id  # sudo: see class
        return balances.search(
            [
                ("program_id.is_stored_value", "=", True),
                ("company_id", "parent_of", company.id),
                "|",
                "&",
                ("member_card_id", "=", False),
                ("partner_id", "=", partner.id),
                ("member_card_id.holder_id", "=", partner.id),
            ]
        ) | self._points_of(session, partner)

    def _points_of(self, session, partner):
        """The balances of points that ``partner`` collects in programs of this till's company."""
        members = self.env["loyalty.member"].sudo()  # sudo: see the class
        found = members.search(
            [("partner_id", "=", partner.id), ("company_id", "parent_of", session.company_id.id)]
        )
        return found.balance_id
