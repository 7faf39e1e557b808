from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..domain.amounts import AMOUNT_MAX, AMOUNT_QUANTUM, is_multiple, to_decimal
from ..domain.lots import NewLot, Part, take
from ..domain.movement import KINDS_WITH_REASON, Movement
from ..exceptions import (
    BalanceUnusable,
    InvalidAmount,
    KeyReused,
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
    in ``loyalty_ledger_hold.py``; what takes entries back in ``loyalty_ledger_reverse.py``.
    """

    _name = "loyalty.ledger"
    _description = "Loyalty Ledger Service"

    @api.private
    def credit(
        self,
        balance,
        amount,
        kind,
        key,
        *,
        lots=None,
        group_key=None,
        origin=None,
        reason=None,
        qualifying=0,
    ):
        """Bring ``amount`` (positive) onto ``balance``.

        :param lots: list of :class:`NewLot`; by default one lot without expiry
        :param qualifying: qualifying points that come with it (zero or more)
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
                    qualifying=to_decimal(qualifying),
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
    def transfer(self, source, target, amount, key, reason):
        """Move ``amount`` between two balances of one program; lots keep price, expiry and day.

        :param amount: None for all that is not on hold, pending points too; a given amount leaves
            pending points where they are
        :return: the two entries, out and in (none when there is nothing to move)
        """
        if source.program_id != target.program_id:
            raise BalanceUnusable(
                self.env._("Value can only be moved between balances of the same program.")
            )
        amount = None if amount is None else self._amount_for(source, amount)
        self._expire_due(source)
        parts = self._all_parts(source) if amount is None else ()
        amount = -sum(part.amount for part in parts) if amount is None else amount
        if not amount:
            return self.env["loyalty.ledger.entry"]
        out = self.post(
            [Movement(source.id, -amount, "transfer", f"{key}:out", reason=reason, parts=parts)]
        )
        lots = tuple(
            NewLot(
                line.lot_id.source,
                line.lot_id.expires_on or None,
                -to_decimal(line.amount),
                line.lot_id.available_on if line.lot_id.pending else None,
            )
            for line in out.lot_line_ids
        )
        return out + self.post(
            [Movement(target.id, amount, "transfer", f"{key}:in", reason=reason, new_lots=lots)]
        )

    def _all_parts(self, balance):
        """Everything on ``balance`` except what is on hold, as parts of its lots."""
        state = self._lock_balances({balance.id})[balance.id]
        lots = [lot for _balance, lot in self._open_lots({balance.id: state}, [])]
        parts = take(lots, max(state.available, Decimal(0)), state.quantum)
        return tuple(parts + [Part(lot.id, -lot.remaining) for lot in lots if lot.pending])

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

    def _format(self, balance, amount):
        return balance._format_points(float(amount))

    def _hold_expiry(self):
        hours = self.env["ir.config_parameter"].sudo().get_param("loyalty_cinema.hold_hours")
        return fields.Datetime.now() + timedelta(hours=float(hours or HOLD_HOURS_DEFAULT))

    def _check_reason(self, movement):
        if movement.kind in KINDS_WITH_REASON and not str(movement.reason or "").strip():
            raise ReasonMissing(self.env._("Say why: this kind of movement needs a reason."))

    def _same_key(self, entry, movement):
        """Refuse a key that comes back with another balance or amount: a caller's mistake."""
        if (
            entry["balance_id"] != movement.balance_id
            or to_decimal(entry["amount"]) != movement.amount
            or to_decimal(entry["qualifying"]) != movement.qualifying
        ):
            raise KeyReused(
                self.env._("This movement was already recorded with another card or amount.")
            )
