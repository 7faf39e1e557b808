from decimal import Decimal

from odoo import fields, models
from odoo.tools.misc import unique

from ..domain.amounts import round_half_up, to_decimal
from ..domain.movement import Reversal
from .loyalty_earn_basis import MORE
from .pos_order import PAID_STATES

ZERO, ONE = Decimal(0), Decimal(1)


class PosPayment(models.Model):
    """What a customer owes for a payment on account stands on one line of a journal entry."""

    _inherit = "pos.payment"

    loyalty_receivable_id = fields.Many2one(
        "account.move.line",
        "Owed in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="The line of the session's entry that says what is owed. Written when it is closed.",
    )


class PosSession(models.Model):
    """The closing entry says what is owed for orders without an invoice."""

    _inherit = "pos.session"

    def _create_pay_later_receivable_lines(self, data):
        """Note which line stands for which payments: Odoo does not."""
        data = super()._create_pay_later_receivable_lines(data)
        orders = self._get_closed_orders().filtered(lambda order: not order.is_invoiced)
        # sudo: nobody else writes it
        by_method = orders.sudo().payment_ids.grouped("payment_method_id")
        owed = [by_method[method] for method in data["combine_receivables_pay_later"]]
        owed += [
            payment.sudo() for payment in data["split_receivables_pay_later"]
        ]  # sudo: as above
        # Odoo makes one line for each, in this order; another module may have added its own after
        for payments, line in zip(owed, data["pay_later_move_lines"], strict=False):
            payments.loyalty_receivable_id = line
        return data


class PosOrder(models.Model):
    """A sale on account earns when it is paid, if its payment method says so.

    All of it at once, and not before: when what is on account was paid in money, or what is missing
    of it was written off, which earns nothing. What is owed stands on the order's invoice, else on
    a line of its session's entry. When a payment is undone, all that the order earned is taken
    back, and it earns anew when it is paid again: one life of the order ends, the next begins, and
    each earns once (``earn:<order>:<program>:<life>``).
    """

    _inherit = "pos.order"

    loyalty_life = fields.Integer(
        readonly=True,
        copy=False,
        help="How often what the order had earned was taken back, since it was not paid any more.",
    )

    def _earn_key(self, program):
        key = f"earn:{self.id}:{program.id}"
        return f"{key}:{self.loyalty_life}" if self.loyalty_life else key

    # -- what is paid --------------------------------------------------------------------------

    def _account_payments(self):
        """The payments of these orders that earn when the customer pays them."""
        return self.payment_ids.filtered(
            lambda payment: payment.payment_method_id._earns_when_paid()
        )

    def _on_account(self):
        """What this order put on account and earns when it is paid (Decimal)."""
        return self._account_payments()._loyalty_total()

    def _account_paid(self):
        """How much of :meth:`_on_account` was paid in money (Decimal)."""
        on_account = self._on_account()
        if on_account <= 0:
            return ZERO
        paid = ZERO
        for payment in self._account_payments().filtered("loyalty_receivable_id"):
            line = payment.loyalty_receivable_id
            owed = to_decimal(line.amount_currency)
            if owed > 0:  # else it is not one debt any more: refunds were netted with it
                paid += to_decimal(payment.amount) * line._loyalty_money_for(self) / owed
        if self.account_move:
            orders = self.account_move.pos_order_ids
            owed = sum((order._on_account() for order in orders), ZERO)
            money = self.account_move._loyalty_receivables()._loyalty_money_for(self)
            money += self.account_move._loyalty_entryless()
            paid += on_account * money / owed if owed > 0 else ZERO
        paid = round_half_up(paid, to_decimal(self.currency_id.rounding))
        return min(max(paid, ZERO), on_account)

    def _owes(self):
        """Whether something of this order is on account that is neither paid nor written off."""
        self.ensure_one()
        on_account = self._on_account()
        if on_account <= 0:
            return False
        if self.account_move:
            settled = self.account_move._loyalty_is_paid()
        else:
            lines = self._account_payments().loyalty_receivable_id
            settled = lines and lines._loyalty_is_settled()
        return not settled and self._account_paid() < on_account

    def _pays_debts(self, debtor):
        """What of this order's credit on an account counts as money for the debts of ``debtor``.

        Money that the till took for nothing else: somebody paid what he owed. And what this order
        gives back of ``debtor`` itself: less was sold, which its points follow.
        """
        money = self.payment_ids.filtered(lambda payment: payment.payment_method_id._is_money())
        sold = sum((line._loyalty_worth() for line in self.lines), ZERO)
        taken = money._loyalty_total() - max(sold, ZERO)
        own = self.lines.filtered(lambda line: line.refunded_orderline_id.order_id == debtor)
        return max(taken, ZERO) - sum((line._loyalty_worth() for line in own), ZERO)

    # -- what follows --------------------------------------------------------------------------

    def _follow_account(self):
        """Let these orders earn if they are paid now, and take back what is not paid any more.

        Safe to call again, and for orders that put nothing on account.
        """
        orders = self.filtered(lambda order: order.state in PAID_STATES and order.partner_id)
        orders.filtered(lambda order: order._on_account() > 0)._earn_as_paid()

    def _earn_as_paid(self):
        """Let these paid orders have what they are due by now."""
        if not self:
            return
        self._loyalty_take_rows()
        owing = self.filtered(lambda order: order._owes())
        for order in self:
            order._take_back_unpaid(all_lives=order in owing)
        (self - owing)._earn_late()
        sales = self.lines._loyalty_sales_orders()
        sales._loyalty_earn_due()
        sales._loyalty_true_up("account")

    def _take_back_unpaid(self, all_lives):
        """Take back what is held of this order's points; without ``all_lives``, of ended ones only.

        A credit note that is reset gives again what it had taken back of a life that has ended.
        """
        earned = self._points_earned().filtered("program_id.is_membership")
        if not all_lives:
            earned = earned.filtered(lambda entry: not self._is_of_this_life(entry))
        left = self.env["loyalty.ledger"]._left_of(earned)
        held = {entry: amounts for entry, amounts in left.items() if any(amounts)}
        if not held:
            return
        before, reversals = self._taken_back_by(earned, self._name), []
        for entry, amounts in held.items():
            times = before[entry][2] if entry in before else 0
            key = f"unpaid:{self.id}:{entry.id}:{times}"
            reason = self.env._("Not paid: %s", self.display_name)
            reversals.append(Reversal(entry, key, *amounts, reason, self))
        entries = self.env["loyalty.ledger"].claw_back(reversals)
        self.env["loyalty.earning"]._record_clawbacks(entries)
        self.env["loyalty.earn.basis"]._fill_caps(entries, but=self)
        if all_lives:
            self.loyalty_life += 1
            self._take_back_recommendations(self)

    def _earn_late(self):
        """Earn for those of these paid orders that have not; what was refunded before, does not."""
        due = self.filtered(lambda order: not order._has_earned_in_this_life())
        due = due.filtered(lambda order: not all(o._is_given_back() for o in order._lines_sold()))
        due._earn()
        for order in due:
            refunds = order.lines.refund_orderline_ids.order_id.filtered(
                lambda refund: refund.state in PAID_STATES
            )
            if refunds:  # what is given back is counted over all refunds, notes over all notes
                order._claw_back_refunded(refunds[-1:])
            if notes := order.account_move._loyalty_notes():
                order._claw_back_share(notes[-1:], notes[-1:]._share_credited())

    def _points_day(self, program, sold):
        """From which day on points of this order count, ``sold`` being the day of the sale."""
        return program._today() if self._on_account() > 0 else sold

    def _has_earned_in_this_life(self):
        return any(self._is_of_this_life(entry) for entry in self._points_earned())

    def _is_of_this_life(self, entry):
        return entry.key.split(MORE)[0] == self._earn_key(entry.program_id)


class PosOrderLine(models.Model):
    """What of a sale on account was given back before it was paid."""

    _inherit = "pos.order.line"

    def _is_given_back(self):
        """Whether nothing of this line is left that could earn."""
        sold = to_decimal(self.qty)
        return sold <= 0 or self._quantity_refunded(self.env["pos.order"]) >= sold


class AccountMove(models.Model):
    """Invoices of the till, and entries of its sessions, of which something is on account."""

    _inherit = "account.move"

    def _loyalty_account_orders(self):
        """The orders of the till that what is owed in these entries is for."""
        return self.line_ids._loyalty_account_orders()

    def _loyalty_follow_payments(self):
        """Orders of the till follow what is paid of their accounts, as sales orders do."""
        result = super()._loyalty_follow_payments()
        self._loyalty_account_orders()._follow_account()
        return result

    def _loyalty_undo_note(self):
        """As :meth:`_loyalty_follow_payments`: a note of the till's invoice counts no more."""
        result = super()._loyalty_undo_note()
        self._loyalty_credited_orders()._follow_account()
        return result


class AccountMoveLine(models.Model):
    """Lines that say what a customer owes for an order of the till."""

    _inherit = "account.move.line"

    def _reconcile_post_hook(self, data):
        """What was paid may be what a sale on account has waited for."""
        result = super()._reconcile_post_hook(data)
        self._loyalty_account_orders()._follow_account()
        return result

    def _loyalty_account_orders(self):
        """The orders of the till that what is owed in these lines is for."""
        # sudo: accountants need no rights on tills
        owed = self.sudo().filtered(lambda line: line.balance > 0)
        owed = owed.filtered(lambda line: line.account_type == "asset_receivable")
        payments = owed.env["pos.payment"]
        if entries := owed.filtered(lambda line: line.move_id.move_type == "entry"):
            payments = payments.search([("loyalty_receivable_id", "in", entries.ids)])
        return (owed - entries).move_id.pos_order_ids | payments.pos_order_id

    def _loyalty_is_settled(self):
        """Whether nothing is left of these debts.

        Odoo leaves a debt settled when the entry that settled it is reset to draft.
        """
        settling = self.matched_credit_ids.credit_move_id
        return all(self.mapped("reconciled")) and set(settling.mapped("parent_state")) <= {"posted"}

    def _loyalty_money_for(self, order):
        """What of these debts was paid in money (Decimal, in their currency).

        :param order: the order of the till that owes it, or a part of it
        """
        return sum(
            (
                to_decimal(partial.debit_amount_currency)
                * partial.credit_move_id._loyalty_money_part_for(order)
                for partial in self.matched_credit_ids
            ),
            ZERO,
        )

    def _loyalty_money_part_for(self, order):
        """How much of this credit is money: 0 to 1 (Decimal)."""
        part = self.move_id._loyalty_money_part()
        given = -to_decimal(self.amount_currency)
        if part or given <= 0 or self.parent_state != "posted":
            return part
        payments = self.env["pos.payment"].search([("loyalty_receivable_id", "=", self.id)])
        paid = sum((o._pays_debts(order) for o in unique(payments.mapped("pos_order_id"))), ZERO)
        return min(max(paid / given, ZERO), ONE)
