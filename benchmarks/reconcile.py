"""The screen *Reconciliation* over 300,000 entries; then one document is altered: it must be named.

Rows are made by SQL, as tills and the batch leave them: one session a day with 150 loads of 90,
each with a bonus of 10, and two payments of 50 from each; its entry, its payment by cards, and the
two entries of the batch.
"""

import statistics
import time

from figures import Figure

LOADS = 150
ENTRIES_PER_LOAD = 4
ROUNDS = 5
#: Ids start here, beyond those of other benchmarks in this database.
FIRST_ID = 500_000_000

DAY = "(now() - (d + 1) * interval '1 day')"
GENERATE = (
    f"""
    INSERT INTO pos_session (id, name, config_id, user_id, state, start_at, stop_at, move_id)
    SELECT %(first)s + d, 'bench' || d, %(config)s, 1, 'closed', {DAY}, {DAY}, %(first)s + d * 4
      FROM generate_series(0, %(days)s - 1) d
    """,
    """
    INSERT INTO pos_order (id, company_id, name, amount_tax, amount_total, amount_paid,
                           amount_return, session_id, state, date_order)
    SELECT %(first)s + d * %(loads)s * 3 + n, %(company)s, 'bench', 0, 90, 90, 0, %(first)s + d,
           'done', now()
      FROM generate_series(0, %(days)s - 1) d, generate_series(0, %(loads)s * 3 - 1) n
    """,
    f"""
    INSERT INTO account_move (id, name, journal_id, company_id, currency_id, state, move_type,
                              auto_post, date, loyalty_due_on, loyalty_posted_on,
                              origin_payment_id)
    SELECT %(first)s + d * 4 + k, 'bench' || d * 4 + k, %(journal)s, %(company)s, %(currency)s,
           'posted', 'entry', 'no', {DAY}::date, {DAY}::date, {DAY}::date,
           CASE WHEN k = 1 THEN %(first)s + d END
      FROM generate_series(0, %(days)s - 1) d, generate_series(0, 3) k
    """,
    """
    INSERT INTO account_payment (id, journal_id, company_id, state, payment_type, partner_type,
                                 date, pos_session_id, move_id)
    SELECT %(first)s + d, %(journal)s, %(company)s, 'paid', 'inbound', 'customer', current_date,
           %(first)s + d, %(first)s + d * 4 + 1
      FROM generate_series(0, %(days)s - 1) d
    """,
    f"""
    INSERT INTO account_move_line (move_id, currency_id, display_type, company_id, parent_state,
                                   date, account_id, balance)
    SELECT %(first)s + d * 4 + k, %(currency)s, 'product', %(company)s, 'posted', {DAY}::date,
           account, balance * %(loads)s
      FROM generate_series(0, %(days)s - 1) d,
           (VALUES (0, %(liability)s, -90), (0, %(other)s, 90), (1, %(liability)s, 100),
                   (1, %(other)s, -100), (2, %(liability)s, -10), (2, %(bonus)s, 10),
                   (3, %(bonus)s, -10), (3, %(other)s, 10)) AS item (k, account, balance)
    """,
    """
    INSERT INTO loyalty_card (id, program_id, company_id, code, active, points, held, overdraft,
                              pending, qualifying_points)
    SELECT %(first)s + i, %(program)s, %(company)s, 'reconcile' || i, TRUE, 0, 0, 0, 0, 0
      FROM generate_series(0, %(days)s * %(loads)s - 1) i
    """,
    f"""
    INSERT INTO loyalty_ledger_entry
           (id, balance_id, program_id, company_id, currency_id, kind, amount, paid_amount,
            bonus_amount, balance_after, qualifying_points, is_stored_value, date, key, user_id,
            origin_model, origin_id, move_id)
    SELECT %(first)s + i * 4 + k, %(first)s + i, %(program)s, %(company)s, %(currency)s, kind,
           paid + bonus, paid, bonus, balance, 0, TRUE, {DAY.replace("d +", "i / %(loads)s +")},
           'reconcile:' || i * 4 + k, 1, 'pos.order',
           %(first)s + i / %(loads)s * %(loads)s * 3 + i %% %(loads)s * 3 + GREATEST(k - 1, 0),
           %(first)s + i / %(loads)s * 4 + move
      FROM generate_series(0, %(days)s * %(loads)s - 1) i,
           (VALUES (0, 'load', 90, 0, 90, NULL), (1, 'bonus', 0, 10, 100, 2),
                   (2, 'spend', -45, -5, 50, 3), (3, 'spend', -45, -5, 0, 3))
           AS entry (k, kind, paid, bonus, balance, move)
    """,
    """
    INSERT INTO loyalty_lot (id, balance_id, company_id, entry_id, group_id, source, amount,
                             remaining)
    SELECT %(first)s + i * 2 + k, %(first)s + i, %(company)s, %(first)s + i * 4 + k,
           %(first)s + i * 4, source, amount, 0
      FROM generate_series(0, %(days)s * %(loads)s - 1) i,
           (VALUES (0, 'paid', 90), (1, 'bonus', 10)) AS lot (k, source, amount)
    """,
    """
    INSERT INTO loyalty_lot_line (lot_id, entry_id, amount)
    SELECT %(first)s + i * 2 + lot, %(first)s + i * 4 + k, amount
      FROM generate_series(0, %(days)s * %(loads)s - 1) i,
           (VALUES (0, 0, 90), (1, 1, 10), (0, 2, -45), (1, 2, -5), (0, 3, -45), (1, 3, -5))
           AS part (lot, k, amount)
    """,
)


def measure(databases, options):
    """Figures: seconds of the screen, and whether an altered entry is named and nothing else."""
    database = databases.addon()
    days = max(options.reconciled // (LOADS * ENTRIES_PER_LOAD), 1)
    _generate(database, days)
    database.tidy()
    seconds = []
    with database.transaction() as env:
        for _round in range(ROUNDS):
            start = time.perf_counter()
            screen = env["loyalty.reconciliation"].create({})
            screen.action_refresh()
            env.flush_all()
            seconds.append(time.perf_counter() - start)
        before = set(screen.line_ids.mapped("name"))
        altered = FIRST_ID + days // 2 * 4 + 2
        env.cr.execute(
            "UPDATE account_move_line SET balance = balance + 1 WHERE move_id = %s AND balance < 0",
            (altered,),
        )
        screen.action_refresh()
        named = screen.line_ids.filtered(lambda line: line.name not in before)
        found = len(named) == 1 and named.res_ids == [altered]
        env.cr.rollback()
    name = f"reconcile.{days * LOADS * ENTRIES_PER_LOAD}"
    return [
        Figure(f"{name}.screen", round(statistics.median(seconds), 2), "s"),
        Figure(f"{name}.altered", len(named), "documents", aim="the altered one", met=found),
    ]


def _generate(database, days):
    """Fill the ledger and the books. Foreign keys are not checked meanwhile."""
    with database.transaction() as env:
        company = env.company
        values = {
            "days": days,
            "loads": LOADS,
            "first": FIRST_ID,
            "company": company.id,
            "config": env["pos.config"].search([], limit=1).id or 1,
            "program": company.loyalty_wallet_program_id.id,
            "currency": company.currency_id.id,
            "journal": company.loyalty_posting_journal_id.id,
            "liability": company.loyalty_stored_value_account_id.id,
            "bonus": company.loyalty_unamortised_bonus_account_id.id,
            "other": company.loyalty_promotional_discount_account_id.id,
        }
        env.cr.execute("SET LOCAL session_replication_role = replica")
        for statement in GENERATE:
            env.cr.execute(statement, values)
