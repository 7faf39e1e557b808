"""A club of many members, made by SQL: customers, balances, movements, and what they bought.

Each member has so many movements of two years (earned, 10 points and one qualifying point each) in
one open lot; a fourth of them is in each of the suggested tiers; all let staff see their profile.
Those who are *known*, spread evenly, have bought something, too: orders of two lines within the
last year, as many in a small club as in a large one.
"""

from dataclasses import dataclass
from functools import cache

from bulk import bulk
from shop import shop_of

from odoo import Command

#: Ids start here, beyond what the installation and other benchmarks have made.
FIRST_ID = 500_000_000
ORDER_IDS = 600_000_000
POINTS = 10
ENTRIES_EACH = 10
#: Members who come often, at most, and their orders together.
KNOWN_MAX, ORDERS = 1_000, 20_000
#: One of them has so many movements, and one for each of as many orders.
BUSY_ENTRIES = 1_000
TABLES = ("res_partner", "loyalty_card", "loyalty_member", "loyalty_ledger_entry", "loyalty_lot")

PARTNERS = """
    INSERT INTO res_partner (id, name, complete_name, active, type, is_company, partner_share,
                             commercial_partner_id, autopost_bills, phone, lang, create_date,
                             write_date, birthdate_date, loyalty_consent_profile)
    SELECT %(first)s + n, name, name, TRUE, 'contact', FALSE, TRUE, %(first)s + n, 'ask',
           '+849' || lpad(n::text, 8, '0'), 'en_US', now(), now(),
           date '1970-01-01' + (n * 37 %% 14000)::int, TRUE
      FROM generate_series(0, %(members)s - 1) AS n,
           LATERAL (SELECT 'Member ' || lpad(n::text, 8, '0') AS name) AS named
"""
BALANCES = """
    INSERT INTO loyalty_card (id, program_id, company_id, partner_id, code, active, points, held,
                              overdraft, pending, qualifying_points, create_date)
    SELECT %(first)s + n, %(program)s, %(company)s, %(first)s + n, 'crowd' || n, TRUE,
           %(points)s * %(each)s, 0, 0, 0, %(each)s, now()
      FROM generate_series(0, %(members)s - 1) AS n
"""
MEMBERS = """
    INSERT INTO loyalty_member (id, partner_id, program_id, company_id, balance_id, channel,
                                joined_on, active, tier_id, tier_secured_id, tier_since,
                                tier_review_on, create_date)
    SELECT %(first)s + n, %(first)s + n, %(program)s, %(company)s, %(first)s + n, 'till',
           current_date - 700, TRUE, tier, tier, current_date - 100, current_date + 265, now()
      FROM generate_series(0, %(members)s - 1) AS n,
           LATERAL (SELECT (%(tiers)s)[1 + n %% cardinality(%(tiers)s)] AS tier) AS t
"""
#: ``turn``: which of the member's movements, the latest first (0).
ENTRIES = """
    INSERT INTO loyalty_ledger_entry
           (id, balance_id, program_id, company_id, currency_id, partner_id, kind, amount,
            paid_amount, bonus_amount, balance_after, qualifying_points, qualifying_on,
            is_stored_value, date, key, user_id)
    SELECT id, owner, %(program)s, %(company)s, %(currency)s, owner, 'earn',
           %(points)s, 0, 0, %(points)s * (%(each)s - turn), 1, day::date, FALSE, day,
           'crowd:' || id, 1
      FROM generate_series(0, %(entries)s - 1) AS n,
           LATERAL (SELECT %(first_entry)s + n AS id, %(first)s + n / %(each)s AS owner,
                           n %% %(each)s AS turn) AS e,
           LATERAL (SELECT now() - interval '1 hour' * (1 + turn * 17000 / %(each)s) AS day) AS d
"""
LOTS = """
    INSERT INTO loyalty_lot (id, balance_id, company_id, entry_id, group_id, source, amount,
                             remaining, pending, expires_on)
    SELECT %(first)s + n, %(first)s + n, %(company)s, %(first)s + n * %(each)s,
           %(first)s + n * %(each)s, 'points', %(points)s * %(each)s, %(points)s * %(each)s, FALSE,
           current_date + 200
      FROM generate_series(0, %(members)s - 1) AS n
"""
SESSION = """
    INSERT INTO pos_session (name, config_id, user_id, state, start_at, stop_at, rescue)
    SELECT 'Earlier days', config_id, user_id, 'closed', now() - interval '1 year', now(), FALSE
      FROM pos_session WHERE id = %(session)s
    RETURNING id
"""
SOLD = """
    INSERT INTO pos_order (id, name, company_id, partner_id, session_id, config_id, uuid, state,
                           amount_tax, amount_total, amount_paid, amount_return, date_order,
                           loyalty_settled, loyalty_confirmed)
    SELECT %(first_order)s + n, 'crowd' || %(first_order)s + n, %(company)s,
           %(first)s + n / %(each)s * %(step)s, %(session)s, %(config)s,
           'crowd' || %(first_order)s + n, 'paid', 0, 30, 30, 0,
           now() - interval '1 hour' * (1 + n %% %(each)s * 8000 / %(each)s), TRUE, TRUE
      FROM generate_series(0, %(orders)s - 1) AS n
"""
LINES = """
    INSERT INTO pos_order_line (id, name, uuid, company_id, order_id, product_id, qty, price_unit,
                                price_subtotal, price_subtotal_incl, discount)
    SELECT %(first_order)s + n, 'crowd', 'crowd' || %(first_order)s + n, %(company)s,
           %(first_order)s + n / 2,
           (%(products)s)[1 + (n + n / 40) %% cardinality(%(products)s)], 1, 15, 15, 15, 0
      FROM generate_series(0, 2 * %(orders)s - 1) AS n
"""


@dataclass(frozen=True)
class Crowd:
    """Where the members of one database are."""

    members: int

    @property
    def known(self):
        """How many have bought something."""
        return min(KNOWN_MAX, self.members)

    @property
    def step(self):
        """From one of them to the next."""
        return self.members // self.known

    def partner(self, place):
        """The customer id of one of those who are known."""
        return FIRST_ID + place * self.step


@cache
def crowd_of(database, members):
    """The club of ``members`` members in ``database``, made when first asked for."""
    shop, crowd = shop_of(database), Crowd(members)
    sold = {"first_order": ORDER_IDS, "each": ORDERS // crowd.known, "orders": ORDERS}
    with database.transaction(company=shop.company_id) as env:
        values = _values(env, shop, _program(env, shop), crowd)
        busy = _busy(values)
        with bulk(env.cr, *TABLES):
            for statement in (PARTNERS, BALANCES, MEMBERS, ENTRIES, LOTS):
                env.cr.execute(statement, values)
            env.cr.execute(ENTRIES, busy)
            for case in (values | sold, busy):
                for statement in (SOLD, LINES):
                    env.cr.execute(statement, case)
    database.tidy()
    return crowd


def _program(env, shop):
    """A membership program with the four suggested tiers, as a manager makes it."""
    program = env["loyalty.program"].create(
        {
            "name": "Club",
            "program_type": "loyalty",
            "is_membership": True,
            "company_id": shop.company_id,
            "earn_rule_ids": [Command.create({"name": "5 %", "kind": "percent", "rate": 5})],
        }
    )
    env["res.company"].browse(shop.company_id).loyalty_points_program_id = program
    program.action_suggest_tiers()
    env.flush_all()
    return program


def _values(env, shop, program, crowd):
    session = env["pos.session"].browse(shop.session_id)
    env.cr.execute(SESSION, {"session": session.id})
    return {
        "first": FIRST_ID,
        "first_entry": FIRST_ID,
        "members": crowd.members,
        "each": ENTRIES_EACH,
        "entries": crowd.members * ENTRIES_EACH,
        "points": POINTS,
        "program": program.id,
        "company": shop.company_id,
        "currency": program.currency_id.id,
        "tiers": program.tier_ids.ids,
        "products": shop.product_ids,
        "session": env.cr.fetchone()[0],
        "config": session.config_id.id,
        "step": crowd.step,
    }


def _busy(values):
    """The first of those who are known has many movements, and an order for each of them."""
    return values | {
        "first_entry": FIRST_ID + values["entries"],
        "first_order": ORDER_IDS + 4 * ORDERS,
        "each": BUSY_ENTRIES,
        "entries": BUSY_ENTRIES,
        "orders": BUSY_ENTRIES,
    }
