from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..domain.tier_periods import upgraded_days
from ..domain.tiers import assign, rise, start, undo
from ..exceptions import LoyaltyError, ReasonMissing


class LoyaltyMember(models.Model):
    """How tiers change: at enrolment, by what is earned, by refunds, by hand.

    Each verb takes any number of members and costs a constant number of statements: one that locks
    and reads them, one for all sums, one that writes members, one that writes the changes.
    """

    _inherit = "loyalty.member"

    @api.private
    def _tier_start(self):
        """Put members without a tier into the lowest one, if that starts at zero."""
        rows = self._tier_lock(SQL("m.id = ANY(%s)", self.ids))
        today = self._tier_today(rows)
        for row in rows.values():
            if not row.standing.tier:
                day = min(row.joined_on, today[row.program_id])
                row.became(start(row.ladder, day), "start", day)
        self._tier_store(rows)

    @api.private
    def _tier_rise(self, day=None, kind="upgrade"):
        """Raise these members to what they have earned, at once.

        :param day: the day whose period is looked at (default: today, by the company's clock)
        :param kind: "start" where not the members reach the tier, but the ladder the members
        """
        rows = self._tier_lock(SQL("m.id = ANY(%s)", self.ids))
        today, kinds = self._tier_today(rows), dict.fromkeys(rows, kind)
        days = {id_: {day or today[row.program_id]} for id_, row in rows.items()}
        self._tier_settle(rows, days, kinds=kinds)

    @api.model
    @api.private
    def _tier_follow(self, moved):
        """Raise and undo what these movements of qualifying points decide; called by the ledger.

        Points count on the day of their sale, which may lie in a period that is over: the tier that
        it reached is reached then, and its review is due.

        :param moved: ``[(program id, partner id, Movement)]``
        """
        pairs = {(program, partner) for program, partner, _movement in moved if partner}
        if not pairs:
            return
        values = SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs)
        rows = self._tier_lock(SQL("(m.program_id, m.partner_id) IN (%s)", values))
        today, days, undone, kinds = self._tier_today(rows), defaultdict(set), {}, {}
        by_pair = {(row.program_id, row.partner_id): row for row in rows.values()}
        for program, partner, movement in moved:
            row = by_pair.get((program, partner))
            if row and movement.qualifying > 0:
                days[row.id] |= {movement.qualifying_on, today[program]}
                if movement.kind != "opening":  # brought from elsewhere, not reached here
                    kinds[row.id] = "upgrade"
            elif row:
                undone[row.id] = today[program]
        self._tier_settle(rows, days, undone, kinds)

    def _tier_settle(self, rows, days, undone=None, kinds=None):
        """Undo, then raise, and write it down.

        :param days: ``{member id: days of earning}``; ``undone``: ``{member id: day of refund}``
        :param kinds: ``{member id: why it rises}``, "start" where nothing is said
        """
        undone, kinds = undone or {}, kinds or {}
        asked = {}
        for id_, day in undone.items():
            row = rows[id_]
            asked[id_, "now"] = row.running(day)
            since = row.standing.since or day
            asked[id_, "then"] = upgraded_days(row.ladder.window, row.joined_on, since, day)
        for id_, of_member in days.items():
            asked |= {(id_, day): rows[id_].running(day) for day in of_member}
        sums = self._tier_sums(rows, asked)
        for id_, day in undone.items():
            row, now, then = rows[id_], sums[id_, "now"], sums[id_, "then"]
            row.became(undo(row.ladder, row.standing, now, then, day), "refund", day, now)
        for id_, of_member in days.items():
            row, kind = rows[id_], kinds.get(id_, "start")
            for day in sorted(of_member):
                total = sums[id_, day]
                standing = rise(row.ladder, row.joined_on, row.standing, total, day)
                row.became(standing, kind, day, total)
        self._tier_store(rows)

    @api.private
    def _tier_assign(self, tier, reason, until=None):
        """Give these members ``tier`` by hand, through ``until`` (default: until further notice).

        They do not fall below it before; they may rise above it.

        :raises ReasonMissing: without a reason
        :raises LoyaltyError: a tier of another program, or one that ends before today
        """
        if not (reason or "").strip():
            raise ReasonMissing(self.env._("Give the reason: it is kept with the tier."))
        if self.program_id != tier.program_id or not tier.active:
            raise LoyaltyError(
                self.env._("%(tier)s is not a tier of these members' program.", tier=tier.name)
            )
        rows = self._tier_lock(SQL("m.id = ANY(%s)", self.ids))
        today = tier.program_id._today()
        if until and until < today:
            raise LoyaltyError(self.env._("A tier cannot be given until a day that is over."))
        sums = self._tier_sums(rows, {(id_, 0): row.running(today) for id_, row in rows.items()})
        rungs = {rung.id: rung for rung in tier.program_id._ladder().rungs}
        for id_, row in rows.items():
            standing = assign(rungs[tier.id], today, until or None)
            row.became(standing, "manual", today, sums[id_, 0], reason)
        self._tier_store(rows)

    def _tier_today(self, rows):
        """``{program id: its company's date now}``."""
        programs = {row.program_id for row in rows.values()}
        return {p.id: p._today() for p in self.env["loyalty.program"].browse(programs)}
