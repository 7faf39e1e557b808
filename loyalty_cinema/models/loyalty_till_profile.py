from odoo import Command, api, fields, models
from odoo.tools import email_normalize

from ..domain.birthday import is_birth_date
from ..exceptions import LoyaltyError
from .loyalty_consent import CONSENTS, CONTACT_CHANNELS, ConsentSource
from .loyalty_till_access import refusals_returned
from .res_partner_profile import COMES


class LoyaltyTill(models.AbstractModel):
    """A customer's profile at the till: shown as far as consent allows, completed in seconds.

    Which customers exist is for the rights of the user to say. Beyond that cashiers have no right
    on profiles: what they send is checked value by value, and written in sudo. Who recorded which
    consent is on record.
    """

    _inherit = "loyalty.till"

    @api.model
    @refusals_returned
    def profile(self, session_id, partner_id):
        """What the till may show of a customer's profile, and what can be chosen.

        :return: ``profile`` (see :meth:`_describe_profile`), ``choices``: tastes, comes, channels,
            consents
        """
        session = self._till_session(session_id)
        partner = self._profile_partner(partner_id)
        return {
            "profile": self._describe_profile(partner),
            "choices": self._profile_choices(session),
        }

    @api.model
    @refusals_returned
    def save_profile(self, session_id, partner_id, values):
        """Write what was captured: only the keys that are sent, only those that are known.

        :param values: birthdate_date ("2001-02-28", where none is known), email, phone, comes,
            preferred_channel, tastes ({"add": [ids], "remove": [ids]}: what is not shown is not
            lost), consents ({"email": True, …}, those that were asked)
        :return: ``profile`` and ``panel``, as they are now. Codes: the name of a field whose value
            is refused, or "refused"
        """
        session = self._till_session(session_id)
        partner = self._profile_partner(partner_id)
        values = values or {}
        written = {}
        for name, check in self._profile_checks().items():
            if name in values:
                checked = check(session, partner, values[name])
                if "code" in checked:
                    return checked
                written.update(checked)
        source = ConsentSource("till", session.config_id.name)
        # A client's context must not reach the customer: only what is written here.
        partner = partner.with_context(  # pylint: disable=context-overridden
            {"loyalty_consent_source": source, "lang": self.env.lang}
        )
        if written:
            partner.write(written)
        partner = self.env["res.partner"].sudo().browse(partner.id)  # sudo: see the class
        return {
            "profile": self._describe_profile(partner),
            "panel": self._profile_panel(session, partner),
        }

    def _profile_panel(self, session, partner):
        """What the panel shows of a profile after it was saved; the panel's owner may add to it."""
        return partner._loyalty_profile_panel(session.config_id)

    def _profile_partner(self, partner_id):
        # the user's own rights decide which customers exist for them
        partner = self.env["res.partner"].search([("id", "=", self._id(partner_id))])
        if not partner:
            raise LoyaltyError(self.env._("This customer does not exist here any more."))
        return partner.sudo()  # sudo: see the class

    # -- what is shown -------------------------------------------------------------------------

    def _describe_profile(self, partner):
        """Contact and consents always; birth date, tastes and company only with consent."""
        seen = partner.loyalty_consent_profile
        return {
            "partner_id": partner.id,
            "email": partner.email or "",
            "phone": partner.phone or "",
            "preferred_channel": partner.loyalty_preferred_channel,
            "consents": {name: partner[f"loyalty_consent_{name}"] for name, _label in CONSENTS},
            "can_edit_contact": self._may_edit_contact(partner),
            "birthdate_date": seen and fields.Date.to_string(partner.birthdate_date) or False,
            "comes": seen and partner.loyalty_comes,
            "taste_ids": partner.loyalty_taste_ids.ids if seen else [],
        }

    def _profile_choices(self, session):
        tastes = self.env["loyalty.taste"].sudo()  # sudo: see the class
        described = {
            name: self.env["res.partner"].sudo()._fields[field]._description_selection(self.env)
            for name, field in [
                ("comes", "loyalty_comes"),
                ("preferred_channel", "loyalty_preferred_channel"),
            ]
        }
        consents = self.env["loyalty.consent"]._fields["channel"]
        return {
            **described,
            "tastes": tastes._for_company(session.company_id)._describe(),
            "consents": consents._description_selection(self.env),
        }

    # -- what is written -----------------------------------------------------------------------

    def _profile_checks(self):
        """``{key: check}``: each returns the values to write, or a refusal."""
        return {
            "birthdate_date": self._check_birth_date,
            "email": self._check_email,
            "phone": self._check_phone,
            "comes": self._check_comes,
            "preferred_channel": self._check_channel,
            "tastes": self._check_tastes,
            "consents": self._check_consents,
        }

    def _check_birth_date(self, session, partner, value):
        """A birthday brings gifts: the till notes one that is not known, the office changes it."""
        if partner.birthdate_date:
            if value == fields.Date.to_string(partner.birthdate_date):
                return {}
            message = self.env._("The birthday is known already. It is changed in the office.")
            return {"code": "birthdate_date", "message": message}
        if not value:
            return {}
        try:
            birth = fields.Date.from_string(value if isinstance(value, str) else "-")
        except ValueError:
            birth = None
        if not birth or not is_birth_date(birth, session.company_id._loyalty_day()):
            message = self.env._("Enter a birth date between 1 January 1900 and today.")
            return {"code": "birthdate_date", "message": message}
        return {"birthdate_date": birth}

    def _check_email(self, _session, partner, value):
        email = value.strip() if isinstance(value, str) else ""
        if email == (partner.email or ""):
            return {}
        if not self._may_edit_contact(partner):
            return {"code": "email", "message": self._contact_fixed(partner)}
        if email and not email_normalize(email):
            return {"code": "email", "message": self.env._("This is no e-mail address.")}
        return {"email": email_normalize(email) or False}

    def _may_edit_contact(self, partner):
        """Whether e-mail and phone are a cashier's to write.

        Passwords are reset by e-mail: no cashier says where those of users go.
        """
        users = partner.with_context(active_test=False).user_ids
        return not users and not partner.is_company

    def _contact_fixed(self, partner):
        if partner.is_company:
            return self.env._("E-mail and phone of a company are changed in the office.")
        return self.env._("%s has a login here, and changes e-mail and phone there.", partner.name)

    def _check_phone(self, session, partner, value):
        phone = " ".join(value.split()) if isinstance(value, str) else ""
        if phone == (partner.phone or ""):
            return {}
        if not self._may_edit_contact(partner):
            return {"code": "phone", "message": self._contact_fixed(partner)}
        partners = self.env["res.partner"].with_company(session.company_id)
        if not partners._loyalty_phone_variants(phone):
            message = self.env._("Enter the customer's phone number, with all its digits.")
            return {"code": "phone", "message": message}
        return {"phone": phone}

    def _check_comes(self, _session, _partner, value):
        return self._check_choice("loyalty_comes", "comes", COMES, value)

    def _check_channel(self, _session, _partner, value):
        return self._check_choice(
            "loyalty_preferred_channel", "preferred_channel", CONTACT_CHANNELS, value
        )

    def _check_choice(self, field, name, choices, value):
        if value and (not isinstance(value, str) or value not in dict(choices)):
            return {"code": name, "message": self.env._("Choose one of the list.")}
        return {field: value or False}

    def _check_tastes(self, session, _partner, value):
        tastes = self.env["loyalty.taste"].sudo()  # sudo: see the class
        known = set(tastes._for_company(session.company_id).ids)
        value = value if isinstance(value, dict) else {"add": None}
        added, removed = (value.get(name, []) for name in ("add", "remove"))
        lists = isinstance(added, list) and isinstance(removed, list)
        if not lists or not all(type(id_) is int and id_ in known for id_ in added + removed):
            return {"code": "tastes", "message": self.env._("Choose tastes of the list.")}
        commands = [Command.link(id_) for id_ in added] + [Command.unlink(id_) for id_ in removed]
        return {"loyalty_taste_ids": commands}

    def _check_consents(self, _session, _partner, value):
        known = dict(CONSENTS)
        value = value if isinstance(value, dict) else {"": None}
        if not all(name in known and type(given) is bool for name, given in value.items()):
            return {"code": "consents", "message": self.env._("Say yes or no to each consent.")}
        return {f"loyalty_consent_{name}": given for name, given in value.items()}
