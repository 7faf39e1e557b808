from odoo import api, models
from odoo.exceptions import ValidationError

from ..domain.amounts import split, to_decimal
from ..domain.lots import Part, restore
from ..domain.movement import Movement
from ..exceptions import LoadRefused, TenderRefused
from .pos_order import PAID_STATES


class PosOrderLine(models.Model):
    """What is left to refund of a load that this line sold."""

    _inherit = "pos.order.line"

    @api.constrains("refunded_orderline_id", "order_id")
    def _check_refund_is_no_circle(self):
        """An order gives back what an earlier one sold: never itself, nor one that refunds it."""
        for order in self.filtered("refunded_orderline_id").order_id:
            if order in order._refunded_order()._with_exchanged():
                raise ValidationError(
                    self.env._(
                        "%(order)s would refund itself. A refund names the lines of an earlier "
                        "order.",
                        order=order.display_name,
                    )
                )

    def _loyalty_refundable(self):
        """The money that a refund of this load can hand out (Decimal): paid value, unspent."""
        ledger = self.env["loyalty.ledger"]
        load = ledger._entry_by_key(f"load:{self.id}")
        paid = sum((part.amount for part in load._parts_left("paid")), to_decimal(0))
        return min(paid, ledger._reversible(load)) if load else to_decimal(0)


class LoyaltyLedgerEntry(models.Model):
    """What is left of the lots that an entry made, wherever they are now."""

    _inherit = "loyalty.ledger.entry"

    def _parts_left(self, source):
        """What remains of this entry's lots of one source, as parts above zero."""
        lots = self._lots_now().filtered(lambda lot: lot.source == source and lot.remaining > 0)
        return [Part(lot.id, to_decimal(lot.remaining)) for lot in lots]

    def _lots_now(self):
        """The lots that these entries made, and those that transfers moved them into."""
        ledger, known = self.env["loyalty.ledger"], self.env["loyalty.lot"]
        new = known.search([("entry_id", "in", self.ids)], order="id")
        while new:
            known |= new
            moved = self.env["loyalty.lot.line"].search(
                [("lot_id", "in", new.ids), ("amount", "<", 0), ("entry_id.kind", "=", "transfer")]
            )
            pairs = {}
            for out in moved.entry_id:  # a transfer makes one lot for each that it takes from
                back = ledger._entry_by_key(f"{out.key.removesuffix(':out')}:in")
                made = known.search([("entry_id", "=", back.id)], order="id")
                pairs.update(zip(out.lot_line_ids, made, strict=False))
            new = known.union(*(pairs[line] for line in moved if line in pairs)) - known
        return known


class PosOrder(models.Model):
    """Refunds go back the way the payment came: value into its lots, money as money.

    What holds a refund to that is one sum: of an order, no more money may be handed out than was
    paid in money, unless a manager approved it and said why.
    """

    _inherit = "pos.order"

    def _refunded_order(self):
        """The order whose lines this one refunds; empty for a plain sale."""
        return self.lines.refunded_orderline_id.order_id

    def _with_exchanged(self):
        """These orders, and those whose goods were given back for theirs: they paid for them."""
        orders = self
        while earlier := orders._refunded_order() - orders:
            orders |= earlier
        return orders

    def _take_refunded_orders(self):
        """Lock the orders whose lines this one refunds.

        Of two refunds of one order at a moment the second runs again, and finds what the first has
        handed out: without cards and points on the order nothing else would make it wait.
        """
        self._refunded_order()._loyalty_take_rows()

    def _loyalty_take_rows(self):
        """Lock these orders until the transaction ends."""
        if self:
            self.env.cr.execute(
                """
                UPDATE pos_order SET write_date = write_date WHERE id IN (
                    SELECT id FROM pos_order WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
                )
                """,
                (self.ids,),
            )

    def _return_tenders(self):
        """Give negative payments by stored value back to the lots the original payment took."""
        payments = self._stored_value_payments().filtered(lambda p: p.amount < 0)
        lines = []
        for payment in payments:
            lines += self._return_tender(payment)
        return lines

    def _return_tender(self, payment):
        method, left = payment.payment_method_id, -to_decimal(payment.amount)
        ledger, result = self.env["loyalty.ledger"], []
        original = self._refunded_order()._with_exchanged()
        for entry in original._captured_entries(method.stored_value_type):
            amount = min(left, original._tender_left(entry))
            if amount <= 0:
                continue
            key = f"refund:{payment.id}:{entry.id}"
            back = original._tender_back(entry, amount)
            ledger.reverse(entry, key, amount=back, origin=self)
            left -= amount
            balance = entry.balance_id
            payment.write({"card_no": balance._card_digits(), "card_type": balance.program_id.name})
            result.append(
                {
                    "label": method.name,
                    "masked_code": balance._printed_code(),
                    "program_type": balance.program_type,
                    "amount": float(amount),
                    **({} if entry.is_stored_value else {"points": float(back)}),
                    "balance": balance.available,
                }
            )
        if left:
            raise TenderRefused(
                self.env._(
                    "The original order was not paid with as much %(method)s: %(amount)s too much "
                    "is returned. Lower the amount.",
                    method=method.name,
                    amount=self.currency_id.format(float(left)),
                )
            )
        return result

    def _captured_entries(self, stored_value_type):
        """The payments of these orders by one kind of stored value, the last first."""
        return self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("kind", "=", "spend"),
                ("is_stored_value", "=", True),
                ("program_id.program_type", "=", stored_value_type),
            ]
        )

    def _take_back_loads(self):
        """Take the value of refunded loads and their bonus off the cards again."""
        # what the original line sold decides: the till chooses the product of the refund line
        lines = self.lines.filtered("refunded_orderline_id.product_id.loyalty_load_type")
        return [self._take_back_load(line) for line in lines]

    def _take_back_load(self, line):
        ledger, origin = self.env["loyalty.ledger"], line.refunded_orderline_id
        load = ledger._entry_by_key(f"load:{origin.id}")
        amount = -line._loyalty_worth()
        if not load or amount <= 0:
            raise LoadRefused(
                self.env._("Refund this top-up from its original order, for a positive amount.")
            )
        left = origin._loyalty_refundable()
        if amount > left:
            self._refuse_unload(line, left)
        paid = load._parts_left("paid")
        bonus = ledger._entry_by_key(f"bonus:{origin.id}")
        share, moved = self._unload(line, load, paid, bonus, bonus._parts_left("bonus"), amount)
        balance = moved[:1].balance_id
        return {
            "label": line.product_id.display_name,
            "masked_code": balance._printed_code(),
            "amount": -float(amount),
            "bonus": float(share),
            "balance": balance.available,
        }

    def _refuse_unload(self, line, left):
        raise LoadRefused(
            self.env._(
                "“%(product)s”: this value has been spent already; only %(left)s of it is left to "
                "refund.",
                product=line.product_id.display_name,
                left=self.currency_id.format(float(left)),
            )
        )

    def _unload(self, line, load, paid, bonus_entry, bonus, amount):
        """Take ``amount`` of ``paid``, and the bonus that goes with it, off the cards.

        The unspent bonus goes in proportion of the unspent paid value: all of it with the last
        part.

        :param paid: parts: what remains of the load; ``bonus``: of its bonus
        :param bonus_entry: the entry that the bonus part takes back, or none
        :return: the bonus that went (Decimal), and the entries
        """
        total = sum((part.amount for part in bonus), to_decimal(0))
        share = total * amount / sum(part.amount for part in paid)
        share = min(to_decimal(self.currency_id.round(float(share))), total)
        movements = [
            *self._unload_movements(line, "unload", "refund", load, paid, amount),
            *self._unload_movements(line, "unbonus", "bonus", bonus_entry, bonus, share),
        ]
        return share, self.env["loyalty.ledger"].post(movements)

    def _unload_movements(self, line, step, kind, entry, parts, amount):
        """The movements that take ``amount`` out of ``parts``, one for each balance."""
        quantum, lots = to_decimal(self.currency_id.rounding), self.env["loyalty.lot"]
        taken = restore([Part(part.lot_id, -part.amount) for part in parts], amount, quantum)
        by_balance = {}
        for part in taken if amount else ():
            balance = lots.browse(part.lot_id).balance_id
            by_balance.setdefault(balance, []).append(Part(part.lot_id, -part.amount))
        return [
            Movement(
                balance.id,
                sum(part.amount for part in parts),
                "refund" if entry else kind,
                f"{step}:{line.id}:{balance.id}",
                origin=(self._name, self.id),
                parts=tuple(parts),
                reverses_id=entry.id or None,
            )
            for balance, parts in by_balance.items()
        ]

    def _check_money_refunded(self):
        """Of the refunded order, hand out no more money than was paid in money.

        Money that paid for a load goes out only with that load. And no value goes back to a card
        that a manager has let be paid out in money before.
        """
        original = self._refunded_order()
        if not original:
            return
        handed_out, returned = -min(self._money_paid(), 0), self._value_returned()
        if not handed_out and not returned:
            return
        money_left = sum(order._money_left(before=self) for order in original) - handed_out
        loads = max(original._worth_of_loads_kept(self) - original._refund_leeway(), 0)
        excess = loads - money_left if handed_out else 0
        if returned and money_left < 0:
            over = -money_left - original._with_exchanged()._value_left()
            excess = max(excess, over - original._refund_leeway())
        if excess > 0 and not self._use_cash_refund_approval():
            raise TenderRefused(original._why_no_money(excess))

    def _worth_of_loads_kept(self, refund):
        """What the loads of these orders come to that no refund gave back, ``refund`` neither."""
        loads = self._load_lines()
        back = loads.refund_orderline_ids.filtered(
            lambda line: line.order_id == refund or line.order_id.state in PAID_STATES
        )
        return sum((line._loyalty_worth() for line in loads | back), to_decimal(0))

    def _value_returned(self):
        """What this refund gives back to cards and points (Decimal)."""
        back = self._stored_value_payments().filtered(lambda payment: payment.amount < 0)
        return -back._loyalty_total()

    def _tenders_left(self):
        """``[(order, payment by card or points, money that no document has given back of it)]``."""
        return [
            (order, entry, order._tender_left(entry))
            for order in self
            for kind in ("gift_card", "ewallet", "loyalty")
            for entry in order._captured_entries(kind)
        ]

    def _value_left(self):
        """The money that can still go back to cards and points (Decimal)."""
        return sum((left for _order, _entry, left in self._tenders_left()), to_decimal(0))

    def _why_no_money(self, excess):
        """What the till says when ``excess`` more is handed out than was paid in money."""
        excess = self.currency_id.format(float(excess))
        if notes := self.account_move._loyalty_notes():
            return self.env._(
                "%(excess)s of this sale cannot be handed out in money: the office has given it "
                "back by credit note %(notes)s, or it was paid with a card. Ask a manager to "
                "approve.",
                excess=excess,
                notes=", ".join(notes.mapped("name")),
            )
        if self._load_lines() and not self._value_paid():
            return self.env._(
                "%(excess)s of this sale paid for a top-up or gift card that the customer keeps. "
                "Refund that, or ask a manager to approve.",
                excess=excess,
            )
        return self.env._(
            "%(excess)s of this sale was paid with a card or gift card and goes back to "
            "it, not out in money. Choose that payment method, or ask a manager to "
            "approve.",
            excess=excess,
        )

    def _value_paid(self):
        """What was paid by cards and points (Decimal)."""
        paid = self._stored_value_payments().filtered(lambda payment: payment.amount > 0)
        return paid._loyalty_total()

    def _refund_leeway(self):
        """By how much an invoice may differ from what was paid: the till's rounding of cash."""
        methods = self.config_id.filtered("cash_rounding").rounding_method
        return to_decimal(max(methods.mapped("rounding"), default=0)) * len(self)

    def _money_credited(self, but=None):
        """What credit notes of this order's invoice gave back in money (Decimal).

        Of an invoice for several orders, each has its part by what it was paid in money.

        :param but: leave this note out
        """
        notes = self.account_move._loyalty_notes() - (but or self.account_move.browse())
        credited = sum((note._loyalty_money_returned() for note in notes), to_decimal(0))
        orders = self.account_move.pos_order_ids
        if not credited or len(orders) == 1:
            return credited
        paid = [max(order._money_paid(), to_decimal(0)) for order in orders]
        if not sum(paid):
            paid = [to_decimal(1)] * len(orders)
        parts = split(credited, paid, to_decimal(self.currency_id.rounding))
        return dict(zip(orders, parts, strict=True))[self]

    def _money_left(self, before=None, but=None):
        """How much of this order was paid in money and has not been handed out again (Decimal).

        An exchange hands out goods instead: the money that they were paid with is then money of the
        exchange order. Negative where a manager let more out.

        :param before: leave this refund and later ones out
        :param but: leave this credit note out
        """
        left = self._money_paid() if self._money_paid() > 0 else to_decimal(0)
        left -= self._money_credited(but)
        for original in self._refunded_order():
            left += self._money_carried(original._money_left(before=self))
        refunds = self.lines.refund_orderline_ids.order_id.filtered(
            lambda order: order.state in ("paid", "done") and order != before
        )
        for refund in refunds.sorted("id"):
            if not before or refund.id < before.id:
                left -= max(-refund._money_paid(), 0)
                left -= refund._money_carried(left)
        return left

    def _money_carried(self, left):
        """The money, ``left`` at most, that goods given back for this order's new goods stand for.

        Zero for a plain refund: what it gives back is handed out.
        """
        back = self.lines.filtered("refunded_orderline_id")
        worth = -sum((line._loyalty_worth() for line in back), to_decimal(0))
        handed_out = -sum(to_decimal(min(payment.amount, 0)) for payment in self.payment_ids)
        return max(min(worth - handed_out, left), to_decimal(0))

    def _money_paid(self):
        """What was paid in money (negative: handed out), stored value left aside."""
        money = self.payment_ids - self._stored_value_payments()
        return money._loyalty_total()

    def _use_cash_refund_approval(self):
        """Use up a manager's approval for this order, if there is one."""
        return bool(self.env["loyalty.approval"]._use("cash_refund", order_uuid=self.uuid))
