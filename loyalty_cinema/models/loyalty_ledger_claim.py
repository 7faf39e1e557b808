from uuid import uuid4

from odoo import api, models

from ..domain.amounts import to_decimal

#: Keys of holds for claims begin with this. Tills choose the keys of payments, never one of these.
CLAIM_PREFIX = "claim-hold:"


class LoyaltyHold(models.Model):
    """A hold is for a payment, or for the rewards that an order claims."""

    _inherit = "loyalty.hold"

    _order_uuid_idx = models.Index("(order_uuid) WHERE order_uuid IS NOT NULL")

    def _is_claim(self):
        """Whether this holds the price of rewards."""
        return self.key.startswith(CLAIM_PREFIX)


class LoyaltyLedger(models.AbstractModel):
    """Holds for the rewards that an order claims, one per balance, replaced as the order changes.

    A reward line says what is claimed; a hold only keeps its price from being spent elsewhere until
    the order is paid. So it is the order that is charged, and a hold that went is no refusal.
    """

    _inherit = "loyalty.ledger"

    @api.private
    def hold_claims(self, order_uuid, prices, origin=None):
        """Hold what the order claims now, and release what it claimed before.

        Calling it again with the same prices changes nothing.

        :param prices: ``{balance: Decimal}``; none: the order claims nothing any more
        :raises InsufficientValue: when a balance has not as much; the caller rolls back
        """
        before = self._claim_holds(order_uuid)
        balances = before.balance_id | self.env["loyalty.card"].union(*prices)
        if not balances:
            return
        for balance in balances:
            self._expire_due(balance)
        self._lock_balances(set(balances.ids))  # in one go: no deadlock between two orders
        kept = set()
        for hold in self._claim_holds(order_uuid):
            if prices.get(hold.balance_id) == to_decimal(hold.amount):
                kept.add(hold.balance_id)
            else:
                self.void(hold.key)
        for balance, price in prices.items():
            if balance not in kept:
                key = f"{CLAIM_PREFIX}{uuid4().hex}"
                self.authorize(balance, price, key, origin=origin, order_uuid=order_uuid)

    @api.private
    def release_claims(self, order_uuid):
        """Release all that the order holds for its claims."""
        for hold in self._claim_holds(order_uuid):
            self.void(hold.key)

    def _claim_holds(self, *order_uuids):
        """The open holds for the claims of these orders: one query."""
        return self.env["loyalty.hold"].search(
            [
                ("order_uuid", "in", order_uuids),
                ("state", "=", "open"),
                ("key", "=like", f"{CLAIM_PREFIX}%"),
            ]
        )
