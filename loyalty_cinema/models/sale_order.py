from decimal import Decimal

from odoo import models

from ..domain.amounts import to_decimal
from ..domain.movement import Template
from ..exceptions import LedgerProtected
from .sale_order_refund import EARN_KINDS

ZERO = Decimal(0)


class SaleOrder(models.Model):
    """Sales orders claim and give value through Odoo's own code; this tells the ledger why.

    Odoo's numbers are corrected at one place, :meth:`_get_point_changes`: what the order is to
    move, less what it has moved. What members earn is not among them: see ``sale_order_earn.py``.
    """

    _inherit = "sale.order"

    def action_confirm(self):
        """Confirm, recording what the order takes and gives; that needs no rights on cards."""
        result = True
        for order in self:  # one by one: each movement names its order
            order._check_points_available()
            order.order_line._check_load_product()
            confirming = super(SaleOrder, order._as_movement("load", "spend"))
            result = confirming.action_confirm()
        self._check_claims()
        self._loyalty_earn_due()
        return result

    def _action_cancel(self):
        """Cancel, giving claimed value back into its lots and taking given value back."""
        self.check_access("write")
        result = True
        for order in self:
            # sudo: Odoo deletes the order's promised points, which salespersons may not; they may
            # cancel.
            order = order.sudo()
            order._loyalty_undo()
            cancelling = super(SaleOrder, order._as_movement("refund", "clawback"))
            result = cancelling._action_cancel()
            self.env["loyalty.card"]._rejoin_merged(order)
        return result

    def write(self, vals):
        """Refuse the shortcuts into and out of "confirmed", which would move no points."""
        if "state" in vals and not self.env.su and not self._is_moving():
            self._check_shortcut(vals["state"])
        return super().write(vals)

    def _check_shortcut(self, state):
        # sudo: whether the order has moved value is asked, not what
        for order in self.sudo().filtered(lambda order: order.state != state):
            claims = state == "sale" and order.order_line.coupon_id
            if claims or (order.state == "sale" and order._loyalty_entries()):
                raise LedgerProtected(
                    self.env._(
                        "%(order)s moves points or cards: confirm or cancel it with its buttons.",
                        order=order.name,
                    )
                )

    def _get_point_changes(self):
        """What is still to move: what Odoo wants of the order, less what it has moved already.

        So a cancellation undoes exactly what the ledger shows, and an order that Odoo confirms
        twice moves its points once. Orders from before this addon have no movements.
        """
        wanted = super()._get_point_changes()
        for promised in self.coupon_point_ids:
            if promised.coupon_id.program_id.is_membership:  # by a sales manager, not by Odoo
                wanted[promised.coupon_id] -= promised.points
        if not self._is_moving():
            return wanted
        # sudo: a salesperson confirms without reading movements
        entries = self.sudo()._loyalty_entries()
        if self.env.context["loyalty_movement"].credit_kind == "refund":
            # cancelling: Odoo takes these numbers off
            moved = {balance: self._loyalty_net(balance) for balance in entries.balance_id}
            return {**wanted, **{balance: float(net) for balance, net in moved.items()}}
        for balance in entries.balance_id & self.env["loyalty.card"].union(*wanted):
            wanted[balance] -= float(self._loyalty_net(balance))
        return wanted

    def _loyalty_net(self, balance):
        """What these orders moved on ``balance`` (Decimal); of a member, what rewards moved."""
        entries = self._loyalty_entries().filtered(lambda entry: entry.balance_id == balance)
        if balance.sudo().program_id.is_membership:  # sudo: the program's kind decides
            entries = entries.filtered(lambda entry: entry.kind not in EARN_KINDS)
        return sum((to_decimal(entry.amount) for entry in entries), ZERO)

    def _program_check_compute_points(self, programs):
        """Odoo's own conditional rules give nothing in membership programs (L5)."""
        result = super()._program_check_compute_points(programs)
        for program, status in result.items():
            if program.is_membership and "points" in status:
                status["points"] = [0]
        return result

    def _update_programs_and_rewards(self):
        """Odoo's own update; on a confirmed order, what it changes moves points, once.

        Odoo forgets to move what a changed order gives less, and gives the whole again when it
        gives more. So what the order promises is compared with its movements before and after.
        """
        before = self._loyalty_gaps()
        moving = self._as_movement("refund", "spend")
        result = super(SaleOrder, moving)._update_programs_and_rewards()
        if self.state == "sale":
            after = self._loyalty_gaps()
            for balance in self.env["loyalty.card"].union(*before, *after).exists():
                self._loyalty_move(balance, after.get(balance, ZERO) - before.get(balance, ZERO))
            self._check_claims()
        return result

    def _loyalty_gaps(self):
        """``{balance: Decimal}``: what a confirmed order promises, less what it has moved so far.

        What credit notes made good is no promise of the order, and is left out.
        """
        if self.state != "sale":
            return {}
        wanted, returned = super()._get_point_changes(), self._loyalty_returns_done()  # pylint: disable=super-method-mismatch
        return {
            balance: to_decimal(wanted[balance])
            - self._loyalty_net(balance)
            + returned.get(balance, ZERO)
            for balance in self._loyalty_entries().balance_id.union(*wanted)
        }

    def _loyalty_move(self, balance, change):
        """Give ``change`` (signed) to ``balance``, or take it."""
        if change:
            # sudo: Odoo's own programs decide; salespersons do not write balances
            moving = self._as_movement("load", "clawback").env["loyalty.card"].sudo()
            moving.browse(balance.id).points += float(change)

    def _apply_program_reward(self, reward, coupon, **kwargs):
        """As Odoo has it; a move of the server's, which may change claims of confirmed orders."""
        moving = self._as_movement("refund", "spend")
        result = super(SaleOrder, moving)._apply_program_reward(reward, coupon, **kwargs)
        if self.state == "sale":
            self._check_claims()
        return result

    def _add_points_for_coupon(self, coupon_points):
        """As Odoo has it; on a confirmed order it moves points, of this order."""
        if self.state == "sale":
            moving = self._as_movement("load", "clawback").env["loyalty.card"]
            coupon_points = {
                moving.sudo(coupon.env.su).browse(coupon.id): points
                for coupon, points in coupon_points.items()
            }
        return super()._add_points_for_coupon(coupon_points)

    def _add_loyalty_history_lines(self):
        # sudo: salespersons lost the right to write history; Odoo's code chooses what is written.
        result = super(SaleOrder, self._for_its_reader().sudo())._add_loyalty_history_lines()
        domain = [("order_model", "=", self._name), ("order_id", "=", self.id)]
        nothing = [
            ("issued", "=", 0),
            ("used", "=", 0),
            ("card_id.program_id.is_membership", "=", True),
        ]
        self.env["loyalty.history"].sudo().search(domain + nothing).unlink()  # sudo: as above
        return result

    def _update_loyalty_history(self, coupon_id, points):
        reader = self._for_its_reader().sudo()  # sudo: as above
        return super(SaleOrder, reader)._update_loyalty_history(coupon_id, points)

    def _for_its_reader(self):
        """This order in the language of the customer, who reads what Odoo writes of it."""
        return self.with_context(lang=self.partner_id.lang or self.env.lang)

    def _is_moving(self):
        """Whether one of the methods above is at work: a client cannot make a template."""
        template = self.env.context.get("loyalty_movement")
        return isinstance(template, Template) and template.server

    def _as_movement(self, credit_kind, debit_kind):
        """These orders, with what their changes of balances are to be recorded as."""
        origin = (self._name, self.id) if len(self) == 1 else None
        reason = ", ".join(self.mapped("name"))
        template = Template(
            credit_kind, debit_kind, origin=origin, reason=reason, mirror=False, server=True
        )
        return self.with_context(loyalty_movement=template)
