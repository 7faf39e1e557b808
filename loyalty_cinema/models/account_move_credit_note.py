from odoo import fields, models
from odoo.exceptions import UserError

from ..domain.amounts import split, to_decimal
from ..domain.refund import money_excess, value_due
from ..exceptions import TenderRefused

ZERO = to_decimal(0)
ONE = to_decimal(1)


class AccountMove(models.Model):
    """A credit note of a till's invoice undoes what the credited order did beside its money.

    Odoo would pay all of it out and forget the rest: what was paid by card would become money, and
    the customer would keep the points. Here, in the transaction that posts the note: value goes
    back into the very lots that paid, in proportion of what is credited; a journal entry settles
    that part of the note, and only the money is left to pay; points are taken back, claims given
    back. No more money than was paid in money leaves the house over all documents of an order,
    unless a manager approved it (``loyalty.approval``). A note that is reset to draft or cancelled
    undoes exactly what its posting did; posted again, it does so again.
    """

    _inherit = "account.move"

    loyalty_credits_till = fields.Boolean(
        "Credits the till",
        compute="_compute_loyalty_credits_till",
        help="A credit note of the office on an invoice of the till.",
    )

    loyalty_value_back = fields.Monetary(
        "Goes back to cards and points",
        compute="_compute_loyalty_credits_till",
        currency_field="currency_id",
        help="The part of the credit note that was paid with cards or points: it goes, or went, "
        "back to them. The rest is paid out in money.",
    )

    def _compute_loyalty_credits_till(self):
        for move in self:
            note = move.sudo()  # sudo: accountants have no rights on orders
            orders = note._loyalty_credited_orders()
            move.loyalty_credits_till = bool(orders)
            move.loyalty_value_back = float(note._loyalty_value_told(orders)) if orders else 0

    def _loyalty_value_told(self, orders):
        """What goes back to cards when this draft is posted, or went back by it (Decimal)."""
        if self.state != "draft":
            return self._loyalty_value_returned()
        lefts = [left for *_tender, left in orders._tenders_left()]
        money_left = sum((order._money_left(but=self) for order in orders), ZERO)
        return self._loyalty_value_due(orders, self._share_credited(), sum(lefts, ZERO), money_left)

    def _post(self, soft=True):
        posted = super()._post(soft)
        # sudo: accountants have no rights on balances and orders; the posted note decides.
        for note in posted.sudo().filtered("reversed_entry_id"):
            if note._loyalty_credited_orders():
                note._loyalty_settle_note()
        return posted

    def write(self, vals):
        """A note that does not count any more undoes what its posting did."""
        notes = self.browse()
        if vals.get("state") in ("draft", "cancel"):
            # sudo: as in _post
            notes = self.sudo().filtered(
                lambda move: move.state == "posted" and move._loyalty_credited_orders()
            )
        result = super().write(vals)
        for note in notes:
            note._loyalty_undo_note()
        return result

    def _loyalty_credited_orders(self):
        """The till's orders whose invoice this credit note credits; none for the till's own notes.

        Those are settled with the refund that made them (``pos_order_refund.py``).
        """
        if self.move_type != "out_refund" or self.pos_order_ids:
            return self.env["pos.order"]
        return self.reversed_entry_id.pos_order_ids

    def _loyalty_settle_note(self):
        orders = self._loyalty_credited_orders()
        self._loyalty_check_customer()
        orders._loyalty_take_rows()
        share = self._share_credited()
        self._loyalty_return_value(orders, share)
        orders._claw_back_share(self, share)
        for order in orders:
            order._return_claims_credited(self, share)
        self.env["loyalty.card"]._rejoin_merged(self)

    def _loyalty_undo_note(self):
        """What the note gave back is taken again, what it took back is given again.

        :raises LoadRefused: when value that it gave back has been spent since
        """
        self._loyalty_credited_orders()._loyalty_take_rows()
        taken = self._loyalty_note_entries()
        if not taken:
            return
        undone = self.env["loyalty.ledger"].retract(taken, self)
        self.env["loyalty.earning"]._record_undone(undone, taken)
        self.env["loyalty.posting"]._unbook_note(self, undone)
        self.env["loyalty.card"]._rejoin_merged(self)

    def _loyalty_note_entries(self):
        """What this note took back and gave back, and what undid that since."""
        return self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("reverses_id", "!=", False),
            ]
        )

    def _loyalty_check_customer(self):
        invoice = self.reversed_entry_id
        if self.commercial_partner_id != invoice.commercial_partner_id:
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s is %(customer)s's: a credit note of it cannot be for "
                    "somebody else. Correct the customer, or remove the link to the invoice.",
                    invoice=invoice.name,
                    customer=invoice.commercial_partner_id.display_name,
                )
            )

    # -- value and money -----------------------------------------------------------------------

    def _loyalty_return_value(self, orders, share):
        """Give the value's part of the note back to the cards, and see that the money is left."""
        tenders = orders._tenders_left()
        lefts = [left for *_tender, left in tenders]
        money_left = sum((order._money_left(but=self) for order in orders), ZERO)
        value = self._loyalty_value_due(orders, share, sum(lefts, ZERO), money_left)
        if self._loyalty_paid_out(value, money_left, orders):
            return
        # each card and the points in proportion of what is left of it; nothing is left of some
        parts = split(value, lefts, to_decimal(self.currency_id.rounding)) if value else ()
        moved = [
            (entry, money, self._loyalty_give_back(order, entry, money))
            for (order, entry, _left), money in zip(tenders, parts, strict=bool(value))
            if money > 0
        ]
        self.env["loyalty.posting"]._book_note(self, moved)

    def _loyalty_value_due(self, orders, share, left, money_left):
        """The part of the note that goes back to cards and points (Decimal)."""
        notes = self.reversed_entry_id._loyalty_notes() - self
        return value_due(
            to_decimal(self.amount_total),
            share,
            sum((order._value_paid() for order in orders), ZERO),
            sum((note._loyalty_value_returned() for note in notes), ZERO),
            left,
            money_left,
            to_decimal(self.currency_id.rounding),
        )

    def _loyalty_give_back(self, order, entry, money):
        """Give ``money`` of the payment ``entry`` back into its lots; returns the new entry."""
        return self.env["loyalty.ledger"].reverse(
            entry,
            f"note:{self.id}:{entry.id}:{len(self._loyalty_note_entries())}",
            amount=order._tender_back(entry, money),
            origin=self,
            reason=self.name,
        )

    def _loyalty_paid_out(self, value, money_left, orders):
        """Whether a manager approved that all of the note is paid out in money.

        :raises TenderRefused: when more is credited than is left, and nobody approved it
        """
        note = to_decimal(self.amount_total)
        excess = money_excess(note, value, money_left + orders._refund_leeway())
        if not value and not excess:
            return False
        # each order's approval is used up, not the first one's alone
        approved = bool(orders.filtered(lambda order: order._use_cash_refund_approval()))
        if excess and not approved:
            raise TenderRefused(
                self.env._(
                    "Of %(orders)s only %(left)s is left to give back: the rest was refunded "
                    "before, at the till or by a credit note. Lower the credit note by %(excess)s, "
                    "or let a manager approve it (button “Pay out in money”).",
                    orders=", ".join(orders.mapped("name")),
                    left=self.currency_id.format(float(note - excess)),
                    excess=self.currency_id.format(float(excess)),
                )
            )
        return approved

    def _loyalty_value_returned(self):
        """The part of this note that went back to cards, in money (Decimal)."""
        booked = self._loyalty_note_entries().move_id.line_ids
        booked = booked.filtered(lambda line: line.account_type == "asset_receivable")
        return sum((to_decimal(line.amount_currency) for line in booked), ZERO)

    def _loyalty_money_returned(self):
        """The part of this note that is, or was, paid out in money (Decimal)."""
        return to_decimal(self.amount_total) - self._loyalty_value_returned()

    def _loyalty_notes(self):
        """The posted credit notes of the office on these invoices."""
        return self.reversal_move_ids.filtered(
            lambda note: (
                note.state == "posted" and note.move_type == "out_refund" and not note.pos_order_ids
            )
        )

    def _share_credited(self):
        """How much of the invoice is credited by this and earlier notes: 0 to 1 (Decimal).

        Refunds at the till, which make credit notes of their own, are not in it.
        """
        invoice = self.reversed_entry_id
        credited = sum(to_decimal(note.amount_total) for note in self | invoice._loyalty_notes())
        apart = self.currency_id.compare_amounts(float(credited), invoice.amount_total)
        return credited / to_decimal(invoice.amount_total) if apart < 0 else ONE

    def _share_of_products_credited(self, products, share):
        """How much of the invoice's lines of ``products`` (rewards) is credited: 0 to 1 (Decimal).

        Goods can be credited without the reward that made others cheaper. Notes that name no
        product credit all rewards once they credit the whole invoice.

        :param share: how much of the whole invoice is credited
        """
        invoice = self.reversed_entry_id
        notes = self | invoice._loyalty_notes()
        sold = _worth_of(products, invoice)
        if not sold or not notes.invoice_line_ids.product_id:
            return ONE if share >= 1 else ZERO
        return min(_worth_of(products, notes) / sold, ONE)


def _worth_of(products, moves):
    """What the lines of ``products`` on invoices or credit notes come to, without sign."""
    lines = moves.invoice_line_ids.filtered(lambda line: line.product_id in products)
    return sum((to_decimal(abs(line.price_total)) for line in lines), ZERO)
