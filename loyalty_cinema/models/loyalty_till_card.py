from odoo import api, fields, models

from ..exceptions import LoadRefused, LoyaltyError
from .loyalty_card_kind import OPENS_BY_PROGRAM_TYPE
from .loyalty_till_access import refusals_returned

#: What a cashier does to a card, and whether a manager must approve it.
CARD_ACTIONS = {
    "activate": False,
    "block": False,
    "lost": False,
    "unblock": True,
    "replace": True,
    "set_pin": True,
}
MOVEMENTS_SHOWN = 10


class LoyaltyTill(models.AbstractModel):
    """The "Card" button and the load popup: look up, prepare a load, act on a card."""

    _inherit = "loyalty.till"

    @api.model
    @refusals_returned
    def lookup(self, session_id, credential):
        """Balances, state and last movements of a card or a customer."""
        session = self._till_session(session_id)
        found = self._find_card(session, credential)
        return found if "code" in found else self._describe(session, **found)

    @api.model
    @refusals_returned
    def prepare_load(self, session_id, product_id, amount, credential):
        """What a load needs to know before it is rung up: whose, how much, which bonus.

        :param amount: 0 when the cashier has not keyed it yet
        """
        session = self._till_session(session_id)
        # the user's own rights decide which products exist for them
        product = self.env["product.product"].search([("id", "=", self._id(product_id))])
        if not product.loyalty_load_type:
            raise LoadRefused(self.env._("This product is not a gift card or top-up."))
        found = self._find_card(session, credential)
        if "code" in found:
            return found
        balance = self._load_target(session, product.loyalty_load_type, **found)
        balance._check_available_in(session)
        bonus = expires_on = False
        if balance.member_card_id:
            balance.member_card_id._check_loadable(balance)  # before an amount is asked for
        if amount:
            wanted = self.env["loyalty.ledger"].sudo()._amount_for(balance, amount)  # sudo: class
            bonus, expires_on = self._preview_bonus(balance, wanted)
            if balance.member_card_id:
                balance.member_card_id._check_limits(balance, wanted, bonus)
        return {**self._describe_load(balance), "bonus": self._bonus_answer(bonus, expires_on)}

    def _load_target(self, session, load_type, card, partner, balances):
        """The balance a load goes to, made when the card or customer has none yet."""
        if card:
            if card.state == "issued":
                card._check_can_activate()
            else:
                card._check_usable()
            return card._open_balance(load_type)
        if load_type == "gift_card":
            raise LoadRefused(self.env._("Scan the gift card that is sold."))
        wallets = balances.filtered(lambda b: b.program_type == load_type)
        program = session.company_id.loyalty_wallet_program_id
        if not program:
            raise LoadRefused(
                self.env._(
                    "%s has no member wallet yet. Set it up in the settings.",
                    session.company_id.name,
                )
            )
        wallets = wallets.filtered(lambda b: b._card_usable()) or wallets
        wallet = wallets[:1] or program._balance_of(partner)
        if wallet.member_card_id:
            wallet.member_card_id._check_usable()
        return wallet

    def _preview_bonus(self, balance, amount):
        program = balance.program_id
        return self.env["loyalty.bonus.scheme"]._bonus_for(program, amount, program._today())

    def _bonus_answer(self, bonus, expires_on):
        if not bonus:
            return False
        return {"amount": float(bonus), "expires_on": fields.Date.to_string(expires_on) or False}

    def _describe_load(self, balance):
        card_kind = balance.member_card_id.kind_id.with_company(balance.company_id)
        # a wallet without a card has no limits, but the amounts of the cards that would open it
        kind = card_kind or card_kind._that_opens(balance.program_type, balance.company_id)
        return {
            "balance_id": balance.id,
            "masked_code": balance._printed_code(),
            "holder": balance._holder().name or False,
            "program_name": balance.program_id.name,
            "balance": balance.points,
            "denominations": kind._denominations() if kind else [],
            "load_min": card_kind.load_min,
            "load_max": card_kind.load_max,
        }

    @api.model
    @refusals_returned
    def card_action(self, session_id, action, credential, values=None):
        """Activate, block, unblock, report lost, replace a card, or set its PIN.

        :param values: reason, manager_id and pin (the manager's), new_code, new_pin, partner_id
            (the holder of a card that is activated)
        :return: the card afterwards, as :meth:`lookup` describes it
        """
        session, values = self._till_session(session_id), values or {}
        if action not in CARD_ACTIONS:
            raise LoyaltyError(self.env._("A till cannot do this to a card."))
        found = self._find_card(session, credential)
        if "code" in found:
            return found
        card, reason = found["card"] or found["balances"].member_card_id, values.get("reason")
        if len(card) != 1:
            raise LoyaltyError(self.env._("Scan the card that is meant."))
        new_card = None
        if action == "replace":
            new_card = self._card_by_code(session, values.get("new_code"))
            if not new_card:
                return self._unknown()
            card._check_replaced_at_till()
        first_pin = action == "set_pin" and card.state == "issued"
        if CARD_ACTIONS[action] and not first_pin:
            if action == "set_pin":
                card._check_new_pin(self._id(values.get("manager_id")))
            self._grant(
                session,
                action,
                values.get("manager_id"),
                values.get("pin"),
                reason,
                member_card_id=card.id,
            )
        with self.env.cr.savepoint():  # a refused deed is undone; wrong guesses above stay counted
            card = self._act(card, action, values, new_card)
        return self._describe(session, card, card.holder_id, card._balances())

    def _act(self, card, action, values, new_card):
        """Do it; returns the card that the customer now has."""
        reason = values.get("reason")
        if action == "activate":
            self._name_holder(card, values.get("partner_id"))
            card._activate()
        elif action == "replace":
            card._replace(new_card, reason)
            return new_card
        elif action == "set_pin":
            card._set_pin(values.get("new_pin"))
        else:
            {"block": card._block, "unblock": card._unblock, "lost": card._report_lost}[action](
                reason
            )
        return card

    def _name_holder(self, card, partner_id):
        # the user's own rights decide which customers exist for them
        partner = self.env["res.partner"].search([("id", "=", self._id(partner_id))])
        if partner and not card.holder_id:
            card.holder_id = partner.id

    # -- descriptions --------------------------------------------------------------------------

    def _describe(self, session, card, partner, balances):
        return {
            "card": self._describe_card(card) if card else False,
            "partner": {"id": partner.id, "name": partner.name} if partner else False,
            "member": self._describe_member(session, partner),
            "balances": [self._describe_balance(balance) for balance in balances],
            "movements": self._describe_movements(balances),
        }

    def _describe_card(self, card):
        return {
            "id": card.id,
            "masked_code": card.masked_code,
            "kind": card.kind_id.name,
            "state": card.state,
            "holder": card.holder_id.name or False,
            "owner": card.owner_id.name or False,
            "problem": card._problem(),
            "expires_on": fields.Date.to_string(card.expires_on) or False,
            "pin_required": card.pin_required,
            "pin_missing": card._lacks_pin(),
            "opens": [t for t in OPENS_BY_PROGRAM_TYPE if card.kind_id._opens(t)],
        }

    def _describe_balance(self, balance):
        return {
            "id": balance.id,
            "program_id": balance.program_id.id,
            "program_name": balance.program_id.name,
            "program_type": balance.program_type,
            "point_name": balance.point_name,
            "masked_code": balance._printed_code(),
            "balance": balance.points,
            "pending": balance.pending,
            "held": balance.held,
            "available": balance.available,
            "value": self._money_worth(balance),
            "next_expiry": balance.next_expiry_on
            and {
                "date": fields.Date.to_string(balance.next_expiry_on),
                "amount": balance.next_expiry_points,
            },
        }

    def _describe_movements(self, balances):
        entries = self.env["loyalty.ledger.entry"].sudo()  # sudo: see the class
        labels = dict(entries._fields["kind"]._description_selection(self.env))
        found = entries.search([("balance_id", "in", balances.ids)], limit=MOVEMENTS_SHOWN)
        return [
            {
                "date": fields.Datetime.to_string(entry.date),
                "kind": entry.kind,
                "kind_label": labels[entry.kind],
                "program_type": entry.program_id.program_type,
                "point_name": entry.balance_id.point_name,
                "amount": entry.amount,
                "balance_after": entry.balance_after,
                "reason": entry.reason_text or "",
            }
            for entry in found
        ]
