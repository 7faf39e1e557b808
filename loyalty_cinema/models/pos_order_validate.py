from odoo import models

from ..domain.amounts import to_decimal
from ..domain.arguments import is_id
from ..exceptions import CodeRefused, LoyaltyError
from .loyalty_code_attempt import NEW_CODE
from .loyalty_ledger_claim import CLAIM_PREFIX

#: More than one order can reasonably have.
CHANGES_MAX, CODES_MAX = 100, 20


class PosOrder(models.Model):
    """What Odoo's till asks before it takes the money: are the rewards still there.

    The call names neither order nor session, and Odoo answers it from the balances, with codes and
    values of whichever it is asked for. Here it is answered from what the till holds already; that
    is the check that counts (``loyalty_till_claims.py``).
    """

    _inherit = "pos.order"

    def validate_coupon_programs(self, point_changes, new_codes):
        """Whether what the rewards cost is held and new codes are free; no code, no balance.

        :raises AccessError: for whoever is no cashier
        """
        if self.env.su:  # other addons and scripts; a request of a user never is
            return super().validate_coupon_programs(point_changes, new_codes)
        self.env["pos.config"]._check_loyalty_cashier()
        changes, codes = self._read_changes(point_changes), self._read_new_codes(new_codes)
        # the user's own rights decide which sessions exist for them
        sessions = self.env["pos.session"].search(
            [
                ("state", "in", ("opening_control", "opened")),
                ("company_id", "in", self.env.user.company_ids.ids),
            ]
        )
        if not sessions:
            raise LoyaltyError(self.env._("Open a session first."))
        try:
            problem = self._claims_problem(sessions, changes) or self._codes_problem(
                sessions, codes
            )
        except LoyaltyError as locked:
            problem = {"message": str(locked)}
        return {"successful": not problem, "payload": problem}

    def _read_changes(self, point_changes):
        """``{balance id: Decimal}``; the keys come as text.

        :raises LoyaltyError: for what no till sends
        """
        try:
            changes = {int(key): to_decimal(change) for key, change in point_changes.items()}
        except (AttributeError, TypeError, ValueError):
            changes = {0: 0}
        if len(changes) > CHANGES_MAX or not all(is_id(key) for key in changes):
            raise LoyaltyError(self.env._("These rewards cannot be claimed here."))
        return changes

    def _read_new_codes(self, new_codes):
        """The codes that new cards are to get, each as text."""
        if not isinstance(new_codes, list) or len(new_codes) > CODES_MAX:
            raise CodeRefused(self.env._("Scan or type one number or code."))
        return [self.env["loyalty.code.attempt"]._text(code) for code in new_codes]

    def _claims_problem(self, sessions, changes):
        """What the till is to correct in its rewards; empty when nothing is known of it."""
        domain = [
            ("id", "in", list(changes)),
            ("program_id.active", "=", True),
            *sessions.config_id._balances_domain(),
        ]
        balances = self.env["loyalty.card"].sudo().search(domain)  # sudo: only whether they exist
        if gone := set(changes) - set(balances.ids):
            message = self.env._("Some rewards are not valid here any more, and were taken off.")
            return {"message": message, "removed_coupons": sorted(gone)}
        held = self._held_at(sessions, balances)
        for balance in balances:
            if balance in held and held[balance] < -changes[balance.id]:
                return {
                    "message": self.env._(
                        "What the rewards of %(program)s cost is not held any more. Take them off, "
                        "and choose them again.",
                        program=balance.program_id.name,
                    )
                }
        return {}

    def _held_at(self, sessions, balances):
        """The most that one order of these sessions holds of each balance, where any does."""
        rows = (
            self.env["loyalty.hold"]
            .sudo()  # sudo: cashiers have no rights on holds; a yes or no leaves this class
            ._read_group(
                [
                    ("balance_id", "in", balances.ids),
                    ("state", "=", "open"),
                    ("key", "=like", f"{CLAIM_PREFIX}%"),
                    ("origin_model", "=", sessions._name),
                    ("origin_id", "in", sessions.ids),
                ],
                ["balance_id", "order_uuid"],
                ["amount:sum"],
            )
        )
        held = {}
        for balance, _order, amount in rows:
            held[balance] = max(held.get(balance, 0), to_decimal(amount))
        return held

    def _codes_problem(self, sessions, codes):
        """Whether a new card would get a code that is taken; each code asked for is a guess."""
        attempts = self.env["loyalty.code.attempt"]
        config = sessions.config_id if len(sessions) == 1 else sessions.config_id.browse()
        cards = self.env["loyalty.card"].sudo()  # sudo: only whether the code is taken
        for code in codes:
            taken = [("code", "=", code)]
            if attempts._try(lambda taken=taken: cards.search_count(taken), config, code, NEW_CODE):
                message = self.env._(
                    "This code belongs to another card. Give the new card another one."
                )
                return {"message": message}
        return {}
