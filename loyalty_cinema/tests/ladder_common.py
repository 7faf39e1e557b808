"""A ladder of four tiers, and members who earn, bring back and are reviewed, in one line each."""

from datetime import date

from freezegun import freeze_time

from ..domain.amounts import to_decimal
from ..domain.movement import Movement, Reversal
from .member_common import MemberCase

THRESHOLDS = {"Silver": 0, "Gold": 100, "Platinum": 300, "Diamond": 750}


class LadderCase(MemberCase):
    """Silver 0, Gold 100, Platinum 300, Diamond 750 in the company's membership program."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.silver, cls.gold, cls.platinum, cls.diamond = cls.tiers(cls.program)
        cls.program.tier_stale = False
        cls.reviews = cls.env["loyalty.tier.review"]

    def setUp(self):
        super().setUp()
        self.enterContext(freeze_time("2026-06-15 12:00:00"))
        self.commits, self.job_has_time = [], 1000
        cron = self.env["ir.cron"]
        self.patch(type(cron), "_commit_progress", self._commit_progress)

    def _commit_progress(self, processed=0, *, remaining=None, deactivate=False):
        """Instead of committing, note it; there is time for so many more batches."""
        self.commits.append((processed, remaining))
        self.job_has_time -= 1
        return max(self.job_has_time, 0)

    @classmethod
    def tiers(cls, program):
        """The four tiers of a program."""
        return cls.env["loyalty.tier"].create(
            [
                {"name": name, "threshold": threshold, "program_id": program.id}
                for name, threshold in THRESHOLDS.items()
            ]
        )

    def earn(self, member, points, on=None, kind="earn"):
        """Qualifying points, from a sale of that day (default: today)."""
        return self.ledger.post([self.earning(member, points, on, kind)])

    def earning(self, member, points, on=None, kind="earn"):
        """The movement of :meth:`earn`."""
        return Movement(
            member.balance_id.id,
            to_decimal(0),
            kind,
            self.key(),
            reason="Test",
            qualifying=to_decimal(points),
            qualifying_on=on and date.fromisoformat(on),
        )

    def bring_back(self, entry, points=None):
        """Take back all of an entry, or a part of it."""
        qualifying = None if points is None else to_decimal(points)
        amount = None if points is None else to_decimal(0)
        return self.ledger.claw_back([Reversal(entry, self.key(), amount, qualifying)])

    def review(self, day):
        """The nightly job of that day."""
        with freeze_time(f"{day} 12:00:00"):
            self.reviews._cron_review()

    def history(self, member):
        """``[(kind, name of the tier)]``, oldest first."""
        changes = member.tier_change_ids.sorted("id")
        return [(change.kind, change.to_tier_id.name) for change in changes]
