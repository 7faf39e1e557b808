import re

from odoo import api, models
from odoo.tools import SQL, Query

#: Fewer digits are no phone number anywhere.
DIGITS_MIN = 6
#: More are none either (E.164 allows 15, with an international prefix before them).
DIGITS_MAX = 18


class ResPartner(models.Model):
    """Customers are found by the digits of their phone, however they were written."""

    _inherit = "res.partner"

    _loyalty_phone_idx = models.Index("(regexp_replace(phone, '[^0-9]', '', 'g')) WHERE phone > ''")

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
        prefix, rest = str(country.phone_code or ""), digits.removeprefix("00")
        if prefix and rest.startswith(prefix):
            rest = rest[len(prefix) :]
        rest = rest.removeprefix("0")
        if prefix and len(rest) >= DIGITS_MIN:
            written += [f"{prefix}{rest}", f"00{prefix}{rest}", f"0{rest}", rest]
        return sorted({digits, *written} - {""})
