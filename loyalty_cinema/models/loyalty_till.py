from functools import wraps

from odoo import api, models
from odoo.exceptions import AccessError

from ..domain.amounts import to_decimal
from ..exceptions import (
    BalanceUnusable,
    InsufficientValue,
    InvalidAmount,
    KeyReused,
    LoadRefused,
    LoyaltyError,
)
from .loyalty_ledger_hold import CLOSED_STATES

#: What the till is told of a refusal beside its text, to decide on its next step.
REFUSALS = {
    InsufficientValue: "insufficient",
    BalanceUnusable: "blocked",
    InvalidAmount: "amount",
    KeyReused: "retry",
    LoadRefused: "limit",
}


def refusals_returned(method):
    """Answer a refusal instead of raising it.

    A raised error rolls the request back, and with it the count of wrong guesses. Methods therefore
    check everything before they write, or undo their deed themselves with a savepoint.
    """

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

    @api.model
    @refusals_returned
    def authorize(self, session_id, order_uuid, key, method_id, amount, credential, exact=False):
        """Set value aside for a payment of the order ``order_uuid``.

        :param key: chosen by the till; the same key again returns the same hold
        :param exact: False: take what is there, at most ``amount``; True: all of it or nothing
        :return: key, amount, available (after), balance_id, masked_code, holder, program_name
        """
        session = self._till_session(session_id)
        method = session.config_id.payment_method_ids.filtered(lambda m: m.id == method_id)
        if not method.stored_value_type or not order_uuid or not key:
            raise LoyaltyError(self.env._("This payment method does not take cards."))
        known = self.env["loyalty.hold"].sudo().search([("key", "=", str(key))])
        if known:
            return self._known_hold(known, session, order_uuid)
        found = self._find_card(session, credential)
        if "code" in found:
            return found
        if found["card"]:
            found["card"]._check_usable()
        balances = found["balances"].filtered(
            lambda b: b.is_stored_value and b.program_type == method.stored_value_type
        )
        balances = balances.filtered(lambda b: b.available > 0) or balances[:1]
        if len(balances) > 1:
            return self._choose(balances)
        if not balances:
            raise InsufficientValue(
                self.env._("This customer has no value to pay with. Scan a card, or sell a top-up.")
            )
        refusal = self._check_pin(session, balances.member_card_id, credential)
        return refusal or self._hold_value(
            session, balances, amount, exact, str(key), str(order_uuid)
        )

    def _hold_value(self, session, balance, amount, exact, key, order_uuid):
        balance._check_available_in(session)
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: see the class
        wanted = ledger._amount_for(balance, amount)
        ledger._expire_due(balance)
        if not exact:
            wanted = min(wanted, to_decimal(balance.available))
        if wanted <= 0:
            raise InsufficientValue(
                self.env._(
                    "%(card)s is empty.",
                    card=f"{balance.program_id.name} {balance._printed_code()}",
                )
            )
        hold = ledger.authorize(balance, wanted, key, origin=session, order_uuid=order_uuid)
        return self._hold_answer(hold)

    def _known_hold(self, hold, session, order_uuid):
        """A key that comes back is answered as the first time, if it is the same order's."""
        if hold.order_uuid != order_uuid or hold.company_id not in session.company_id.parent_ids:
            raise KeyReused(self.env._("This payment belongs to another order. Start it again."))
        if hold.state in CLOSED_STATES:
            raise KeyReused(self.env._("This payment was cancelled. Start it again."))
        return self._hold_answer(hold)

    def _hold_answer(self, hold):
        balance = hold.balance_id
        return {
            "key": hold.key,
            "amount": hold.amount,
            "available": balance.available,
            "balance_id": balance.id,
            "masked_code": balance._printed_code(),
            "holder": balance._holder().name or False,
            "program_name": balance.program_id.name,
        }

    @api.model
    @refusals_returned
    def void(self, session_id, key):
        """Release what was set aside under ``key``; unknown keys are no error."""
        session = self._till_session(session_id)
        hold = (
            self.env["loyalty.hold"].sudo().search([("key", "=", str(key))])
        )  # sudo: see the class
        if hold and hold.company_id in session.company_id.parent_ids:
            self.env["loyalty.ledger"].sudo().void(hold.key)
        return {}

    @api.model
    @refusals_returned
    def approve_cash_refund(self, session_id, order_uuid, manager_id, pin, reason):
        """A manager lets value of this order be handed out in money, and says why."""
        session = self._till_session(session_id)
        self._grant(session, "cash_refund", manager_id, pin, reason, order_uuid=order_uuid)
        return {}

    @api.model
    def managers(self, session_id):
        """Who may approve at this till: ``[{"id", "name"}]``."""
        session = self._till_session(session_id)
        users = self.env.ref("loyalty_cinema.group_manager").sudo().all_user_ids
        users = users.filtered(lambda u: session.company_id in u.company_ids and u.active)
        return [{"id": user.id, "name": user.name} for user in users.sorted("name")]

    @api.model
    @refusals_returned
    def refund_plan(self, session_id, original_order_id, amount):
        """Where a refund of ``amount`` of an order goes: to its cards first, the rest in money."""
        session = self._till_session(session_id)
        order = self.env["pos.order"].sudo().browse(original_order_id).exists()
        if order.company_id != session.company_id:
            raise LoyaltyError(self.env._("This order belongs to another company."))
        ledger, left, tenders = self.env["loyalty.ledger"].sudo(), to_decimal(amount), []
        methods = {m.stored_value_type: m for m in session.config_id.payment_method_ids}
        for program_type in ("gift_card", "ewallet"):
            for entry in order._captured_entries(program_type):
                part, method = min(left, ledger._reversible(entry)), methods.get(program_type)
                if part <= 0 or not method:
                    continue
                left -= part
                tenders.append(
                    {
                        "method_id": method.id,
                        "method_name": method.name,
                        "masked_code": entry.balance_id._printed_code(),
                        "amount": float(part),
                    }
                )
        return {"tenders": tenders, "cash": float(left)}

    # -- helpers -------------------------------------------------------------------------------

    def _till_session(self, session_id):
        """The open session, in sudo, after checking that this user may work at it."""
        if not self.env.user.has_group("loyalty_cinema.group_cashier"):
            raise AccessError(self.env._("Only cashiers use cards at a till."))
        if not isinstance(session_id, int):
            raise LoyaltyError(self.env._("Open a session first."))
        # access rules of the user decide whether the session exists for them
        session = self.env["pos.session"].search([("id", "=", session_id)])
        if not session or session.company_id not in self.env.user.company_ids:
            raise LoyaltyError(self.env._("Open a session first."))
        if session.state not in ("opened", "opening_control"):
            raise LoyaltyError(
                self.env._(
                    "The session %(session)s is closed. Open a new one.", session=session.name
                )
            )
        return session.sudo().with_company(session.company_id)  # sudo: see the class

    def _find_card(self, session, credential):
        """What a credential names: ``{"card", "partner", "balances"}``, or a refusal.

        One answer for an unknown number and for one of another company: what does not open here
        does not exist here.
        """
        Card, Partner = self.env["loyalty.member.card"].sudo(), self.env["res.partner"]
        Balance = self.env["loyalty.card"].sudo()  # sudo: see the class
        found = {"card": Card, "partner": Partner.sudo(), "balances": Balance}
        if credential.get("code"):
            attempts = self.env["loyalty.code.attempt"]
            if locked := attempts._check_rate(session.config_id):
                return {"code": "locked", "message": locked}
            card = Card._find_by_code(str(credential["code"]), session.company_id)
            if not card:
                if credential.get("pin"):  # as slow as a wrong PIN: time must not tell them apart
                    Card._verify_pin(str(credential["pin"]))
                attempts._record_failure(session.config_id)
                return self._unknown()
            return dict(found, card=card, partner=card.holder_id, balances=card.balance_ids)
        # the user's own rights decide which customers exist for them
        partner_id = credential.get("partner_id")
        partner = Partner.search([("id", "=", partner_id)]).sudo() if partner_id else Partner.sudo()
        if partner:
            return dict(found, partner=partner, balances=self._balances_of(session, partner))
        balance = Balance.browse(credential.get("balance_id") or []).exists()
        if not balance._holder() or balance not in self._balances_of(session, balance._holder()):
            return self._unknown()
        return dict(found, card=balance.member_card_id, partner=balance._holder(), balances=balance)

    def _unknown(self):
        message = self.env._("This card or PIN is not valid here. Check the number and try again.")
        return {"code": "unknown", "message": message}

    def _check_pin(self, session, card, credential):
        """A refusal when ``card`` asks for a PIN that the credential does not have, else None."""
        if not card.pin_required:
            return None
        if not credential.get("pin"):
            return {"code": "pin_required", "message": self.env._("Ask the customer for the PIN.")}
        attempts = self.env["loyalty.code.attempt"]
        if locked := attempts._check_rate(session.config_id):
            return {"code": "locked", "message": locked}
        if not card._verify_pin(str(credential["pin"])):
            attempts._record_failure(session.config_id)
            return self._unknown()
        return None

    def _balances_of(self, session, partner):
        """The stored-value balances that ``partner`` may spend here: own ones, and held cards'."""
        balances = (
            self.env["loyalty.card"]
            .sudo()
            .search(
                [
                    ("program_id.is_stored_value", "=", True),
                    ("company_id", "parent_of", session.company_id.id),
                    "|",
                    "&",
                    ("member_card_id", "=", False),
                    ("partner_id", "=", partner.id),
                    ("member_card_id.holder_id", "=", partner.id),
                ]
            )
        )
        return balances.filtered(lambda b: b.member_card_id.state in (False, "active"))

    def _choose(self, balances):
        return {
            "code": "choose",
            "message": self.env._("Which card pays?"),
            "balances": [
                {
                    "id": balance.id,
                    "masked_code": balance._printed_code(),
                    "program_name": balance.program_id.name,
                    "kind": balance.member_card_id.kind_id.name or False,
                    "available": balance.available,
                }
                for balance in balances
            ],
        }

    def _grant(self, session, action, manager_id, pin, reason, **target):
        """A manager's approval for one deed; raises when it is refused."""
        return self.env["loyalty.approval"]._grant(
            action, manager_id, pin, reason, session.config_id, **target
        )
