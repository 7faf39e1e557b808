"""How a sequence is judged: what is done to the ledger and to the book must agree, to the cent."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis.stateful import RuleBasedStateMachine, multiple

from ..domain.lots import NewLot
from ..exceptions import LoyaltyError
from .ledger_book import NEVER, ZERO, Refused

CENT = Decimal("0.01")


class JudgedMachine(RuleBasedStateMachine):
    """Does things twice, and compares."""

    # -- helpers ---------------------------------------------------------------------------------

    def _do(self, action, plan):
        """Do ``action`` to the ledger and ``plan`` to the book: both succeed, or neither."""
        trial, expected = self.book.copy(), None
        try:
            plan(trial)
        except Refused as refusal:
            expected = refusal
        try:
            with self.case.cr.savepoint():
                result = action()
        except LoyaltyError as error:
            self.env.invalidate_all(flush=False)
            if not expected:
                raise AssertionError(f"refused without reason: {error}") from error
            return None
        if expected:
            raise AssertionError(f"must be refused: {expected}")
        self.book = trial
        return result

    def _entry(self, action, plan):
        """As :meth:`_do`, for a bundle: the new record, or nothing. Payments are judged."""
        record = self._do(action, plan)
        if record and record._name == "loyalty.ledger.entry" and record.amount < 0:
            self._judge_payment(record)
        return record if record else multiple()

    def _credit(self, balance, amount, kind, source, key, life, group_key=None):
        day = NEVER if life is None else self.today + timedelta(days=life)
        lots = [NewLot(source, None if life is None else day, amount)]
        return self._entry(
            lambda: self.ledger.credit(balance, amount, kind, key, lots=lots, group_key=group_key),
            lambda book: book.credit(balance.id, amount, day),
        )

    def _judge_payment(self, entry):
        """Lots of one load that expire together are used in proportion, to the cent."""
        used = {line.lot_id: -decimal(line.amount) for line in entry.lot_line_ids}
        for lot in used:
            together = entry.balance_id.lot_ids.filtered(
                lambda other, lot=lot: (
                    (other.group_id, other.expires_on) == (lot.group_id, lot.expires_on)
                )
            )
            before = {one: decimal(one.remaining) + used.get(one, ZERO) for one in together}
            taken = sum(used.get(one, ZERO) for one in together)
            ideal = taken * before[lot] / sum(before.values())
            self.case.assertLessEqual(abs(used[lot] - ideal), CENT)

    def _judge_reversal(self, entry, open_parts, amount):
        """What is given back goes to the very lots, in proportion, never more than they gave."""
        self.case.assertEqual(decimal(entry.amount), amount)
        changes, total = {}, sum(abs(part) for part in open_parts.values())
        for lot, given in _by_lot(entry.lot_line_ids).items():
            if (
                lot.entry_id == entry
            ):  # points that had filled a debt come back in a lot of their own
                changes[NEVER] = changes.get(NEVER, ZERO) + given
                continue
            self.case.assertLessEqual(abs(given), abs(open_parts[lot]))
            if entry.balance_id != self.balances[2]:
                self.case.assertLessEqual(abs(given - amount * abs(open_parts[lot]) / total), CENT)
            day = lot.expires_on or NEVER
            changes[day] = changes.get(day, ZERO) + given
        self.book.move(entry.balance_id.id, amount, changes)

    def _reversals(self, entry):
        return self.env["loyalty.ledger.entry"].search([("reverses_id", "=", entry.id)])

    def _open_parts(self, entry):
        """What the entry did to each lot and no reversal has undone yet."""
        return _by_lot(entry.lot_line_ids | self._reversals(entry).lot_line_ids)

    def _ids(self):
        return [balance.id for balance in self.balances]


def _by_lot(lines):
    """The signed amounts of ``lines``, summed by lot; zeros left out."""
    sums = {}
    for line in lines:
        sums[line.lot_id] = sums.get(line.lot_id, ZERO) + decimal(line.amount)
    return {lot: amount for lot, amount in sums.items() if amount}


def decimal(value):
    return Decimal(str(round(value, 4)))


def round_cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)
