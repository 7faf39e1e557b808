from decimal import Decimal

from odoo import api, fields, models

from ..domain.amounts import AMOUNT_QUANTUM, to_decimal
from ..domain.lots import LotState
from ..domain.posting_batch import BalanceState, Batch
from ..exceptions import BalanceUnusable, InsufficientValue

ENTRY_COLUMNS = (
    "id, balance_id, program_id, company_id, currency_id, partner_id, member_card_id, kind, "
    "amount, paid_amount, bonus_amount, granted_amount, balance_after, "
    "qualifying_points, qualifying_on, is_stored_value, date, reason, saying, key, "
    "origin_model, "
    "origin_id, reverses_id, user_id, create_uid, write_uid, create_date, write_date"
)

#: The numbers of a balance, in the order in which ``post`` writes them.
LEDGER_NUMBERS = ["points", "held", "overdraft", "pending", "qualifying_points"]
BALANCE_COLUMNS = "id, points, held, overdraft, pending, qualifying"
UPDATE_BALANCES = """
    UPDATE loyalty_card b
       SET points = v.points, held = v.held, overdraft = v.overdraft, pending = v.pending,
           qualifying_points = v.qualifying, write_date = v.now
      FROM
"""


class LoyaltyLedgerPost(models.AbstractModel):
    """The batch primitive: many movements, a constant number of SQL statements."""

    _inherit = "loyalty.ledger"

    @api.private
    def post(self, movements):
        """Record ``movements`` (a list of :class:`Movement`) in their order; all or nothing.

        How it works, and what it costs whatever the number of movements: the balances are locked in
        the order of their ids (1 SELECT … FOR UPDATE; the order is what prevents deadlocks), known
        keys are looked up under that lock (1), open lots are read (1), ids reserved (1), then one
        INSERT each for entries, lots, lot lines and the members' history and one UPDATE each for
        lots and balances. The working out between is plain Python
        (:class:`~odoo.addons.loyalty_cinema.domain.posting_batch.Batch`), linear in the movements
        plus the open lots of their balances.

        At REPEATABLE READ a balance that another transaction changed meanwhile makes PostgreSQL
        refuse the lock; Odoo then runs the whole request again, and the keys make that harmless.

        :return: the entries, in the order of the movements (existing ones for known keys)
        :raises InsufficientValue: when a balance would fall below its floor (L2)
        :raises KeyReused: when a known key comes with another balance or amount
        """
        movements = list(movements)
        if not movements:
            return self.env["loyalty.ledger.entry"]
        for movement in movements:
            self._check_reason(movement)
        states = self._lock_balances({movement.balance_id for movement in movements})
        known = self._known_entries([movement.key for movement in movements])
        for movement in movements:
            if movement.key in known:
                self._same_key(known[movement.key], movement)
        new = list({m.key: m for m in movements if m.key not in known}.values())
        if new:
            new = self._date_qualifying(states, new)
            lots, groups = self._open_lots(states, new), self._group_entries(new)
            batch = Batch(states, lots, groups, self._today())
            batch.reserve(*self._reserve_ids(new))
            for movement in new:
                self._check_floor(batch, movement)
                batch.apply(movement)
            batch.finish()
            self._store(batch)
            known.update((row.movement.key, {"id": row.id}) for row in batch.rows)
        entries = self.env["loyalty.ledger.entry"]
        return entries.browse([known[movement.key]["id"] for movement in movements])

    def _lock_balances(self, balance_ids):
        """Lock and read the balances: ``{id: BalanceState}``."""
        self.env["loyalty.card"].flush_model()
        self.env["loyalty.program"].flush_model(["is_stored_value", "currency_id"])
        self.env["res.partner"].flush_model(["lang"])
        self.env.cr.execute(
            """
            SELECT b.id, b.points::text, b.held::text, b.overdraft::text,
                   b.pending::text, b.qualifying_points::text, b.program_id,
                   COALESCE(b.company_id, p.company_id), p.currency_id, b.partner_id,
                   b.member_card_id, COALESCE(p.is_stored_value, FALSE),
                   p.program_type = 'loyalty', c.rounding::text, owner.lang
              FROM loyalty_card b
              JOIN loyalty_program p ON p.id = b.program_id
              JOIN res_currency c ON c.id = p.currency_id
              LEFT JOIN res_partner owner ON owner.id = b.partner_id
             WHERE b.id = ANY(%s)
             ORDER BY b.id
               FOR UPDATE OF b
            """,
            (sorted(balance_ids),),
        )
        states = {}
        for row in self.env.cr.fetchall():
            is_stored_value, rounding = row[11], Decimal(row[13])
            quantum = to_decimal(rounding) if is_stored_value else AMOUNT_QUANTUM
            states[row[0]] = BalanceState(
                row[0], *(Decimal(text or 0) for text in row[1:6]), *row[6:13], quantum, row[14]
            )
        if len(states) < len(balance_ids):
            raise BalanceUnusable(self.env._("This card does not exist any more."))
        return states

    def _known_entries(self, keys):
        self.env.cr.execute(
            "SELECT key, id, balance_id, amount::text, COALESCE(qualifying_points, 0)::text "
            "FROM loyalty_ledger_entry WHERE key = ANY(%s)",
            (keys,),
        )
        return {
            key: {"id": id_, "balance_id": balance, "amount": amount, "qualifying": qualifying}
            for key, id_, balance, amount, qualifying in self.env.cr.fetchall()
        }

    def _open_lots(self, states, movements):
        """The lots that the batch may touch: the open ones, and those named by a reversal."""
        named = [part.lot_id for movement in movements for part in movement.parts]
        self.env.cr.execute(
            """
            SELECT balance_id, id, source, expires_on, group_id, remaining::text,
                   COALESCE(pending, FALSE)
              FROM loyalty_lot
             WHERE (balance_id = ANY(%s) AND remaining > 0) OR id = ANY(%s)
            """,
            (list(states), named),
        )
        return [
            (balance, LotState(*lot, Decimal(remaining), pending))
            for balance, *lot, remaining, pending in self.env.cr.fetchall()
        ]

    def _group_entries(self, movements):
        """Ids of loads recorded earlier that lots of this batch join, by their key."""
        keys = [m.group_key for m in movements if m.group_key]
        own = {m.key for m in movements}
        keys = [key for key in keys if key not in own]
        return {key: row["id"] for key, row in self._known_entries(keys).items()} if keys else {}

    def _reserve_ids(self, movements):
        """Two lists of fresh ids, for the entries and for the lots that they may make."""
        lot_count = sum(max(len(m.new_lots), 1) for m in movements if m.amount > 0)
        self.env.cr.execute(
            """
            SELECT ARRAY(SELECT nextval('loyalty_ledger_entry_id_seq') FROM generate_series(1, %s)),
                   ARRAY(SELECT nextval('loyalty_lot_id_seq') FROM generate_series(1, %s))
            """,
            (len(movements), lot_count),
        )
        return self.env.cr.fetchone()

    def _check_floor(self, batch, movement):
        """Refuse a debit that is larger than what is available; the SQL constraint is the net."""
        state = batch.states[movement.balance_id]
        available = state.available + movement.held + batch.pending_for(movement)
        if movement.amount >= 0 or available + movement.amount >= 0:
            return
        if movement.kind == "opening" or (movement.kind == "clawback" and state.is_points):
            return
        balance = self.env["loyalty.card"].browse(movement.balance_id)
        raise InsufficientValue(
            self.env._(
                "%(card)s holds %(available)s; %(amount)s is not available.",
                card=balance.sudo().display_name,
                available=self._format(balance.sudo(), max(available, 0)),
                amount=self._format(balance.sudo(), -movement.amount),
            )
        )

    def _store(self, batch):
        """Write what the batch worked out, one statement per table."""
        cr, now, uid = self.env.cr, fields.Datetime.now(), self.env.uid
        entries = [row.values(now, uid) for row in batch.rows]
        cr.execute_values(
            f"INSERT INTO loyalty_ledger_entry ({ENTRY_COLUMNS}) VALUES %s",
            entries,
            page_size=len(entries),
        )
        if batch.new_lots:
            cr.execute_values(
                "INSERT INTO loyalty_lot (id, balance_id, company_id, entry_id, group_id, source, "
                "expires_on, amount, available_on, pending, remaining, create_uid, create_date) "
                "VALUES %s",
                [(*lot, uid, now) for lot in batch.new_lots],
                page_size=len(batch.new_lots),
            )
        if batch.lot_lines:
            cr.execute_values(
                "INSERT INTO loyalty_lot_line (lot_id, entry_id, amount, create_uid, create_date) "
                "VALUES %s",
                [(*line, uid, now) for line in batch.lot_lines],
                page_size=len(batch.lot_lines),
            )
        if batch.touched_lots:
            cr.execute_values(
                "UPDATE loyalty_lot l SET remaining = v.remaining FROM (VALUES %s) "
                "AS v(id, remaining) WHERE l.id = v.id",
                batch.touched_lots,
                page_size=len(batch.touched_lots),
            )
        self._store_balances(batch, now)
        self._mirror_history(batch, now)
        self._forget_cached(list(batch.states))

    def _store_balances(self, batch, now):
        """Write the new numbers of the balances."""
        rows = [(*state.numbers(), now) for state in batch.states.values()]
        self.env.cr.execute_values(
            f"{UPDATE_BALANCES} (VALUES %s) AS v({BALANCE_COLUMNS}, now) WHERE b.id = v.id",
            rows,
            page_size=len(rows),
        )

    def _forget_cached(self, balance_ids):
        """Make the ORM read again what SQL has changed below it."""
        balances = self.env["loyalty.card"].browse(balance_ids)
        balances.invalidate_recordset([*LEDGER_NUMBERS, "entry_ids", "lot_ids", "history_ids"])
        balances.modified(LEDGER_NUMBERS)
        self.env["loyalty.lot"].invalidate_model(["remaining", "line_ids"])
