import logging
from decimal import Decimal
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..domain.lots import NewLot
from .posting_common import TillCase

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestPosting(TillCase):
    """Every event of docs/accounting.md, played at a till and read in the books (L6)."""

    def test_load_and_spend_are_native(self):
        """Load 100 in cash, pay 60 of a 100 ticket with the wallet, close: the measured case."""
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.sell([(self.snack, 1, 100)], [(self.tender, 60), (self.cash, 40)])
        self.close()
        self.assert_accounts(stored_value=-40, sales=-100)
        cash = self.cash.journal_id.default_account_id
        lines = self.env["account.move.line"].search([("account_id", "=", cash.id)])
        self.assertEqual(sum(lines.mapped("balance")), 140)
        self.assertFalse(self.wallet.entry_ids.move_id, "the batch has nothing to post")
        self.assert_ties("load and spend")

    def test_bonus_granted_and_used(self):
        """Load 100 with 20 bonus, spend 60: 10 of it is a promotional discount."""
        self.scheme(20)
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
        position = self.assert_ties("bonus, till open")
        self.assertEqual((position["open_tills"], position["unposted"]), (40, 20))
        self.close()
        self.assert_accounts(
            stored_value=-60, unamortised_bonus=10, promotional_discount=10, sales=-60
        )
        self.assert_ties("bonus, till closed")

    def test_refund_of_a_purchase_mirrors_it(self):
        self.scheme(20)
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        order = self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
        self.close()
        self.open_session()
        self.sell([(self.snack, -1, 60)], [(self.tender, -60)], refund_of=order)
        self.close()
        self.assert_accounts(
            stored_value=-120, unamortised_bonus=20, promotional_discount=0, sales=0
        )
        self.assert_ties("purchase refunded")

    def test_refund_of_a_load_takes_its_bonus_back(self):
        self.scheme(20)
        order = self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.close()
        self.open_session()
        self.sell([(self.topup, -1, 100)], [(self.cash, -100)], refund_of=order)
        self.close()
        self.assert_accounts(stored_value=0, unamortised_bonus=0)
        self.assert_ties("load refunded")

    def test_sale_and_refund_in_one_session(self):
        """The tender's payment of the session is zero; nothing may break."""
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        order = self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
        self.sell([(self.snack, -1, 60)], [(self.tender, -60)], refund_of=order)
        self.close()
        self.assert_accounts(stored_value=-100, sales=0)
        self.assert_ties("sale and refund in one session")

    def test_expiry(self):
        """100 paid and 20 bonus expire: 100 is income, 20 was never anybody's money."""
        self.scheme(20)
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.close()
        self.ledger.debit(self.wallet, 120, "expire", "test-expire")
        self.posting._post(self.company)
        self.assert_accounts(stored_value=0, unamortised_bonus=0, breakage=-100)
        self.assert_ties("expired")

    def test_compensation_and_corrections(self):
        """Value given for a failed service, spent later; a correction up and one down."""
        self.ledger.credit(self.wallet, 30, "compensation", "test-c", reason="Broken projector")
        self.posting._post(self.company)
        self.assert_accounts(stored_value=-30, service_recovery=30)
        self.sell([(self.snack, 1, 30)], [(self.tender, 30)])
        self.close()
        self.assert_accounts(service_recovery=30, sales=-30, stored_value=0)
        self.ledger.credit(self.wallet, 7, "adjust", "test-up", reason="Goodwill")
        self.ledger.debit(self.wallet, 2, "adjust", "test-down", reason="Typing mistake")
        self.posting._post(self.company)
        self.assert_accounts(service_recovery=30, sales=-30, stored_value=-5, unamortised_bonus=5)
        self.assert_ties("compensation and corrections")

    def test_compensation_expires(self):
        """B12: nobody paid for it, so it is no breakage: the expense is taken back."""
        self.scheme(20)
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.close()
        days = fields.Date.subtract(fields.Date.today(), days=3)
        lots = [NewLot("granted", days, Decimal(30))]
        self.ledger.credit(
            self.wallet, 30, "compensation", "test-c", lots=lots, reason="Broken projector"
        )
        self.posting._post(self.company)
        self.assert_accounts(stored_value=-150, unamortised_bonus=20, service_recovery=30)
        screen = self.reconcile()
        paid = screen.liability - screen.bonus_account - screen.granted_lots
        self.assertEqual((screen.granted_lots, paid), (30, 100), "what customers paid")
        self.ledger.expire(self.wallet)
        self.posting._post(self.company)
        self.assert_accounts(stored_value=-120, unamortised_bonus=20, service_recovery=0)
        self.assert_ties("compensation expired")

    def test_compensation_is_a_source_of_its_own(self):
        """B12: whoever gives it need not say so; a part that is spent is said on the entry."""
        self.ledger.credit(self.wallet, 30, "compensation", "test-c", reason="Broken projector")
        spent = self.ledger.debit(self.wallet, 20, "spend", "test-s")
        self.assertEqual(self.wallet.lot_ids.mapped("source"), ["granted"])
        self.assertEqual((spent.paid_amount, spent.granted_amount), (0, -20))

    def test_invoiced_load_and_spend(self):
        """An invoice posts the load at once; the payment waits for the session."""
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)], to_invoice=True)
        self.assertEqual(self.assert_ties("invoiced load")["open_tills"], 0)
        self.sell([(self.snack, 1, 60)], [(self.tender, 60)], to_invoice=True)
        self.assertEqual(self.assert_ties("invoiced spend")["open_tills"], -60)
        self.close()
        self.assert_accounts(stored_value=-40, sales=-60)
        self.assert_ties("invoices, till closed")

    def test_posting_again_posts_nothing(self):
        """Idempotent: each movement is posted once; deleting the entry makes it due again."""
        self.ledger.credit(self.wallet, 30, "compensation", "test-c", reason="Broken projector")
        [move] = self.posting._post(self.company)
        self.assertEqual(self.wallet.entry_ids.move_id, move)
        self.assertFalse(self.posting._post(self.company))

    def test_one_entry_per_day_and_event(self):
        """Ten bonuses of a day make one journal entry, two days make two."""
        for number in range(10):
            self.ledger.credit(self.wallet, 1, "bonus", f"test-b{number}")
        self.env.cr.execute(
            "UPDATE loyalty_ledger_entry SET date = date - interval '3 days'"
            " WHERE key IN ('test-b0', 'test-b1')"
        )
        self.env.invalidate_all()
        moves = self.posting._post(self.company)
        self.assertEqual(moves.mapped("amount_total"), [2, 8])
        self.assertEqual(
            moves[1].date - moves[0].date,
            fields.Date.to_date("2000-01-04") - fields.Date.to_date("2000-01-01"),
        )

    def test_locked_period(self):
        """A closed period is never posted into: the first open day is used, and it says so."""
        self.ledger.credit(self.wallet, 10, "bonus", "test-b")
        self.env.cr.execute(
            "UPDATE loyalty_ledger_entry SET date = '2020-03-05 12:00:00' WHERE key = 'test-b'"
        )
        self.env.invalidate_all()
        self.company.fiscalyear_lock_date = "2020-03-31"
        [move] = self.posting._post(self.company)
        self.assertEqual(str(move.date), "2020-04-01")
        self.assertIn("first open day", move.ref)
        self.assert_ties("before the lock", at=fields.Date.to_date("2020-03-31"))

    def test_till_closes_without_an_account(self):
        """A missing account never keeps a till open; what is due stays due and is said."""
        self.scheme(20)
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        account = self.company.loyalty_unamortised_bonus_account_id
        self.company.loyalty_unamortised_bonus_account_id = False
        self.close()
        self.assertIn("not posted yet", self.session.message_ids[0].body)
        with self.assertRaises(UserError):
            self.posting._post(self.company)
        self.company.loyalty_unamortised_bonus_account_id = account
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            self.posting._cron_post()
        self.assert_accounts(stored_value=-120, unamortised_bonus=20)

    def test_journal_item_by_hand_is_listed(self):
        """Whoever books on the liability by hand finds it on the reconciliation, with its item."""
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.close()
        self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in [
                        (self.company.loyalty_stored_value_account_id, 15),
                        (self.company.income_account_id, -15),
                    ]
                ]
            }
        ).action_post()
        screen = self.reconcile()
        self.assertFalse(screen.agrees)
        self.assertEqual(screen.difference, 15)
        self.assertEqual(screen.line_ids.mapped("kind"), ["other"])
        self.assertEqual(screen.line_ids.amount, 15)
        action = screen.line_ids.action_open_documents()
        typed = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(typed.line_ids.mapped("balance"), [15, -15])
        typed._reverse_moves(cancel=True)
        self.assert_ties("typed by hand, and reversed")


@tagged("post_install", "-at_install")
class TestPostingVietnam(TestPosting):
    """The same events on Vietnam's chart, in a currency without decimals."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super(TillCase, cls).setUpClass()
        cls.use_company(cls.new_company("vn", "VND"))

    def test_accounts_of_the_chart(self):
        self.assertEqual(self.company.loyalty_stored_value_account_id.code, "338711")
        self.assertEqual(self.company.currency_id.rounding, 1)

    def test_bonus_that_does_not_divide(self):
        """10 % on 333,333: parts are whole đồng and add up."""
        self.scheme(10)
        self.sell([(self.topup, 1, 333333)], [(self.cash, 333333)])
        self.sell([(self.snack, 1, 100000)], [(self.tender, 100000)])
        self.close()
        self.assert_accounts(
            stored_value=-266666, unamortised_bonus=24242, promotional_discount=9091, sales=-100000
        )
        self.assert_ties("whole đồng")
