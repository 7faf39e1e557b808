"""The nightly review of tiers: a million members whose day has come.

Beside it one bare SQL statement that computes the same tiers of the same members on the same data
and writes the same rows (members and their changes), all foreign keys checked, but in one go:
without locks, batches, commits between them, grace days, tiers given by hand or a second period
that counts. The bare one goes first and is rolled back; what it left is cleaned up before the job
starts.
"""

import time

from bulk import bulk
from crowd import BALANCES, PARTNERS, TABLES
from figures import Figure
from jobs import beside_bare

FIRST_ID = 700_000_000
#: Sales of each member within the last two years; half of them count.
ENTRIES_EACH = 6

#: Every fourth member holds each of the tiers; silver is not reviewed, hence the other three.
MEMBERS = """
    INSERT INTO loyalty_member (id, partner_id, program_id, company_id, balance_id, channel,
                                joined_on, active, tier_id, tier_secured_id, tier_since,
                                tier_review_on, create_date)
    SELECT %(first)s + n, %(first)s + n, %(program)s, %(company)s, %(first)s + n, 'till',
           current_date - 800, TRUE, tier, tier, current_date - 365, current_date, now()
      FROM generate_series(0, %(members)s - 1) AS n,
           LATERAL (SELECT (%(tiers)s)[2 + n %% 3] AS tier) AS t
"""
#: In the order in which sales happen: one of each member, then the next of each.
ENTRIES = """
    INSERT INTO loyalty_ledger_entry
           (id, balance_id, program_id, company_id, currency_id, partner_id, kind, amount,
            paid_amount, bonus_amount, balance_after, qualifying_points, qualifying_on,
            is_stored_value, date, key, user_id)
    SELECT %(first)s + n, owner, %(program)s, %(company)s, %(currency)s, owner, 'earn',
           0, 0, 0, 0, 1 + (n::bigint * 7919 %% 311), day, FALSE, day, 'tiers:' || n, 1
      FROM generate_series(0, %(members)s * %(each)s - 1) AS n,
           LATERAL (SELECT %(first)s + n %% %(members)s AS owner,
                           current_date - 700 + (n / %(members)s * 700 / %(each)s)::int AS day) AS e
"""
BARE = """
    WITH total AS (
        SELECT partner_id, SUM(qualifying_points) AS points FROM loyalty_ledger_entry
         WHERE program_id = %(program)s AND qualifying_points != 0
           AND qualifying_on > current_date - interval '12 months' AND qualifying_on <= current_date
         GROUP BY partner_id
    ), result AS (
        SELECT m.id, m.partner_id, m.program_id, m.company_id, m.tier_id AS old_id, m.tier_since,
               COALESCE(total.points, 0) AS points,
               CASE WHEN earned.threshold < held.threshold THEN earned.id ELSE held.id END AS new_id
          FROM loyalty_member m
          JOIN loyalty_tier held ON held.id = m.tier_id
          LEFT JOIN total ON total.partner_id = m.partner_id
         CROSS JOIN LATERAL (
               SELECT id, threshold FROM loyalty_tier
                WHERE program_id = %(program)s AND threshold <= COALESCE(total.points, 0)
                ORDER BY threshold DESC LIMIT 1) AS earned
         WHERE m.program_id = %(program)s AND m.tier_review_on <= current_date
    ), changes AS (
        INSERT INTO loyalty_tier_change
               (member_id, partner_id, program_id, company_id, from_tier_id, to_tier_id, kind, date,
                qualifying, user_id, create_uid, write_uid, create_date, write_date)
        SELECT id, partner_id, program_id, company_id, old_id, new_id,
               CASE WHEN old_id = new_id THEN 'review' ELSE 'downgrade' END, current_date, points,
               1, 1, 1, now(), now()
          FROM result
    )
    UPDATE loyalty_member m
       SET tier_id = r.new_id, tier_secured_id = r.new_id,
           tier_since = CASE WHEN r.old_id = r.new_id THEN m.tier_since ELSE current_date END,
           tier_review_on = CASE WHEN r.new_id = %(lowest)s THEN NULL
                                 ELSE current_date + interval '12 months' END,
           tier_secured_review_on = NULL, write_uid = 1, write_date = now()
      FROM result r WHERE m.id = r.id
"""
COUNTED = """
    SELECT tier_id, COUNT(*), COUNT(tier_review_on) FROM loyalty_member
     WHERE program_id = %(program)s GROUP BY tier_id ORDER BY tier_id
"""


def measure(databases, options):
    """Figures of the review: seconds of the job, of bare SQL, and their ratio."""
    database, members = databases.addon("tiers"), options.members
    values = _generate(database, members)
    bare, expected = _bare(database, members, values)
    figures = beside_bare(
        database,
        lambda env: env["loyalty.tier.review"]._cron_review(),
        "tiers.review",
        members,
        "members",
        bare,
    )
    with database.transaction() as env:
        env.cr.execute(COUNTED, values)
        same = env.cr.fetchall() == expected
    name, aim = f"tiers.review.{members}.same_tiers", "as bare SQL computes them"
    return [*figures, Figure(name, int(same), "", aim=aim, met=same)]


def _generate(database, members):
    """A club of members who are all to be reviewed today."""
    with database.transaction() as env:
        program = env["loyalty.program"].create(
            {
                "name": "Review",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": env.company.id,
            }
        )
        program.action_suggest_tiers()
        program.write({"tier_stale": False})
        env.flush_all()
        values = {
            "first": FIRST_ID,
            "members": members,
            "each": ENTRIES_EACH,
            "points": 0,
            "program": program.id,
            "company": program.company_id.id,
            "currency": program.currency_id.id,
            "tiers": program.tier_ids.ids,
            "lowest": program.tier_ids[0].id,
        }
        with bulk(env.cr, *TABLES):
            for statement in (PARTNERS, BALANCES, MEMBERS, ENTRIES):
                env.cr.execute(statement, values)
    return values


def _bare(database, members, values):
    """Seconds of the bare statement and who has which tier after it; its work is undone."""
    database.tidy()
    with database.sql() as connection, connection.cursor() as cr:
        start = time.perf_counter()
        cr.execute(BARE, values)
        seconds = time.perf_counter() - start
        if cr.rowcount != members:
            raise AssertionError(f"bare SQL: {cr.rowcount} members of {members}")
        cr.execute(COUNTED, values)
        expected = cr.fetchall()
        connection.rollback()
    return seconds, expected
