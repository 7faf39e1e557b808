from odoo import api, fields, models

from ..exceptions import LoyaltyError
from .loyalty_consent import CONSENTS, ConsentSource

#: Who reads and writes a customer's profile in the office. Cashiers do so through ``loyalty.till``,
#: which shows what consent allows.
PROFILE_GROUPS = "loyalty_cinema.group_manager,sales_team.group_sale_salesman"
CONSENT_FIELDS = {f"loyalty_consent_{channel}": channel for channel, _label in CONSENTS}


def consent_field(label, help_text):
    """One consent: no copy has it, and every change of it is recorded."""
    return fields.Boolean(label, copy=False, groups=PROFILE_GROUPS, help=help_text)


class ResPartner(models.Model):
    """What a customer has consented to; each change appends a row that nobody can edit."""

    _inherit = "res.partner"

    loyalty_consent_email = consent_field(
        "Consents to e-mail", "May get offers by e-mail. Receipts and notices need no consent."
    )
    loyalty_consent_sms = consent_field("Consents to text messages", "May get offers by text.")
    loyalty_consent_phone = consent_field("Consents to calls", "May be called with offers.")
    loyalty_consent_chat = consent_field(
        "Consents to chat messages", "May get offers by chat, for example Zalo or WhatsApp."
    )
    loyalty_consent_post = consent_field("Consents to letters", "May get offers by post.")
    loyalty_consent_profile = consent_field(
        "Consents to be known at the till",
        "Cashiers see tastes, habits and birthday, and tastes are learned from purchases. Without "
        "it none of this is shown or learned; what was learned is forgotten at once.",
    )
    loyalty_consent_ids = fields.One2many(
        "loyalty.consent",
        "partner_id",
        "History of consents",
        readonly=True,
        groups="loyalty_cinema.group_manager",
    )

    _loyalty_profile_idx = models.Index("(id) WHERE loyalty_consent_profile")

    @api.model_create_multi
    def create(self, vals_list):
        """Record the consents that new contacts come with, defaults included."""
        partners = super().create(vals_list)
        readable = partners.sudo()  # sudo: what was written is recorded, whoever may read it
        self.env["loyalty.consent"]._record(
            [
                (partner.id, channel, True)
                for partner in readable
                for name, channel in CONSENT_FIELDS.items()
                if partner[name]
            ]
        )
        return partners

    def write(self, vals):
        """Record each consent that changes: one statement, whatever the number of contacts."""
        named = [name for name in CONSENT_FIELDS if name in vals]
        if not named:
            return super().write(vals)
        readable = self.sudo()  # sudo: what was written is recorded, whoever may read it
        before = {(partner, name): partner[name] for partner in readable for name in named}
        result = super().write(vals)
        changed = [(p, name) for (p, name), given in before.items() if p[name] != given]
        self.env["loyalty.consent"]._record(
            [(partner.id, CONSENT_FIELDS[name], partner[name]) for partner, name in changed]
        )
        secret = [p.id for p, name in changed if name == "loyalty_consent_profile" and not p[name]]
        readable.browse(secret)._forget_learned_tastes()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_never_asked(self):
        # sudo: that there is a history, not what it says
        if (
            self.env["loyalty.consent"]
            .sudo()
            .search_count([("partner_id", "in", self.ids)], limit=1)
        ):
            raise LoyaltyError(
                self.env._(
                    "A contact with a history of consents is kept as proof. Archive the contact "
                    "instead."
                )
            )

    @api.private
    def _loyalty_merge_profiles(self, target):
        """Before contacts become ``target``: one person, one profile; runs in sudo.

        Of each consent the latest word counts, on whichever contact it was said: an old yes must
        not win over a later no. Where a profile has gaps the others fill them. Rows of history and
        tastes move by their foreign keys.
        """
        partners = self.sudo() | target.sudo()  # sudo: merging contacts is a right of its own
        partners.flush_recordset()
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (channel) channel, given FROM loyalty_consent
             WHERE partner_id = ANY(%s) ORDER BY channel, date DESC, id DESC
            """,
            (partners.ids,),
        )
        said = dict(self.env.cr.fetchall())
        values = {
            name: said[channel] for name, channel in CONSENT_FIELDS.items() if channel in said
        }
        others = partners - target.sudo()
        for name in ("birthdate_date", "loyalty_comes", "loyalty_preferred_channel"):
            if not target.sudo()[name]:
                values[name] = next((other[name] for other in others if other[name]), False)
        note = self.env._("Merged with %s", ", ".join(others.mapped("display_name")))
        source = ConsentSource("merge", note)
        target.sudo().with_context(loyalty_consent_source=source).write(values)
        target.flush_recordset()
        if not target.sudo().loyalty_consent_profile:
            others._forget_learned_tastes()
        # Odoo copies what is ticked on any of them: they must say the same, without a row of theirs
        self.env.cr.execute(
            """
            UPDATE res_partner o
               SET loyalty_consent_email = t.loyalty_consent_email,
                   loyalty_consent_sms = t.loyalty_consent_sms,
                   loyalty_consent_phone = t.loyalty_consent_phone,
                   loyalty_consent_chat = t.loyalty_consent_chat,
                   loyalty_consent_post = t.loyalty_consent_post,
                   loyalty_consent_profile = t.loyalty_consent_profile
              FROM res_partner t WHERE t.id = %s AND o.id = ANY(%s)
            """,
            (target.id, others.ids),
        )
        others.invalidate_recordset(list(CONSENT_FIELDS), flush=False)
