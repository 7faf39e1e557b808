from decimal import Decimal

from odoo import api, models

from ..domain.amounts import to_decimal
from ..domain.lots import LotState, NewLot, Part, restore, take
from ..domain.movement import Movement, Reversal
from ..exceptions import InsufficientValue, KeyReused, LoadRefused

ZERO = Decimal(0)


class LoyaltyLedgerReverse(models.AbstractModel):
    """What takes entries back: refunds into the very lots, clawbacks as far below zero as it takes.

    An entry is the most that can be taken back of it, in amount and in qualifying points, over all
    entries that name it.
    """

    _inherit = "loyalty.ledger"

    @api.private
    def reverse(
        self, entry, key, *, amount=None, kind="refund", reason=None, origin=None, qualifying=None
    ):
        """Take an entry back, wholly or for ``amount``: the very lots it touched are restored.

        A payment's reversal fills the lots it took from. A load's reversal empties the lots it
        made, and is refused when they have been spent; with the kind "clawback" it is not, see
        :meth:`claw_back`.

        :param amount: positive; by default all that is not reversed yet. Zero is possible where
            qualifying points are taken back
        :param qualifying: positive; by default all with an ``amount`` of None, else nothing
        :raises InsufficientValue: when more than what is left would be reversed
        """
        done = self._entry_by_key(key)
        if done:
            return self._reversed_before(done, entry, amount)
        reversal = Reversal(entry, key, amount, qualifying, reason, origin)
        if kind == "clawback" and entry.amount >= 0:
            return self.claw_back([reversal])
        open_parts, [left, qualifying_left] = self._open_parts(entry), self._left_of(entry)[entry]
        if entry.amount > 0:  # points that filled an overdraft are in no lot any more
            left = min(left, sum((part.amount for part in open_parts), ZERO))
        amount, qualifying = self._shares_of(reversal, left, qualifying_left)
        sign = 1 if entry.amount < 0 else -1
        taken = [Part(part.lot_id, -abs(part.amount)) for part in open_parts]
        in_lots = min(amount, -sum((part.amount for part in taken), ZERO))
        shares = restore(taken, in_lots, self._quantum(entry.balance_id))
        if sign < 0:
            self._check_unspent(entry, shares)
        parts = tuple(Part(part.lot_id, sign * part.amount) for part in shares)
        new_lots = (NewLot("points", None, amount - in_lots),) if amount > in_lots else ()
        movement = self._reversing(reversal, kind, sign * amount, qualifying, parts, new_lots)
        return self.post([movement])

    @api.private
    def claw_back(self, reversals):
        """Take back what sales earned, as a batch (a list of :class:`Reversal` of credits).

        The lots that the sale made are emptied first, pending or not, then the others; what
        is missing takes a points balance below zero, for later points to fill. One query beside
        those of :meth:`post`, whatever the number.

        :return: the entries, in the order of the reversals
        :raises InsufficientValue: when more than what is left would be taken back
        """
        entries = self.env["loyalty.ledger.entry"].union(*(r.entry for r in reversals))
        left, known = self._left_of(entries), self._known_entries([r.key for r in reversals])
        movements = []
        for reversal in reversals:
            if done := known.get(reversal.key):
                amount, qualifying = (Decimal(done[name]) for name in ("amount", "qualifying"))
                if reversal.amount is not None:
                    amount = -to_decimal(reversal.amount)
            else:
                amount, qualifying = self._shares_of(reversal, *left[reversal.entry])
                amount = -amount
                left[reversal.entry][0] += amount
                left[reversal.entry][1] += qualifying
            movements.append(self._reversing(reversal, "clawback", amount, qualifying))
        return self.post(movements)

    @api.private
    def retract(self, reversals, document):
        """Undo what a document took back: the entries count again, lot by lot, as before it.

        A retraction names the entry that counts again, as what it undoes does. So the entry can be
        taken back anew afterwards, and all that names it tells how much is taken back of it now.

        :param reversals: entries that took others back, all by ``document`` (which is now undone)
        :return: the entries that undo them, one for each entry that was taken back
        :raises LoadRefused: when value that came back then has been spent or has expired since
        """
        movements = []
        for root, of_root in reversals.grouped("reverses_id").items():
            amount = -sum((to_decimal(entry.amount) for entry in of_root), ZERO)
            qualifying = -sum((to_decimal(entry.qualifying_points) for entry in of_root), ZERO)
            if not (amount or qualifying):
                continue
            parts = self._retracted_parts(of_root)
            over = amount - sum((part.amount for part in parts), ZERO)
            new_lots = (NewLot("points", None, over),) if amount > 0 and over > 0 else ()
            key = f"retract:{document._name}:{document.id}:{root.id}:{len(of_root)}"
            reversal = Reversal(root, key, origin=document, reason=document.display_name)
            movements.append(
                self._reversing(reversal, root.kind, amount, qualifying, parts, new_lots)
            )
        return self.post(movements)

    def _retracted_parts(self, reversals):
        """What ``reversals`` (of one entry) did to each lot, turned round.

        :raises LoadRefused: when a lot that was filled then does not hold as much any more
        """
        lines = self.env["loyalty.lot.line"]._read_group(
            [("entry_id", "in", reversals.ids)], ["lot_id"], ["amount:sum"]
        )
        for lot, amount in lines:
            if to_decimal(lot.remaining) < to_decimal(amount):
                raise LoadRefused(
                    self.env._(
                        "What was given back to %(card)s has been spent or has expired since, or "
                        "is on another card now: it cannot be taken off again.",
                        card=lot.balance_id._printed_code(),
                    )
                )
        return tuple(Part(lot.id, -to_decimal(amount)) for lot, amount in lines if amount)

    def _reversing(self, reversal, kind, amount, qualifying, parts=(), new_lots=()):
        """The movement of a reversal."""
        return Movement(
            reversal.entry.balance_id.id,
            amount,
            kind,
            reversal.key,
            reason=reversal.reason,
            origin=self._origin(reversal.origin),
            parts=parts,
            new_lots=new_lots,
            reverses_id=reversal.entry.id,
            qualifying=qualifying,
            qualifying_on=reversal.entry.qualifying_on or None,
        )

    def _reversed_before(self, done, entry, amount):
        """The entry that a known key made, if it is the same correction coming back."""
        same_amount = amount is None or abs(to_decimal(done.amount)) == to_decimal(amount)
        if done.reverses_id != entry or not same_amount:
            raise KeyReused(
                self.env._("This correction was already recorded for another movement.")
            )
        return done

    def _shares_of(self, reversal, left, qualifying_left):
        """What is taken back: ``(amount, positive; change of the qualifying points, signed)``.

        :param left: signed, what is left of the entry's amount; so ``qualifying_left``
        :raises InsufficientValue: when that is less than asked for, or nothing
        """
        entry, amount, qualifying = reversal.entry, reversal.amount, reversal.qualifying
        left = abs(left)
        if qualifying is None:
            qualifying = abs(qualifying_left) if amount is None else ZERO
        qualifying = to_decimal(qualifying)
        if amount is None:
            amount = left
        elif amount or not qualifying:
            amount = self._amount_for(entry.balance_id, amount)
        amount = to_decimal(amount)
        if amount > left or not 0 <= qualifying <= abs(qualifying_left) or not amount + qualifying:
            raise InsufficientValue(
                self.env._(
                    "Only %(left)s of this movement can still be taken back.",
                    left=self._format(entry.balance_id, left),
                )
            )
        return amount, qualifying if qualifying_left < 0 else -qualifying

    def _left_of(self, entries):
        """``{entry: [amount, qualifying points]}``, signed: what has not been taken back yet.

        One query, whatever the number of entries.
        """
        left = {
            entry: [to_decimal(entry.amount), to_decimal(entry.qualifying_points)]
            for entry in entries
        }
        for entry, amount, qualifying in self.env["loyalty.ledger.entry"]._read_group(
            [("reverses_id", "in", entries.ids)],
            ["reverses_id"],
            ["amount:sum", "qualifying_points:sum"],
        ):
            left[entry][0] += to_decimal(amount)
            left[entry][1] += to_decimal(qualifying)
        return left

    def _reversible(self, entry):
        """How much of ``entry`` has not been taken back yet (positive Decimal)."""
        return abs(self._left_of(entry)[entry][0])

    def _check_unspent(self, entry, shares):
        """Refuse to take a load back whose lots have been spent (``shares``: positive parts)."""
        lots = {lot.id: lot for lot in self.env["loyalty.lot"].browse(p.lot_id for p in shares)}
        unspent = sum(to_decimal(lot.remaining) for lot in lots.values())
        if any(to_decimal(lots[part.lot_id].remaining) < part.amount for part in shares):
            raise LoadRefused(
                self.env._(
                    "This value has been spent already; only %(left)s of it is left to take back.",
                    left=self._format(entry.balance_id, unspent),
                )
            )

    def _open_parts(self, entry):
        """What ``entry`` did to each lot, less what entries that reverse it have undone."""
        lines = self.env["loyalty.lot.line"]._read_group(
            ["|", ("entry_id", "=", entry.id), ("entry_id.reverses_id", "=", entry.id)],
            ["lot_id"],
            ["amount:sum"],
        )
        parts = [Part(lot.id, to_decimal(amount)) for lot, amount in lines]
        return [part for part in parts if part.amount]

    def _parts_of_origin(self, balance, amount, template):
        """The lots to restore when a document gives value back: those it took from before."""
        if template.credit_kind != "refund" or amount <= 0 or not template.origin:
            return ()
        model, res_id = template.origin
        spent = self.env["loyalty.ledger.entry"].search(
            [
                ("balance_id", "=", balance.id),
                ("origin_model", "=", model),
                ("origin_id", "=", res_id),
                ("amount", "<", 0),
            ]
        )
        parts = [part for entry in spent for part in self._open_parts(entry)]
        left = -sum((part.amount for part in parts), Decimal(0))
        return tuple(restore(parts, amount, self._quantum(balance))) if left >= amount else ()

    @api.private
    def _correction_parts(self, balance, amount):
        """The lots that a correction of stored value down by ``amount`` (negative) empties.

        Corrections up come first, so that up and down again leaves the paid value as it was; then
        value as it is spent. Empty for what is no stored value: then it is taken as it is spent.
        """
        if amount >= 0 or not balance.program_id.is_stored_value:
            return ()
        lots = self.env["loyalty.lot"].search(
            [("balance_id", "=", balance.id), ("remaining", ">", 0), ("pending", "=", False)]
        )
        own = lots.filtered(lambda lot: lot.entry_id.kind == "adjust")
        parts, quantum = [], self._quantum(balance)
        for some in (own, lots - own):
            states = [
                LotState(lot.id, lot.source, lot.expires_on or None, lot.group_id.id, rest)
                for lot in some
                if (rest := to_decimal(lot.remaining))
            ]
            left = -amount + sum((part.amount for part in parts), ZERO)
            parts += take(states, left, quantum) if left > 0 else []
        return tuple(parts)
