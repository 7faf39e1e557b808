"""A company with stored value set up, and balances made in one line."""

from odoo.tests import TransactionCase


class LedgerCase(TransactionCase):
    """Shared by the tests of the ledger: a wallet program and small factories."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company._loyalty_setup()
        cls.wallet_program = cls.company.loyalty_wallet_program_id
        cls.gift_program = cls.company.loyalty_gift_program_id
        cls.points_program = cls.env["loyalty.program"].create(
            {"name": "Points", "program_type": "loyalty", "applies_on": "both", "trigger": "auto"}
        )
        cls.ledger = cls.env["loyalty.ledger"]
        cls.sequence = 0

    def balance(self, value=0, bonus=0, program=None):
        """A fresh balance holding ``value`` paid for and ``bonus`` granted with it."""
        balance = self.env["loyalty.card"].create(
            {"program_id": (program or self.wallet_program).id}
        )
        if value:
            self.load(balance, value, bonus)
        return balance

    def load(self, balance, value, bonus=0, expires_on=None):
        """Load ``value`` with ``bonus``; returns the load entry."""
        key = self.key()
        lots = [self.new_lot("paid", value, expires_on)]
        entry = self.ledger.credit(balance, value, "load", key, lots=lots)
        if bonus:
            lots = [self.new_lot("bonus", bonus, expires_on)]
            self.ledger.credit(balance, bonus, "bonus", f"{key}:bonus", lots=lots, group_key=key)
        return entry

    def new_lot(self, source, amount, expires_on=None):
        """A lot for ``credit``."""
        from ..domain.amounts import to_decimal
        from ..domain.lots import NewLot

        return NewLot(source, expires_on, to_decimal(amount))

    def key(self):
        """A fresh idempotency key."""
        type(self).sequence += 1
        return f"test:{self.id()}:{self.sequence}"

    def assert_whole(self, balances=None):
        """L1 to L4 hold for these balances (default: all)."""
        self.assertEqual(self.ledger.verify(balances), [])
