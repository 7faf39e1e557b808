"""Payments per second: the ledger's authorise + capture beside bare SQL that writes the same rows.

A payment is two transactions, as at a till: the hold when the customer's card is read, the capture
when the order arrives. The bare SQL takes the same locks and writes the same rows in as many
commits, and does nothing else: no rights, no keys looked up, no expiry, no choice among lots. It is
the floor that PostgreSQL sets, not an alternative.
"""

import time
from datetime import timedelta
from decimal import Decimal
from functools import partial

from figures import Figure, rate, ratio_of

from odoo import fields
from odoo.addons.loyalty_cinema.domain.movement import Movement

PRICE = Decimal(5)
LOAD = Decimal(1_000_000)
#: Rows that one payment leaves behind, by table.
ROWS = ("loyalty_hold", "loyalty_ledger_entry", "loyalty_lot_line", "loyalty_history")


def measure(databases, options):
    """Figures for both ways, on cards of their own, in turns."""
    database = databases.addon()
    cards = {way: _load_cards(database, way, options.payments) for way in (service, bare_sql)}
    database.tidy()
    seconds = {service: [], bare_sql: []}
    with database.sql() as connection:
        for turn in range(-1, options.rounds):  # the first one fills the caches
            for way in (service, bare_sql) if turn % 2 else (bare_sql, service):
                before = _row_counts(database)
                start = time.perf_counter()
                way(database, connection, cards[way], f"{way.__name__}:{turn}")
                if turn >= 0:
                    seconds[way].append(time.perf_counter() - start)
                _check_rows(before, _row_counts(database), options.payments)
    _check_whole(database, [card["id"] for some in cards.values() for card in some])
    ratio, spread = ratio_of(seconds[service], seconds[bare_sql])
    bare = Figure("payments.bare_sql", rate(options.payments, seconds[bare_sql]), "payments/s")
    served = rate(options.payments, seconds[service])
    return [bare, Figure("payments.service", served, "payments/s", ratio, spread)]


def alone(databases, options):
    """The addon's rounds, for ``against.py``."""
    database = databases.addon()
    cards = _load_cards(database, service, options.payments)
    database.tidy()

    def prepare(turn):
        return partial(service, database, None, cards, f"alone:{turn}")

    return {"service": (options.payments, prepare)}


def service(database, _connection, cards, key):
    """Authorise and capture through ``loyalty.ledger``."""
    for card in cards:
        own = f"{key}:{card['id']}"
        with database.transaction() as env:
            balance = env["loyalty.card"].browse(card["id"])
            env["loyalty.ledger"].authorize(balance, PRICE, own, order_uuid=own)
        with database.transaction() as env:
            env["loyalty.ledger"].capture(own)


def bare_sql(_database, connection, cards, key):
    """The same rows, written with nothing but SQL."""
    for card in cards:
        now = fields.Datetime.now()
        values = {**card, "key": f"{key}:{card['id']}", "price": PRICE, "now": now}
        values["expires_at"] = now + timedelta(hours=12)
        for transaction in (AUTHORIZE, CAPTURE):
            with connection, connection.cursor() as cr:
                for statement in transaction:
                    cr.execute(statement, values)
                    if statement.endswith("RETURNING id AS entry_id"):
                        [values["entry_id"]] = cr.fetchone()


AUTHORIZE = (
    "SELECT points, held FROM loyalty_card WHERE id = %(id)s FOR UPDATE",
    """
    INSERT INTO loyalty_hold (balance_id, company_id, amount, key, state, expires_at, order_uuid,
                              user_id, create_uid, create_date)
    VALUES (%(id)s, %(company_id)s, %(price)s, %(key)s, 'open', %(expires_at)s, %(key)s, 1, 1,
            %(now)s)
    """,
    "UPDATE loyalty_card SET held = held + %(price)s WHERE id = %(id)s",
)
CAPTURE = (
    "SELECT points, held FROM loyalty_card WHERE id = %(id)s FOR UPDATE",
    """
    INSERT INTO loyalty_ledger_entry
           (balance_id, program_id, company_id, currency_id, kind, amount, paid_amount,
            bonus_amount, balance_after, is_stored_value, date, key, user_id, create_uid,
            write_uid, create_date, write_date)
    SELECT id, program_id, %(company_id)s, %(currency_id)s, 'spend', -%(price)s, -%(price)s, 0,
           points - %(price)s, TRUE, %(now)s, 'capture:' || %(key)s, 1, 1, 1, %(now)s, %(now)s
      FROM loyalty_card WHERE id = %(id)s RETURNING id AS entry_id""",
    """
    INSERT INTO loyalty_lot_line (lot_id, entry_id, amount, create_uid, create_date)
    VALUES (%(lot_id)s, %(entry_id)s, -%(price)s, 1, %(now)s)
    """,
    "UPDATE loyalty_lot SET remaining = remaining - %(price)s WHERE id = %(lot_id)s",
    """
    UPDATE loyalty_card SET points = points - %(price)s, held = held - %(price)s,
                            write_date = %(now)s
     WHERE id = %(id)s
    """,
    """
    INSERT INTO loyalty_history (card_id, description, issued, used, create_uid, create_date)
    VALUES (%(id)s, 'Payment', 0, %(price)s, 1, %(now)s)
    """,
    """
    UPDATE loyalty_hold SET state = 'captured', entry_id = %(entry_id)s, write_uid = 1,
                            write_date = %(now)s
     WHERE key = %(key)s
    """,
)


def _load_cards(database, way, count):
    """Loaded balances, as dicts of what the bare SQL needs to know."""
    with database.transaction() as env:
        program = env.company.loyalty_wallet_program_id
        balances = env["loyalty.card"].create([{"program_id": program.id}] * count)
        env["loyalty.ledger"].post(
            Movement(balance.id, LOAD, "load", f"load:{way.__name__}:{balance.id}")
            for balance in balances
        )
        return [
            {
                "id": balance.id,
                "company_id": program.company_id.id,
                "currency_id": program.currency_id.id,
                "lot_id": balance.lot_ids.id,
            }
            for balance in balances
        ]


def _row_counts(database):
    with database.sql() as connection, connection.cursor() as cr:
        cr.execute("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in ROWS))
        return cr.fetchone()


def _check_rows(before, after, count):
    """Whichever way: one row per payment in each table, or the comparison means nothing."""
    made = [now - then for then, now in zip(before, after, strict=True)]
    if set(made) != {count}:
        raise AssertionError(f"{count} payments made {dict(zip(ROWS, made, strict=True))} rows")


def _check_whole(database, balance_ids):
    """What both ways have written passes the ledger's own proofs."""
    with database.transaction() as env:
        broken = env["loyalty.ledger"].verify(env["loyalty.card"].browse(balance_ids))
    if broken:
        raise AssertionError(broken[:3])
