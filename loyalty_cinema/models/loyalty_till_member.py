from odoo import api, fields, models
from odoo.tools import email_normalize

from ..exceptions import LoyaltyError
from .loyalty_till_access import refusals_returned

NAME_MAX = 120


class LoyaltyTill(models.AbstractModel):
    """Members at the till: recognised in one call, enrolled with a name and a phone.

    Which customers exist is for the rights of the user to say. A customer who has the phone already
    is taken instead of making a second one; a new one is made in sudo, with nothing but name, phone
    and e-mail, for cashiers may enrol without the right to edit contacts.
    """

    _inherit = "loyalty.till"

    @api.model
    @refusals_returned
    def member(self, session_id, credential):
        """Who a card or customer is, with all balances: one call when scanned or chosen."""
        session = self._till_session(session_id)
        found = self._find_card(session, credential)
        if "code" in found:
            return found
        card, partner = found["card"], found["partner"]
        balances = found["balances"]
        if card and partner:
            balances |= self._balances_of(session, partner)
        return self._member_answer(session, card, partner, balances)

    @api.model
    @refusals_returned
    def enrol(self, session_id, values, partner_id=False):
        """Make a customer a member of the company's program.

        :param values: name, phone, email, referrer_code (a card's number or a member's phone)
        :param partner_id: a known customer; otherwise the phone finds or makes one
        :return: as :meth:`member`; ``existing``: the customer was known, ``already_member``,
            ``message`` for the cashier. Codes: "name", "phone", "referrer", "choose" (several
            customers have that phone: ``customers``).
        """
        session = self._till_session(session_id)
        values = self._enrol_values(values)
        program = session.company_id._loyalty_membership_program()
        if not program:
            raise LoyaltyError(
                self.env._(
                    "%s has no membership program yet. Choose one in the settings.",
                    session.company_id.name,
                )
            )
        till = self.with_company(session.company_id)  # whose country phones are read by
        found = till._customer_to_enrol(values, partner_id)
        if "code" in found:
            return found
        referrer = till._referrer(session, program, values["referrer_code"])
        if isinstance(referrer, dict):
            return referrer
        partner = found["partner"] or till._new_customer(program, values)
        was_member = partner.id in program._member_balances(partner)
        members = self.env["loyalty.member"]
        members._enrol(program, partner, "till", referrer=referrer)
        self._complete_customer(partner, values)
        answer = self._member_answer(
            session, self.env["loyalty.member.card"], partner, self._balances_of(session, partner)
        )
        existing = bool(found["partner"])
        message = self._enrol_message(partner, existing and not partner_id, was_member)
        return {**answer, "existing": existing, "already_member": was_member, "message": message}

    # -- enrolment -----------------------------------------------------------------------------

    def _enrol_values(self, values):
        """What was typed, as trimmed text."""
        values = values or {}
        typed = {name: values.get(name) for name in ("name", "phone", "email", "referrer_code")}
        return {
            name: " ".join(text.split())[:NAME_MAX] if isinstance(text, str) else ""
            for name, text in typed.items()
        }

    def _customer_to_enrol(self, values, partner_id):
        """The customer named or found by phone: ``{"partner"}``, empty for a new one."""
        Partner = self.env["res.partner"]
        if partner_id:
            # the user's own rights decide which customers exist for them
            partner = Partner.search([("id", "=", self._id(partner_id))])
            if not partner:
                raise LoyaltyError(self.env._("This customer does not exist here any more."))
            return {"partner": partner.sudo()}  # sudo: see the class
        if not Partner._loyalty_phone_variants(values["phone"]):
            return {
                "code": "phone",
                "message": self.env._("Enter the customer's phone number, with all its digits."),
            }
        partners = Partner._loyalty_by_phone(values["phone"])
        if len(partners) > 1:
            name = values["name"].casefold()
            partners = partners.filtered(lambda p: (p.name or "").casefold() == name) or partners
        if len(partners) > 1:
            return {
                "code": "choose",
                "message": self.env._("Several customers have this phone number. Which one is it?"),
                "customers": [{"id": partner.id, "name": partner.name} for partner in partners],
            }
        if not partners and not values["name"]:
            return {"code": "name", "message": self.env._("Enter the customer's name.")}
        return {"partner": partners.sudo()}  # sudo: see the class

    def _new_customer(self, program, values):
        """A new customer; two tills that meet the same one at a time make one.

        The UPDATE takes the program's row: the second transaction is refused by PostgreSQL, runs
        again and finds the customer of the first by phone.
        """
        self.env.cr.execute(
            "UPDATE loyalty_program SET write_date = write_date WHERE id = %s", (program.id,)
        )
        partners = self.env["res.partner"].sudo()  # sudo: see the class
        # A client's defaults must not reach the customer: only what is written here.
        partners = partners.with_context({})  # pylint: disable=context-overridden
        country = self.env.company.country_id
        phone = self.env["res.partner"]._phone_format(
            number=values["phone"], country=country, force_format="INTERNATIONAL"
        )
        return partners.create(
            {
                "name": values["name"],
                "phone": phone or values["phone"],
                "email": email_normalize(values["email"]) or False,
                "country_id": country.id,
                "company_id": False,
                "is_company": False,
                "parent_id": False,
            }
        )

    def _complete_customer(self, partner, values):
        """Phone and e-mail of a known customer are filled where they are empty, not changed.

        Not those of somebody with a login here: passwords are reset by e-mail.
        """
        if not self._may_edit_contact(partner):
            return
        email = email_normalize(values["email"])
        if values["phone"] and not partner.phone:
            partner.phone = values["phone"]
        if email and not partner.email:
            partner.email = email

    def _referrer(self, session, program, code):
        """The member whose card number or phone was given; a refusal when there is none."""
        if not code:
            return self.env["loyalty.member"]
        attempts = self.env["loyalty.code.attempt"]
        code = attempts._text(code)
        if referrer := attempts._try(
            lambda: self._referrer_by(session, program, code), session.config_id, code, "card"
        ):
            return referrer
        return {
            "code": "referrer",
            "message": self.env._(
                "No member has this card or phone number. Correct it, or leave it empty."
            ),
        }

    def _referrer_by(self, session, program, code):
        cards = self.env["loyalty.member.card"].sudo()  # sudo: see the class
        card = cards._find_by_code(code, session.company_id)
        partners = card.holder_id or self.env["res.partner"]._loyalty_by_phone(code)
        referrer = (
            self.env["loyalty.member"]
            .sudo()
            .search(  # sudo: see the class
                [("program_id", "=", program.id), ("partner_id", "in", partners.ids)]
            )
        )
        return referrer if len(referrer) == 1 else referrer.browse()

    def _enrol_message(self, partner, found_by_phone, was_member):
        if was_member:
            return self.env._("%s is a member already.", partner.name)
        if found_by_phone:
            return self.env._("%s was a customer already, and is a member now.", partner.name)
        return ""

    # -- descriptions --------------------------------------------------------------------------

    def _member_answer(self, session, card, partner, balances):
        member = self._describe_member(session, partner)
        program = session.company_id._loyalty_membership_program()
        return {
            "card": self._describe_card(card) if card else False,
            "partner_id": partner.id,
            "partner": {"id": partner.id, "name": partner.name} if partner else False,
            "member": member,
            "balances": [self._describe_balance(balance) for balance in balances],
            "can_enrol": bool(program and partner and not member),
        }

    def _describe_member(self, session, partner):
        """The customer as a member of the company's program; False for none."""
        program = session.company_id._loyalty_membership_program()
        member = self.env["loyalty.member"].sudo()  # sudo: see the class
        if program and partner:
            member = member.search(
                [("program_id", "=", program.id), ("partner_id", "=", partner.id)]
            )
        if not member:
            return False
        self.env["loyalty.ledger"].sudo()._mature_due(member.balance_id)  # sudo: see the class
        balance = member.balance_id
        return {
            "id": member.id,
            "name": partner.name,
            "program_id": program.id,
            "program_name": program.name,
            "point_name": balance.point_name,
            "joined_on": fields.Date.to_string(member.joined_on),
            "balance_id": balance.id,
            "points": balance.points,
            "pending": balance.pending,
            "pending_on": fields.Date.to_string(balance.pending_on) or False,
            "held": balance.held,
            "available": balance.available,
            "value": self._money_worth(balance),
            "qualifying": balance.qualifying_points,
            "next_expiry": balance.next_expiry_on
            and {
                "date": fields.Date.to_string(balance.next_expiry_on),
                "points": balance.next_expiry_points,
            },
        }
