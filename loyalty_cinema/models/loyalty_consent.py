from typing import NamedTuple

from odoo import api, fields, models

from ..exceptions import LoyaltyError

CONTACT_CHANNELS = [
    ("email", "E-mail"),
    ("sms", "Text message"),
    ("phone", "Phone call"),
    ("chat", "Chat"),
    ("post", "Letter"),
]
#: What can be consented to: being written to by a channel, and being known at the till.
CONSENTS = [*CONTACT_CHANNELS, ("profile", "Being known at the till")]
SOURCES = [("till", "At the till"), ("office", "In the office"), ("merge", "Contacts merged")]


class ConsentSource(NamedTuple):
    """Where a consent comes from, in the context of the server's own code.

    An RPC client chooses its context freely, but JSON makes no such object.
    """

    source: str
    note: str = ""


class LoyaltyConsent(models.Model):
    """One yes or no of a customer, with who recorded it and when: never changed, never deleted.

    What holds now is on the contact; this tells since when, and who says so. Rows are written by
    the contact itself (``res_partner_consent.py``), by SQL; every other way in is closed for all.
    """

    # pylint: disable=method-required-super
    _name = "loyalty.consent"
    _inherit = "loyalty.ledger.protected"
    _description = "Consent"
    _order = "id desc"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, readonly=True, ondelete="restrict"
    )
    channel = fields.Selection(CONSENTS, "Consent to", required=True, readonly=True)
    given = fields.Boolean(readonly=True, help="Unticked: refused, or withdrawn.")
    date = fields.Datetime(required=True, index=True, readonly=True)
    user_id = fields.Many2one("res.users", "Recorded by", required=True, readonly=True)
    source = fields.Selection(SOURCES, "Recorded", required=True, readonly=True)
    note = fields.Char(readonly=True)

    def _refuse(self):
        raise LoyaltyError(
            self.env._(
                "The history of consents is not edited. Change the consent on the contact: that "
                "is recorded with its day."
            )
        )

    @api.model
    @api.private
    def _record(self, changes):
        """Append ``changes``, ``[(partner id, channel, given)]``: one statement.

        Who and when are the server's to say; where, the server's own code in a
        :class:`ConsentSource`, else it was in the office.
        """
        if not changes:
            return
        known = self.env.context.get("loyalty_consent_source")
        source = known if isinstance(known, ConsentSource) else ConsentSource("office")
        common = (fields.Datetime.now(), self.env.uid, source.source, source.note or None)
        self.env.cr.execute(
            """
            INSERT INTO loyalty_consent (partner_id, channel, given, date, user_id, source, note)
            SELECT partner_id, channel, given, %s, %s, %s, %s
              FROM unnest(%s, %s, %s) AS change (partner_id, channel, given)
            """,
            (*common, *(list(column) for column in zip(*changes, strict=True))),
        )
        self.invalidate_model()
        partners = self.env["res.partner"].browse([partner_id for partner_id, *_ in changes])
        partners.invalidate_recordset(["loyalty_consent_ids"], flush=False)
