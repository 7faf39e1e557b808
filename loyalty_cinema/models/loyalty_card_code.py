from odoo import api, models

from ..domain import card_code


class LoyaltyCard(models.Model):
    """Codes that Odoo's own till screens send: matched by the server, guesses counted."""

    _inherit = "loyalty.card"

    @api.model
    def _generate_code(self):
        """A number that nobody guesses, readable as Odoo's coupon barcode.

        Odoo's own has 32 random bits; this one has 49.

        Digits only: Odoo's till splits its keys on dashes.
        """
        return "044" + card_code.generate()

    def read(self, fields=None, load="_classic_read"):
        """Whoever may not read codes gets their last four characters instead of an error.

        Odoo's till asks for the code of every card that it shows.
        """
        if not fields or "code" not in fields or self._may_read_codes():
            return super().read(fields, load)
        values = super().read([*(set(fields) - {"code"}), "masked_code"], load)
        return [dict(row, code=row["masked_code"]) for row in values]

    @api.model
    def search_read(self, domain=None, fields=None, offset=0, limit=None, order=None, **kwargs):
        """As :meth:`read`; searching *by* code stays forbidden to those who may not read it."""
        if not fields or "code" not in fields or self._may_read_codes():
            return super().search_read(domain, fields, offset, limit, order, **kwargs)
        others = [*(set(fields) - {"code"}), "masked_code"]
        values = super().search_read(domain, others, offset, limit, order, **kwargs)
        return [dict(row, code=row["masked_code"]) for row in values]

    def _may_read_codes(self):
        return self._has_field_access(self._fields["code"], "read")

    @api.model
    def get_gift_card_status(self, gift_code, config_id):
        """Odoo's check of a typed gift card; too many wrong codes answer "not valid"."""
        config = self.env["pos.config"].browse(config_id)
        attempts = self.env["loyalty.code.attempt"]
        if attempts._check_rate(config):
            return {"status": False, "data": {"loyalty.card": []}}
        # sudo: cashiers do not read codes; this one they have typed themselves.
        answer = super(LoyaltyCard, self.sudo()).get_gift_card_status(gift_code, config_id)
        if not answer["data"]["loyalty.card"]:
            attempts._record_failure(config)
        return answer

    @api.model
    def get_loyalty_card_partner_by_code(self, code):
        """The member whose printed card or points card was scanned."""
        attempts, no_till = self.env["loyalty.code.attempt"], self.env["pos.config"]
        if attempts._check_rate(no_till):
            return False
        card = self.env["loyalty.member.card"]._find_by_code(code)
        if card.holder_id:
            return card.holder_id.with_env(self.env)
        # sudo: as above.
        partner = super(LoyaltyCard, self.sudo()).get_loyalty_card_partner_by_code(code)
        return partner.with_env(self.env) if partner else False


class PosConfig(models.Model):
    """Coupon codes typed at the till."""

    _inherit = "pos.config"

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        """Odoo's check of a coupon code, without handing codes to cashiers, guesses counted."""
        attempts = self.env["loyalty.code.attempt"]
        locked = attempts._check_rate(self)
        if locked:
            return {"successful": False, "payload": {"error_message": locked}}
        # sudo: cashiers do not read codes; this one they have typed themselves.
        answer = super(PosConfig, self.sudo()).use_coupon_code(
            code, creation_date, partner_id, pricelist_id
        )
        # A card that has kept Odoo's code is no guess: the till looks it up as a card next.
        if not answer["successful"] and not self._is_member_card(code):
            attempts._record_failure(self)
        return answer

    def _is_member_card(self, code):
        return bool(self.env["loyalty.member.card"]._find_by_code(code, self.company_id))
