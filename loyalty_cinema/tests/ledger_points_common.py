"""Members' points in one line each."""

from unittest.mock import patch

from ..domain.amounts import to_decimal
from ..domain.lots import NewLot
from .ledger_common import LedgerCase


class PointsCase(LedgerCase):
    """Factories of programs and points. Jobs do not commit: ``commits`` notes that they would."""

    def setUp(self):
        super().setUp()
        self.commits = []  # (done, left) of each
        self.job_has_time = 1
        commit = patch.object(type(self.env["ir.cron"]), "_commit_progress", self.commit)
        self.enterContext(commit)

    def commit(self, done=0, *, remaining=None):
        """In place of ``ir.cron._commit_progress``: how much time is left."""
        self.commits.append((done, remaining))
        return self.job_has_time

    def membership(self, **values):
        """A membership program of the current company."""
        return self.env["loyalty.program"].create(
            {
                "name": "Club",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": self.company.id,
                "is_membership": True,
                **values,
            }
        )

    def earn(self, balance, amount, qualifying=0, expires_on=None, available_on=None):
        """Points from a sale; returns the entry."""
        lots = [NewLot("points", expires_on, to_decimal(amount), available_on)]
        return self.ledger.credit(
            balance, amount, "earn", self.key(), lots=lots, qualifying=qualifying
        )
