from odoo import api, models

from ..domain.amounts import to_decimal
from ..exceptions import InsufficientValue, InvalidAmount, LoyaltyError
from .loyalty_till_access import refusals_returned

#: More rewards than an order can reasonably have.
CLAIMS_MAX = 50


class LoyaltyTill(models.AbstractModel):
    """Rewards that an order claims: their price is held before the order is paid (DESIGN §5.5)."""

    _inherit = "loyalty.till"

    @api.model
    @refusals_returned
    def hold_claims(self, session_id, order_uuid, claims, credential=None, partner_id=None):
        """Hold the price of all rewards on an order, in place of what it held before.

        :param claims: ``[{"balance_id", "points"}]``, all of the order; none releases everything
        :param credential: ``{"pin"}``, where the answer was "pin_required": rewards ask for it as
            payments do, once for what an order holds
        :param partner_id: the customer of the order, False for none; a till that does not say it
            hears of another's points and vouchers when the order is paid
        :return: ``{"balances": [{"id", "points"}]}``: what this order can spend of each, its own
            holds included. The same with code "stale" when there is not as much; then the order
            holds nothing any more. With code "foreign" and ``{"foreign": [id]}`` where what is
            claimed belongs to somebody else, as after two tables were put together.
        """
        session = self._till_session(session_id)
        order_uuid = self._claiming_order(session, order_uuid)
        prices = self._claimed_prices(session, claims)
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: see the class
        balances = self.env["loyalty.card"].sudo().union(*prices)
        if partner_id is not None and (refusal := self._check_owners(prices, partner_id)):
            return refusal
        if refusal := self._check_claim_pins(session, order_uuid, prices, credential):
            return refusal
        try:
            with self.env.cr.savepoint():
                ledger.hold_claims(order_uuid, prices, origin=session)
        except InsufficientValue:
            ledger.release_claims(order_uuid)
            return {
                "code": "stale",
                "message": self._stale_message(balances, prices),
                "balances": self._free_for(order_uuid, balances),
            }
        return {"balances": self._free_for(order_uuid, balances)}

    def _claiming_order(self, session, order_uuid):
        """The uuid, after checking that this till may claim for that order."""
        if not order_uuid:
            raise LoyaltyError(self.env._("Start the order again."))
        self._check_open(session, order_uuid)
        holds = self.env["loyalty.hold"].sudo().search([("order_uuid", "=", order_uuid)])
        if holds.company_id - session.company_id.parent_ids:
            raise LoyaltyError(self.env._("Start the order again."))
        return order_uuid

    def _check_open(self, session, order_uuid):
        """:raises LoyaltyError: when the order has been paid, by another device for example"""
        order = self.env["pos.order"].sudo().search([("uuid", "=", order_uuid)], limit=1)  # sudo:
        # the order is only looked at; cashiers of another company learn nothing of it
        foreign = order and order.company_id != session.company_id
        if foreign or order.loyalty_settled or order.state in ("paid", "done", "cancel"):
            raise LoyaltyError(self.env._("This order is complete. Start a new one."))

    def _claimed_prices(self, session, claims):
        """``{balance: Decimal}`` of what the till claims.

        :raises LoyaltyError: for balances that claim nothing at this till
        """
        if len(claims) > CLAIMS_MAX:
            raise LoyaltyError(self.env._("These rewards cannot be claimed here."))
        wanted = {}
        for claim in claims:
            claim = claim if isinstance(claim, dict) else {}
            balance_id = self._id(claim.get("balance_id"))
            wanted[balance_id] = wanted.get(balance_id, 0) + self._points_of_claim(claim)
        companies = session.company_id.parent_ids
        programs = session.config_id._get_program_ids().filtered(
            lambda program: not program.company_id or program.company_id in companies
        )
        ledger = self.env["loyalty.ledger"].sudo()  # sudo: see the class
        balances = ledger.env["loyalty.card"].search(
            [
                ("id", "in", list(wanted)),
                ("program_id", "in", programs.ids),
                ("is_stored_value", "=", False),
            ]
        )
        if len(balances) < len(wanted):
            raise LoyaltyError(self.env._("These rewards cannot be claimed here."))
        return {b: ledger._amount_for(b, wanted[b.id]) for b in balances if wanted[b.id]}

    def _check_owners(self, prices, partner_id):
        """A refusal where points or vouchers are those of somebody who is not the customer."""
        partner = self.env["res.partner"].browse(self._id(partner_id) or [])
        foreign = [balance for balance in prices if not balance._is_claimed_by(partner)]
        if not foreign:
            return None
        words = [
            self.env._(
                "“%(program)s” belongs to %(owner)s, who is not the customer of this order.",
                program=balance.program_id.name,
                owner=(balance._holder() or balance.partner_id).name or balance.display_name,
            )
            for balance in foreign
        ]
        ids = [balance.id for balance in foreign]
        return {"code": "foreign", "message": " ".join(words), "foreign": ids}

    def _check_claim_pins(self, session, order_uuid, prices, credential):
        """A refusal where a card's PIN guards what is claimed beyond what the order holds."""
        holds = self.env["loyalty.hold"].sudo()  # sudo: see the class
        holds = holds.search([("order_uuid", "=", order_uuid), ("state", "=", "open")])
        held, given = {}, self.env["loyalty.member.card"].sudo()
        for hold in holds:
            if hold._is_claim():
                held[hold.balance_id] = to_decimal(hold.amount)
            else:  # a payment of this order, which has asked for the PIN already
                given |= hold.balance_id._guarding_card()
        cards = self.env["loyalty.member.card"].sudo()
        for balance, price in prices.items():
            if price > held.get(balance, 0):
                cards |= balance._guarding_card()
        for card in cards - given:
            if refusal := self._check_pin(session, card, credential):
                return refusal
        return None

    def _points_of_claim(self, claim):
        points = claim.get("points")
        if type(points) not in (int, float) or not points >= 0:
            raise InvalidAmount(self.env._("Enter an amount above zero."))
        return points

    def _free_for(self, order_uuid, balances):
        """What this order can spend of each: what is available, and what it holds itself."""
        own = self.env["loyalty.ledger"].sudo()._claim_holds(order_uuid)  # sudo: see the class
        held = {}
        for hold in own:
            held[hold.balance_id] = held.get(hold.balance_id, 0) + hold.amount
        return [{"id": b.id, "points": b.available + held.get(b, 0)} for b in balances]

    def _stale_message(self, balances, prices):
        short = [balance for balance in balances if balance.available < prices[balance]]
        lines = [
            self.env._(
                "%(card)s has %(available)s, not %(wanted)s.",
                card=balance._holder().name or balance.display_name,
                available=self._format_points(balance, balance.available),
                wanted=self._format_points(balance, prices[balance]),
            )
            for balance in short
        ]
        intro = self.env._("The points were used elsewhere in the meantime.")
        return " ".join([intro, *lines])
