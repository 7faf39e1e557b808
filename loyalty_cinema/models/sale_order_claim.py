from decimal import ROUND_CEILING, Decimal

from odoo import models
from odoo.exceptions import UserError

from ..domain.amounts import to_decimal
from ..domain.movement import STORED_VALUE_TYPES
from ..exceptions import InsufficientValue

ZERO = Decimal(0)
UNCONFIRMED = ("draft", "sent")


class SaleOrder(models.Model):
    """Rewards on sales orders: what they cost, whose points pay, and how many there are.

    A quotation holds nothing. Whether the points are still there is asked when it is confirmed.
    """

    _inherit = "sale.order"

    def _check_claims(self):
        """Reward lines must cost what the server makes of them, and be the customer's own (L5)."""
        lines = self.order_line.filtered("coupon_id")
        for line in lines:
            self._check_claim_of_card(line)
        for claim in (
            lines.filtered("reward_id")
            .grouped(
                lambda line: (
                    line.order_id,
                    line.coupon_id,
                    line.reward_id,
                    line.reward_identifier_code,
                )
            )
            .values()
        ):
            told = sum((to_decimal(line.points_cost) for line in claim), ZERO)
            if told < claim._loyalty_least_cost():
                raise UserError(
                    self.env._(
                        "“%(line)s” takes more off the order than off the card. Remove the line "
                        "and apply the card again.",
                        line=claim[:1].name,
                    )
                )

    def _check_claim_of_card(self, line):
        """The card may pay for this line: no stored value, the right program and customer."""
        balance = line.coupon_id
        if not line.reward_id:
            raise UserError(
                self.env._("“%s” names a card and no reward. Remove the line.", line.name)
            )
        if balance.is_stored_value:
            raise UserError(
                self.env._(
                    "Stored value is a payment method, not a discount. Remove “%s”.", line.name
                )
            )
        program = balance.program_id
        if not program._is_for_pricelist(line.order_id.pricelist_id):
            raise UserError(
                self.env._(
                    "“%(line)s” is not given with the pricelist of this order. Remove the line, or "
                    "choose a pricelist of %(program)s.",
                    line=line.name,
                    program=program.name,
                )
            )
        owner = balance.partner_id
        foreign = program.is_nominative and owner and owner != line.order_id.partner_id
        if foreign or (line.reward_id and line.reward_id.program_id != program):
            raise UserError(
                self.env._(
                    "“%(line)s” would be paid for by %(owner)s. Remove it and choose the reward "
                    "again.",
                    line=line.name,
                    owner=balance.display_name,
                )
            )

    def _check_points_available(self):
        """The points that rewards of this quotation cost must still be there, and free.

        :raises InsufficientValue: naming what is pending or on hold
        """
        for balance, lines in self.order_line.filtered("coupon_id").grouped("coupon_id").items():
            if not balance.program_id.is_membership:
                continue
            # sudo: the balance is the house's; what is due on it happens now
            self.env["loyalty.ledger"].sudo()._expire_due(balance)
            cost = sum((to_decimal(line.points_cost) for line in lines), ZERO)
            cost -= self._loyalty_paid_before(balance)
            if cost <= to_decimal(balance.available):
                continue
            raise InsufficientValue(
                self.env._(
                    "The rewards of %(order)s cost %(cost)s, and %(member)s has %(available)s "
                    "to spend (%(pending)s pending, %(held)s on hold). Remove a reward.",
                    order=self.name,
                    member=balance.partner_id.name,
                    cost=balance._format_points(float(cost)),
                    available=balance._format_points(max(balance.available, 0)),
                    pending=balance._format_points(balance.pending),
                    held=balance._format_points(balance.held),
                )
            )

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        """Points on hold and pending points do not pay for rewards; nor are points rounded up."""
        points = super()._get_real_points_for_coupon(coupon, post_confirm)
        if not coupon.program_id.is_membership:
            return points - (coupon.points - coupon.available)
        claimed = ZERO
        if self.state not in ("sale", "done"):
            lines = self.order_line.filtered(lambda line: line.coupon_id == coupon)
            claimed = sum((to_decimal(line.points_cost) for line in lines), ZERO)
        return float(to_decimal(coupon.available) - claimed)


class SaleOrderLine(models.Model):
    """What a claimed reward costs at least, worked out from its lines."""

    _inherit = "sale.order.line"

    def _loyalty_least_cost(self):
        """The least that these lines (one claim) cost their card, in its points (Decimal)."""
        reward = self.reward_id
        if not reward or self.coupon_id._is_made_and_used_by(self.order_id):
            return ZERO  # a promotion of the order itself
        if reward.program_type in STORED_VALUE_TYPES:
            return self._loyalty_worth_in_points(reward) if reward.discount else ZERO
        required, times = to_decimal(reward.required_points), Decimal(1)
        if reward.reward_type == "product":
            pieces = sum((to_decimal(line.product_uom_qty) for line in self), ZERO)
            times = pieces / to_decimal(reward.reward_product_qty or 1)
        elif reward.discount_mode in ("per_point", "per_order") and reward.discount:
            worth = self._loyalty_worth_in_points(reward)
            if reward.discount_mode == "per_point":
                return required if reward.clear_wallet else worth
            times = worth
        if reward.clear_wallet:
            return required
        return required * max(times.to_integral_value(ROUND_CEILING), 0)

    def _loyalty_worth_in_points(self, reward):
        """What the lines take off, divided by what the reward gives per point (or per claim).

        Rounded as Odoo rounds it, for one unit of the currency less: it also rounds each line.
        """
        order = self.order_id
        worth = order.currency_id._convert(
            -sum(self.mapped("price_total")),
            reward.currency_id,
            order.company_id,
            order._loyalty_sold_at(),
            round=False,
        )
        worth = to_decimal(worth) - to_decimal(reward.currency_id.rounding) * len(self)
        points = max(worth / to_decimal(reward.discount), ZERO)
        if reward.discount_mode == "per_point":
            points = to_decimal(self.coupon_id.currency_id.round(float(points)))
        return points


class LoyaltyCard(models.Model):
    """Quotations follow a balance that becomes another one."""

    _inherit = "loyalty.card"

    def _move_into(self, target, reason):
        """What quotations claim of this balance, and promise to it, is the other's from now on."""
        result = super()._move_into(target, reason)
        # sudo: customers are merged by people who need not sell
        lines = self.env["sale.order.line"].sudo().search([("coupon_id", "=", self.id)])
        lines = lines.filtered(lambda line: line.order_id.state in UNCONFIRMED)
        points = self.env["sale.order.coupon.points"].sudo().search([("coupon_id", "=", self.id)])
        points = points.filtered(lambda given: given.order_id.state in UNCONFIRMED)
        applied = self.env["sale.order"].sudo()
        applied = applied.search(
            [("applied_coupon_ids", "in", self.ids), ("state", "in", UNCONFIRMED)]
        )
        lines.coupon_id = target
        known = points.order_id.coupon_point_ids.filtered(lambda given: given.coupon_id == target)
        points.filtered(lambda given: given.order_id in known.order_id).unlink()
        points.exists().coupon_id = target
        for order in applied:
            order.applied_coupon_ids = order.applied_coupon_ids - self | target
        return result
