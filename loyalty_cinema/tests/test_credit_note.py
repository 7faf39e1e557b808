from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exceptions import LoyaltyError, RewardRefused, TenderRefused
from .document_common import DocumentCase
from .rpc_common import RpcRefused


class CreditNoteCase(DocumentCase):
    """The wallet holds 1,000, 900 of it loaded here; from here on a biller works over HTTP."""

    def setUp(self):
        super().setUp()
        self.load(900)
        self.login(self.biller)


@tagged("post_install", "-at_install")
class TestCreditNoteOfValue(CreditNoteCase):
    """What a card has paid goes back to it, and money is what is left to pay (M8, B2)."""

    def test_value_goes_back_to_the_card_and_money_is_paid_out(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.credit(order)
        self.assertEqual(self.wallet.points, 1000)
        self.assertEqual(note.amount_residual, 40)
        self.pay(note)
        self.assertEqual(note.payment_state, "paid")
        self.assert_accounts(stored_value=-900, sales=0)
        self.assert_books()

    def test_what_settles_a_note_bears_its_day(self):
        """Whatever the day is where the company is: note and settlement are one event."""
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.reverse(order.account_move)
        day = note.invoice_date - timedelta(days=1)
        self.rpc("account.move", "write", note.ids, {"invoice_date": str(day), "date": str(day)})
        self.post(note)
        settling = note._loyalty_note_entries().move_id
        self.assertEqual((note.date, settling.date), (day, day))
        self.assert_books()

    def test_while_the_till_is_open(self):
        note = self.credit(self.invoiced(100, wallet=60, cash=40))
        self.assertEqual((self.wallet.points, note.amount_residual), (1000, 40))
        self.close()
        self.assert_accounts(stored_value=-900, sales=0)
        self.assert_books()

    def test_bonus_comes_back_as_bonus(self):
        self.scheme(20)
        self.ledger.debit(self.wallet, 1000, "adjust", "doc:empty", reason="Start with nothing")
        self.load(100)
        order = self.invoiced(60, wallet=60)
        self.close()
        self.credit(order)
        lots = {lot.source: lot.remaining for lot in self.wallet.lot_ids if lot.remaining}
        self.assertEqual(lots, {"paid": 100, "bonus": 20})
        self.posting._post(self.company)
        self.assert_books()

    def test_partial_notes_add_up(self):
        order = self.invoiced(100, wallet=59.99, cash=40.01)
        self.close()
        owed = []
        for price in (33.33, 33.33, 33.34):
            owed.append(round(self.credit(order, price).amount_residual, 2))
        self.assertAlmostEqual(self.wallet.points, 1000)
        self.assertAlmostEqual(sum(owed), 40.01)
        self.assertTrue(all(13 < part < 14 for part in owed), owed)
        self.assert_books()

    def test_each_tender_has_its_part_of_a_partial_note(self):
        """Wallet, points and cash pay; of three thirds, each gives back a third of each."""
        self.grant(500)
        order = self.invoiced(100, points=20, wallet=49.99, cash=30.01)
        self.close()
        before = (self.points.points, self.wallet.points)
        earned = self.wallet.env["loyalty.ledger.entry"].search(
            [("origin_id", "=", order.id), ("kind", "=", "earn")]
        )
        parts = []
        for price in (33.33, 33.33, 33.34):
            held = self.wallet.points
            note = self.credit(order, price)
            by_points = self.env["loyalty.ledger.entry"].search(
                [
                    ("origin_model", "=", "account.move"),
                    ("origin_id", "=", note.id),
                    ("balance_id", "=", self.points.id),
                    ("kind", "=", "refund"),
                ]
            )
            back = sum(by_points.mapped("amount"))
            parts.append((self.wallet.points - held, back, note.amount_residual))
        for part, expected in zip(parts, [(16.66, 66.7, 10)] * 3, strict=True):
            for amount, about in zip(part, expected, strict=True):
                self.assertAlmostEqual(amount, about, delta=0.2)
        totals = [round(sum(column), 2) for column in zip(*parts, strict=True)]
        self.assertEqual(totals, [49.99, 200, 30.01])
        self.assertAlmostEqual(self.wallet.points, before[1] + 49.99)
        self.assertAlmostEqual(self.points.points, before[0] + 200 - sum(earned.mapped("amount")))
        self.assert_books()

    def test_points_that_paid_come_back(self):
        self.grant(500)
        before = self.points.points
        order = self.invoiced(40, points=30, cash=10)
        self.close()
        note = self.credit(order)
        self.assertEqual(note.amount_residual, 10)
        self.assertEqual(self.points.points, before)
        account = self.company.loyalty_points_redeemed_account_id
        items = self.env["account.move.line"].search([("account_id", "=", account.id)])
        self.assertEqual(sum(items.mapped("balance")), 0)
        self.assert_books()

    def test_a_second_note_is_refused(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        self.credit(order)
        second = self.reverse(order.account_move)
        self.assert_refused("account.move", "action_post", second.ids)
        self.assertEqual(self.wallet.points, 1000)
        self.assert_books()

    def test_what_the_office_credited_the_till_does_not_refund(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        self.pay(self.credit(order))
        self.open_session()
        for paid in ({"wallet": 100}, {"wallet": 60, "cash": 40}, {"cash": 100}, {"cash": 1}):
            with self.assertRaises(TenderRefused), self.cr.savepoint():
                self.till_refund(order, **paid)
        self.assertEqual(self.wallet.points, 1000)

    def test_the_till_refunds_what_the_office_left(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        self.credit(order, 50)
        self.open_session()
        self.assertEqual(self.wallet.points, 970)
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.till_refund(order, wallet=31, cash=20)
        plan = self.till.refund_plan(self.session.id, order.id, 50)
        self.assertEqual((plan["tenders"][0]["amount"], plan["cash"]), (30, 20))
        self.till_refund(order, wallet=30, cash=20)
        self.close()
        self.assertEqual(self.wallet.points, 1000)
        self.assert_books()

    def test_what_the_till_refunded_the_office_does_not_credit(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.till_refund(order, wallet=60, cash=40)
        self.close()
        note = self.reverse(order.account_move)
        self.assert_refused("account.move", "action_post", note.ids)
        self.assertEqual(self.wallet.points, 1000)

    def test_the_office_credits_what_the_till_left(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.till_refund(order, wallet=50)
        self.close()
        note = self.credit(order, 50)
        self.assertEqual((self.wallet.points, note.amount_residual), (1000, 40))
        self.assert_books()

    def test_several_orders_on_one_invoice(self):
        orders = self.sell([(self.snack, 1, 100)], [(self.tender, 60), (self.cash, 40)])
        orders |= self.sell([(self.snack, 1, 50)], [(self.tender, 50)])
        self.close()
        wizard = self.env["pos.make.invoice"].with_context(active_ids=orders.ids)
        wizard.create({"consolidated_billing": True}).action_create_invoices()
        invoice = orders.account_move
        self.assertEqual(len(invoice), 1)
        note = self.post(self.reverse(invoice))
        self.assertEqual((self.wallet.points, note.amount_residual), (1000, 40))
        self.open_session()
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.till_refund(orders[0], cash=100)
        self.assert_books()

    def test_an_invoice_made_after_the_till_was_closed(self):
        order = self.sell([(self.snack, 1, 100)], [(self.tender, 60), (self.cash, 40)])
        self.close()
        order.action_pos_order_invoice()
        note = self.credit(order)
        self.assertEqual((self.wallet.points, note.amount_residual), (1000, 40))
        self.assert_books()

    def test_reverse_and_create_invoice(self):
        """What was paid is open again: the card's part of it is settled, the cash pays anew."""
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        self.reverse(order.account_move, "modify_moves")
        self.assertEqual(self.wallet.points, 1000)
        receivable = self.partner.property_account_receivable_id
        items = self.env["account.move.line"].search(
            [("account_id", "=", receivable.id), ("partner_id", "=", self.partner.id)]
        )
        items = items.filtered(lambda item: item.parent_state == "posted")
        self.assertEqual(sum(items.mapped("amount_residual")), -40)
        self.assert_books()


@tagged("post_install", "-at_install")
class TestCreditNoteApproved(CreditNoteCase):
    """A manager may let value be paid out in money, once, with a reason."""

    def test_all_of_it_is_paid_out_once(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.reverse(order.account_move)
        self.approve(note)
        self.post(note)
        self.assertEqual((self.wallet.points, note.amount_residual), (940, 100))
        approval = self.env["loyalty.approval"].search([("order_uuid", "=", order.uuid)])
        self.assertEqual((approval.used, approval.reason), (True, "The card is lost"))
        self.open_session()
        for paid in ({"wallet": 60}, {"wallet": 60, "cash": 40}, {"cash": 100}):
            with self.assertRaises(TenderRefused), self.cr.savepoint():
                self.till_refund(order, **paid)
        second = self.reverse(order.account_move)
        self.assert_refused("account.move", "action_post", second.ids)
        self.assertEqual(self.wallet.points, 940)
        self.assert_books()

    def test_money_twice_needs_it_too(self):
        order = self.invoiced(100, cash=100)
        self.close()
        self.credit(order)
        second = self.reverse(order.account_move)
        self.assert_refused("account.move", "action_post", second.ids)
        self.approve(second, "Goodwill")
        self.post(second)
        self.assertEqual(second.amount_residual, 100)

    def test_a_biller_cannot_approve(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.reverse(order.account_move)
        values = {"move_id": note.id, "reason": "I say so"}
        self.assert_refused("loyalty.refund.approval", "create", [values])

    def test_who_may_approve(self):
        """A manager of loyalty or of the till who may post the note; the button is theirs alone."""
        till, billing = "point_of_sale.group_pos_manager", "account.group_account_invoice"
        loyalty = "loyalty_cinema.group_manager"
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.reverse(order.account_move)
        action = self.env.ref("loyalty_cinema.action_loyalty_refund_approval_note")
        roles = {
            "biller": ((billing,), "You are not allowed"),
            "accountant": (("account.group_account_manager",), "You are not allowed"),
            "loyalty": ((loyalty,), "who may post it, too"),
            "till": ((till,), "who may post it, too"),
            "till-billing": ((till, billing), None),
            "loyalty-billing": ((loyalty, billing), None),
        }
        for name, (groups, refusal) in roles.items():
            with self.subTest(name):
                user = self.user_of(f"{name}-who-asks", *groups)
                self.login(user)
                if billing in groups or name == "accountant":
                    arch = self.env["account.move"].with_user(user).get_view(view_type="form")
                    shown = f'name="{action.id}"' in arch["arch"]
                    self.assertEqual(shown, refusal is None)
                values = {"move_id": note.id, "reason": "Moved abroad"}
                if refusal:
                    with self.assertRaisesRegex(RpcRefused, refusal):
                        wizard = self.rpc("loyalty.refund.approval", "create", [values])
                        self.rpc("loyalty.refund.approval", "action_approve", wizard)
                    continue
                wizard = self.rpc("loyalty.refund.approval", "create", [values])
                self.rpc("loyalty.refund.approval", "action_approve", wizard)
        self.login(self.biller)
        self.post(note)
        self.assertEqual((note.amount_residual, self.wallet.points), (100, 940))

    def test_a_return_in_the_office_asks_as_the_till_does(self):
        """Odoo's *Return Products* and *Payment* on the form of an order."""
        order = self.invoiced(60, wallet=60)
        self.close()
        self.open_session()
        self.login(self.user_of("office-of-the-test", "point_of_sale.group_pos_manager"))
        self.rpc("pos.order", "refund", order.ids)
        back = order.lines.refund_orderline_ids.order_id
        context = {"active_id": back.id, "active_ids": back.ids, "active_model": "pos.order"}
        for method, paid in ((self.cash, False), (self.tender, True)):
            values = {"payment_method_id": method.id, "amount": -60}
            wizard = self.rpc("pos.make.payment", "create", [values], context=context)
            if paid:
                self.rpc("pos.make.payment", "check", wizard, context=context)
            else:
                self.assert_refused("pos.make.payment", "check", wizard, context=context)
        self.assertEqual(back.state, "paid")
        self.assertEqual(self.wallet.points, 1000)
        self.close()
        self.assert_books()

    def test_a_return_in_the_office_is_paid_out_when_a_manager_says_why(self):
        order = self.invoiced(60, wallet=60)
        self.close()
        self.open_session()
        self.login(self.user_of("office-of-the-test", "point_of_sale.group_pos_manager"))
        self.rpc("pos.order", "refund", order.ids)
        back = order.lines.refund_orderline_ids.order_id
        values = {"order_id": back.id, "reason": "Moved abroad"}
        wizard = self.rpc("loyalty.refund.approval", "create", [values])
        self.rpc("loyalty.refund.approval", "action_approve", wizard)
        context = {"active_id": back.id, "active_ids": back.ids, "active_model": "pos.order"}
        values = {"payment_method_id": self.cash.id, "amount": -60}
        wizard = self.rpc("pos.make.payment", "create", [values], context=context)
        self.rpc("pos.make.payment", "check", wizard, context=context)
        self.assertEqual((back.state, self.wallet.points), ("paid", 940))
        self.login(self.biller)
        note = self.reverse(order.account_move)
        self.assert_refused("account.move", "action_post", note.ids)
        with self.assertRaises(RewardRefused), self.cr.savepoint():
            self.till_refund(order, wallet=60)
        self.close()
        self.assert_books()


@tagged("post_install", "-at_install")
class TestCreditNoteUndone(CreditNoteCase):
    """A note that does not count any more undoes what its posting did, no more and no less (I6)."""

    def setUp(self):
        super().setUp()
        self.order = self.invoiced(100, wallet=60, cash=40)
        self.earned = self.points.points
        self.assertTrue(self.earned)
        self.close()
        self.note = self.credit(self.order)
        self.assertEqual((self.wallet.points, self.points.points), (1000, 0))

    def test_reset_and_posted_again(self):
        for _time in range(2):
            self.rpc("account.move", "button_draft", self.note.ids)
            self.assertEqual((self.wallet.points, self.points.points), (940, self.earned))
            self.assert_books()
            self.post(self.note)
            self.assertEqual((self.wallet.points, self.points.points), (1000, 0))
            self.assertEqual(self.note.amount_residual, 40)
            self.assert_books()

    def test_cancelled(self):
        self.rpc("account.move", "button_cancel", self.note.ids)
        self.assertEqual((self.wallet.points, self.points.points), (940, self.earned))
        self.open_session()
        self.till_refund(self.order, wallet=60, cash=40)
        self.close()
        self.assertEqual((self.wallet.points, self.points.points), (1000, 0))
        self.assert_books()

    def test_refused_when_the_value_is_spent(self):
        self.open_session()
        self.sell([(self.snack, 1, 1000)], [(self.tender, 1000)])
        self.close()
        self.assert_refused("account.move", "button_draft", self.note.ids)
        self.assert_refused("account.move", "button_cancel", self.note.ids)
        self.assertEqual(self.note.state, "posted")

    def test_written_by_hand_it_is_the_same(self):
        self.rpc_or_refusal("account.move", "write", self.note.ids, {"state": "draft"})
        self.assertEqual(self.wallet.points, 1000 if self.note.state == "posted" else 940)
        self.assert_books()

    def test_it_stays_a_credit_note(self):
        """Neither posted nor in draft does it become what gives nothing back."""
        self.assert_refused("account.move", "write", self.note.ids, {"move_type": "out_invoice"})
        self.assert_refused("account.move", "write", self.note.ids, {"move_type": "entry"})
        self.open_session()
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        draft = self.reverse(order.account_move)
        self.assert_refused(
            "account.move", "write", draft.ids, {"move_type": "entry", "name": "X/1"}
        )
        self.assert_refused("account.move", "write", order.account_move.ids, {"move_type": "entry"})

    def test_the_link_to_the_invoice_stays(self):
        self.assert_refused("account.move", "write", self.note.ids, {"reversed_entry_id": False})
        invoice, unlink = self.order.account_move, {"reversal_move_ids": [[3, self.note.id, 0]]}
        self.assert_refused("account.move", "write", invoice.ids, unlink)


@tagged("post_install", "-at_install")
class TestCreditNoteForged(CreditNoteCase):
    """Notes made by hand, and ways round a note."""

    def typed(self, **values):
        values = {
            "move_type": "out_refund",
            "partner_id": self.partner.id,
            "invoice_line_ids": [
                [0, 0, {"name": "Back", "quantity": 1, "price_unit": 100, "tax_ids": []}]
            ],
            **values,
        }
        [note] = self.rpc("account.move", "create", [values])
        return self.env["account.move"].browse(note)

    def test_a_typed_note_counts_as_any_other(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        note = self.post(self.typed(reversed_entry_id=order.account_move.id))
        self.assertEqual((self.wallet.points, note.amount_residual), (1000, 40))
        self.assert_books()

    def test_not_for_somebody_else(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        other = self.env["res.partner"].create({"name": "Somebody else"})
        note = self.typed(reversed_entry_id=order.account_move.id, partner_id=other.id)
        self.assert_refused("account.move", "action_post", note.ids)

    def test_nobody_says_that_a_note_is_the_tills(self):
        order = self.invoiced(100, wallet=60, cash=40)
        sold = self.sell([(self.snack, 1, 100)], [(self.cash, 100)])
        self.close()
        self.login(self.user_of("both-of-the-test", *POS_AND_BILLING))
        values = {
            "move_type": "out_refund",
            "partner_id": self.partner.id,
            "reversed_entry_id": order.account_move.id,
            "pos_order_ids": [[4, sold.id, 0]],
        }
        self.assert_refused("account.move", "create", [values])
        note = self.reverse(order.account_move)
        self.assert_refused("account.move", "write", note.ids, {"pos_order_ids": [[4, sold.id, 0]]})
        self.assert_refused("pos.order", "write", sold.ids, {"account_move": note.id})
        self.assert_refused("pos.order", "write", order.ids, {"account_move": False})

    def test_an_invoice_paid_by_card_is_not_cancelled(self):
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        invoice = order.account_move
        self.assert_refused("account.move", "button_cancel", invoice.ids)
        self.rpc("account.move", "button_draft", invoice.ids)
        self.assert_refused("account.move", "button_cancel", invoice.ids)
        self.rpc("account.move", "action_post", invoice.ids)
        self.assert_books()

    def test_nobody_pays_with_the_tills_journal(self):
        """Not even a client that names a payment method of the till."""
        values = {
            "journal_id": self.company.loyalty_stored_value_journal_id.id,
            "amount": 60,
            "payment_type": "outbound",
            "partner_id": self.partner.id,
        }
        forged = {"pos_payment_method_id": self.tender.id, "pos_session_id": self.session.id}
        for attempt in (values, {**values, **forged}):
            self.assert_refused("account.payment", "create", [attempt])

    def test_two_at_once_give_back_once(self):
        """Reversed twice before the first is posted."""
        order = self.invoiced(100, wallet=60, cash=40)
        self.close()
        notes = self.reverse(order.account_move) | self.reverse(order.account_move)
        self.assert_refused("account.move", "action_post", notes.ids)
        with self.assertRaises(LoyaltyError), self.cr.savepoint():
            notes._post()
        self.assertEqual(self.wallet.points, 940)


POS_AND_BILLING = ("point_of_sale.group_pos_manager", "account.group_account_invoice")


@tagged("post_install", "-at_install")
class TestInvoiceOfValue(CreditNoteCase):
    """Documents of the office do not book stored value (B1), and all others post as ever (I5)."""

    def document(self, move_type, **line):
        """A document in draft, typed over HTTP."""
        line = {"name": "?", "quantity": 1, "price_unit": 500, "tax_ids": [], **line}
        values = {
            "move_type": move_type,
            "partner_id": self.partner.id,
            "invoice_date": str(self.company._loyalty_day()),
            "invoice_line_ids": [[0, 0, line]],
        }
        return self.rpc("account.move", "create", [values])

    def test_no_document_sells_value(self):
        accounts = (
            self.company.loyalty_stored_value_account_id,
            self.company.loyalty_unamortised_bonus_account_id,
        )
        for move_type in ("out_invoice", "out_refund", "out_receipt"):
            with self.subTest(move_type):
                move = self.document(move_type, product_id=self.topup.id)
                self.assert_refused("account.move", "action_post", move)
        for move_type in ("out_invoice", "out_refund", "in_invoice", "in_refund"):
            for account in accounts:
                with self.subTest(move_type, account=account.name):
                    move = self.document(move_type, account_id=account.id)
                    self.assert_refused("account.move", "action_post", move)
        self.assert_books()

    def test_a_load_is_not_credited_in_the_office(self):
        order = self.sell([(self.topup, 1, 500)], [(self.cash, 500)], to_invoice=True)
        self.close()
        note = self.reverse(order.account_move)
        self.assert_refused("account.move", "action_post", note.ids)
        self.assertEqual(self.wallet.points, 1500)
        self.assert_books()

    def test_an_invoice_of_the_till_is_posted_again_as_it_was(self):
        order = self.sell([(self.topup, 1, 500)], [(self.cash, 500)], to_invoice=True)
        self.close()
        invoice = order.account_move
        self.rpc("account.move", "button_draft", invoice.ids)
        self.rpc("account.move", "action_post", invoice.ids)
        self.assert_books()
        self.rpc("account.move", "button_draft", invoice.ids)
        lines = [[1, invoice.invoice_line_ids.id, {"price_unit": 900}]]
        self.rpc("account.move", "write", invoice.ids, {"invoice_line_ids": lines})
        self.assert_refused("account.move", "action_post", invoice.ids)

    def test_a_refund_at_the_till_with_an_invoice_is_the_tills(self):
        order = self.sell([(self.topup, 1, 500)], [(self.cash, 500)], to_invoice=True)
        self.sell(
            [(self.topup, -1, 500)],
            [(self.cash, -500)],
            refund_of=order,
            to_invoice=True,
            is_refund=True,
        )
        back = order.lines.refund_orderline_ids.order_id
        self.assertEqual(back.account_move.move_type, "out_refund")
        self.close()
        self.assertEqual(self.wallet.points, 1000)
        self.assert_books()

    def test_the_role_billing_posts_all_else(self):
        for move_type in ("out_invoice", "out_refund", "out_receipt"):
            with self.subTest(move_type):
                move = self.document(move_type, product_id=self.snack.id)
                self.rpc("account.move", "action_post", move)
                self.rpc("account.move", "button_draft", move)
                self.rpc("account.move", "button_cancel", move)

    def test_entries_by_hand_stay_possible(self):
        accountant = self.user_of("accountant-of-the-test", "account.group_account_user")
        account = self.company.loyalty_stored_value_account_id
        lines = [
            [0, 0, {"account_id": account.id, "balance": 15}],
            [0, 0, {"account_id": self.company.income_account_id.id, "balance": -15}],
        ]
        self.login(accountant)
        move = self.rpc("account.move", "create", [{"move_type": "entry", "line_ids": lines}])
        self.rpc("account.move", "action_post", move)


@tagged("post_install", "-at_install")
class TestCreditNoteWords(CreditNoteCase):
    """Refusals say what to do."""

    def test_words(self):
        order = self.sell([(self.topup, 1, 500)], [(self.cash, 500)], to_invoice=True)
        self.close()
        note = self.reverse(order.account_move)
        with self.assertRaisesRegex(UserError, "Refund it at the till"), self.cr.savepoint():
            note.action_post()
