import logging
from decimal import Decimal

from odoo import models
from odoo.http import request

from ..domain.amounts import AMOUNT_QUANTUM, round_half_up, to_decimal
from ..domain.arguments import is_id
from ..domain.movement import STORED_VALUE_TYPES, Template
from ..exceptions import LoyaltyError

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    """The till's second request after a sale: points and coupons that Odoo's own programs give.

    The browser sends what it has computed. A till is a hostile client: of what it sends, the server
    grants at most what the order's paid lines earn under the program's rules, once per order, and
    what was debited with the sale is not debited again. Server-side callers, which no HTTP request
    stands behind, are trusted.
    """

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        """Hand out what the order earned; a repeated call only tells the till the balances.

        Never raises for a refused movement: the sale stands, and an error here would send the till
        back to a draft that the server has already been paid for.
        """
        self.ensure_one()
        if request and not self.env.su:
            self.config_id._check_loyalty_cashier()
        # Two confirmations at once: the second is refused the row, runs again and finds it done.
        self.env.cr.execute(
            "UPDATE pos_order SET write_date = write_date WHERE id = %s", (self.id,)
        )
        data = {int(key): dict(value) for key, value in coupon_data.items()}
        data, asked = self._set_memberships_aside(data)
        if self.loyalty_confirmed:
            return self._with_members(self._confirmed_answer(coupon_data), asked)
        if request and not self.env.su:
            data = self._limit_confirmation(data)
        template = Template(
            "earn", "redeem", origin=(self._name, self.id), reason=self.display_name, mirror=False
        )
        # sudo: cashiers have no rights on balances; the amounts were limited just above.
        order = self.sudo().with_context(loyalty_movement=template)
        try:
            with self.env.cr.savepoint():
                answer = super(PosOrder, order).confirm_coupon_programs(data)
        except LoyaltyError as error:
            _logger.warning("Order %s: rewards not handed out: %s", self.name, error)
            return self._with_members(self._confirmed_answer(coupon_data), asked)
        order.loyalty_confirmed = True
        order._spread_native_points()
        balances = order.env["loyalty.card"]
        for update in answer["coupon_updates"]:  # Odoo would hand the full codes to the till
            update["code"] = balances.browse(update["id"]).masked_code
        return self._with_members(answer, asked)

    def add_loyalty_history_lines(self, coupon_data, coupon_updates):
        """As Odoo has it, in the language of the customer, who reads it."""
        reader = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return super(PosOrder, reader).add_loyalty_history_lines(coupon_data, coupon_updates)

    def _check_existing_loyalty_cards(self, coupon_data):
        """Lock the customer before Odoo looks for an existing wallet: two tills, one wallet."""
        partners = {data.get("partner_id") for data in coupon_data.values()} - {None, False}
        if partners and any(key < 0 for key in coupon_data):
            self.env.cr.execute(
                "UPDATE res_partner SET write_date = write_date WHERE id = ANY(%s)",
                (sorted(partners),),
            )
        return super()._check_existing_loyalty_cards(coupon_data)

    def _remove_duplicate_coupon_data(self, coupon_data):
        """Nothing to do: the order itself remembers that it was confirmed."""

    def _limit_confirmation(self, data):
        """What the till may be granted of ``data``: per balance, at most what the lines earn."""
        if self.state not in ("paid", "done"):
            return {}
        granted, used = {}, {}
        # Programs whose last use was this very order's reward are no longer among the till's.
        programs = self.config_id._get_program_ids() | self.lines.reward_id.program_id
        programs = programs.filtered(lambda p: p._is_for_pricelist(self.pricelist_id))
        for key, change in data.items():
            order = self.sudo()  # sudo: rules and cards are read to judge what the till asks for
            program = order.env["loyalty.program"].browse(change.get("program_id")).exists()
            if not program or program.is_stored_value or program not in programs:
                continue
            balance = order.env["loyalty.card"].browse(key if key > 0 else []).exists()
            if key > 0 and balance.program_id != program:
                continue
            order._forget_foreign_card(change, program)
            asked = to_decimal(change.get("points")) + order._told_cost(balance)
            earned = min(max(asked, Decimal(0)), order._earned_at_most(program, used))
            order._use_up(program, earned, used)
            if earned < asked:
                order._report_points(program, asked, earned)
            change["points"] = float(earned - order._cost_left(balance))
            if change["points"] or not order._is_settled_gift_card(balance):
                granted[key] = change
        return granted

    def _forget_foreign_card(self, change, program):
        """Odoo looks cards up by id or number anywhere: leave it those of ``program`` only."""
        domain = [("program_id", "!=", program.id), "|"]
        named = [("id", "=", change.get("coupon_id")), ("code", "=", change.get("code") or "")]
        if self.env["loyalty.card"].with_context(active_test=False).search_count(domain + named):
            change.update(coupon_id=False, code=False)

    def _told_cost(self, balance):
        """What the till believes it took: part of the net number it sends."""
        lines = self.lines.filtered(lambda line: balance and line.coupon_id == balance)
        return sum((to_decimal(line.points_cost) for line in lines), Decimal(0))

    def _cost_left(self, balance):
        """What a claim costs beyond what was debited with the sale (points earned by it)."""
        cost = self._claim_costs().get(balance, Decimal(0)) if balance else Decimal(0)
        return max(cost - self._claimed(balance), Decimal(0)) if cost else cost

    def _is_settled_gift_card(self, balance):
        """A gift card that only paid: Odoo would write a second line into its history."""
        return balance.program_type == "gift_card" and bool(self._claimed(balance))

    def _earned_at_most(self, program, used):
        """The most that this order gives in ``program``.

        :param used: ``{line: part of it}`` whose value this confirmation has granted already: one
            product may sell cards of several programs, and one order several cards
        """
        lines = self._native_earning_lines(program)
        if program.program_type not in STORED_VALUE_TYPES:
            return program._points_at_most(lines)
        left = [program._points_at_most(line) * (1 - used.get(line, 0)) for line in lines]
        return round_half_up(sum(left, Decimal(0)), AMOUNT_QUANTUM)

    def _use_up(self, program, granted, used):
        """Note in ``used`` which lines the value that was ``granted`` came from."""
        if program.program_type not in STORED_VALUE_TYPES:
            return
        for line in self._native_earning_lines(program):
            free = 1 - used.get(line, Decimal(0))
            gives = program._points_at_most(line) * free
            if gives > 0:
                taken = min(granted, gives)
                used[line] = 1 - free * (gives - taken) / gives
                granted -= taken

    def _confirmed_answer(self, coupon_data):
        """What Odoo's own method answers, for balances that need no change.

        A till is told of programs that it named only: it has no record of others, stored value
        above all, and Odoo's list of customers fails on a balance without a program.
        """
        named = {change.get("program_id") for change in coupon_data.values()}
        # sudo: the till learns the numbers of the balances that it named and this order touched.
        balances = (
            self.sudo()
            .env["loyalty.card"]
            .search(
                [
                    ("entry_ids.origin_model", "=", self._name),
                    ("entry_ids.origin_id", "=", self.id),
                    ("program_id", "in", [id_ for id_ in named if is_id(id_)]),
                    ("program_id.is_stored_value", "=", False),
                ]
            )
        )
        return {
            "coupon_updates": [
                {
                    "old_id": balance.id,
                    "id": balance.id,
                    "points": balance.points,
                    "code": balance.masked_code,
                    "program_id": balance.program_id.id,
                    "partner_id": balance.partner_id.id,
                }
                for balance in balances
                if balance.program_id.is_nominative
            ],
            "program_updates": [],
            "new_coupon_info": [],
            "coupon_report": {},
        }
