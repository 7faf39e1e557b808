from odoo import models

from ..domain.amounts import AMOUNT_QUANTUM, round_half_up, to_decimal
from ..exceptions import TenderRefused


class PosOrder(models.Model):
    """Payments with points: money on the order, points on the balance, exactly equal.

    The till sends money; the points it costs are worked out here, from the value of a point, and
    the terms of the program are checked again on the lines as they are stored (L5).
    """

    _inherit = "pos.order"

    def _capture_points(self, payment, hold):
        """Charge the points of one payment; returns what the receipt says of them."""
        balance = hold.balance_id
        self._check_points_are_the_customers(hold)
        points = self._points_of(payment, balance.program_id._point_terms())
        self.env["loyalty.ledger"].capture(hold.key, points, origin=self, kind="redeem")
        return {"amount": payment.amount, "points": float(points)}

    def _check_points_are_the_customers(self, hold):
        """Points of somebody else pay only when that member's card was presented."""
        if hold.origin_model == "loyalty.member.card":
            return
        balance = hold.balance_id
        if self.partner_id and self.partner_id in (balance.partner_id, balance._holder()):
            return
        raise TenderRefused(
            self.env._(
                "These points belong to %(member)s, not to the customer of this order. Choose the "
                "member as customer, or scan the member's card.",
                member=balance.partner_id.display_name or self.env._("somebody else"),
            )
        )

    def _points_of(self, payment, terms):
        """The points that ``payment`` costs (Decimal).

        :raises TenderRefused: when its money is not worth a number of points that may pay
        """
        points = terms.value and terms.points(to_decimal(payment.amount))
        if not points or points < terms.minimum:
            raise TenderRefused(
                self.env._(
                    "%(amount)s cannot be paid with points. Remove this payment and choose the "
                    "points again.",
                    amount=self.currency_id.format(payment.amount),
                )
            )
        return points

    def _check_tenders_pay_goods(self, payments):
        """Points pay goods only, and of those the share that their program allows."""
        super()._check_tenders_pay_goods(payments)
        by_points = payments.filtered(
            lambda payment: payment.payment_method_id.stored_value_type == "loyalty"
        )
        if not by_points:
            return
        goods = self._goods_for_points()
        holds = [self._tender_hold(payment) for payment in by_points]
        shares = [hold.balance_id.program_id._point_terms().most(goods) for hold in holds]
        paid = by_points._loyalty_total()
        if paid > min(shares):
            raise TenderRefused(
                self.env._(
                    "Points can pay at most %(most)s of this order. Remove the payment with points "
                    "and choose it again.",
                    most=self.currency_id.format(float(min(shares))),
                )
            )

    def _goods_for_points(self):
        """The money of this order that points may pay: all but value that is sold with it."""
        value_products = self.config_id._loyalty_value_products()
        lines = self.lines.filtered(
            lambda line: (
                line.qty > 0
                and not line.is_reward_line
                and not line.product_id.loyalty_load_type
                and line.product_id in value_products
            )
        )
        sold = sum((line._loyalty_worth() for line in lines), to_decimal(0))
        return self._loyalty_due() - self._loads_total() - sold

    # -- refunds -------------------------------------------------------------------------------

    def _captured_entries(self, stored_value_type):
        """As for stored value; of points, payments only: claims are redeemed points too."""
        if stored_value_type != "loyalty":
            return super()._captured_entries(stored_value_type)
        return self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("kind", "=", "redeem"),
                ("key", "=like", "capture:%"),
                ("program_id.program_type", "=", "loyalty"),
            ]
        )

    def _tender_left(self, entry):
        """The money that can still go back by ``entry``; for points, what they paid then."""
        left = self.env["loyalty.ledger"]._reversible(entry)
        if entry.is_stored_value:
            return left
        paid = self._paid_by(entry)
        share = paid * left / -to_decimal(entry.amount)
        return round_half_up(share, to_decimal(self[:1].currency_id.rounding))

    def _tender_back(self, entry, money):
        """What goes back on the balance for ``money``; the last part takes all that is left."""
        if entry.is_stored_value:
            return money
        left = self.env["loyalty.ledger"]._reversible(entry)
        if money >= self._tender_left(entry):
            return left
        points = round_half_up(
            -to_decimal(entry.amount) * money / self._paid_by(entry), AMOUNT_QUANTUM
        )
        return min(points, left)

    def _paid_by(self, entry):
        """The money of the payment that ``entry`` captured, at the value its points had then."""
        key = entry.key.removeprefix("capture:")
        payments = self.payment_ids.filtered(lambda payment: payment.transaction_id == key)
        return payments._loyalty_total()
