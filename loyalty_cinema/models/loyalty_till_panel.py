from odoo import fields, models


class LoyaltyTill(models.AbstractModel):
    """The panel beside the order: who stands there, and what can be done for them now.

    It comes with the answer that recognises the customer (``member``, ``lookup``, ``enrol``), under
    the key ``panel``: no call of its own, and a number of statements that does not depend on what
    the customer has done so far. Birthday, tastes and habits are told only with the consent to be
    known at the till (``res_partner_habits.py``).
    """

    _inherit = "loyalty.till"

    def _member_answer(self, session, card, partner, balances):
        answer = super()._member_answer(session, card, partner, balances)
        return {**answer, "panel": self._panel(session, partner)}

    def _describe(self, session, card, partner, balances):
        answer = super()._describe(session, card, partner, balances)
        return {**answer, "panel": self._panel(session, partner)}

    def _profile_panel(self, session, partner):
        """After a profile was saved the till shows all of the panel anew."""
        return self._panel(session, partner)

    def _panel(self, session, partner):
        """What the cashier sees of a customer; False for nobody, as on an anonymous card.

        Beside what ``_loyalty_profile_panel`` tells of the contact:

        - ``tier``: False, or ``{"id", "name", "color", "since"}``
        - ``progress``: False, or ``{"percent", "missing", "next", "measure", "review_on",
          "until"}``; ``measure`` is that of the ladder: points, spend or visits
        - ``special_day``: the name of today's, or an empty text
        - ``wallet``: money in all of the customer's wallets
        - ``vouchers`` of the customer (``loyalty_benefit_voucher.py``), and ``tasks`` and
          ``services``, which staff do for a member (``loyalty_till_benefit.py``)
        - ``pricelist_id``: whose prices the customer gets, False for the till's own
        """
        if not partner:
            return False
        partner = partner.sudo()  # sudo: see the class
        company, member = session.company_id, self._panel_member(session, partner)
        special_day = self._panel_special_day(company, company._loyalty_day())
        profile = partner._loyalty_profile_panel(
            session.config_id, tier=member.tier_id, special_day=special_day
        )
        return {
            **profile,
            "comes": self._panel_comes(profile["comes"]),
            "special_day": special_day,
            "wallet": self._panel_wallet(session, partner),
            "pricelist_id": partner.with_company(company).property_product_pricelist.id,
            **self._panel_tier(member),
            "vouchers": partner._loyalty_usable_vouchers(session.config_id),
            **self._panel_benefits(member),
        }

    def _panel_member(self, session, partner):
        """The customer as a member of the program that is joined here; empty for none."""
        members = self.env["loyalty.member"].sudo()  # sudo: see the class
        program = session.company_id._loyalty_membership_program()
        return members.search(
            [("program_id", "=", program.id), ("partner_id", "=", partner.id)], limit=1
        )

    def _panel_tier(self, member):
        tier = member.tier_id
        if not tier:
            return {"tier": False, "progress": False}
        outlook = member._tier_standings()[member]
        next_tier = tier.browse(outlook.next_tier_id or [])
        return {
            "tier": {
                "id": tier.id,
                "name": tier.name,
                "color": tier.color or False,
                "since": fields.Date.to_string(outlook.since) or False,
            },
            "progress": {
                "percent": float(outlook.progress or 0),
                "missing": float(outlook.missing or 0),
                "next": next_tier.name or False,
                "measure": member.program_id.tier_measure,
                "review_on": fields.Date.to_string(outlook.review_on) or False,
                "until": fields.Date.to_string(outlook.until) or False,
            },
        }

    def _panel_special_day(self, company, day):
        """What is celebrated today, in the cashier's language."""
        days = self.env["loyalty.special.day"]._for_company(company)
        dates = days._dates(day, day)
        return ", ".join(special.name for special in days if dates.get(special.id))

    def _panel_wallet(self, session, partner):
        """Money that the customer can pay with here."""
        balances = self._balances_of(session, partner)
        return sum(balances.filtered(lambda b: b.program_type == "ewallet").mapped("available"))

    def _panel_benefits(self, member):
        """What staff have to do for a member, or to know."""
        if not member:
            return {"tasks": [], "services": []}
        deeds = self.env["loyalty.benefit.issue"]._tasks_and_services(member)
        return {
            "tasks": [deed for deed in deeds if deed["gives"] == "task"],
            "services": [deed for deed in deeds if deed["gives"] == "service"],
        }

    def _panel_comes(self, comes):
        """Alone, with the family …, in the cashier's words."""
        field = self.env["res.partner"]._fields["loyalty_comes"]
        return dict(field._description_selection(self.env)).get(comes, False)
