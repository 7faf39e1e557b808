from odoo import api, fields, models

from ..domain.amounts import to_decimal
from ..domain.movement import Movement
from ..exceptions import InsufficientValue, KeyReused, TenderRefused

#: A hold in these states cannot be authorised again under its key.
CLOSED_STATES = ("voided", "lapsed")


class LoyaltyLedgerHold(models.AbstractModel):
    """Holds: authorise, then capture or void, as card schemes do."""

    _inherit = "loyalty.ledger"

    @api.private
    def authorize(
        self,
        balance,
        amount,
        key,
        *,
        origin=None,
        expires_at=None,
        order_uuid=None,
        up_to_date=False,
    ):
        """Set ``amount`` of ``balance`` aside for one payment.

        :param order_uuid: the only point-of-sale order that may capture it
        :param up_to_date: the caller has just expired what is over
        :return: the hold; the same one when ``key`` is known
        :raises InsufficientValue: when less is available; nothing is set aside then
        """
        amount = self._amount_for(balance, amount)
        if not up_to_date:
            self._expire_due(balance)
        state = self._lock_balances({balance.id})[balance.id]
        hold = self._hold(key)
        if hold:
            if (
                hold.balance_id != balance
                or to_decimal(hold.amount) != amount
                or hold.state in CLOSED_STATES
            ):
                raise KeyReused(
                    self.env._("This payment was cancelled or changed. Start it again.")
                )
            return hold
        if state.available < amount:
            raise InsufficientValue(
                self.env._(
                    "%(card)s holds %(available)s; %(amount)s is not available.",
                    card=balance.display_name,
                    available=self._format(balance, max(state.available, 0)),
                    amount=self._format(balance, amount),
                )
            )
        hold = self._insert_hold(state, amount, key, origin, expires_at, order_uuid)
        self._change_held(balance, amount)
        return hold

    def _insert_hold(self, state, amount, key, origin, expires_at, order_uuid):
        now, uid = fields.Datetime.now(), self.env.uid
        self.env.cr.execute(
            """
            INSERT INTO loyalty_hold (balance_id, company_id, amount, key, state, expires_at,
                                      order_uuid, origin_model, origin_id, user_id,
                                      create_uid, create_date)
            VALUES (%s, %s, %s, %s, 'open', %s, %s, %s, %s, %s, %s, %s) RETURNING id
            """,
            (
                state.id,
                state.company_id,
                amount,
                key,
                expires_at or self._hold_expiry(),
                order_uuid,
                *(self._origin(origin) or (None, None)),
                uid,
                uid,
                now,
            ),
        )
        [hold_id] = self.env.cr.fetchone()
        return self.env["loyalty.hold"].browse(hold_id)

    @api.private
    def capture(self, key, amount=None, *, origin=None, kind="spend"):
        """Turn a hold into a payment of ``amount`` (default: all of it); the rest is released.

        A hold that lapsed, of a till that synchronised late, is paid from what is available now;
        one that was cancelled is not.

        :return: the entry; the same one when it was captured before
        :raises TenderRefused: when there is no such hold, it was cancelled, or it is smaller
        """
        hold = self._hold(key)
        if not hold:
            raise TenderRefused(
                self.env._(
                    "This payment was never authorised. Remove it and choose the card again."
                )
            )
        balance = hold.balance_id
        self._lock_balances({balance.id})
        held = to_decimal(hold.amount)
        amount = held if amount is None else self._amount_for(balance, amount)
        if hold.state == "captured":
            return self._captured_before(hold, amount, origin)
        if hold.state == "voided":
            raise TenderRefused(
                self.env._("This payment was cancelled. Remove it and choose the card again.")
            )
        if amount > held:
            raise TenderRefused(
                self.env._(
                    "%(card)s was authorised for %(held)s, not for %(amount)s. Choose the card "
                    "again.",
                    card=balance.display_name,
                    held=self._format(balance, held),
                    amount=self._format(balance, amount),
                )
            )
        entry = self.post(
            [
                Movement(
                    balance.id,
                    -amount,
                    kind,
                    f"capture:{key}",
                    origin=self._origin(origin),
                    held=held if hold.state == "open" else to_decimal(0),
                )
            ]
        )
        self._set_hold_state(hold, "captured", entry)
        return entry

    def _captured_before(self, hold, amount, origin):
        """The entry of a hold that was captured, if this is the same payment coming back."""
        entry = hold.entry_id
        same_origin = not origin or (entry.origin_model, entry.origin_id) == self._origin(origin)
        if not same_origin or amount != -to_decimal(entry.amount):
            raise TenderRefused(
                self.env._(
                    "This payment has been used already. Remove it and choose the card again."
                )
            )
        return entry

    @api.private
    def void(self, key):
        """Release a hold. Unknown and already released ones are left alone.

        :return: True when something was released
        :raises TenderRefused: when the hold has been captured: refund the payment instead
        """
        hold = self._hold(key)
        if not hold:
            return False
        self._lock_balances({hold.balance_id.id})
        if hold.state == "captured":
            raise TenderRefused(self.env._("This payment is complete. Refund the order instead."))
        if hold.state == "voided":
            return False
        return self._close_hold(hold, "voided")

    @api.private
    def lapse(self, holds):
        """Let these open holds lapse before their time; those that are not open are left alone."""
        self._lock_balances(set(holds.balance_id.ids))
        holds.invalidate_recordset(["state"])
        for hold in holds.filtered(lambda hold: hold.state == "open"):
            self._close_hold(hold, "lapsed")

    def _close_hold(self, hold, state):
        """What an open hold holds is free again; returns whether it was open."""
        was_open = hold.state == "open"
        self._set_hold_state(hold, state)
        if was_open:
            self._change_held(hold.balance_id, -to_decimal(hold.amount))
        return was_open

    @api.private
    def _release_expired_holds(self):
        """Let all holds past their time lapse: two statements, whatever their number."""
        now, cr = fields.Datetime.now(), self.env.cr
        self.env["loyalty.card"].flush_model()
        cr.execute(
            """
            SELECT b.id FROM loyalty_card b
             WHERE b.id IN (SELECT balance_id FROM loyalty_hold
                             WHERE state = 'open' AND expires_at < %s)
             ORDER BY b.id FOR UPDATE
            """,
            (now,),
        )
        cr.execute(
            """
            WITH released AS (
                UPDATE loyalty_hold SET state = 'lapsed', write_date = %s
                 WHERE state = 'open' AND expires_at < %s
             RETURNING balance_id, amount
            ), sums AS (SELECT balance_id, SUM(amount) AS amount FROM released GROUP BY balance_id)
            UPDATE loyalty_card b
               SET held = b.held - s.amount,
                   overdraft = LEAST(b.overdraft, GREATEST(b.held - s.amount + b.pending
                                                     - b.points, 0))
              FROM sums s WHERE b.id = s.balance_id
            """,
            (now, now),
        )
        self.env["loyalty.hold"].invalidate_model(["state"])
        self.env["loyalty.card"].invalidate_model(["held", "available"])

    def _hold(self, key):
        return self.env["loyalty.hold"].search([("key", "=", key)], limit=1)

    def _set_hold_state(self, hold, state, entry=None):
        self.env.cr.execute(
            "UPDATE loyalty_hold SET state = %s, entry_id = %s, write_uid = %s, write_date = %s "
            "WHERE id = %s",
            (state, entry.id if entry else None, self.env.uid, fields.Datetime.now(), hold.id),
        )
        hold.invalidate_recordset(["state", "entry_id"])

    def _change_held(self, balance, amount):
        """Add to what is on hold; an overdraft that a hold deepened shrinks with it."""
        self.env.cr.execute(
            """
            UPDATE loyalty_card
               SET held = held + %s,
                   overdraft = LEAST(overdraft, GREATEST(held + %s + pending - points, 0))
             WHERE id = %s
            """,
            (amount, amount, balance.id),
        )
        balance.invalidate_recordset(["held", "overdraft", "available", "hold_ids"])
