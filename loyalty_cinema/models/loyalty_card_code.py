from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..domain import card_code
from ..domain.arguments import is_id
from ..exceptions import GuessesLocked, LoyaltyError


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
        config = self.env["pos.config"]._loyalty_till(config_id)
        attempts = self.env["loyalty.code.attempt"]
        code = attempts._text(gift_code)
        cards = self.sudo()  # sudo: cashiers do not read codes; this one they have typed themselves
        here = [("code", "=", code), *config._balances_domain()]
        unknown = {"status": False, "data": {"loyalty.card": []}}
        try:
            found = attempts._try(lambda: cards.search_count(here), config, code, "gift")
        except GuessesLocked:
            return unknown
        # a code is taken in all companies, and the till learns no more of it
        if not found and cards.search_count([("code", "=", code)]):
            return unknown
        return super(LoyaltyCard, cards).get_gift_card_status(code, config_id)

    @api.model
    def get_loyalty_card_partner_by_code(self, code):
        """The member whose printed card or points card was scanned.

        The till asks this first of whatever is scanned or typed. It is a guess where nothing has
        such a code, neither a coupon nor a promotion.
        """
        self.env["pos.config"]._check_loyalty_cashier()
        attempts = self.env["loyalty.code.attempt"]
        code = attempts._text(code)
        try:
            partner = attempts._try(lambda: self._partner_or_code(code), code=code, way="partner")
        except GuessesLocked:
            return False
        if partner is True or not partner:
            return False
        # the user's own rights decide which customers exist for them
        return partner.with_env(self.env).search([("id", "=", partner.id)]) or False

    def _partner_or_code(self, code):
        """Whose card has this code; True where something else has it, or a card without use."""
        card = self.env["loyalty.member.card"]._find_by_code(code)
        if card.holder_id and not card._problem():
            return card.holder_id
        # sudo: cashiers read no codes; this one they have typed themselves.
        company = [("company_id", "in", [False, *self.env.companies.ids])]
        balances = self.sudo().search([("code", "=", code), *company])
        points = balances.filtered(lambda balance: balance.program_type == "loyalty")
        if points.partner_id:
            return points.partner_id[:1]
        rules = self.env["loyalty.rule"].sudo()  # sudo: as above
        return bool(
            card
            or balances
            or rules.search_count(["|", ("code", "=", code), ("promo_barcode", "=", code)], limit=1)
        )


class PosConfig(models.Model):
    """Coupon codes typed at the till, by whoever works there."""

    _inherit = "pos.config"

    @api.model
    @api.private
    def _loyalty_till(self, config_id):
        """The till with this id, after checking that the user may work at it."""
        config = self.browse(config_id if is_id(config_id) else [])
        config._check_loyalty_cashier()
        return config

    def _check_loyalty_cashier(self):
        """Only cashiers ask for codes, and only at tills of theirs; on nothing: any cashier.

        :raises AccessError: for everybody else, before anything is looked up or counted
        """
        if self.env.su:
            return
        if not self.env.user.has_group("loyalty_cinema.group_cashier"):
            raise AccessError(self.env._("Only cashiers use cards at a till."))
        ids = [id_ for id_ in self.ids if is_id(id_)]
        domain = [("id", "in", ids), ("company_id", "in", self.env.user.company_ids.ids)]
        if self and self.search(domain) != self:  # access rules of the user decide
            raise AccessError(self.env._("You may not work at this till."))

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        """Odoo's check of a coupon code, without handing codes to cashiers, guesses counted."""
        self.ensure_one()
        self._check_loyalty_cashier()
        attempts = self.env["loyalty.code.attempt"]
        try:
            code = attempts._text(code)
            creation_date = self._coupon_day(creation_date)
            partner_id, pricelist_id = (
                value if is_id(value) else False for value in (partner_id, pricelist_id)
            )
            found = attempts._try(lambda: self._opens_here(code, partner_id), self, code, "coupon")
        except LoyaltyError as refusal:
            return {"successful": False, "payload": {"error_message": str(refusal)}}
        if not found:
            message = self.env._("This coupon is invalid (%s).", code)
            return {"successful": False, "payload": {"error_message": message}}
        # sudo: cashiers do not read codes; this one they have typed themselves.
        return super(PosConfig, self.sudo()).use_coupon_code(
            code, creation_date, partner_id, pricelist_id
        )

    def _opens_here(self, code, partner_id):
        """Whether a coupon of this till has the code, or a card.

        A card that has kept Odoo's code is no guess: the till looks it up as a card next.
        """
        cards = self.env["loyalty.card"].sudo()  # sudo: as above
        coupon = [
            ("code", "=", code),
            ("program_id", "in", self._get_program_ids().ids),
            *self._balances_domain(),
            "|",
            ("partner_id", "in", (False, partner_id)),
            ("program_type", "=", "gift_card"),
        ]
        return bool(
            cards.search_count(coupon)
            or self.env["loyalty.member.card"]._find_by_code(code, self.company_id)
        )

    def _balances_domain(self):
        """The balances that exist for this till: those of its company and of all companies."""
        return [("company_id", "in", [False, *self.company_id.parent_ids.ids])]

    def _coupon_day(self, creation_date):
        """When the order began, as Odoo reads it.

        :raises LoyaltyError: when it is no day
        """
        try:
            day = fields.Date.from_string(creation_date[:10])
        except (TypeError, ValueError):
            day = None
        if not isinstance(creation_date, str) or not day:
            raise LoyaltyError(self.env._("Start the order again: it has no date."))
        return fields.Date.to_string(day)
