from decimal import Decimal

from odoo import models

from ..domain.amounts import AMOUNT_QUANTUM, round_half_up, to_decimal
from ..domain.earning import Earning, entitled
from ..domain.movement import Reversal
from ..domain.saying import _lt

ZERO = Decimal(0)
#: What members earned, as opposed to what they spent.
EARN_KINDS = ("earn", "clawback")
#: Keys of what an order earned; a recommendation that it rewards has a key of its own.
EARN_KEYS = ("earn-sale:", "clawback-sale:", "regain-sale:")
#: The two numbers of an entry that refunds follow.
AMOUNTS = ("amount", "qualifying_points")


class SaleOrder(models.Model):
    """A sales order keeps what its unrefunded part earned, no more and no less.

    Every event (credit note posted, reset or cancelled, order changed or cancelled) asks the same
    question: what is the order entitled to now, and what does it still hold? The difference is
    taken back from the lots it made, or given again by reversing what was taken back. Asked twice,
    the second answer is "nothing": that is what makes all of it safe to repeat (L4).
    """

    _inherit = "sale.order"

    def _loyalty_true_up(self, cause):
        """Bring the points of these orders in line with what is left of them.

        :param cause: what happened: the id of a credit note, or a word; part of the keys
        """
        # sudo: accountants and salespersons have no rights on points; amounts decide.
        by_order = self._loyalty_entries().grouped("origin_id")
        kept = ("sale", "cancel")  # a cancelled order keeps what its invoices still charge
        for order in self.sudo().filtered(lambda o: o.id in by_order and o.state in kept):
            order._loyalty_take_rows()
            order._loyalty_true_up_claims(cause)
            earned = by_order[order.id].filtered(lambda entry: entry.key.startswith(EARN_KEYS))
            for balance, chain in earned.grouped("balance_id").items():
                due = order._loyalty_entitled(balance, chain)
                order._loyalty_settle(balance, chain, due, cause)
                if not (due.spendable or due.qualifying):
                    order._loyalty_forget_recommendation(balance)
            self.env["loyalty.card"]._rejoin_merged(order)

    def _loyalty_undo(self):
        """Take back what the order earned and give back what it spent, before it is cancelled."""
        entries = self._loyalty_entries()
        if not entries:
            return
        self._loyalty_take_rows()
        charged = self._loyalty_is_charged()
        for balance, chain in entries.grouped("balance_id").items():
            if not balance.program_id.is_membership:
                continue  # Odoo gives back and takes back what its own programs moved
            spent = -self._loyalty_net(balance)
            if spent > 0 and not charged:  # else see sale_order_cancel.py
                self._loyalty_give_back(balance, spent, "cancel")
            earned = chain.filtered(lambda entry: entry.key.startswith(EARN_KEYS))
            self._loyalty_settle(balance, earned, Earning(), "cancel")
            self._loyalty_forget_recommendation(balance)
        if not charged:
            self.loyalty_life += 1
        self.order_line.write(
            {"loyalty_shares": False, "loyalty_points": 0, "loyalty_qualifying": 0}
        )

    def _loyalty_forget_recommendation(self, balance):
        """A first purchase that was undone rewards nobody."""
        if origins := self._loyalty_recommended(balance):
            self.env["loyalty.member"]._take_back_first_purchase(origins)

    def _loyalty_settle(self, balance, chain, due, cause):
        """Take back or give again, so that ``chain`` (what was earned) comes to ``due``."""
        held = [sum((to_decimal(e[name]) for e in chain), ZERO) for name in AMOUNTS]
        over = [
            have - keep for have, keep in zip(held, (due.spendable, due.qualifying), strict=True)
        ]
        moved = self._loyalty_claw(chain, [max(part, ZERO) for part in over], cause)
        moved |= self._loyalty_regain(chain, [max(-part, ZERO) for part in over], cause)
        if basis := moved and self._loyalty_basis(balance):
            basis._record_rules(moved, due, chain)
        else:
            self.env["loyalty.earning"]._record_clawbacks(moved)
        self.env["loyalty.earn.basis"]._fill_caps(moved, but=self)

    def _loyalty_basis(self, balance):
        """What is evaluated again of this life of the order; often nothing."""
        bases = self.env["loyalty.earn.basis"]
        return bases.search([("key", "=", self._loyalty_earn_key(balance.program_id))])

    def _loyalty_entitled(self, balance, chain):
        """What the unrefunded lines still earn (:class:`Earning`)."""
        if basis := self._loyalty_basis(balance):
            return basis._entitled(self._kept_of(basis), chain)
        given = chain.filtered(lambda e: e.kind == "earn" and not e.reverses_id)[:1]
        lines = self.order_line.filtered(lambda li: str(balance.id) in (li.loyalty_shares or {}))
        program = balance.program_id
        lost, roundings = self._loyalty_lost(lines, program), program._roundings()
        due = []
        for index, (name, rounding) in enumerate(zip(AMOUNTS, roundings, strict=True)):
            parts = [
                (
                    Decimal(line.loyalty_shares[str(balance.id)][index]),
                    to_decimal(line.loyalty_paid),
                    lost[line],
                )
                for line in lines
            ]
            due.append(min(to_decimal(given[name]), entitled(parts, rounding)))
        return Earning(*due)

    def _kept_of(self, basis):
        """``{line id: 0 to 1}``: how much is left of each line that it was worked out from.

        A line that was deleted is not sold any more; a discount that was, is still off.
        """
        program, name = basis.program_id, str(basis.balance_id.id)
        goods = self.order_line.filtered(lambda li: name in (li.loyalty_shares or {}))
        kept = dict.fromkeys(basis._sold_ids(), ZERO)
        for line, lost in self._loyalty_lost(goods, program).items():
            paid = to_decimal(line.loyalty_paid)
            kept[line.id] = 1 - min(max(lost / paid, ZERO), 1) if paid else ZERO
        for line in self._loyalty_lines_below_zero():
            off = to_decimal(line.price_total)
            back = line._loyalty_returned(off, program=program) / off
            kept[line.id] = 1 - min(max(back, ZERO), 1)
        return kept

    def _earned_of(self, basis):
        """The entries by which this order earned, and what followed from them."""
        return self._loyalty_entries().filtered(
            lambda entry: entry.balance_id == basis.balance_id and entry.key.startswith(EARN_KEYS)
        )

    def _earns_by(self, basis):
        """Whether the order is still sold as it was when it earned by ``basis``."""
        return self.state == "sale" and basis.key == self._loyalty_earn_key(basis.program_id)

    def _loyalty_lost(self, lines, program):
        """``{line: Decimal}``: what each line earned on that is not sold or paid any more."""
        unpaid = self._loyalty_unpaid(lines, program)
        lost = {line: max(line._loyalty_lost(program), unpaid.get(line, ZERO)) for line in lines}
        loose, earned_on = self._loyalty_loose_credits(), sum(lines.mapped("loyalty_paid"))
        for line in lines:
            own = to_decimal(line.loyalty_paid)
            if loose:
                lost[line] += loose * own / to_decimal(earned_on)
            rest = own - lost[line]
            if lost[line] and rest <= line._loyalty_leeway():
                lost[line] = own
        return lost

    def _loyalty_unpaid(self, lines, program):
        """``{line: Decimal}``: what each line earned on that is not paid for any more.

        A payment was undone, or an invoice reset. What is paid without naming lines (online, by
        down payments) pays for all of them.
        """
        unpaid = {line: line._loyalty_unpaid(program) for line in lines}
        total = sum(unpaid.values(), ZERO)
        if not total or program.sale_earn_on == "confirmed":
            return {}
        earned_on, ordered = (
            to_decimal(sum(lines.mapped(name))) for name in ("loyalty_paid", "price_total")
        )
        missing = max(earned_on - ordered * self._loyalty_paid_share(program), ZERO)
        return {line: amount * min(missing / total, 1) for line, amount in unpaid.items()}

    def _loyalty_claw(self, chain, amounts, cause):
        """Take ``amounts`` (points, qualifying points) back of what ``chain`` gave."""
        reversals = [
            Reversal(entry, key, *parts, reason=self._loyalty_reason(), origin=self)
            for entry, key, parts in self._loyalty_portions(chain, 1, amounts, "clawback", cause)
        ]
        return self.env["loyalty.ledger"].claw_back(reversals)

    def _loyalty_regain(self, chain, amounts, cause):
        """Give ``amounts`` again of what was taken back of ``chain``, into the very lots."""
        ledger = self.env["loyalty.ledger"]
        entries = ledger.env["loyalty.ledger.entry"]
        for entry, key, (points, qualifying) in self._loyalty_portions(
            chain, -1, amounts, "regain", cause
        ):
            entries |= ledger.reverse(
                entry,
                key,
                amount=points,
                qualifying=qualifying,
                kind="earn",
                reason=self._loyalty_reason(),
                origin=self,
            )
        return entries

    def _loyalty_portions(self, chain, sign, amounts, step, cause):
        """Spread ``amounts`` over the entries of one sign, the last first: what to reverse of each.

        :return: ``[(entry, key, [points, qualifying points])]``
        """
        amounts, portions = list(amounts), []
        if not any(amounts):
            return portions
        entries = chain.filtered(lambda e: sign * (e.amount or e.qualifying_points) > 0)
        left = self.env["loyalty.ledger"]._left_of(entries)
        serial = self._loyalty_serial()
        for entry in entries.sorted("id", reverse=True):
            parts = [
                min(amount, max(sign * rest, ZERO))
                for amount, rest in zip(amounts, left[entry], strict=True)
            ]
            if any(parts):
                key = f"{step}-sale:{cause}:{self.id}:{serial + len(portions)}"
                portions.append((entry, key, parts))
                amounts = [a - part for a, part in zip(amounts, parts, strict=True)]
        return portions

    def _loyalty_serial(self):
        """How many movements this order made: a number that no two events share (L4).

        The order's row is locked, so it is the same when the request runs again.
        """
        return len(self._loyalty_entries())

    def _loyalty_reason(self):
        return _lt("Order %s", self.name)

    # -- credits that name no line --------------------------------------------------------------

    def _loyalty_loose_credits(self):
        """What was credited without naming a line that earned: spread over all of them (Decimal).

        Lines of a credit note that somebody typed, and down payments paid out again.
        """
        invoices = self.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        loose = self._loyalty_credited_downpayments()
        notes = invoices.reversal_move_ids.filtered(lambda move: move.state == "posted")
        for note in notes.filtered(self._loyalty_is_own):
            typed = note.invoice_line_ids.filtered(
                lambda line: line.display_type == "product" and not line.sale_line_ids
            )
            amount = sum(typed.mapped("price_total"))
            if amount:
                loose += self._loyalty_part_of(note.reversed_entry_id, amount)
        return max(loose, ZERO)

    def _loyalty_is_own(self, move):
        """Whether a credit note is this customer's; somebody else's gives nothing back here."""
        if move.move_type != "out_refund":
            return True
        invoices = self.invoice_ids.filtered(lambda other: other.move_type == "out_invoice")
        customers = (self.partner_id | invoices.partner_id).commercial_partner_id
        return move.commercial_partner_id in customers

    def _loyalty_part_of(self, invoice, amount):
        """This order's part of an amount credited on an invoice, in the order's currency."""
        own = invoice._get_sale_order_invoiced_amount(self)
        orders = invoice.invoice_line_ids.sale_line_ids.order_id
        total = sum(invoice._get_sale_order_invoiced_amount(order) for order in orders)
        amount = invoice.currency_id._convert(
            amount, self.currency_id, self.company_id, invoice.invoice_date, round=False
        )
        return round_half_up(Decimal(str(amount * own / total)), AMOUNT_QUANTUM) if total else ZERO

    def _loyalty_credited_downpayments(self):
        """Down payments that were paid out again although the order needs them."""
        charged = credited = deducted = ZERO
        for line in self.order_line.filtered("is_downpayment"):
            for invoice_line in line.invoice_lines.filtered(lambda li: li.parent_state == "posted"):
                amount = to_decimal(line._in_own_terms(invoice_line, "price_total"))
                if invoice_line.move_id.move_type == "out_refund":
                    credited += max(amount, ZERO)
                else:
                    charged += max(amount, ZERO)
                    deducted += max(-amount, ZERO)
        needed = deducted or to_decimal(self.amount_total)
        return max(credited - max(charged - needed, ZERO), ZERO)
