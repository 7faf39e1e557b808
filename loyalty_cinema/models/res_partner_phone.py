import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

#: Fewer digits are no phone number anywhere.
DIGITS_MIN = 6
#: More are none either (E.164 allows 15, with an international prefix before them).
DIGITS_MAX = 18


class ResPartner(models.Model):
    """Customers are found by the digits of their phone, however they were written."""

    _inherit = "res.partner"

    _loyalty_phone_idx = models.Index("(regexp_replace(phone, '[^0-9]', '', 'g')) WHERE phone > ''")

    def _search_phone_mobile_search(self, operator, value):
        """Odoo's search by phone, for the same number without its country's prefix, too.

        The office's list of contacts and the till's of customers search by it: 0900 000 013,
        900000013, 0900.000.013 and +84 900 000 013 find each other. Searched for is the part that
        all of them have; Odoo's index of parts of numbers serves it.
        """
        domain = super()._search_phone_mobile_search(operator, value)
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return domain
        typed = value.strip().rstrip("%")  # the till appends it
        if not re.fullmatch(r"\+?[\d\s()./-]+", typed):
            return domain
        rest = self._loyalty_phone_rest(typed)
        if len(rest) < DIGITS_MIN or rest == typed:
            return domain
        return Domain.OR([domain, super()._search_phone_mobile_search(operator, rest)])

    @api.model
    def _loyalty_phone_rest(self, phone):
        """The digits that a number has everywhere: without the zeros or prefix before them."""
        prefix = str(self.env.company.country_id.phone_code or "")
        rest = re.sub(r"\D", "", phone).removeprefix("00")
        if prefix and rest.startswith(prefix):
            rest = rest[len(prefix) :]
        return rest.removeprefix("0")

    @api.model
    @api.private
    def _loyalty_by_phone(self, phone):
        """The customers that have this phone, as far as the user may see them.

        Matched are the digits as typed, and the same number with and without its country's prefix.
        """
        variants = self._loyalty_phone_variants(phone)
        if not variants:
            return self.browse()
        query = Query(self, "res_partner")
        digits = SQL("regexp_replace(res_partner.phone, '[^0-9]', '', 'g')")
        query.add_where(SQL("res_partner.phone > '' AND %s = ANY(%s)", digits, variants))
        self.flush_model(["phone"])
        return self.search([("id", "in", query), ("is_company", "=", False)], order="id")

    @api.model
    @api.private
    def _loyalty_phone_variants(self, phone):
        """The strings of digits under which ``phone`` may have been stored; none for no phone.

        Which country a number without prefix belongs to, the current company says: 0912 345 678
        and +84 912 345 678 are one number in Vietnam.
        """
        digits = re.sub(r"\D", "", phone if isinstance(phone, str) else "")
        if not DIGITS_MIN <= len(digits) <= DIGITS_MAX:
            return []
        country = self.env.company.country_id
        written = [
            re.sub(
                r"\D", "", self._phone_format(number=phone, country=country, force_format=f) or ""
            )
            for f in ("E164", "NATIONAL")
        ]
        # Odoo formats only where the library for it is installed: the prefix is known without
        prefix, rest = str(country.phone_code or ""), self._loyalty_phone_rest(digits)
        if prefix and len(rest) >= DIGITS_MIN:
            written += [f"{prefix}{rest}", f"00{prefix}{rest}", f"0{rest}", rest]
        return sorted({digits, *written} - {""})
