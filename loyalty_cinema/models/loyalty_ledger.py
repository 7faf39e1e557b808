from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..domain.amounts import AMOUNT_MAX, AMOUNT_QUANTUM, is_multiple, to_decimal
from ..domain.lots import NewLot, Part, restore
from ..domain.movement import KINDS_WITH_REASON, Movement
from ..exceptions import (
    BalanceUnusable,
    InsufficientValue,
    InvalidAmount,
    KeyReused,
    LoadRefused,
    ReasonMissing,
)

#: How long a hold lasts when the caller does not say: long enough for a till that lost its
#: connection during a shift, short enough that nothing stays blocked overnight.
HOLD_HOURS_DEFAULT = 12


class LoyaltyLedger(models.AbstractModel):
    """The only writer of balances (DESIGN: authorise, capture, void, credit, debit, reverse).

    The verbs are those of card schemes. Each takes an idempotency key: called twice with the same
    key it returns what the first call made (L4). Everything is private to RPC. The batch primitive
    that all of them use, :meth:`post`, is in ``loyalty_ledger_post.py``; the proofs,
    :meth:`verify`, in ``loyalty_ledger_verify.py``; expiry in ``loyalty_ledger_expire.py``; holds
    in ``loyalty_ledger_hold.py``.
    """

    _name = "loyalty.ledger"
    _description = "Loyalty Ledger Service"

    @api.private
    def credit(
        self, balance, amount, kind, key, *, lots=None, group_key=None, origin=None, reason=None
    ):
        """Bring ``amount`` (positive) onto ``balance``.

        :param lots: list of :class:`NewLot`; by default one lot without expiry
        :param group_key: key of the load that a bonus belongs to
        :param origin: the record it comes from
        :return: the entry
        """
        amount = self._amount_for(balance, amount)
        return self.post(
            [
                Movement(
                    balance.id,
                    amount,
                    kind,
                    key,
                    new_lots=tuple(lots or ()),
                    group_key=group_key,
                    origin=self._origin(origin),
                    reason=reason,
                )
            ]
        )

    @api.private
    def debit(self, balance, amount, kind, key, *, origin=None, reason=None):
        """Take ``amount`` (positive) off ``balance``, from the lots that expire first.

        :raises InsufficientValue: when less is available
        """
        amount = self._amount_for(balance, amount)
        self._expire_due(balance)
        return self.post(
            [Movement(balance.id, -amount, kind, key, origin=self._origin(origin), reason=reason)]
        )

    @api.private
    def reverse(self, entry, key, *, amount=None, kind="refund", reason=None, origin=None):
        """Take an entry back, wholly or for ``amount``: the very lots it touched are restored.

        A payment's reversal fills the lots it took from. A load's reversal empties the lots it
        made, and is refused when they have been spent.

        :param amount: positive; by default all that is not reversed yet
        :raises InsufficientValue: when more than what is left would be reversed
        """
        done = self._entry_by_key(key)
        if done:
            same_amount = amount is None or abs(to_decimal(done.amount)) == to_decimal(amount)
            if done.reverses_id != entry or not same_amount:
                raise KeyReused(
                    self.env._("This correction was already recorded for another movement.")
                )
            return done
        open_parts = self._open_parts(entry)
        left = self._reversible(entry)
        if entry.amount > 0:  # points that filled an overdraft are in no lot any more
            left = min(left, sum((part.amount for part in open_parts), Decimal(0)))
        amount = left if amount is None else self._amount_for(entry.balance_id, amount)
        if not amount or amount > left:
            raise InsufficientValue(
                self.env._(
                    "Only %(left)s of this movement can still be taken back.",
                    left=self._format(entry.balance_id, left),
                )
            )
        sign = 1 if entry.amount < 0 else -1
        taken = [Part(part.lot_id, -abs(part.amount)) for part in open_parts]
        in_lots = min(amount, -sum((part.amount for part in taken), Decimal(0)))
        shares = restore(taken, in_lots, self._quantum(entry.balance_id))
        if sign < 0:
            self._check_unspent(entry, shares)
        movement = Movement(
            entry.balance_id.id,
            sign * amount,
            kind,
            key,
            reason=reason,
            origin=self._origin(origin),
            parts=tuple(Part(part.lot_id, sign * part.amount) for part in shares),
            new_lots=(NewLot("points", None, amount - in_lots),) if amount > in_lots else (),
            reverses_id=entry.id,
        )
        return self.post([movement])

    @api.private
    def transfer(self, source, target, amount, key, reason):
        """Move ``amount`` between two balances of one program; lots keep their price and expiry.

        :return: the two entries, out and in
        """
        if source.program_id != target.program_id:
            raise BalanceUnusable(
                self.env._("Value can only be moved between balances of the same program.")
            )
        amount = self._amount_for(source, amount)
        self._expire_due(source)
        out = self.post([Movement(source.id, -amount, "transfer", f"{key}:out", reason=reason)])
        lots = tuple(
            NewLot(line.lot_id.source, line.lot_id.expires_on or None, -to_decimal(line.amount))
            for line in out.lot_line_ids
        )
        return out + self.post(
            [Movement(target.id, amount, "transfer", f"{key}:in", reason=reason, new_lots=lots)]
        )

    # -- helpers -------------------------------------------------------------------------------

    def _quantum(self, balance):
        """The finest amount of ``balance``: the currency's for stored value, four places else."""
        if not balance.program_id.is_stored_value:
            return AMOUNT_QUANTUM
        return to_decimal(balance.program_id.currency_id.rounding)

    def _amount_for(self, balance, amount):
        """``amount`` as an exact positive decimal that ``balance`` can hold.

        :raises InvalidAmount: zero, negative, absurd, no number, or finer than the currency
        """
        try:
            value = to_decimal(amount)
        except ValueError:
            raise InvalidAmount(
                self.env._("“%(amount)s” is not an amount. Enter a number.", amount=amount)
            ) from None
        if value <= 0:
            raise InvalidAmount(self.env._("Enter an amount above zero."))
        if value > AMOUNT_MAX:
            raise InvalidAmount(self.env._("This amount is too large. Check the number of zeros."))
        quantum = self._quantum(balance)
        if not is_multiple(value, quantum):
            raise InvalidAmount(
                self.env._(
                    "%(currency)s has no amounts finer than %(step)s. Round the amount.",
                    currency=balance.program_id.currency_id.name,
                    step=f"{quantum.normalize():f}",
                )
            )
        return value

    def _origin(self, record):
        return (record._name, record.id) if record else None

    def _entry_by_key(self, key):
        return self.env["loyalty.ledger.entry"].search([("key", "=", key)])

    def _reversible(self, entry):
        """How much of ``entry`` has not been taken back yet (positive Decimal)."""
        [(reversed_amount,)] = self.env["loyalty.ledger.entry"]._read_group(
            [("reverses_id", "=", entry.id)], [], ["amount:sum"]
        )
        return abs(to_decimal(entry.amount)) - abs(to_decimal(reversed_amount))

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

    def _format(self, balance, amount):
        return balance._format_points(float(amount))

    def _hold_expiry(self):
        hours = self.env["ir.config_parameter"].sudo().get_param("loyalty_cinema.hold_hours")
        return fields.Datetime.now() + timedelta(hours=float(hours or HOLD_HOURS_DEFAULT))

    def _check_reason(self, movement):
        if movement.kind in KINDS_WITH_REASON and not (movement.reason or "").strip():
            raise ReasonMissing(self.env._("Say why: this kind of movement needs a reason."))

    def _same_key(self, entry, movement):
        """Refuse a key that comes back with another balance or amount: a caller's mistake."""
        if (
            entry["balance_id"] != movement.balance_id
            or to_decimal(entry["amount"]) != movement.amount
        ):
            raise KeyReused(
                self.env._("This movement was already recorded with another card or amount.")
            )
