from decimal import Decimal

from odoo import models

from ..domain.amounts import AMOUNT_QUANTUM, round_half_up, to_decimal
from ..domain.movement import STORED_VALUE_TYPES, Movement
from ..exceptions import LoadRefused, TenderRefused


class PosOrder(models.Model):
    """What Odoo's own programs owe for an order: claims debited when it is paid (L5, L7).

    Odoo debits a claim in a second request after the sale, with the browser's numbers. Here the
    claim is debited with the sale, at a cost worked out from the order's own lines. The second
    request (``pos_order_confirm.py``) finds it done.
    """

    _inherit = "pos.order"

    def _claim_rewards(self):
        """Debit what this order claims; give back and take back what it refunds."""
        movements = []
        for balance, cost in self._claim_costs().items():
            due = self._claimable_now(balance, cost)
            if due > 0:
                movements.append(self._claim_movement(balance, -due, "claim"))
        self.env["loyalty.ledger"].post(movements)
        self._return_claims()
        self._take_back_native_loads()

    def _claim_movement(self, balance, amount, step):
        stored = balance.program_type in STORED_VALUE_TYPES
        return Movement(
            balance.id,
            amount,
            "spend" if stored else "redeem",
            f"{step}:{self.id}:{balance.id}",
            origin=(self._name, self.id),
            reason=self.env._("Onsite %s", self.display_name),
        )

    def _claim_costs(self):
        """What each balance owes for the rewards on this order: ``{balance: Decimal}``."""
        costs = {}
        lines = self.lines.filtered(
            lambda line: line.coupon_id and line.reward_id and not line.refunded_orderline_id
        )
        self._check_claims_have_cards()
        if lines.coupon_id.filtered("is_stored_value"):
            raise TenderRefused(
                self.env._(
                    "Stored value is a payment method, not a discount. Choose it on the payment "
                    "screen."
                )
            )
        for (balance, _code), claim in lines.grouped(
            lambda line: (line.coupon_id, line.reward_identifier_code)
        ).items():
            costs[balance] = costs.get(balance, Decimal(0)) + self._claim_cost(claim)
        return costs

    def _check_claims_have_cards(self):
        """A discount in the name of gift cards or eWallets must name the card that pays for it."""
        for line in self.lines.filtered("reward_id"):
            stored = line.reward_id.program_id.program_type in STORED_VALUE_TYPES
            if stored and not line.coupon_id and not line.refunded_orderline_id:
                raise TenderRefused(
                    self.env._(
                        "“%(line)s” names no card. Remove it and apply the card again.",
                        line=line.full_product_name or line.product_id.display_name,
                    )
                )

    def _claim_cost(self, lines):
        """What one claimed reward costs: its worth where it pays per point, else its price."""
        reward, told = lines.reward_id[:1], sum(to_decimal(line.points_cost) for line in lines)
        worth = -sum(line._loyalty_worth() for line in lines)
        if reward.program_id.program_type in STORED_VALUE_TYPES and reward.discount:
            return round_half_up(worth / to_decimal(reward.discount), AMOUNT_QUANTUM)
        return max(told, to_decimal(reward.required_points))

    def _claimable_now(self, balance, cost):
        """What to debit with the sale: all, save points that this very order has yet to earn."""
        if (
            balance.program_id.applies_on == "both"
            and balance.program_type not in STORED_VALUE_TYPES
        ):
            return min(cost, max(to_decimal(balance.available), Decimal(0)))
        return cost

    def _claimed(self, balance):
        """What was debited from ``balance`` when this order was paid."""
        [(amount,)] = self.env["loyalty.ledger.entry"]._read_group(
            [("key", "=", f"claim:{self.id}:{balance.id}")], [], ["amount:sum"]
        )
        return -to_decimal(amount)

    def _return_claims(self):
        """A refunded gift card or eWallet line gives its value back to the card it came from."""
        ledger = self.env["loyalty.ledger"]
        for line in self.lines.filtered("refunded_orderline_id"):
            origin = line.refunded_orderline_id
            balance, amount = origin.coupon_id, line._loyalty_worth()
            claim = ledger._entry_by_key(f"claim:{origin.order_id.id}:{balance.id}")
            if claim and amount > 0 and balance.program_type in STORED_VALUE_TYPES:
                amount = min(amount, ledger._reversible(claim))
                if amount:
                    ledger.reverse(claim, f"unclaim:{line.id}", amount=amount, origin=self)

    def _take_back_native_loads(self):
        """A refunded gift card or top-up of Odoo's own programs loses the value it brought."""
        ledger = self.env["loyalty.ledger"]
        for line in self.lines.filtered(
            lambda line: (
                line.refunded_orderline_id
                and not line.refunded_orderline_id.product_id.loyalty_load_type
            )
        ):
            left, origin = -line._loyalty_worth(), line.refunded_orderline_id
            loads = origin.order_id._native_loads(origin.product_id)
            if not loads or left <= 0:
                continue
            for load in loads:
                unspent = min(ledger._reversible(load), to_decimal(load.balance_id.available))
                amount = min(left, unspent)
                if amount > 0:
                    ledger.reverse(load, f"unload:{line.id}:{load.id}", amount=amount, origin=self)
                    left -= amount
            if left:
                raise LoadRefused(
                    self.env._(
                        "“%(product)s” cannot be refunded: %(left)s of its value has been spent.",
                        product=line.product_id.display_name,
                        left=self.currency_id.format(float(left)),
                    )
                )

    def _native_loads(self, product):
        """Entries by which this order sold value of Odoo's own programs through ``product``."""
        entries = self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "=", self.id),
                ("kind", "=", "load"),
                ("is_stored_value", "=", False),
            ]
        )
        return entries.filtered(lambda e: product in e.program_id.rule_ids.product_ids)
