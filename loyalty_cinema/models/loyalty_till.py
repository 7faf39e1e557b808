from odoo import api, models

from ..domain.amounts import AMOUNT_QUANTUM, to_decimal
from ..exceptions import InsufficientValue, KeyReused, LoyaltyError
from .loyalty_ledger_claim import CLAIM_PREFIX
from .loyalty_ledger_hold import CLOSED_STATES
from .loyalty_till_access import arguments_checked, refusals_returned

ZERO = to_decimal(0)


class LoyaltyTill(models.AbstractModel):
    """Paying with a card at the till: authorise, release, approve, plan a refund."""

    _inherit = "loyalty.till"

    @api.model
    @refusals_returned
    def authorize(
        self, session_id, order_uuid, key, method_id, amount, credential, exact=False, goods=None
    ):
        """Set value or points aside for a payment of the order ``order_uuid``.

        :param key: chosen by the till; the same key again returns the same hold
        :param amount: money, for points too
        :param exact: False: take what is there, at most ``amount``; True: all of it or nothing
        :param goods: what the goods of the order cost; points may be limited to a share of it
        :return: key, amount, available (after), balance_id, masked_code, holder, program_name; for
            points see ``loyalty_till_points.py``
        """
        session = self._till_session(session_id)
        method = self._tender_of(session, method_id)
        if not order_uuid or not key or key.startswith(CLAIM_PREFIX):
            raise LoyaltyError(self.env._("This payment method does not take cards."))
        known = self.env["loyalty.hold"].sudo().search([("key", "=", key)])
        if known:
            return self._known_hold(known, session, order_uuid)
        self._check_open(session, order_uuid)
        found = self._payer(session, method, credential)
        if "code" in found:
            return found
        hold = self._hold_points if method.stored_value_type == "loyalty" else self._hold_value
        return hold(session, found, amount, exact, key, order_uuid, goods)

    def _tender_of(self, session, method_id):
        method = session.config_id.payment_method_ids.filtered(lambda m: m.id == method_id)
        if not method.stored_value_type:
            raise LoyaltyError(self.env._("This payment method does not take cards."))
        return method

    def _payer(self, session, method, credential):
        """The one balance that a credential pays with: ``{"balance", "card"}``, or a refusal."""
        found = self._find_card(session, credential)
        if "code" in found:
            return found
        if found["card"]:
            found["card"]._check_usable()
        balances = found["balances"].filtered(
            lambda b: b._is_tender() and b.program_type == method.stored_value_type
        )
        balances = balances.filtered(lambda b: b.available > 0 and b._card_usable()) or balances[:1]
        if len(balances) > 1:
            return self._choose(balances)
        if not balances:
            raise InsufficientValue(
                self.env._("This customer has no value to pay with. Scan a card, or sell a top-up.")
            )
        card = balances.member_card_id or found["card"] or balances._guarding_card()
        if card:
            card._check_usable()
        refusal = self._check_pin(session, card, credential)
        return refusal or {"balance": balances, "card": found["card"]}

    def _hold_value(self, session, payer, amount, exact, key, order_uuid, _goods):
        balance = payer["balance"]
        balance._check_available_in(session)
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: see the class
        wanted = ledger._amount_for(balance, amount)
        ledger._expire_due(balance)
        if to_decimal(balance.available) < (wanted if exact else AMOUNT_QUANTUM) and (
            held := self._held_elsewhere(balance, order_uuid)
        ):
            return held
        if not exact:
            wanted = min(wanted, to_decimal(balance.available))
        if wanted <= 0:
            raise InsufficientValue(
                self.env._(
                    "%(card)s is empty.",
                    card=f"{balance.program_id.name} {balance._printed_code()}",
                )
            )
        hold = ledger.authorize(
            balance, wanted, key, origin=session, order_uuid=order_uuid, up_to_date=True
        )
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
            "card_no": hold._card_digits(),
            "holder": balance._holder().name or False,
            "program_name": balance.program_id.name,
            "program_type": balance.program_type,
        }

    @api.model
    @refusals_returned
    def void(self, session_id, key):
        """Release what was set aside under ``key``; unknown keys are no error."""
        session = self._till_session(session_id)
        holds = self.env["loyalty.hold"].sudo()  # sudo: see the class
        hold = holds.search([("key", "=", key or "")])
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
    @refusals_returned
    def lift_lock(self, session_id, manager_id, pin, reason=None):
        """A manager lets this till try numbers and PINs again before the time is over.

        A PIN of a manager is tried as long as those of managers have not been wrong too often.
        """
        session = self._till_session(session_id)
        reason = reason or self.env._("Wrong card numbers at the till")
        self._grant(session, "lift_lock", manager_id, pin, reason)._use_now()
        self.env["loyalty.code.attempt"]._lift(session.config_id)
        return {}

    @api.model
    @arguments_checked
    def managers(self, session_id):
        """Who may approve at this till, having a PIN for it: ``[{"id", "name"}]``."""
        session = self._till_session(session_id)
        users = self.env.user._loyalty_managers(session.company_id)
        own = self.env.user if session.config_id._loyalty_acts_alone() else users.browse()
        users = users.filtered(lambda user: user.loyalty_pin_hash or user == own)
        return [{"id": user.id, "name": user.name} for user in users]

    @api.model
    @refusals_returned
    def refund_plan(self, session_id, original_order_id, amount):
        """Where a refund of ``amount`` of an order goes: to its cards first, the rest in money.

        In money no more than is left of what was paid in money; beyond it a manager must agree.
        """
        session = self._till_session(session_id)
        order = self.env["pos.order"].sudo().browse(self._id(original_order_id)).exists()
        if order.company_id != session.company_id:
            raise LoyaltyError(self.env._("This order belongs to another company."))
        left, tenders = self._money_of(amount, least=ZERO), []
        methods = {m.stored_value_type: m for m in session.config_id.payment_method_ids}
        for program_type in ("gift_card", "ewallet", "loyalty"):
            for entry in order._captured_entries(program_type):
                part, method = min(left, order._tender_left(entry)), methods.get(program_type)
                if part <= 0 or not method:
                    continue
                left -= part
                tenders.append(
                    {
                        "method_id": method.id,
                        "method_name": method.name,
                        "masked_code": entry.balance_id._printed_code(),
                        "card_no": entry.balance_id._card_digits(),
                        "program_type": program_type,
                        "amount": float(part),
                        **self._points_back(order, entry, part),
                    }
                )
        cash = min(left, max(order._money_left(), to_decimal(0)))
        return {"tenders": tenders, "cash": float(cash)}

    @api.model
    @refusals_returned
    def refundable_loads(self, session_id, line_ids):
        """What can still be refunded of sold loads: ``{"amounts": {order line id: money}}``."""
        session = self._till_session(session_id)
        lines = self.env["pos.order.line"].sudo().browse(line_ids).exists()
        lines = lines.filtered(lambda line: line.company_id == session.company_id)
        return {"amounts": {line.id: float(line._loyalty_refundable()) for line in lines}}

    # -- helpers -------------------------------------------------------------------------------

    def _choose(self, balances):
        return {
            "code": "choose",
            "message": self.env._("Which card pays?"),
            "balances": [
                {
                    "id": balance.id,
                    "masked_code": balance._printed_code(),
                    "program_name": balance.program_id.name,
                    "program_type": balance.program_type,
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
