from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .posting_common import TillCase


@tagged("post_install", "-at_install")
class TestPostingBranch(TillCase):
    """B13: a branch's till takes the root's wallet; what the bonus costs is where the sale is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root, wallet = cls.company, cls.wallet
        branch = cls.new_company("generic_coa", parent=cls.root)
        cls.env.cr.precommit.run()  # Odoo gives a branch its chart at the end of the transaction
        cash = branch.env["account.journal"].create(
            {"name": "Cash", "type": "cash", "code": "CSHB", "company_id": branch.id}
        )
        branch.env["pos.payment.method"].create(
            {"name": "Cash", "journal_id": cash.id, "company_id": branch.id}
        )
        cls.use_company(branch)
        cls.wallet = wallet.with_env(cls.env)
        cls.env["loyalty.bonus.scheme"].sudo().create(
            {
                "name": "20 %",
                "company_id": cls.root.id,
                "program_type": "ewallet",
                "band_ids": [Command.create({"from_amount": 0, "mode": "percent", "value": 20})],
            }
        )

    def test_bonus_is_posted_in_the_branch(self):
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
        self.close()
        entries = self.wallet.sudo().entry_ids
        self.assertEqual(entries.company_id, self.root)
        self.assertEqual(len(entries.move_id), 2, "granted, used")
        self.assertEqual(entries.move_id.company_id, self.company)
        self.assertFalse(self.posting._post(self.root), "nothing is left for the root")
        self.assert_accounts(
            stored_value=-60, unamortised_bonus=10, promotional_discount=10, sales=-60
        )
        self.assert_ties("spent in the branch")

    def test_what_belongs_to_no_till_is_posted_in_the_root(self):
        """The button posts both, from the screen of either."""
        self.ledger.credit(self.wallet, 30, "compensation", "branch-c", reason="Broken projector")
        self.assertFalse(self.posting._post(self.company))
        self.reconcile().action_post()
        self.assertEqual(self.wallet.sudo().entry_ids.move_id.company_id, self.root)

    def test_a_branch_without_settings_uses_those_of_its_root(self):
        self.company.loyalty_posting_journal_id = False
        self.company.loyalty_promotional_discount_account_id = False
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
        self.close()
        self.assertEqual(
            self.wallet.sudo().entry_ids.move_id.journal_id,
            self.root.sudo().loyalty_posting_journal_id,
        )
        self.assert_ties("settings of the root")

    def test_what_is_due_in_an_archived_branch(self):
        """Archived between the sale and the night: the job posts it, and so does the button."""
        root = self.root.sudo()
        groups = self.env.ref("base.group_user") | self.env.ref("account.group_account_manager")
        accountant = self.env["res.users"].create(
            {
                "name": "Accountant",
                "login": "accountant-of-the-test",
                "group_ids": [Command.set(groups.ids)],
                "company_id": root.id,
                "company_ids": [Command.set((root | self.company).ids)],
            }
        )
        posting = {"daily job": self.posting.sudo()._cron_post, "button": None}
        for name, post in posting.items():
            with self.subTest(name), self.cr.savepoint() as savepoint:
                account = root.loyalty_promotional_discount_account_id
                (root | self.company.sudo()).loyalty_promotional_discount_account_id = False
                self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
                self.sell([(self.snack, 1, 60)], [(self.tender, 60)])
                self.close()
                self.assertFalse(self.wallet.sudo().entry_ids.move_id)
                (root | self.company.sudo()).loyalty_promotional_discount_account_id = account
                self.company.sudo().active = False
                self.env.flush_all()
                self.env.invalidate_all()
                if post:
                    with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
                        post()
                else:
                    env = self.env(user=accountant, context={"allowed_company_ids": root.ids})
                    env["loyalty.reconciliation"].create({}).action_post()
                self.assertEqual(len(self.wallet.sudo().entry_ids.move_id), 2)
                self.assertEqual(self.wallet.sudo().entry_ids.move_id.company_id, self.company)
                savepoint.rollback()
                self.env.invalidate_all()
