import logging
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

#: Both are noted in one request, not in one instant.
START_BEFORE_CREATION_MAX = timedelta(minutes=5)

#: Of a session, only Odoo's closing writes these, in sudo.
FIXED_FIELDS = frozenset({"config_id", "move_id"})
#: Fixed once a session is closed.
CLOSED_FIELDS = frozenset({"start_at", "state", "stop_at"})


class SessionClosing:
    """Odoo's own closing is going on.

    It travels in the context. A client chooses its context freely but can only send JSON, never an
    instance of this class.
    """


class PosSession(models.Model):
    """Closing a session posts what Odoo has just not posted: bonus granted, used and taken back."""

    _inherit = "pos.session"
    _loyalty_server_fields = CLOSED_FIELDS | {"move_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """Orders count on a day of their session: a cashier does not make one in the past."""
        if not self.env.su:
            vals_list = [{**vals, "move_id": False} for vals in vals_list]
        sessions = super().create(vals_list)
        sessions.with_env(self.env)._check_not_opened_before()  # Odoo returns them in sudo
        return sessions

    def write(self, vals):
        """As :meth:`create`; what Odoo's closing alone writes, nobody else writes."""
        if not self.env.su:
            self._check_closing(vals)
        result = super().write(vals)
        if "start_at" in vals:
            self._check_not_opened_before()
        return result

    def _check_closing(self, vals):
        """A session is closed by its closing and stays closed; its entry and till are fixed."""
        closing = isinstance(self.env.context.get("loyalty_closing"), SessionClosing)
        for session in self:
            was_closed = session.state == "closed"
            fixed = FIXED_FIELDS | CLOSED_FIELDS if was_closed else FIXED_FIELDS
            for name in fixed & vals.keys():
                field = self._fields[name]
                old = field.convert_to_cache(session[name], session)
                if field.convert_to_cache(vals[name], session) != old:
                    session._refuse_closing()
            if vals.get("state") == "closed" and not (was_closed or closing):
                session._refuse_closing()

    def _refuse_closing(self):
        raise UserError(
            self.env._(
                "%(session)s: a session is closed by “Close Register” and stays closed, with its "
                "till, its times and its journal entry. Open a new session.",
                session=self.display_name,
            )
        )

    def _check_not_opened_before(self):
        """No constraint: Odoo runs those in sudo, and the server may do what a cashier may not."""
        if self.env.su:
            return
        for session in self.filtered("start_at"):
            if session.start_at < session.create_date - START_BEFORE_CREATION_MAX:
                raise UserError(self.env._("A session cannot have been opened before it was made."))

    def _validate_session(
        self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None
    ):
        """Post after the session; a till must close even when a loyalty account is missing.

        The movements then stay due, are listed under Reconciliation and posted by the daily job.
        """
        closing = self.with_context(loyalty_closing=SessionClosing())
        result = super(PosSession, closing)._validate_session(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )
        if isinstance(result, dict):  # a wizard for the client, with this context
            result["context"].pop("loyalty_closing", None)
        if self.state == "closed":
            try:
                with self.env.cr.savepoint():
                    self.env["loyalty.posting"]._post(self.company_id)
            except UserError as error:
                _logger.warning("Session %s: loyalty not posted: %s", self.name, error)
                self.sudo().message_post(
                    body=self.env._("Loyalty movements were not posted yet: %s", error)
                )
        return result

    def _cannot_close_session(self, bank_payment_method_diffs=None):
        """Stored value is counted by the ledger: a cashier's other count would bend the liability.

        :return: as Odoo's: a refusal for the till, or nothing
        """
        methods = self.env["pos.payment.method"].browse(
            method_id for method_id, diff in (bank_payment_method_diffs or {}).items() if diff
        )
        tenders = methods.filtered("stored_value_type")
        if tenders:
            return {
                "successful": False,
                "message": self.env._(
                    "%(methods)s: the amount is what the cards were charged and cannot be counted "
                    "differently. Enter the expected amount.",
                    methods=", ".join(tenders.mapped("name")),
                ),
                "redirect": False,
            }
        return super()._cannot_close_session(bank_payment_method_diffs)

    def _create_combine_account_payment(self, payment_method, amounts, diff_amount):
        """More refunded to cards than paid with them: a payment out of the liability.

        Odoo makes such a payment with both of its lines on the outstanding account (it swaps the
        two accounts, then a computed field swaps one of them back): the liability would not move.
        """
        if not payment_method.stored_value_type:
            return super()._create_combine_account_payment(payment_method, amounts, diff_amount)
        if self.currency_id.compare_amounts(amounts["amount"], 0) >= 0:
            return super()._create_combine_account_payment(payment_method, amounts, 0)
        receivable = self._get_receivable_account(payment_method)
        payment = (
            self.env["account.payment"]
            .with_context(pos_payment=True)
            .create(
                {
                    "payment_type": "outbound",
                    "amount": -amounts["amount"],
                    "journal_id": payment_method.journal_id.id,
                    "force_outstanding_account_id": payment_method.outstanding_account_id.id,
                    "destination_account_id": receivable.id,
                    "memo": self.env._(
                        "Refunds to %(method)s from %(session)s",
                        method=payment_method.name,
                        session=self.name,
                    ),
                    "pos_payment_method_id": payment_method.id,
                    "pos_session_id": self.id,
                    "company_id": self.company_id.id,
                }
            )
        )
        payment.action_post()
        return payment.move_id.line_ids.filtered(lambda line: line.account_id == receivable)
