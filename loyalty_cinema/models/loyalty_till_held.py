from odoo import api, models
from odoo.tools import format_datetime

from ..exceptions import LoyaltyError
from .loyalty_till_access import refusals_returned


class LoyaltyTill(models.AbstractModel):
    """Value that another till has reserved: who has it, until when, and how it is freed."""

    _inherit = "loyalty.till"

    @api.model
    @refusals_returned
    def release_holds(
        self, session_id, order_uuid, credential, balance_id, manager_id=None, pin=None, reason=None
    ):
        """A manager frees what other orders have reserved of a balance, as after a till has died.

        Such holds lapse before their time: an order that was paid with one and comes late after all
        is paid from what is available then, or refused with a trace.

        :param credential: by which the balance was found; ``balance_id``: of the answer "held"
        """
        session = self._till_session(session_id)
        found = self._find_card(session, credential)
        if "code" in found:
            return found
        balance = found["balances"].filtered(lambda b: b.id == self._id(balance_id))
        if not balance:
            raise LoyaltyError(self.env._("Scan the card that is meant."))
        holds = self._other_holds(balance, order_uuid)
        card = balance.member_card_id or found["card"]
        target = {"member_card_id": card.id, "order_uuid": order_uuid}
        self._grant(session, "release_hold", manager_id, pin, reason, **target)._use_now()
        self.env["loyalty.ledger"].sudo().lapse(holds)  # sudo: see the class
        return {}

    def _other_holds(self, balance, order_uuid):
        """What orders other than this one hold of ``balance``, the latest to lapse first."""
        holds = self.env["loyalty.hold"].sudo()  # sudo: see the class
        return holds.search(
            [
                ("balance_id", "=", balance.id),
                ("state", "=", "open"),
                ("order_uuid", "!=", order_uuid),
            ],
            order="expires_at desc",
        )

    def _held_elsewhere(self, balance, order_uuid):
        """The answer "held" where other orders hold something of ``balance``; else None."""
        if not balance.held:
            return None
        holds = self._other_holds(balance, order_uuid)
        if not holds:
            return None
        message = self.env._(
            "%(card)s: %(amount)s is reserved by %(tills)s until %(until)s.",
            card=f"{balance.program_id.name} {balance._printed_code()}".strip(),
            amount=self.env["loyalty.ledger"]._format(balance, sum(holds.mapped("amount"))),
            tills=", ".join(dict.fromkeys(map(self._holding_till, holds))),
            until=self._clock_time(balance.company_id or self.env.company, holds[0].expires_at),
        )
        return {"code": "held", "message": message, "balance_id": balance.id}

    def _holding_till(self, hold):
        """The till that has placed a hold, else who has."""
        model = hold.origin_model
        session = self.env["pos.session"].sudo()  # sudo: only its till's name
        if model == session._name:
            session = session.browse(hold.origin_id).exists()
        return session.config_id.name or hold.user_id.sudo().name  # sudo: only the name

    def _clock_time(self, company, moment):
        zone = company._loyalty_timezone()
        day = company._loyalty_day(moment) == company._loyalty_day()
        return format_datetime(self.env, moment, tz=zone, dt_format="HH:mm" if day else "short")
