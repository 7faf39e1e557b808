"""Errors put into the books on purpose are found, named and located; settings raise no alarm."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .month_common import DAYS, MonthCase


@tagged("post_install", "-at_install")
class TestInjectedErrors(MonthCase):
    """L6: what is wrong in the books is named, with the document and both numbers."""

    def test_each_error_is_found_named_and_located(self):
        """B3, B4: one error at a time; the line that names it leads to its document."""
        self.assert_ties("the month")
        injections = [name for name in dir(self) if name.startswith("inject_")]
        self.assertGreaterEqual(len(injections), 15)
        for name in injections:
            with self.subTest(name), self.undone():
                kind, document, *numbers = getattr(self, name)()
                screen = self.reconcile()
                self.assertFalse(screen.agrees, f"{name}: the reconciliation stays green")
                wrong = screen.line_ids.filtered("is_wrong")
                told = [(line.kind, line.name, line.expected, line.found) for line in wrong]
                named = wrong.filtered(
                    lambda line, kind=kind, document=document: (
                        line.kind == kind
                        and (line.res_model or "", line.res_ids or [])
                        == (document._name if document else "", document.ids if document else [])
                    )
                )
                self.assertTrue(named, f"{name}: {document} is not named as {kind}: {told}")
                if numbers:
                    self.assertIn(
                        tuple(numbers), named.mapped(lambda line: (line.expected, line.found))
                    )
        self.assert_ties("the month, after all was undone")

    # -- by hand -----------------------------------------------------------------------------------

    def inject_typed_on_the_liability(self):
        return "other", self.typed(self.company.loyalty_stored_value_account_id, 15), 0, -15

    def inject_typed_on_unamortised_bonus(self):
        return "other", self.typed(self.company.loyalty_unamortised_bonus_account_id, 15), 0, 15

    def inject_typed_in_the_posting_journal(self):
        account = self.company.loyalty_stored_value_account_id
        journal = self.company.loyalty_posting_journal_id
        return "other", self.typed(account, 15, journal_id=journal.id), 0, -15

    def inject_two_typed_entries_that_offset_each_other(self):
        first = self.typed(self.company.loyalty_stored_value_account_id, 15)
        self.typed(self.company.loyalty_stored_value_account_id, -15)
        return "other", first, 0, -15

    def inject_batch_entry_copied_and_posted(self):
        copied = self.granted.copy()
        copied.action_post()
        return "other", copied, 0, 200

    def inject_batch_entry_reversed_by_a_typed_one(self):
        account = self.company.loyalty_stored_value_account_id
        self.typed(account, 200, reversed_entry_id=self.granted.id)
        return "differs", self.granted, 200, 0

    # -- the batch's entries -----------------------------------------------------------------------

    def inject_batch_entry_altered(self):
        for account, amount in (("unamortised_bonus", -25), ("promotional_discount", 25)):
            line = self.item(self.used, account)
            self._balance(line, amount)
        return "differs", self.used, -20, -25

    def inject_batch_entry_redirected(self):
        line = self.item(self.granted, "stored_value")
        other = self.company.income_account_id
        self.sql("UPDATE account_move_line SET account_id = %s WHERE id = %s", other.id, line.id)
        return "differs", self.granted, 200, 0

    def inject_batch_entry_backdated(self):
        self._date(self.granted, date(2026, 4, 1))
        return "misdated", self.granted

    def inject_batch_entry_dated_later(self):
        self._date(self.granted, date(2026, 5, 30))
        return "misdated", self.granted

    def inject_batch_entry_in_draft(self):
        self._state(self.granted, "draft")
        return "differs", self.granted, 200, 0

    def inject_batch_entry_cancelled(self):
        self._state(self.granted, "cancel")
        return "differs", self.granted, 200, 0

    # -- what Odoo's till posts --------------------------------------------------------------------

    def inject_session_entry_altered(self):
        line = self.item(self.first.move_id, "stored_value")
        self._balance(line, -990)
        return "differs", self.first.move_id, 1000, 990

    def inject_session_entry_reversed(self):
        self.first.move_id._reverse_moves(cancel=True)
        return "differs", self.first.move_id, 1000, 0

    def inject_session_entry_backdated(self):
        self._date(self.first.move_id, date(2026, 4, 1))
        return "misdated", self.first.move_id

    def inject_session_entry_redirected(self):
        line = self.item(self.first.move_id, "stored_value")
        line.account_id = self.company.income_account_id
        return "differs", self.first.move_id, 1000, 0

    def inject_payment_of_a_tender_changed(self):
        self.card_payment.action_draft()
        self.card_payment.amount = 100
        self.card_payment.action_post()
        return "differs", self.card_payment, -120, -100

    def inject_payment_of_a_tender_cancelled(self):
        self.card_payment.action_draft()
        self.card_payment.action_cancel()
        return "differs", self.card_payment, -120, 0

    def inject_invoice_of_a_load_in_draft(self):
        self.invoice.button_draft()
        return "differs", self.invoice, 500, 0

    def inject_reversal_of_an_order_invoiced_later_altered(self):
        line = self.item(self.reversing, "stored_value")
        self._balance(line, 900)
        return "differs", self.reversing, -1000, -900

    def inject_session_entry_lost(self):
        """Deleted behind Odoo, which refuses it: the session itself is named."""
        self.sql("UPDATE pos_session SET move_id = NULL WHERE id = %s", self.first.id)
        return "differs", self.first, 1000, 0

    def inject_session_entry_dated_later(self):
        self.redate(self.first.move_id, "2026-05-20")
        return "misdated", self.first.move_id, 1000, 1000

    def inject_payment_of_a_tender_dated_later(self):
        self.redate(self.card_payment.move_id, "2026-05-20")
        return "misdated", self.card_payment, -120, -120

    def inject_invoice_of_a_load_dated_later(self):
        self.redate(self.invoice, "2026-05-20")
        return "misdated", self.invoice, 500, 500

    def inject_invoice_of_a_load_dated_earlier(self):
        self.redate(self.invoice, "2026-04-20")
        return "misdated", self.invoice, 500, 500

    def inject_reversal_of_a_reversal_reversed(self):
        first = self.reverse(self.first.move_id, "2026-05-12")
        third = self.reverse(self.reverse(first, "2026-05-13"), "2026-05-14")
        self.assertEqual(third.reversed_entry_id.reversed_entry_id, first)
        return "differs", self.first.move_id, 1000, 0

    def inject_movements_that_are_never_posted(self):
        with freeze_time(f"{DAYS[3]} 10:00:00"):
            entry = self.ledger.credit(self.wallet, 5, "compensation", "month-l", reason="Late")
        return "overdue", entry, 5, 0

    # -- settings behind Odoo's back ---------------------------------------------------------------

    def inject_bonus_account_exchanged(self):
        account = self.company.loyalty_unamortised_bonus_account_id.copy()
        self._setting("loyalty_unamortised_bonus_account_id", account)
        return "differs", self.granted, 200, 0

    def inject_liability_account_exchanged(self):
        account = self.company.loyalty_stored_value_account_id.copy()
        self._setting("loyalty_stored_value_account_id", account)
        return "differs", self.first.move_id, 1000, 0

    # -- the ledger --------------------------------------------------------------------------------

    def inject_points_of_a_card_falsified(self):
        self.sql("UPDATE loyalty_card SET points = points + 50 WHERE id = %s", self.wallet.id)
        return "proof", self.wallet

    def inject_remaining_of_a_lot_falsified(self):
        lot = self.wallet.lot_ids.filtered("remaining")[:1]
        self.sql("UPDATE loyalty_lot SET remaining = remaining - 5 WHERE id = %s", lot.id)
        return "proof", self.wallet

    def inject_source_of_a_lot_falsified(self):
        lot = self.wallet.lot_ids.filtered(lambda lot: lot.source == "bonus")[:1]
        self.sql("UPDATE loyalty_lot SET source = 'paid' WHERE id = %s", lot.id)
        return "proof", self.wallet

    def inject_bonus_part_of_an_entry_falsified(self):
        entry = self.used.line_ids and self._entry_of(self.used)
        self.sql(
            "UPDATE loyalty_ledger_entry SET bonus_amount = -30, paid_amount = -90 WHERE id = %s",
            entry.id,
        )
        return "differs", self.used, -30, -20

    def inject_amount_of_an_entry_falsified(self):
        entry = self._entry_of(self.granted)
        self.sql("UPDATE loyalty_ledger_entry SET amount = 210 WHERE id = %s", entry.id)
        return "differs", self.granted, 210, 200

    def inject_entry_linked_to_another_journal_entry(self):
        entry = self._entry_of(self.granted)
        self.sql(
            "UPDATE loyalty_ledger_entry SET move_id = %s WHERE id = %s", self.used.id, entry.id
        )
        return "differs", self.used, 200, 0

    def inject_movement_without_a_document(self):
        return "undocumented", self.ledger.credit(self.wallet, 40, "load", "month-nowhere")

    def inject_constraint_dropped(self):
        self.sql(
            "ALTER TABLE loyalty_card DROP CONSTRAINT loyalty_card_available_above_floor CASCADE"
        )
        return "proof", None

    def inject_constraint_replaced(self):
        name = "loyalty_ledger_entry_key_unique"
        self.sql(f"ALTER TABLE loyalty_ledger_entry DROP CONSTRAINT {name}")
        self.sql(f"ALTER TABLE loyalty_ledger_entry ADD CONSTRAINT {name} UNIQUE (key, id)")
        self.sql(f"COMMENT ON CONSTRAINT {name} ON loyalty_ledger_entry IS 'UNIQUE (key, id)'")
        return "proof", None

    def _entry_of(self, move):
        return self.env["loyalty.ledger.entry"].search([("move_id", "=", move.id)], limit=1)

    def _balance(self, line, amount):
        self.sql(
            "UPDATE account_move_line SET balance = %s, amount_currency = %s WHERE id = %s",
            amount,
            amount,
            line.id,
        )

    def _date(self, move, day):
        for table, column in (("account_move", "id"), ("account_move_line", "move_id")):
            self.sql(f"UPDATE {table} SET date = %s WHERE {column} = %s", day, move.id)

    def _state(self, move, state):
        self.sql("UPDATE account_move SET state = %s WHERE id = %s", state, move.id)
        self.sql(
            "UPDATE account_move_line SET parent_state = %s WHERE move_id = %s", state, move.id
        )

    def _setting(self, field, record):
        self.sql(f"UPDATE res_company SET {field} = %s WHERE id = %s", record.id, self.company.id)


@tagged("post_install", "-at_install")
class TestNoFalseAlarm(MonthCase):
    """B5: the past stays as it was, whatever is set today."""

    def test_settings_change_and_every_day_stays_green(self):
        self.assert_every_day("before")
        company = self.company
        changes = {
            "another posting journal": self.change_posting_journal,
            "the former posting journal archived": self.archive_posting_journal,
            "accounts renamed": lambda: [
                company[name].write({"name": "Renamed", "code": code})
                for name, code in (
                    ("loyalty_stored_value_account_id", "2999901"),
                    ("loyalty_unamortised_bonus_account_id", "2999902"),
                )
            ],
            "another breakage account": lambda: company.write(
                {"loyalty_breakage_account_id": company.loyalty_breakage_account_id.copy().id}
            ),
            "a payment method renamed and archived": lambda: self.tender.write({"name": "Old"}),
            "a load product that is none any more": lambda: self.sql(
                "UPDATE product_template SET loyalty_load_type = NULL WHERE id = %s",
                self.topup.product_tmpl_id.id,
            ),
            "another time zone": lambda: company.partner_id.write({"tz": "Pacific/Auckland"}),
            "a branch": lambda: self.env["res.company"].create(
                {"name": "Branch", "parent_id": company.id}
            ),
        }
        for name, change in changes.items():
            with self.subTest(name), self.undone():
                change()
                self.assert_every_day(name)

    def change_posting_journal(self):
        journal = self.company.loyalty_posting_journal_id
        self.company.loyalty_posting_journal_id = journal.copy({"code": "LPS2"})

    def archive_posting_journal(self):
        former = self.company.loyalty_posting_journal_id
        self.change_posting_journal()
        former.write({"active": False, "name": "Old"})

    def assert_every_day(self, message):
        """The end of each day of the month, of the days between, and today."""
        for day in (*DAYS, "2026-05-03", "2026-05-05", "2026-05-31", None):
            self.assert_ties(f"{message}, {day}", at=day and date.fromisoformat(day))

    def test_each_day_has_its_own_numbers(self):
        """What came later is not in the figures of a day."""
        liabilities = [self.reconcile(day).liability for day in (*DAYS[:3], None)]
        self.assertEqual(liabilities, [1140, 1620, 1707, 1707])
        before = self.reconcile("2026-05-03")
        self.assertEqual((before.ledger, before.lots, before.bonus_lots), (0, 0, 0))

    def test_documents_that_are_posted_again_on_their_day(self):
        """What was reset, cancelled or reversed, and put back, is no fault any more."""
        for move in (self.first.move_id, self.card_payment.move_id, self.invoice, self.reversing):
            with self.subTest(move.name), self.undone():
                again = move.with_user(self.accountant)
                again.button_draft()
                again.action_post()
                self.assert_every_day("posted again")
        move, payment = self.card_payment.move_id, self.card_payment.with_user(self.accountant)
        payment.action_draft()
        payment.action_cancel()
        self.assertFalse(self.reconcile().agrees)
        payment.action_draft()
        payment.action_post()
        self.assertEqual(self.card_payment.move_id, move)
        self.assert_every_day("a payment that had been cancelled")

    def test_reversals_that_were_reversed(self):
        """However deep and on whichever days: the document is in the books again."""
        for move in (self.first.move_id, self.card_payment.move_id):
            with self.subTest(move.name), self.undone():
                last = move
                for day in ("2026-05-12", "2026-05-13", "2026-05-14", "2026-05-15"):
                    last = self.reverse(last, day)
                self.assertFalse(self.reconcile("2026-05-12").agrees)
                self.assert_ties("in the books for a day", at=date(2026, 5, 13))
                self.assertFalse(self.reconcile("2026-05-14").agrees)
                self.assert_ties("in the books again", at=date(2026, 5, 15))
                self.assert_ties("and stays")

    def test_a_circle_of_reversals_ends(self):
        one = self.typed(self.company.loyalty_stored_value_account_id, 15)
        other = self.typed(self.company.loyalty_stored_value_account_id, -15)
        for move, reversed_ in ((one, other), (other, one)):
            self.sql(
                "UPDATE account_move SET reversed_entry_id = %s WHERE id = %s",
                reversed_.id,
                move.id,
            )
        self.assertFalse(self.reconcile().line_ids.filtered(lambda line: line.kind == "differs"))

    def test_holds_are_a_memo(self):
        """S5: what is set aside is said, and explains nothing."""
        self.ledger.authorize(self.wallet, 40, "month-hold")
        screen = self.reconcile()
        self.assertTrue(screen.agrees)
        [line] = screen.line_ids
        self.assertEqual((line.kind, line.expected, line.amount, screen.held), ("held", 40, 0, 40))
        action = line.action_open_documents()
        hold = self.env["loyalty.hold"].search([("key", "=", "month-hold")])
        self.assertEqual((action["res_model"], action["res_id"]), ("loyalty.hold", hold.id))

    def test_sum_of_the_cards_is_a_figure(self):
        screen = self.reconcile()
        self.assertEqual((screen.cards, screen.cards_difference), (self.wallet.points, 0))

    def test_the_tied_accounts_cannot_be_exchanged(self):
        """B3: not at once, and not by way of an empty setting."""
        for name in ("loyalty_stored_value_account_id", "loyalty_unamortised_bonus_account_id"):
            for value in (False, self.company[name].copy().id):
                with self.assertRaisesRegex(UserError, "cannot be changed any more"):
                    self.company.write({name: value})
