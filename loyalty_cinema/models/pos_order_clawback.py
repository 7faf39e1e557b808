from decimal import Decimal

from odoo import models

from ..domain.amounts import to_decimal
from ..domain.earning import entitled
from ..domain.movement import Reversal
from .pos_order import PAID_STATES

ZERO = Decimal(0)


class PosOrder(models.Model):
    """A refund takes back what the refunded part earned.

    What the member holds of a sale, less what the part that was not refunded still earns, is taken
    back: several partial refunds end at exactly zero. The lots that the sale made go first, pending
    or not, then the member's other points, then the balance falls below zero, for later points to
    fill. Keys are ``clawback:<refund>:<entry>``.
    """

    _inherit = "pos.order"

    def _claw_back_points(self):
        """Take back what the lines that this order refunds had earned."""
        reversals = []
        for original in self._refunded_order():
            gone = original._refunded_quantities(self)
            reversals += original._clawbacks(self, gone)
            if original._wholly_refunded(gone):
                original._take_back_coupons(self)
                original._take_back_recommendations()
        self._post_clawbacks(reversals)

    def _post_clawbacks(self, reversals):
        """Post these clawbacks in one batch; caps and the report by rules follow."""
        entries = self.env["loyalty.ledger"].claw_back(reversals)
        self.env["loyalty.earning"]._record_clawbacks(entries)
        return entries

    def _clawbacks(self, refund, gone):
        """What has to be taken back of what this order earned, when ``gone`` is refunded.

        :param refund: the order that refunds
        :param gone: ``{line: quantity refunded so far, with this refund}``
        :return: list of :class:`Reversal`
        """
        reversals, earned = [], self._points_earned()
        left = self.env["loyalty.ledger"]._left_of(earned)
        taken = self._taken_back_by(earned, self._name)
        for entry in earned:
            amount, qualifying = (
                min(max(got - kept - before, ZERO), max(still, ZERO))
                for got, kept, before, still in zip(
                    (to_decimal(entry.amount), to_decimal(entry.qualifying_points)),
                    self._still_entitled(entry, gone),
                    taken.get(entry, (ZERO, ZERO)),
                    left[entry],
                    strict=True,
                )
            )
            if amount or qualifying:
                key = f"clawback:{refund.id}:{entry.id}"
                reason = self.env._("Refund %s", refund.display_name)
                reversals.append(Reversal(entry, key, amount, qualifying, reason, refund))
        return reversals

    def _points_earned(self):
        """The entries by which these orders earned points, recommendations left aside."""
        entries = self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("kind", "=", "earn"),
                ("program_id.program_type", "=", "loyalty"),
            ]
        )
        return entries.filtered(lambda entry: not entry.key.startswith("referral:"))

    def _still_entitled(self, entry, gone):
        """``(points, qualifying points)`` that the part of this order not refunded earns."""
        parts, rounding = self._shares_of(entry), entry.program_id._rounding()
        if not entry.program_id.is_membership:  # granted as it is: the shares are no more exact
            rounding = rounding.__class__(to_decimal("0.0001"), "down")
        return [
            entitled(
                [(shares[place], to_decimal(line.qty), gone[line]) for line, shares in parts],
                rounding,
            )
            for place in (0, 1)
        ]

    def _shares_of(self, entry):
        """``[(line, (points, qualifying points))]``: the lines' shares of one entry."""
        name = str(entry.balance_id.id)
        return [
            (line, tuple(Decimal(share) for share in line.loyalty_shares[name]))
            for line in self.lines
            if name in (line.loyalty_shares or {})
        ]

    def _taken_back_by(self, entries, model):
        """``{entry: (points, qualifying)}`` taken back by documents of ``model`` so far."""
        groups = self.env["loyalty.ledger.entry"]._read_group(
            [("reverses_id", "in", entries.ids), ("origin_model", "=", model)],
            ["reverses_id"],
            ["amount:sum", "qualifying_points:sum"],
        )
        return {
            entry: (-to_decimal(amount), -to_decimal(qualifying))
            for entry, amount, qualifying in groups
        }

    def _refunded_quantities(self, refund):
        """``{line: quantity given back}`` over all refunds of this order, ``refund`` included."""
        return {line: line._quantity_refunded(refund) for line in self.lines}

    def _wholly_refunded(self, gone):
        """Whether nothing that was sold is left with the customer."""
        sold = [line for line in self.lines if line.qty > 0 and line._loyalty_worth() > 0]
        return all(gone[line] >= to_decimal(line.qty) for line in sold)

    def _take_back_coupons(self, refund):
        """The coupon for a next order, which this order brought, goes with the whole order.

        As far as it is unused: a coupon is no debt.
        """
        ledger = self.env["loyalty.ledger"]
        entries = ledger.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "=", self.id),
                ("kind", "=", "earn"),
                ("program_id.program_type", "!=", "loyalty"),
            ]
        )
        for entry in entries:
            amount = min(ledger._reversible(entry), to_decimal(entry.balance_id.available))
            if amount > 0:
                key = f"clawback:{refund.id}:{entry.id}"
                ledger.reverse(entry, key, amount=amount, origin=refund)

    def _take_back_recommendations(self):
        """Nobody is rewarded for a first purchase that was given back."""
        members = self.env["loyalty.member"].search(
            [("partner_id", "in", self.partner_id.ids), ("referrer_id", "!=", False)]
        )
        if members:
            members._take_back_first_purchase(dict.fromkeys(members, self))


class PosOrderLine(models.Model):
    """How much of a line has been given back."""

    _inherit = "pos.order.line"

    def _quantity_refunded(self, refund):
        """What was given back of this line over all refunds, ``refund`` included (Decimal).

        By the money where that says more than the quantity: a till that gives all the money back
        for a hundredth of a piece takes back all the points. Lines of the wrong sign count for
        nothing.
        """
        back = self.refund_orderline_ids.filtered(
            lambda line: line.order_id == refund or line.order_id.state in PAID_STATES
        )
        quantity, sold = to_decimal(-sum(min(line.qty, 0) for line in back)), to_decimal(self.qty)
        worth = self._loyalty_worth()
        if sold > 0 and worth > 0 and back:
            money = -sum(min(line._loyalty_worth(), ZERO) for line in back)
            leeway = to_decimal(self.currency_id.rounding) * len(back)
            if money > worth * quantity / sold + leeway:
                quantity = sold * money / worth
        return min(quantity, max(sold, ZERO))
