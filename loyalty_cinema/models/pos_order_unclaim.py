from decimal import Decimal

from odoo import models

from ..domain.amounts import AMOUNT_QUANTUM, round_half_up, split, to_decimal
from ..domain.movement import STORED_VALUE_TYPES

ZERO = Decimal(0)


class PosOrder(models.Model):
    """A refund gives back what was spent on the rewards it refunds: points, coupons, Odoo's cards.

    In proportion of what is refunded of each reward, into the very lots that it was taken from.
    Keys are ``unclaim:<refund>:<entry>``, those of credit notes
    ``credit-note:<note>:<entry>:<how often before>``.
    """

    _inherit = "pos.order"

    def _return_claims(self):
        """Give back what the reward lines that this order refunds had cost."""
        for original in self._refunded_order():
            rewards = original.lines.filtered(lambda line: line.coupon_id and line.reward_id)
            for balance, lines in rewards.grouped("coupon_id").items():
                original._return_claim(self, balance, lines)

    def _return_claim(self, refund, balance, lines):
        """Give back to ``balance`` so much that it has got its share of what ``lines`` cost."""
        ledger, claims = self.env["loyalty.ledger"], self._claim_entries(balance)
        cost = -sum((to_decimal(entry.amount) for entry in claims), ZERO)
        open_by_entry = {entry: ledger._reversible(entry) for entry in claims}
        done = self._taken_back_by(claims, self._name)  # credit notes count by themselves
        due = self._cost_refunded(refund, balance, lines, cost)
        due -= sum((-done[entry][0] for entry in done), ZERO)
        for entry, left in open_by_entry.items():
            amount = min(due, left)
            if amount > 0:
                due -= amount
                key = f"unclaim:{refund.id}:{entry.id}"
                ledger.reverse(entry, key, amount=amount, origin=refund)

    def _return_claims_credited(self, note, share):
        """Give back what this order spent on rewards, as far as its invoice is credited.

        :param note: the credit note
        :param share: how much of the invoice is credited by this and earlier notes, 0 to 1
        """
        ledger = self.env["loyalty.ledger"]
        rewards = self.lines.filtered(lambda line: line.coupon_id and line.reward_id)
        for balance, lines in rewards.grouped("coupon_id").items():
            claims = self._claim_entries(balance)
            cost = -sum((to_decimal(entry.amount) for entry in claims), ZERO)
            due = cost * note._share_of_products_credited(lines.product_id, share)
            due = self._rounded_cost(balance, lines, due, cost)
            done = self._taken_back_by(claims, note._name)
            due -= sum((-done[entry][0] for entry in done), ZERO)
            for entry in claims:
                amount = min(due, ledger._reversible(entry))
                if amount > 0:
                    due -= amount
                    key = f"credit-note:{note.id}:{entry.id}:{done.get(entry, (0, 0, 0))[2]}"
                    ledger.reverse(entry, key, amount=amount, origin=note)

    def _claim_entries(self, balances):
        """What this order took off ``balances`` for rewards; payments in points are tenders."""
        entries = self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "=", self.id),
                ("balance_id", "in", balances.ids),
                ("kind", "in", ("redeem", "spend")),
                ("amount", "<", 0),
            ]
        )
        return entries.filtered(lambda entry: not entry.key.startswith("capture:"))

    def _cost_refunded(self, refund, balance, lines, cost):
        """The part of ``cost`` that belongs to rewards refunded so far, ``refund`` included."""
        rewards = lines.grouped("reward_identifier_code").values()
        prices = [sum(to_decimal(line.points_cost) for line in reward) for reward in rewards]
        if not sum(prices):
            prices = [Decimal(1) for _reward in rewards]
        shares = split(cost, prices, AMOUNT_QUANTUM)
        due = sum(
            (
                share * self._reward_refunded(refund, reward)
                for share, reward in zip(shares, rewards, strict=True)
            ),
            ZERO,
        )
        return self._rounded_cost(balance, lines, due, cost)

    def _rounded_cost(self, balance, lines, due, cost):
        """``due`` of ``cost`` as the balance can hold it: half a coupon opens nothing."""
        by_amount = "per_point" in lines.reward_id.mapped("discount_mode")
        if balance.program_type in STORED_VALUE_TYPES or (
            by_amount and balance.program_type == "coupons"
        ):
            return round_half_up(due, AMOUNT_QUANTUM)
        step = AMOUNT_QUANTUM if balance.program_type == "loyalty" else Decimal(1)
        if balance.program_id.is_membership:
            step = to_decimal(balance.program_id.points_step)
        return cost if due >= cost else due // step * step

    def _reward_refunded(self, refund, lines):
        """How much of one reward was refunded: 0 to 1, by money, else by quantity."""
        back = lines.refund_orderline_ids.filtered(
            lambda line: line.order_id == refund or line.order_id.state in ("paid", "done")
        )
        worth = -sum(line._loyalty_worth() for line in lines)
        if worth > 0:
            given = sum((max(line._loyalty_worth(), ZERO) for line in back), ZERO)
            return min(given / worth, Decimal(1))
        sold = sum(to_decimal(abs(line.qty)) for line in lines)
        given = sum((to_decimal(abs(line.qty)) for line in back), ZERO)
        return min(given / sold, Decimal(1)) if sold else ZERO
