from odoo import models

from ..domain.amounts import AMOUNT_QUANTUM, split, to_decimal
from ..domain.movement import STORED_VALUE_TYPES, Movement
from ..domain.saying import _lt
from ..exceptions import LoadRefused

ZERO = to_decimal(0)


class PosOrder(models.Model):
    """What rewards cost the balances that pay for them: debited when the order is paid (L5, L7).

    Odoo debits a claim in a second request after the sale, with the browser's numbers. Here the
    claim is debited with the sale, at a cost worked out from the order's own lines. The second
    request (``pos_order_confirm.py``) finds it done. Whether a reward may be on the order at all is
    in ``pos_order_reward.py``, what one costs in ``loyalty_reward.py``.
    """

    _inherit = "pos.order"

    def _claim_rewards(self):
        """Debit what this order claims, out of what it has held for that; release the rest."""
        claims = self._reward_claims()
        if claims:
            self._check_rewards(claims)
            holds = self._open_claim_holds(claims)
            costs = self._claim_costs()
            self._check_covered(costs)
            self._settle_holds(holds, self._debit_claims(costs, holds))
        self._take_back_native_loads()

    def _open_claim_holds(self, claims):
        """What is held for this order's claims, its balances locked and brought up to date."""
        ledger, holds = self.env["loyalty.ledger"], self._claim_holds()
        balances = holds.balance_id.union(*(balance for _reward, balance, _code in claims))
        for balance in balances:
            ledger._expire_due(balance)
        if balances:
            ledger._lock_balances(set(balances.ids))
        return self._claim_holds()

    def _claim_holds(self):
        """What this order holds for its claims; orders of other origins have no uuid."""
        ledger = self.env["loyalty.ledger"]
        return ledger._claim_holds(self.uuid) if self.uuid else self.env["loyalty.hold"]

    def _settle_holds(self, holds, entries):
        """Close the holds: captured by the debit of their balance, or released without one."""
        ledger = self.env["loyalty.ledger"]
        for hold in holds:
            if entry := entries.get(hold.balance_id):
                ledger._set_hold_state(hold, "captured", entry)
            else:
                ledger.void(hold.key)

    def _debit_claims(self, costs, holds):
        """Post the debits; ``{balance: entry}``."""
        movements = []
        for balance, cost in costs.items():
            held = self._held_for_claims(balance, holds)
            due = self._claimable_now(balance, cost)
            if due > 0:
                movements.append(self._claim_movement(balance, -due, "claim", held))
        entries = self.env["loyalty.ledger"].post(movements)
        return {entry.balance_id: entry for entry in entries}

    def _held_for_claims(self, balance, holds=None):
        """How much of ``balance`` is held for the claims of this order (Decimal)."""
        if holds is None:
            holds = self._claim_holds()
        own = holds.filtered(lambda hold: hold.balance_id == balance)
        return sum((to_decimal(hold.amount) for hold in own), ZERO)

    def _claim_movement(self, balance, amount, step, held=ZERO):
        stored = balance.program_type in STORED_VALUE_TYPES
        return Movement(
            balance.id,
            amount,
            "spend" if stored else "redeem",
            f"{step}:{self.id}:{balance.id}",
            origin=(self._name, self.id),
            reason=_lt("Onsite %s", self.display_name),
            held=held,
        )

    def _claim_costs(self):
        """What each balance owes for the rewards on this order: ``{balance: Decimal}``.

        Worked out before the order is settled, and then written on the lines, where it stays.
        """
        costs, claims = {}, self._reward_claims()
        # rewards that take all there is come last: they take what the others have left
        for (reward, balance, _code), lines in sorted(
            claims.items(), key=lambda claim: claim[0][0].clear_wallet
        ):
            if not balance:
                continue
            told = sum((to_decimal(line.points_cost) for line in lines), ZERO)
            cost = told
            if not self.loyalty_settled:
                free = self._free_for_claims(balance) - costs.get(balance, ZERO)
                cost = reward._claim_price(lines, free, self._rounding_leeway())
                self._write_cost(lines, told, cost)
            costs[balance] = costs.get(balance, ZERO) + cost
        return costs

    def _free_for_claims(self, balance):
        """What this order can spend of ``balance``: what is available, and what it holds itself."""
        return to_decimal(balance.available) + self._held_for_claims(balance)

    def _write_cost(self, lines, told, cost):
        """Put the server's cost on the lines of one claim; a till that said another is reported."""
        if told == cost:
            return
        weights = [abs(line._loyalty_worth()) or AMOUNT_QUANTUM for line in lines]
        for line, part in zip(lines, split(cost, weights, AMOUNT_QUANTUM), strict=True):
            line.points_cost = float(part)
        reward = lines[:1].reward_id
        per_point = reward.discount_mode == "per_point" and to_decimal(reward.discount)
        if per_point and abs(told - cost) * per_point <= self._rounding_leeway():
            return  # both have rounded the same money
        self.env["loyalty.incident"]._report(
            "cost",
            self.env._(
                "The till asked another price for “%(reward)s” than it costs.",
                reward=reward.description,
            ),
            origin=self,
            asked=float(told),
            granted=float(cost),
        )

    def _check_covered(self, costs):
        """What is not debited now must be earned by this very order, in programs that allow it.

        Applies to claims without a balance, too: promotions pay with points that exist within the
        order only. The most that its lines can earn is the bound.
        """
        owed = {}
        for balance, cost in costs.items():
            later = cost - self._claimable_now(balance, cost)
            if later > 0:
                owed[balance.program_id] = owed.get(balance.program_id, ZERO) + later
        for (reward, balance, _code), lines in self._reward_claims().items():
            if not balance:
                price = reward._claim_price(lines, ZERO, self._rounding_leeway())
                owed[reward.program_id] = owed.get(reward.program_id, ZERO) + price
        for program, points in owed.items():
            most = self._points_on_paper(program)
            if points > most:
                lines = self.lines.filtered(
                    lambda line, program=program: line.reward_id.program_id == program
                )
                self._refuse_reward(
                    lines,
                    self.env._("There are not enough points on this order for “%(reward)s”."),
                    asked=points,
                    granted=most,
                )

    def _points_on_paper(self, program):
        """The most that this order's lines earn in ``program``, by Odoo's own rules (Decimal)."""
        lines = self.lines.filtered(lambda line: line.qty > 0 and not line.is_reward_line)
        leeway = to_decimal(0.01) * len(program.rule_ids)  # Odoo's till rounds what each rule gives
        return program._points_at_most(lines) + leeway

    def _claimable_now(self, balance, cost):
        """What to debit with the sale: all, save points that this very order has yet to earn."""
        program = balance.program_id
        if (
            program.applies_on == "both"
            and program.program_type not in STORED_VALUE_TYPES
            and not program.is_membership
        ):
            return min(cost, max(self._free_for_claims(balance), ZERO))
        return cost

    def _claimed(self, balance):
        """What was debited from ``balance`` when this order was paid."""
        [(amount,)] = self.env["loyalty.ledger.entry"]._read_group(
            [("key", "=", f"claim:{self.id}:{balance.id}")], [], ["amount:sum"]
        )
        return -to_decimal(amount)

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
