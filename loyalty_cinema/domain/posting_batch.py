"""Works out a batch of movements in memory, so that the database is read once and written once.

How to use: build a :class:`Batch` from the locked balances and their open lots, ``reserve`` ids,
``apply`` the movements in order, then store ``rows``, ``new_lots``, ``lot_lines``,
``touched_lots`` and ``states``.
"""

import json
from dataclasses import dataclass
from decimal import Decimal

from .lots import LotState, NewLot, Part, claw, take
from .movement import OVERDRAWING_KINDS, REACHING_KINDS, Movement, source_for
from .saying import Saying

ZERO = Decimal(0)


@dataclass(slots=True)
class BalanceState:
    """One locked balance while the batch is worked out. The amounts change, the rest does not."""

    id: int
    points: Decimal
    held: Decimal
    overdraft: Decimal
    pending: Decimal
    qualifying: Decimal
    program_id: int
    company_id: int | None
    currency_id: int
    partner_id: int | None
    member_card_id: int | None
    is_stored_value: bool
    is_points: bool
    quantum: Decimal
    lang: str | None = None
    visited: bool = False

    @property
    def available(self):
        """What can be spent: less than nothing where a clawback took more than there was."""
        return self.points - self.held - self.pending

    def numbers(self):
        """The row in the order of the UPDATE of balances."""
        return (
            self.id,
            self.points,
            self.held,
            self.overdraft,
            self.pending,
            self.qualifying,
        )


@dataclass(slots=True)
class EntryRow:
    """One entry to be stored, with the parts of its amount by where the value came from."""

    id: int
    movement: Movement
    state: BalanceState
    paid: Decimal
    bonus: Decimal
    granted: Decimal
    balance_after: Decimal

    def values(self, now, uid):
        """The row in the order of the entry table's columns."""
        m, s = self.movement, self.state
        return (
            self.id,
            m.balance_id,
            s.program_id,
            s.company_id,
            s.currency_id,
            s.partner_id,
            s.member_card_id,
            m.kind,
            m.amount,
            self.paid,
            self.bonus,
            self.granted,
            self.balance_after,
            m.qualifying,
            m.qualifying_on if m.qualifying else None,
            s.is_stored_value,
            now,
            str(m.reason) if m.reason else None,
            json.dumps(m.reason.kept) if isinstance(m.reason, Saying) else None,
            m.key,
            *(m.origin or (None, None)),
            m.reverses_id,
            uid,
            uid,
            uid,
            now,
            now,
        )


class Batch:
    """The balances, lots and rows of one ``post``."""

    def __init__(self, states, lots, groups, today):
        """
        :param states: ``{balance id: BalanceState}``, locked
        :param lots: list of ``(balance id, LotState)``
        :param groups: ``{key of an earlier load: its entry id}``
        :param today: a new lot that may be spent only after this date is pending
        """
        self.states, self._today = states, today
        self.rows = []
        self.new_lots = []
        self.lot_lines = []
        self._lots = {lot.id: lot for _balance, lot in lots}
        self._balance_lots = {balance: set() for balance in states}
        for balance, lot in lots:
            self._balance_lots.setdefault(balance, set()).add(lot.id)
        self._made, self._touched = {}, set()
        self._groups = dict(groups)
        self._entry_ids = self._lot_ids = ()

    def reserve(self, entry_ids, lot_ids):
        """Give the batch the ids of the rows it will make."""
        self._entry_ids, self._lot_ids = iter(entry_ids), iter(lot_ids)

    @property
    def touched_lots(self):
        """``(id, remaining)`` of each lot that existed before and changed."""
        return [
            (id_, self._lots[id_].remaining) for id_ in sorted(self._touched - self._made.keys())
        ]

    def apply(self, movement):
        """Work out one movement; the caller has checked the floor."""
        state, entry_id = self.states[movement.balance_id], next(self._entry_ids)
        self._groups[movement.key] = entry_id
        parts = self._parts(state, movement, entry_id)
        parts = [*parts, *self._fill_debt(state, movement, parts)]
        by_source = self._move_lots(state, parts, entry_id)
        self._settle(state, movement)
        parts = [by_source[source] for source in ("paid", "bonus", "granted")]
        self.rows.append(EntryRow(entry_id, movement, state, *parts, state.points))

    def is_pending(self, new_lot):
        """Whether value of this lot can be spent only after today."""
        return bool(new_lot.available_on and new_lot.available_on > self._today)

    def pending_for(self, movement):
        """How much of what is pending a debit may take: that of its own parts, or all."""
        if movement.parts or movement.kind not in REACHING_KINDS:
            return -sum(part.amount for part in movement.parts if self._lots[part.lot_id].pending)
        return self.states[movement.balance_id].pending

    def _parts(self, state, movement, entry_id):
        """What the movement puts into each lot, or takes from it."""
        if not movement.amount:
            return []
        if movement.parts or movement.new_lots:
            made = self._make_lots(state, movement, entry_id) if movement.new_lots else ()
            return [*movement.parts, *made]
        if movement.amount > 0:
            return self._make_lots(state, movement, entry_id)
        lots = [self._lots[id_] for id_ in self._balance_lots[state.id]]
        if movement.kind in REACHING_KINDS:
            held = state.held - movement.held
            return claw(lots, -movement.amount, held, state.quantum, movement.reverses_id)
        return take(lots, -movement.amount, state.quantum)

    def _make_lots(self, state, movement, entry_id):
        """The lots of a credit."""
        default = NewLot(source_for(movement.kind, state.is_stored_value), None, movement.amount)
        group = self._groups.get(movement.group_key, entry_id)
        parts = []
        for lot in movement.new_lots or (default,):
            id_ = next(self._lot_ids)
            pending = self.is_pending(lot)
            self._lots[id_] = LotState(id_, lot.source, lot.expires_on, group, ZERO, pending)
            self._balance_lots[state.id].add(id_)
            self._made[id_] = (id_, state.id, state.company_id, entry_id, group, *lot, pending)
            parts.append(Part(id_, lot.amount))
        return parts

    def _fill_debt(self, state, movement, parts):
        """What a credit on a balance below zero fills: it is in its lots, but spent at once."""
        debt = min(max(-state.points, ZERO), movement.amount)
        if debt <= 0:
            return []
        covered = [LotState(p.lot_id, "points", None, p.lot_id, p.amount) for p in parts]
        return take(covered, debt, state.quantum)

    def _move_lots(self, state, parts, entry_id):
        """Apply the parts to their lots; returns the moved amounts by source."""
        by_source = {"paid": ZERO, "bonus": ZERO, "granted": ZERO, "points": ZERO}
        for part in parts:
            lot = self._lots[part.lot_id]
            self._lots[lot.id] = lot._replace(remaining=lot.remaining + part.amount)
            self._touched.add(lot.id)
            self.lot_lines.append((lot.id, entry_id, part.amount))
            by_source[lot.source] += part.amount
            if lot.pending:
                state.pending += part.amount
        return by_source

    def _settle(self, state, movement):
        """The new numbers of the balance.

        Only a clawback (or the opening of a balance that was below zero before) makes an overdraft;
        everything else may only fill it. A debit that the caller let through by mistake is thus
        still refused by the database's own constraint.
        """
        state.points += movement.amount
        state.held -= movement.held
        state.qualifying += movement.qualifying
        state.visited = state.visited or movement.is_visit
        below = max(-state.available, ZERO)
        deepens = movement.kind in OVERDRAWING_KINDS
        state.overdraft = below if deepens else min(state.overdraft, below)

    def finish(self):
        """Complete the rows of the lots made here, whose remaining amount is known only now."""
        self.new_lots = [(*row, self._lots[id_].remaining) for id_, row in self._made.items()]
