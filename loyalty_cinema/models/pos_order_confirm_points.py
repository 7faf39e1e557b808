from decimal import Decimal

from odoo import models

from ..domain.amounts import split, to_decimal
from ..domain.earning import SHARE_QUANTUM
from ..domain.movement import STORED_VALUE_TYPES

ZERO = Decimal(0)


class PosOrder(models.Model):
    """The second request and points: membership programs are done, Odoo's own leave their trace.

    What a membership program gives came with the payment. A till that asks for it again, with a
    number of its own, learns the balance; a number that differs is an incident. Points of Odoo's
    own programs are granted here and spread over the lines, so that a refund can take them back.
    """

    _inherit = "pos.order"

    def _set_memberships_aside(self, data):
        """Split what the till asks: ``(for Odoo's programs, {membership balance: its old id})``."""
        rest, asked = {}, {}
        # sudo: programs and balances are read to judge what the till asks for
        order = self.sudo()
        for key, change in data.items():
            program = order.env["loyalty.program"].browse(change.get("program_id")).exists()
            if not program.is_membership:
                rest[key] = change
                continue
            balance = program._member_balances(order.partner_id).get(order.partner_id.id)
            order._compare_asked(program, balance, change)
            if balance:
                asked[balance] = key
        return rest, asked

    def _compare_asked(self, program, balance, change):
        """Note a till that has worked out other points than the server, and wants them."""
        if self.loyalty_confirmed:
            return
        told = self._told_cost(balance) if balance else ZERO
        asked = to_decimal(change.get("points")) + told
        [(earned,)] = self.env["loyalty.ledger.entry"]._read_group(
            [("key", "=", f"earn:{self.id}:{program.id}")], [], ["amount:sum"]
        )
        if asked > 0 and asked != to_decimal(earned):
            self._report_points(program, asked, to_decimal(earned))

    def _report_points(self, program, asked, granted):
        self.env["loyalty.incident"]._report(
            "points",
            self.env._("A till asked for points of %(program)s.", program=program.name),
            origin=self,
            asked=asked,
            granted=granted,
        )

    def _with_members(self, answer, asked):
        """The answer with the new balances of the membership programs that the till named."""
        known = {update["id"]: update for update in answer["coupon_updates"]}
        for balance, old_id in asked.items():
            update = known.get(balance.id) or {
                "id": balance.id,
                "code": balance.masked_code,
                "program_id": balance.program_id.id,
                "partner_id": balance.partner_id.id,
            }
            update.update(old_id=old_id, points=balance.available)
            known[balance.id] = update
        return {**answer, "coupon_updates": list(known.values())}

    def _native_earning_lines(self, program):
        """The lines on which one of Odoo's own programs can give points or value."""
        lines = self.lines.filtered(
            lambda line: (
                line.qty > 0 and not line.is_reward_line and not line.product_id.loyalty_load_type
            )
        )
        if program.program_type in STORED_VALUE_TYPES:
            products = program.rule_ids.product_ids
            return lines.filtered(lambda line: line.product_id in products)
        value_products = self.config_id._loyalty_value_products()
        return lines.filtered(lambda line: line.product_id not in value_products)

    def _spread_native_points(self):
        """Spread what Odoo's own points programs have just granted over the lines that earned it.

        In proportion of what each line gives under the program's rules; points per order by worth.
        """
        entries = self._points_earned().filtered(lambda e: not e.program_id.is_membership)
        shares = []
        for entry in entries:
            lines = self._native_earning_lines(entry.program_id)
            rules = entry.program_id.rule_ids.filtered(lambda r: r.reward_point_mode != "order")
            weights = [
                to_decimal(sum(rule._points_at_most(line) for rule in rules)) for line in lines
            ]
            if not sum(weights):
                weights = [max(line._loyalty_worth(), ZERO) for line in lines]
            if sum(weights):
                points = split(to_decimal(entry.amount), weights, SHARE_QUANTUM)
                by_line = dict(zip(lines.ids, points, strict=True))
                shares.append((entry.balance_id.id, by_line, {}))
        self._store_shares(shares)
