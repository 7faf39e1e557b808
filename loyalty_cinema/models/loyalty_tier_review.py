from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import scheduled_job

#: Members reviewed in one statement and one commit.
BATCH_SIZE = 5000

#: One statement for a batch of members, by the rules of ``domain/tiers.review``. ``due``: locked;
#: who is just being served waits for the next run. ``days``: what is measured of whom. ``summed``:
#: qualifying points of the ended period and of the running one. ``judged``: what remains, by
#: threshold: the tier where it is earned, else the highest of what is earned, the step below and
#: what was given by hand. Then members and changes are written.
REVIEW = """
    WITH tier AS MATERIALIZED (
        SELECT id, threshold, by_hand IS TRUE AS by_hand FROM loyalty_tier
         WHERE program_id = %(program)s AND active
    ), due AS MATERIALIZED (
        SELECT m.id, m.partner_id, m.program_id, m.company_id, m.joined_on, m.tier_id, m.tier_since,
               m.tier_until, m.tier_review_on AS due_on,
               CASE WHEN m.tier_until < m.tier_review_on THEN NULL ELSE m.tier_floor_id END AS floor
          FROM loyalty_member m
         WHERE m.program_id = %(program)s AND m.tier_review_on <= %(day)s {only}
         LIMIT %(limit)s FOR NO KEY UPDATE OF m SKIP LOCKED
    ), days AS (
        SELECT d.*, {first} AS first_on, {last} AS last_on, {running} AS running_on,
               {following} AS next_on
          FROM due d
    ), summed AS (
        SELECT d.*, GREATEST(s.measured, s.running, 0) AS best
          FROM days d
         CROSS JOIN LATERAL (
               SELECT SUM(e.qualifying_points) FILTER (
                          WHERE e.qualifying_on BETWEEN d.first_on AND d.last_on) AS measured,
                      SUM(e.qualifying_points) FILTER (
                          WHERE e.qualifying_on BETWEEN d.running_on AND %(day)s) AS running
                 FROM loyalty_ledger_entry e
                WHERE e.program_id = %(program)s AND e.partner_id = d.partner_id
                  AND e.qualifying_on >= LEAST(d.first_on, d.running_on)
                  AND e.qualifying_on <= GREATEST(d.last_on, %(day)s)
                  AND e.qualifying_points != 0) s
    ), judged AS (
        SELECT s.*, held.threshold AS threshold,
               CASE WHEN earned.threshold >= held.threshold THEN held.threshold
                    ELSE GREATEST(earned.threshold, step.threshold, floored.threshold)
               END AS reached
          FROM summed s
          LEFT JOIN tier held ON held.id = s.tier_id
          LEFT JOIN tier floored ON floored.id = s.floor
         CROSS JOIN LATERAL (
               SELECT MAX(threshold) AS threshold FROM tier
                WHERE threshold <= s.best AND NOT by_hand) earned
         CROSS JOIN LATERAL (
               SELECT MAX(threshold) AS threshold FROM tier
                WHERE %(one_step)s AND threshold < held.threshold AND NOT by_hand) step
    ), result AS (
        SELECT j.*, t.id AS new_id, j.threshold IS NOT DISTINCT FROM t.threshold AS kept,
               CASE WHEN t.id IS NULL OR t.threshold <= 0 THEN NULL
                    WHEN t.id = j.floor THEN j.tier_until + 1 ELSE j.next_on END AS review_on
          FROM judged j LEFT JOIN tier t ON t.threshold = j.reached
    ), members AS (
        UPDATE loyalty_member m
           SET tier_id = r.new_id, tier_secured_id = r.new_id,
               tier_since = CASE WHEN r.kept THEN r.tier_since ELSE %(day)s END,
               tier_review_on = r.review_on, tier_secured_review_on = r.review_on,
               tier_floor_id = r.floor,
               tier_until = CASE WHEN r.floor IS NOT NULL THEN r.tier_until END,
               write_uid = %(uid)s, write_date = %(now)s
          FROM result r WHERE m.id = r.id
    ), changes AS (
        INSERT INTO loyalty_tier_change
               (member_id, partner_id, program_id, company_id, from_tier_id, to_tier_id, kind, date,
                qualifying, user_id, create_uid, write_uid, create_date, write_date)
        SELECT id, partner_id, program_id, company_id, tier_id, new_id,
               CASE WHEN kept THEN 'review' ELSE 'downgrade' END, %(day)s, best,
               %(uid)s, %(uid)s, %(uid)s, %(now)s, %(now)s
          FROM result
        RETURNING id, member_id
    )
    SELECT COALESCE(ARRAY_AGG(id), '{{}}'), COALESCE(ARRAY_AGG(member_id), '{{}}') FROM changes
"""


class LoyaltyTierReview(models.AbstractModel):
    """The nightly review: who keeps the tier, and who falls. By SQL alone, in batches.

    Restartable: who has been reviewed is not due any more. Cost: one statement for each batch of
    :data:`BATCH_SIZE` members, which reads for each of them the entries of the days measured from
    an index that holds all it needs; beside that what others do with the changes (benefits).
    """

    _name = "loyalty.tier.review"
    _description = "Review of Tiers"

    @api.model
    @api.private
    @scheduled_job
    def _cron_review(self):
        """Bring members in line with ladders that changed, then review all whose day has come."""
        programs = self.env["loyalty.program"].search([("is_membership", "=", True)])
        for program in programs.filtered("tier_ids"):
            if not (self._apply_ladder(program) and self._review_due(program)):
                break

    @api.private
    def _review_due(self, program, batch_size=BATCH_SIZE):
        """Review all members of ``program`` who are due, ``batch_size`` per commit.

        :return: whether it came to the end within the job's time
        """
        commit, day = self.env["ir.cron"]._commit_progress, program._today()
        members = self.env["loyalty.member"].with_context(active_test=False)
        due = [("program_id", "=", program.id), ("tier_review_on", "<=", day)]
        left = members.search_count(due)
        while left:
            changes = self._review(program, day, limit=batch_size)
            changes._after_changes()
            # a review that is years late is followed by the next one
            left = max(left - len(changes), 0) or members.search_count(due)
            if not commit(len(changes), remaining=left) and left:
                return False
            if not changes:
                break  # the others are being served
        return True

    @api.private
    def _review(self, program, day, limit=BATCH_SIZE, members=None):
        """Review members of ``program`` who are due on ``day``: one statement.

        :param limit: how many at most
        :param members: of these only
        :return: the changes, in sudo; one for each member reviewed
        """
        ladder = program._ladder()
        self.env["loyalty.member"].flush_model()
        self.env["loyalty.tier"].flush_model()
        names = ("first", "last", "running", "following")
        parts = dict(zip(names, self._review_days(ladder.window, day), strict=True))
        query = SQL(
            REVIEW.format(**{name: f"%({name})s" for name in names}, only="%(only)s"),
            program=program.id,
            day=SQL("%s::date", day),
            limit=limit,
            one_step=ladder.downgrade == "one_step",
            uid=self.env.uid,
            now=fields.Datetime.now(),
            only=SQL() if members is None else SQL("AND m.id = ANY(%s)", members.ids),
            **parts,
        )
        [(change_ids, member_ids)] = self.env.execute_query(query)
        self.env["loyalty.member"]._tier_forget(member_ids)
        # sudo: what follows a change is the house's business
        return self.env["loyalty.tier.change"].sudo().browse(change_ids)

    @api.private
    def _apply_ladder(self, program, batch_size=BATCH_SIZE):
        """Give members the tiers of a ladder that changed; nobody falls. Restartable.

        Who reaches a tier rises to it; who has no tier starts; who could fall gets a day of review.

        :return: whether it came to the end within the job's time
        """
        commit = self.env["ir.cron"]._commit_progress
        # who has left may come back, and is reviewed meanwhile
        members = self.env["loyalty.member"].with_context(active_test=False)
        while program.tier_stale:
            batch = members.search(
                [("program_id", "=", program.id), ("id", ">", program.tier_stale_after)],
                order="id",
                limit=batch_size,
            )
            new = batch.filtered(lambda member: not member.tier_id)
            new._tier_start()
            new._tier_rise(kind="start")
            (batch - new)._tier_rise()
            batch._tier_date()
            program.write({"tier_stale": bool(batch), "tier_stale_after": batch[-1:].id})
            if not commit(len(batch), remaining=int(bool(batch))) and batch:
                return False
        return True
