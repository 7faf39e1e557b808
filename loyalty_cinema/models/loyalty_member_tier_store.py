from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..domain.tier_ladder import Ladder, Rung, Standing
from ..domain.tier_periods import period

#: The columns of a standing, in the order of the fields of :class:`Standing`.
STANDING_COLUMNS = (
    "tier_id",
    "tier_since",
    "tier_review_on",
    "tier_secured_id",
    "tier_secured_review_on",
    "tier_floor_id",
    "tier_until",
)


def standing_of(rungs, values):
    """A standing from the ``values`` of :data:`STANDING_COLUMNS`; ``rungs`` by their ids."""
    pairs = zip(STANDING_COLUMNS, values, strict=True)
    return Standing(*(rungs.get(v) if name.endswith("_id") else v or None for name, v in pairs))


@dataclass(slots=True)
class Change:
    """One change of a tier, before it is stored."""

    before: Rung | None
    after: Rung | None
    kind: str
    day: date
    qualifying: Decimal
    reason: str | None


@dataclass(slots=True)
class MemberRow:
    """A locked member while verbs work out the new standing."""

    id: int
    partner_id: int
    program_id: int
    company_id: int | None
    joined_on: date
    ladder: Ladder
    stored: Standing
    standing: Standing
    changes: list = field(default_factory=list)

    def running(self, day):
        """First and last of the days that count on ``day``."""
        return period(self.ladder.window, self.joined_on, day)[0], day

    def became(self, standing, kind, day, qualifying=Decimal(0), reason=None):
        """Take over the standing that a rule gave. What people do is kept in any case."""
        if standing.tier != self.standing.tier or kind in ("manual", "merge"):
            change = Change(self.standing.tier, standing.tier, kind, day, qualifying, reason)
            self.changes.append(change)
        self.standing = standing


class LoyaltyMember(models.Model):
    """How standings are read and written: a statement each, whatever the number of members."""

    _inherit = "loyalty.member"

    def _tier_lock(self, condition):
        """``{id: MemberRow}`` of the members (``m``) that meet ``condition``, locked.

        In the order of their ids, which prevents deadlocks. Members of programs without tiers are
        left out.
        """
        self.flush_model()
        self.env["loyalty.tier"].flush_model(["program_id", "active", "threshold", "by_hand"])
        found = self.env.execute_query(
            SQL(
                """
                SELECT m.id, m.partner_id, m.program_id, m.company_id, m.joined_on, %(columns)s
                  FROM loyalty_member m
                 WHERE %(condition)s
                   AND EXISTS (SELECT 1 FROM loyalty_tier t
                                WHERE t.program_id = m.program_id AND t.active)
                 ORDER BY m.id FOR NO KEY UPDATE OF m
                """,
                columns=SQL(", ").join(SQL.identifier("m", name) for name in STANDING_COLUMNS),
                condition=condition,
            )
        )
        ladders = {}
        for program in self.env["loyalty.program"].browse({row[2] for row in found}):
            ladder = program._ladder()
            ladders[program.id] = ladder, {rung.id: rung for rung in ladder.rungs}
        rows = {}
        for row in found:
            ladder, rungs = ladders[row[2]]
            standing = standing_of(rungs, row[5:])
            rows[row[0]] = MemberRow(*row[:5], ladder, standing, standing)
        return rows

    def _tier_sums(self, rows, asked):
        """``{key: Decimal}``: the qualifying points of the days that are asked for.

        One query; each sum reads the entries of its days from one index.

        :param asked: ``{key: (first day, last day)}``; a key starts with the id of a member
        """
        if not asked:
            return {}
        members = [rows[key[0]] for key in asked]
        values = SQL(", ").join(
            SQL("(%s, %s, %s, %s::date, %s::date)", n, row.program_id, row.partner_id, *days)
            for n, (row, days) in enumerate(zip(members, asked.values(), strict=True))
        )
        found = self.env.execute_query(
            SQL(
                """
                SELECT s.total::text
                  FROM (VALUES %s) AS v(n, program_id, partner_id, first_on, last_on)
                 CROSS JOIN LATERAL (
                       SELECT COALESCE(SUM(e.qualifying_points), 0) AS total
                         FROM loyalty_ledger_entry e
                        WHERE e.program_id = v.program_id AND e.partner_id = v.partner_id
                          AND e.qualifying_on BETWEEN v.first_on AND v.last_on
                          AND e.qualifying_points != 0) s
                 ORDER BY v.n
                """,
                values,
            )
        )
        return {key: Decimal(total) for key, (total,) in zip(asked, found, strict=True)}

    def _tier_store(self, rows):
        """Write the standings that changed, and the changes; tell whoever follows tiers."""
        moved = [row for row in rows.values() if row.standing != row.stored]
        changes = [(row, change) for row in rows.values() for change in row.changes]
        if moved:
            self._tier_write(moved)
        if changes:
            self._tier_log(changes)._after_changes()

    def _tier_write(self, rows):
        uid, now = self.env.uid, fields.Datetime.now()
        self.env.cr.execute_values(
            """
            UPDATE loyalty_member m
               SET tier_id = v.tier, tier_since = v.since, tier_review_on = v.review_on,
                   tier_secured_id = v.secured, tier_secured_review_on = v.put_off,
                   tier_floor_id = v.floor, tier_until = v.until,
                   write_uid = v.uid, write_date = v.now
              FROM (VALUES %s) AS v(id, tier, since, review_on, secured, put_off, floor, until,
                                    uid, now)
             WHERE m.id = v.id
            """,
            [(row.id, *_columns(row.standing), uid, now) for row in rows],
            template="(%s, %s::int, %s::date, %s::date, %s::int, %s::date, %s::int, %s::date, "
            "%s, %s::timestamp)",
            page_size=len(rows),
        )
        self._tier_forget([row.id for row in rows])

    def _tier_log(self, changes):
        """Store ``[(MemberRow, Change)]``; returns the records in sudo, for what follows."""
        uid, now = self.env.uid, fields.Datetime.now()
        ids = self.env.cr.execute_values(
            """
            INSERT INTO loyalty_tier_change
                   (member_id, partner_id, program_id, company_id, from_tier_id, to_tier_id, kind,
                    date, qualifying, reason, user_id, create_uid, write_uid, create_date,
                    write_date)
            VALUES %s RETURNING id
            """,
            [
                (
                    row.id,
                    row.partner_id,
                    row.program_id,
                    row.company_id,
                    change.before and change.before.id,
                    change.after and change.after.id,
                    change.kind,
                    change.day,
                    change.qualifying,
                    change.reason,
                    *[uid] * 3,
                    *[now] * 2,
                )
                for row, change in changes
            ],
            page_size=len(changes),
            fetch=True,
        )
        # sudo: what follows a change is the house's business, whoever's purchase made it
        return self.env["loyalty.tier.change"].sudo().browse(id_ for (id_,) in ids)

    @api.model
    def _tier_forget(self, ids):
        """Make the ORM read again what SQL has changed below it."""
        members = self.env["loyalty.member"].browse(ids)
        members.invalidate_recordset([*STANDING_COLUMNS, "tier_change_ids"], flush=False)
        members.modified(STANDING_COLUMNS)


def _columns(standing):
    """The values of :data:`STANDING_COLUMNS`."""
    values = [getattr(standing, each.name) for each in dataclass_fields(Standing)]
    return [value.id if isinstance(value, Rung) else value for value in values]
