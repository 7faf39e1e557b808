import json
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import split_every

from ..domain.movement import Movement
from ..domain.saying import _lt
from .loyalty_ledger_post import ENTRY_COLUMNS

#: Which open lots (``l``, of the balance ``b``) an expiry takes.
LOTS_OVER = "l.expires_on < %(today)s"
#: What was given after the last visit (a gift to somebody who stays away) has its own months.
LOTS_IDLE = "l.create_date < %(idle_start)s"

#: Whose balances an expiry after absence takes. Members are locked with their balances: an order
#: that earns nothing moves the visit alone.
ABSENT = """JOIN loyalty_member m ON m.balance_id = b.id
                   AND (m.last_visit_on IS NULL OR m.last_visit_on < %(idle_since)s)"""

#: One statement for a batch of balances; the rows are those that ``post`` would write: per lot
#: an entry, its use of the lot and the member's line; then the lots and the balances.
#: ``balance``: locked in the order of their ids. ``due``: what each lot loses, soonest expiry
#: first, as far as holds leave the balance free; pending lots are spared. ``gone``: the same with
#: ids. The key carries the number of uses that the lot has had: the same expiry is recorded once,
#: and value refunded to an expired lot can expire again.
EXPIRE = f"""
    WITH balance AS (
        SELECT b.id, b.points, b.points - b.held - b.pending AS free, b.program_id,
               COALESCE(b.company_id, p.company_id) AS company_id, p.currency_id, b.partner_id,
               b.member_card_id, COALESCE(p.is_stored_value, FALSE) AS is_stored_value
          FROM loyalty_card b JOIN loyalty_program p ON p.id = b.program_id {{absent}}
         WHERE b.id = ANY(%(balances)s)
         ORDER BY b.id FOR UPDATE OF {{locked}}
    ), due AS (
        SELECT l.balance_id, l.id AS lot_id, l.source, l.expires_on,
               LEAST(l.remaining, b.free - SUM(l.remaining) OVER upto + l.remaining) AS amount
          FROM loyalty_lot l JOIN balance b ON b.id = l.balance_id
         WHERE l.remaining > 0 AND l.pending IS NOT TRUE AND {{lots}}
        WINDOW upto AS (PARTITION BY l.balance_id ORDER BY l.expires_on, l.id)
    ), gone AS (
        SELECT nextval('loyalty_ledger_entry_id_seq') AS entry_id, d.*
          FROM (SELECT due.*, SUM(amount) OVER (PARTITION BY balance_id
                                                    ORDER BY expires_on, lot_id) AS so_far,
                       (SELECT COUNT(*) FROM loyalty_lot_line u WHERE u.lot_id = due.lot_id) AS uses
                  FROM due WHERE amount > 0
                 ORDER BY balance_id, expires_on, lot_id) d
    ), entries AS (
        INSERT INTO loyalty_ledger_entry ({ENTRY_COLUMNS})
        SELECT g.entry_id, b.id, b.program_id, b.company_id, b.currency_id, b.partner_id,
               b.member_card_id, 'expire', -g.amount,
               CASE WHEN g.source = 'paid' THEN -g.amount ELSE 0 END,
               CASE WHEN g.source = 'bonus' THEN -g.amount ELSE 0 END,
               CASE WHEN g.source = 'granted' THEN -g.amount ELSE 0 END,
               b.points - g.so_far, 0, NULL, b.is_stored_value, %(now)s, %(reason)s,
               %(saying)s::jsonb,
               'expire:' || g.lot_id || ':' || g.uses, NULL, NULL, NULL,
               %(uid)s, %(uid)s, %(uid)s, %(now)s, %(now)s
          FROM gone g JOIN balance b ON b.id = g.balance_id
         ORDER BY g.entry_id
    ), uses AS (
        INSERT INTO loyalty_lot_line (lot_id, entry_id, amount, create_uid, create_date)
        SELECT lot_id, entry_id, -amount, %(uid)s, %(now)s FROM gone ORDER BY entry_id
    ), history AS (
        INSERT INTO loyalty_history (card_id, description, issued, used, create_uid, create_date)
        SELECT g.balance_id, COALESCE(said.words, %(words)s), 0, g.amount, %(uid)s, %(now)s
          FROM gone g JOIN balance b ON b.id = g.balance_id
          LEFT JOIN res_partner owner ON owner.id = b.partner_id
          LEFT JOIN unnest(%(langs)s::varchar[], %(texts)s::varchar[]) AS said (lang, words)
               ON said.lang = owner.lang
         ORDER BY g.entry_id
    ), lots AS (
        UPDATE loyalty_lot l SET remaining = l.remaining - g.amount
          FROM gone g WHERE l.id = g.lot_id
    ), balances AS (
        UPDATE loyalty_card b
           SET points = b.points - s.amount, write_date = %(now)s,
               overdraft = LEAST(b.overdraft, GREATEST(s.amount + b.held + b.pending - b.points, 0))
          FROM (SELECT balance_id, SUM(amount) AS amount FROM gone GROUP BY balance_id) s
         WHERE b.id = s.balance_id
    )
    SELECT COALESCE(ARRAY_AGG(entry_id ORDER BY entry_id), '{{{{}}}}') FROM gone
"""


class LoyaltyLedgerExpire(models.AbstractModel):
    """Expiry: of lots whose last day is over, and of all that a member has who stays away.

    At night in batches, by SQL alone; at once for a balance that value is about to be taken from.
    What is on hold for a payment under way and what is pending stays.
    """

    _inherit = "loyalty.ledger"

    @api.private
    def expire(self, balances=None, today=None):
        """Take expired value off ``balances`` (default: all): two statements, whatever the number.

        :param today: value whose last day lies before this date expires
        :return: the entries
        """
        today = today or self._today()
        return self._expire_lots(self._over(today, balances), LOTS_OVER, today=today)

    def _expire_due(self, balances):
        """Bring ``balances`` up to date before value is taken off: a query where nothing is due."""
        if any(balance.pending for balance in balances):
            self._mature_due(balances)
        self.expire(balances)

    @api.private
    def _expire_all(self, batch_size):
        """Expire all lots whose last day is over, ``batch_size`` balances per commit.

        One query finds the balances; each batch is one statement. Restartable: what one batch has
        expired, the next run does not find.

        :return: whether it came to the end within the job's time
        """
        today = self._today()
        return self._in_batches(self._over(today), batch_size, LOTS_OVER, today=today)

    @api.private
    def _expire_inactive(self, program, batch_size):
        """Expire all that members have who were not here for the program's number of months.

        As :meth:`_expire_all`. What is a visit: ``loyalty_member_visit.py``.
        """
        months = program.expiry_months
        idle_since = self._today() - relativedelta(months=months)
        values = {
            "program": program.id,
            "idle_since": idle_since,
            "idle_start": program.company_id._loyalty_day_start(idle_since),
        }
        self.env["loyalty.card"].flush_model()
        self.env["loyalty.member"].flush_model(["balance_id", "last_visit_on"])
        self.env.cr.execute(
            f"""
            SELECT ARRAY_AGG(b.id ORDER BY b.id)
              FROM loyalty_card b {ABSENT}
             WHERE b.program_id = %(program)s AND b.points > b.held + b.pending
               AND EXISTS (SELECT 1 FROM loyalty_lot l WHERE l.balance_id = b.id
                              AND l.remaining > 0 AND l.pending IS NOT TRUE AND {LOTS_IDLE})
            """,
            values,
        )
        due = self.env.cr.fetchone()[0] or []
        values["reason"] = _lt("No visit for %s months", months)
        return self._in_batches(due, batch_size, LOTS_IDLE, absent=ABSENT, **values)

    def _in_batches(self, due, batch_size, lots, **values):
        """Expire ``due`` (ids of balances), committing each batch, as long as the job has time."""
        left, commit = len(due), self.env["ir.cron"]._commit_progress
        for batch in split_every(batch_size, due, list):
            self._expire_lots(batch, lots, wait=False, **values)
            left -= len(batch)
            if not commit(len(batch), remaining=left):
                break
        return not left

    def _today(self):
        """The date on earth's westernmost clock: value never expires before its day is over."""
        return (fields.Datetime.now() - timedelta(hours=12)).date()

    def _over(self, today, balances=None):
        """Ids of the balances with lots that are over, as far as something of them is free."""
        self.env["loyalty.card"].flush_model()
        self.env.cr.execute(
            f"""
            SELECT ARRAY_AGG(DISTINCT b.id)
              FROM loyalty_lot l JOIN loyalty_card b ON b.id = l.balance_id
             WHERE l.remaining > 0 AND l.pending IS NOT TRUE AND b.points > b.held + b.pending
               AND {LOTS_OVER} AND (%(all)s OR b.id = ANY(%(balances)s))
            """,
            {
                "today": today,
                "all": balances is None,
                "balances": balances.ids if balances is not None else [],
            },
        )
        return self.env.cr.fetchone()[0] or []

    def _expire_lots(self, balance_ids, lots, *, wait=True, absent="", reason=None, **values):
        """Expire lots of these balances: one statement; none when there are no balances.

        :param lots: which of their open lots (SQL)
        :param wait: False: balances that are just being used are left for the next run
        :param absent: only those of members who stay away (:data:`ABSENT`)
        :return: the entries
        """
        entries = self.env["loyalty.ledger.entry"]
        if not balance_ids:
            return entries
        values |= {"balances": balance_ids, "now": fields.Datetime.now(), "uid": self.env.uid}
        values |= self._expiry_words(reason)
        self.env["loyalty.program"].flush_model(["is_stored_value", "currency_id"])
        self.env["res.partner"].flush_model(["lang"])
        locked = ("b, m" if absent else "b") + ("" if wait else " SKIP LOCKED")
        self.env.cr.execute(EXPIRE.format(lots=lots, absent=absent, locked=locked), values)
        [entry_ids] = self.env.cr.fetchone()
        self._forget_cached(balance_ids)
        return entries.browse(entry_ids)

    def _expiry_words(self, reason):
        """What entries and members' lines say of an expiry, in each language in use."""
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        readers = [self._reader(lang) for lang in [self.env.lang, *langs]]
        words = [reader._in_words(reason) or reader._kind_label("expire") for reader in readers]
        return {
            "reason": str(reason) if reason else None,
            "saying": json.dumps(reason.kept) if reason else None,
            "words": words[0],
            "langs": langs,
            "texts": words[1:],
        }

    @api.private
    def _open_existing_balances(self):
        """Give each balance that has value but no entries its opening entry: for installation.

        Linear in the number of balances, a constant number of statements.
        """
        cr = self.env.cr
        self.env["loyalty.card"].flush_model()
        cr.execute(
            """
            SELECT id, ROUND(points, 4)::text FROM loyalty_card b
             WHERE points != 0
               AND NOT EXISTS (SELECT 1 FROM loyalty_ledger_entry e WHERE e.balance_id = b.id)
            """
        )
        found = cr.fetchall()
        if not found:
            return
        ids = [id_ for id_, _points in found]
        cr.execute("UPDATE loyalty_card SET points = 0, overdraft = 0 WHERE id = ANY(%s)", (ids,))
        self.post(
            [
                Movement(id_, Decimal(points), "opening", f"opening:{id_}", mirror=False)
                for id_, points in found
            ]
        )
