from decimal import Decimal

from odoo import models

from ..domain.amounts import AMOUNT_QUANTUM, to_decimal
from ..domain.earning import Earning, Rounding, entitled
from ..domain.movement import Reversal
from ..domain.saying import _lt
from .loyalty_earn_basis import MORE
from .pos_order import PAID_STATES

ZERO = Decimal(0)
#: Points, qualifying points and how often, where nothing was taken back.
NONE = (ZERO, ZERO, 0)


class PosOrder(models.Model):
    """A refund takes back what the refunded part earned.

    What the member holds of a sale, less what the part that was not refunded still earns, is taken
    back: several partial refunds end at exactly zero. The lots that the sale made go first, pending
    or not, then the member's other points, then the balance falls below zero, for later points to
    fill. Keys are ``clawback:<refund>:<entry>:<how often before>``.
    """

    _inherit = "pos.order"

    def _claw_back_points(self):
        """Take back what the lines that this order refunds had earned.

        Of all its originals, before caps give others what they have room for: none of these is one
        of the others.
        """
        originals, taken = self._refunded_order(), self.env["loyalty.ledger.entry"]
        for original in originals:
            taken |= original._claw_back_refunded(self)
        self.env["loyalty.earn.basis"]._fill_caps(taken, but=originals)

    def _claw_back_refunded(self, refund):
        """Take back what the part of this order had earned that ``refund`` or earlier ones gave.

        :return: the entries
        """
        gone = self._refunded_quantities(refund)
        taken = self._claw_back(refund, gone, "clawback")
        if all(gone[line] >= to_decimal(line.qty) for line in self._lines_sold()):
            self._take_back_coupons(refund)
            self._take_back_recommendations(refund)
        elif self._referral_is_undone(gone):
            self._take_back_recommendations(refund)
        return taken

    def _claw_back_share(self, note, share):
        """Take back what the credited ``share`` (0 to 1) of these orders' invoice had earned.

        :param note: the credit note; earlier ones are in the share
        """
        taken = self.env["loyalty.ledger.entry"]
        for order in self:
            gone = {line: to_decimal(line.qty) * share for line in order.lines}
            taken |= order._claw_back(note, gone, "clawback-note", share)
            if share >= 1:
                order._take_back_coupons(note)
                order._take_back_recommendations(note)
            elif order._referral_is_undone(gone):
                order._take_back_recommendations(note)
        self.env["loyalty.earn.basis"]._fill_caps(taken, but=self)

    def _claw_back(self, document, gone, prefix, share=None):
        """Take back what this order earned, except what its part that is left still earns.

        By shares of lines, till and back office count what they take back apart, and never take
        more than there is together. What is evaluated again asks for both at once.

        :param document: the refund or credit note
        :param gone: ``{line: quantity}`` that documents of its kind have given back
        :param share: how much of the invoice is credited; None where ``document`` is a refund
        :return: the entries
        """
        earned = self._points_earned()
        chains = earned.grouped(lambda entry: (entry.balance_id, entry.key.split(MORE)[0]))
        bases = self.env["loyalty.earn.basis"]._by_key(key for _balance, key in chains)
        left = self.env["loyalty.ledger"]._left_of(earned)
        taken = self._taken_back_by(earned, document._name)
        dues, reversals = {}, []
        for (_balance, key), chain in chains.items():
            if basis := bases.get(key):
                moved = self._earned_of(basis)
                refund = document if share is None else None
                due = basis._entitled(self._part_left(refund, share), moved)
                held = _sums(moved)
            else:
                due = self._still_entitled(chain, gone)
                back = [taken.get(entry, NONE) for entry in chain]
                held = [
                    given - sum(parts[place] for parts in back)
                    for place, given in enumerate(_sums(chain))
                ]
            dues[chain] = due
            over = [held[0] - due.spendable, held[1] - due.qualifying]
            reversals += self._portions(document, prefix, chain, over, left, taken)
        entries = self.env["loyalty.ledger"].claw_back(reversals)
        self._record_taken(entries, chains, bases, dues)
        return entries

    def _portions(self, document, prefix, chain, over, left, taken):
        """What is taken back of each entry of ``chain``, the last first: a list of reversals."""
        reversals = []
        for entry in chain.sorted("id", reverse=True):
            parts = [
                max(min(amount, rest), ZERO) for amount, rest in zip(over, left[entry], strict=True)
            ]
            if any(parts):
                over = [amount - part for amount, part in zip(over, parts, strict=True)]
                key = f"{prefix}:{document.id}:{entry.id}:{taken.get(entry, NONE)[2]}"
                reason = _lt("Refund %s", document.display_name)
                reversals.append(Reversal(entry, key, *parts, reason, document))
        return reversals

    def _record_taken(self, entries, chains, bases, dues):
        """Note by rule what was taken back: exactly, where it was evaluated again."""
        for (_balance, key), chain in chains.items():
            moved = entries.filtered(lambda entry, chain=chain: entry.reverses_id in chain)
            if basis := bases.get(key):
                basis._record_rules(moved, dues[chain], self._earned_of(basis) - moved)
                entries -= moved
        self.env["loyalty.earning"]._record_clawbacks(entries)

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

    def _still_entitled(self, chain, gone):
        """What the part of this order not refunded earns by its shares (:class:`Earning`).

        :param chain: the entries by which it earned, in one program
        """
        entry = chain[:1]
        parts, roundings = self._shares_of(entry), entry.program_id._roundings()
        if not entry.program_id.is_membership:  # granted as it is: the shares are no more exact
            roundings = (Rounding(AMOUNT_QUANTUM, "down"),) * 2
        return Earning(
            *(
                entitled(
                    [(shares[place], to_decimal(line.qty), gone[line]) for line, shares in parts],
                    rounding,
                )
                for place, rounding in enumerate(roundings)
            )
        )

    def _part_left(self, refund=None, share=None):
        """``{line id: 0 to 1}``: how much of each line neither the till nor the office gave back.

        A credit note's share is one of the whole invoice, refunds of the till included.

        :param refund: an order that refunds and is not paid yet
        :param share: what is credited; default: by the credit notes that are posted
        """
        if share is None:
            notes = self.account_move._loyalty_notes()
            share = notes[-1:]._share_credited() if notes else ZERO
        parts = self._parts_kept(self._refunded_quantities(refund or self.browse()))
        return {line_id: max(part - share, ZERO) for line_id, part in parts.items()}

    def _parts_kept(self, gone):
        """``{line id: 0 to 1}``: how much of each line is left when ``gone`` was given back."""
        return {
            line.id: 1 - min(abs(gone[line] / to_decimal(line.qty)), 1)
            for line in self.lines
            if line.qty
        }

    def _kept_of(self, basis):
        """How much of each line is left, for what was worked out from it."""
        return self._part_left()

    def _earned_of(self, basis):
        """The entries by which this order earned by ``basis``, and what took some back."""
        earned = self._points_earned().filtered(
            lambda entry: (
                entry.balance_id == basis.balance_id and entry.key.split(MORE)[0] == basis.key
            )
        )
        return earned | earned.search([("reverses_id", "in", earned.ids)])

    def _earns_by(self, basis):
        """Whether this order is still sold as it was when it earned by ``basis``."""
        is_sold = self.state in PAID_STATES and not self._owes()
        return is_sold and basis.key == self._earn_key(basis.program_id)

    def _shares_of(self, entry):
        """``[(line, (points, qualifying points))]``: the lines' shares of one entry."""
        name = str(entry.balance_id.id)
        return [
            (line, tuple(Decimal(share) for share in line.loyalty_shares[name]))
            for line in self.lines
            if name in (line.loyalty_shares or {})
        ]

    def _taken_back_by(self, entries, model):
        """``{entry: (points, qualifying, how often)}`` taken back by documents of ``model``."""
        groups = self.env["loyalty.ledger.entry"]._read_group(
            [("reverses_id", "in", entries.ids), ("origin_model", "=", model)],
            ["reverses_id"],
            ["amount:sum", "qualifying_points:sum", "__count"],
        )
        return {
            entry: (-to_decimal(amount), -to_decimal(qualifying), times)
            for entry, amount, qualifying, times in groups
        }

    def _refunded_quantities(self, refund):
        """``{line: quantity given back}`` over all refunds of this order, ``refund`` included."""
        return {line: line._quantity_refunded(refund) for line in self.lines}

    def _lines_sold(self):
        """What was sold and had a price."""
        return self.lines.filtered(lambda line: line.qty > 0 and line._loyalty_worth() > 0)

    def _take_back_coupons(self, document):
        """The coupon for a next order, which this order brought, goes with the whole order.

        As far as it is unused: a coupon is no debt.
        """
        ledger = self.env["loyalty.ledger"]
        entries = self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "=", self.id),
                ("kind", "=", "earn"),
                ("program_id.program_type", "!=", "loyalty"),
            ]
        )
        before = self._taken_back_by(entries, document._name)
        for entry in entries:
            amount = min(ledger._reversible(entry), to_decimal(entry.balance_id.available))
            if amount > 0:
                times = before.get(entry, (ZERO, ZERO, 0))[2]
                key = f"clawback:{document._name}:{document.id}:{entry.id}:{times}"
                ledger.reverse(entry, key, amount=amount, origin=document)

    def _take_back_recommendations(self, document):
        """Nobody is rewarded for a first purchase that was given back."""
        # by the rewards themselves: the customer of a paid order may be written anew
        rewards = self.env["loyalty.ledger.entry"].search_fetch(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("key", "=like", "referral:%"),
            ],
            ["key", "origin_id"],
        )
        members = self.env["loyalty.member"]
        origins = {
            members.browse(int(entry.key.split(":")[1])): self.browse(entry.origin_id)
            for entry in rewards
        }
        if origins:
            members._take_back_first_purchase(origins, document)


class PosOrderLine(models.Model):
    """How much of a line has been given back."""

    _inherit = "pos.order.line"

    def _quantity_refunded(self, refund):
        """What was given back of this line over all refunds, ``refund`` included (Decimal).

        By the money where that says more than the quantity: a till that gives all the money back
        for a hundredth of a piece takes back all the points. Of a discount, where it says less.
        Lines of the wrong sign count for nothing.
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
        if sold > 0 and worth < 0:  # a discount is given back as far as it was paid back
            money = sum(max(line._loyalty_worth(), ZERO) for line in back)
            quantity = min(quantity, sold * money / -worth)
        return min(quantity, max(sold, ZERO))


def _sums(entries):
    """Points and qualifying points of these entries (Decimal)."""
    return [
        sum((to_decimal(entry[name]) for entry in entries), ZERO)
        for name in ("amount", "qualifying_points")
    ]
