"""On which day a document belongs: a wrong one is named, a locked period is an explanation."""

from datetime import date, timedelta
from runpy import run_path

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_path

from .month_common import DAYS, MonthCase


@tagged("post_install", "-at_install")
class TestWrongDay(MonthCase):
    """L6: each document has a day of its own, that of what the till did."""

    def assert_named(self, document, lag):
        """On each day that ``lag`` touches the document is named, and nothing else is."""
        before, *days = lag
        self.assert_ties("before", at=date.fromisoformat(before))
        for day in days:
            wrong = self.reconcile(day).line_ids.filtered("is_wrong")
            told = wrong.mapped(lambda line: (line.kind, line.res_model, line.res_ids))
            self.assertEqual(told, [("misdated", document._name, document.ids)], day)
            self.assertFalse(self.reconcile(day).line_ids.filtered(lambda li: li.kind == "till"))

    def test_later_and_sooner(self):
        """Between the two days the amount is said; from both on the document stays named."""
        documents = {
            self.first.move_id: (self.first.move_id, DAYS[0]),
            self.card_payment.move_id: (self.card_payment, DAYS[1]),
            self.invoice: (self.invoice, DAYS[1]),
            self.reversing: (self.reversing, DAYS[2]),
        }
        for move, (document, due) in documents.items():
            with self.subTest(f"{move.name} later"), self.undone():
                self.redate(move, "2026-05-22")
                before = str(date.fromisoformat(due) - timedelta(days=1))
                self.assert_named(document, (before, due, "2026-05-21", "2026-05-22", "2026-06-15"))
                line = self.reconcile("2026-05-21").line_ids.filtered("is_wrong")
                self.assertEqual((line.found, line.amount), (0, line.expected))
            with self.subTest(f"{move.name} sooner"), self.undone():
                self.redate(move, "2026-04-20")
                self.assert_named(document, ("2026-04-19", "2026-04-20", "2026-05-03", due))
                line = self.reconcile("2026-04-30").line_ids.filtered("is_wrong")
                self.assertEqual((line.expected, line.amount), (0, -line.found))

    def test_a_day_is_enough(self):
        self.redate(self.first.move_id, "2026-05-05")
        self.assert_named(self.first.move_id, ("2026-05-03", "2026-05-04", "2026-05-05"))

    def test_a_session_of_loads_and_payments(self):
        """Its entry is moved: the payments, which nobody touched, are not named."""
        with self.day("2026-05-26"):
            self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
            self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
            self.close()
        self.redate(self.session.move_id, "2026-06-15")
        days = ("2026-05-25", "2026-05-26", "2026-05-31", "2026-06-15", "2026-06-30")
        self.assert_named(self.session.move_id, days)

    def test_given_its_day_again(self):
        self.redate(self.first.move_id, "2026-05-20")
        self.redate(self.first.move_id, DAYS[0])
        self.assert_ties("cured")

    def test_nobody_writes_the_day_itself(self):
        move = self.first.move_id.with_user(self.accountant)
        move.write({"loyalty_due_on": "2026-05-20", "loyalty_posted_on": "2026-05-20"})
        self.redate(move, "2026-05-20")
        self.assertFalse(self.reconcile().agrees)
        copied = move.copy()
        self.assertFalse(copied.loyalty_due_on or copied.loyalty_posted_on)

    def test_what_cards_have_paid_is_not_changed(self):
        """The sentence names the session, and says what to do instead."""
        payment = self.card_payment.with_user(self.accountant)
        payment.action_draft()
        for values in ({"amount": 100}, {"payment_type": "outbound"}):
            with self.assertRaisesRegex(UserError, "have paid at the till in .* Refund the sale"):
                payment.write(values)

    def test_what_cards_did_is_not_deleted(self):
        """Neither posted nor in draft, nor with the payment; the reconciliation has a cure."""
        for move in (self.first.move_id, self.card_payment.move_id, self.reversing):
            draft = move.with_user(self.accountant)
            draft.button_draft()
            for document in (draft, draft.with_context(force_delete=True), draft.sudo()):
                with self.assertRaisesRegex(UserError, "cannot be deleted"), self.cr.savepoint():
                    document.unlink()
        with self.assertRaisesRegex(UserError, "cannot be deleted"), self.cr.savepoint():
            self.card_payment.with_user(self.accountant).unlink()
        with self.assertRaisesRegex(UserError, "cannot be cancelled"), self.cr.savepoint():
            self.invoice.with_user(self.accountant).button_draft()
            self.invoice.with_user(self.accountant).unlink()
        for move in (self.first.move_id, self.card_payment.move_id, self.reversing):
            move.with_user(self.accountant).action_post()
        self.assert_ties("posted again")


@tagged("post_install", "-at_install")
class TestLockedDay(MonthCase):
    """A till can be closed when its day is locked; Odoo books it on the next open one."""

    def lock(self, day):
        """Behind Odoo, which asks to close all tills first."""
        self.sql(
            "UPDATE res_company SET fiscalyear_lock_date = %s WHERE id = %s", day, self.company.id
        )

    def assert_explained(self, day, *documents):
        """Green at the end of ``day``, and said why the books lack it."""
        self.assert_ties("locked", at=date.fromisoformat(day))
        lines = self.reconcile(day).line_ids
        self.assertFalse(lines.filtered(lambda line: line.kind == "till"))
        lines = lines.filtered(lambda line: line.kind == "other_day" and "was locked" in line.name)
        self.assertEqual(
            set(lines.mapped(lambda line: (line.res_model, *line.res_ids))),
            {(document._name, *document.ids) for document in documents},
        )

    def test_a_session_and_its_payments(self):
        with self.day("2026-05-31"):
            self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
            self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
            self.lock("2026-05-31")
            self.close()
        booked = self.session.move_id | self.session.bank_payment_ids.move_id
        self.assertTrue(all(move.date > date(2026, 5, 31) for move in booked))
        batch = self.used_on(self.session) | self.env["account.move"].search(
            [("loyalty_due_on", "=", "2026-05-31"), ("ref", "like", "Bonus granted")]
        )
        payments = self.session.bank_payment_ids
        documents = (self.session.move_id, payments, *batch)
        self.assert_explained("2026-05-31", *documents)
        for day in ("2026-05-30", "2026-06-01", "2026-06-30"):
            self.assert_ties(day, at=date.fromisoformat(day))

    def test_an_invoice(self):
        """Of an order that the till sends a day late: it bears the day of the order, when open."""
        with self.day("2026-05-31"):
            pass
        with freeze_time("2026-06-01 10:00:00"):
            self.lock("2026-05-31")
            order = self.sell(
                [(self.topup, 1, 100)],
                [(self.cash, 100)],
                to_invoice=True,
                date_order="2026-05-31 10:00:00",
            )
            self.close()
        invoice = order.account_move
        days = (invoice.loyalty_due_on, invoice.loyalty_posted_on, invoice.date)
        self.assertEqual(days, (date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 1)))
        for day in ("2026-05-31", "2026-06-01", "2026-06-30"):
            self.assert_ties(day, at=date.fromisoformat(day))
        self.lock("2026-05-01")
        self.redate(invoice, "2026-05-31")
        for day in ("2026-05-31", "2026-06-01", "2026-06-30"):
            self.assert_ties("unlocked, on its own day", at=date.fromisoformat(day))

    def test_locked_while_it_was_reset(self):
        """Posted again, Odoo moves it out of the locked period: that is no fault."""
        move = self.first.move_id.with_user(self.accountant)
        move.button_draft()
        self.lock("2026-05-06")
        with freeze_time("2026-05-28 10:00:00"):
            move.action_post()
        self.assertGreater(move.date, date(2026, 5, 6))
        self.assert_explained(DAYS[0], self.first.move_id)
        self.assert_ties("in the end")


@tagged("post_install", "-at_install")
class TestNotPostedYet(MonthCase):
    """What is due waits for the night; what waits for days needs somebody."""

    def test_since_when(self):
        with freeze_time(f"{DAYS[3]} 10:00:00"):
            self.ledger.credit(self.wallet, 5, "compensation", "month-l", reason="Late")
            self.env.flush_all()
        for now, kind in (("05-25", "unposted"), ("05-28", "unposted"), ("05-29", "overdue")):
            with freeze_time(f"2026-{now} 10:00:00"):
                screen = self.reconcile()
                [line] = screen.line_ids
                self.assertEqual((line.kind, line.expected), (kind, 5))
                self.assertIn("since 05/25/2026", line.name)
                self.assertEqual(screen.agrees, kind == "unposted")
        with freeze_time("2026-07-20 10:00:00"):
            self.assertFalse(self.reconcile("2026-05-31").agrees, "it has been due for long")
            self.posting._post(self.company)
            self.assert_ties("posted")


@tagged("post_install", "-at_install")
class TestDaysOfBefore(MonthCase):
    """Documents that were made before they remembered their day are told it by the migration."""

    def setUp(self):
        super().setUp()
        self.sql(
            "UPDATE account_move SET create_date = date + interval '10 hours'"
            " WHERE company_id = %s",
            self.company.id,
        )

    def remember(self):
        script = run_path(file_path("loyalty_cinema/migrations/19.0.1.1.0/post-books.py"))
        self.sql(
            "UPDATE account_move SET loyalty_due_on = NULL, loyalty_posted_on = NULL"
            " WHERE company_id = %s",
            self.company.id,
        )
        script["remember_days"](self.env.cr)
        self.env.invalidate_all()

    def test_the_same_days_as_ever(self):
        documents = self.env["account.move"].search([("loyalty_due_on", "!=", False)])
        days = {move: (move.loyalty_due_on, move.loyalty_posted_on) for move in documents}
        self.remember()
        for move, own in days.items():
            self.assertEqual((move.loyalty_due_on, move.loyalty_posted_on), own, move.name)
        for day in (*DAYS, None):
            self.assert_ties("after the upgrade", at=day and date.fromisoformat(day))

    def test_what_was_dated_otherwise_before(self):
        for move in (self.first.move_id, self.card_payment.move_id, self.invoice, self.reversing):
            for day in ("2026-04-20", "2026-05-22"):
                with self.subTest(f"{move.name} {day}"), self.undone():
                    self.redate(move, day)
                    self.remember()
                    kinds = self.reconcile().line_ids.mapped("kind")
                    self.assertEqual(kinds.count("misdated"), 1)

    def test_a_locked_day_explains_a_later_one(self):
        self.redate(self.first.move_id, "2026-05-22")
        self.sql(
            "UPDATE res_company SET fiscalyear_lock_date = '2026-05-21' WHERE id = %s",
            self.company.id,
        )
        self.remember()
        self.assert_ties("was locked")
