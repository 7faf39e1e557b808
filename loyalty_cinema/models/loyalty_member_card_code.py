from odoo import api, models
from odoo.fields import Domain

from ..domain import card_code


class LoyaltyMemberCard(models.Model):
    """What opens a card: its number, found and made here, and its PIN."""

    _inherit = "loyalty.member.card"

    @api.model
    def _new_codes(self, quantity, prefix=""):
        """Numbers that no card has yet: one query, whatever the quantity."""
        if not quantity:
            return []
        codes = card_code.generate_many(quantity, prefix)
        # sudo: a number is taken whatever company's card has it.
        taken = self.sudo().search_fetch([("code", "in", list(codes))], ["code"]).mapped("code")
        if taken:
            codes = codes.difference(taken) | set(self._new_codes(len(taken), prefix))
        return list(codes)

    @api.model
    @api.private
    def _find_by_code(self, code, company=None):
        """The card with this number that ``company`` accepts, or an empty recordset.

        Of the company itself or of one above it. Runs in sudo: who may look up cards is the
        caller's to decide, as is counting the failures
        (:meth:`~loyalty.code.attempt._record_failure`). The check digit is not asked for: cards
        from before a program became stored value have the numbers that Odoo, or whoever printed
        them, chose.

        :param code: typed or scanned; spaces, dashes and capitals do not matter
        :param company: the till's company; the current one when not given
        """
        code = card_code.normalise(code)
        if not 0 < len(code) <= card_code.TYPED_LENGTH_MAX:
            return self.browse()
        company = company or self.env.company
        return self.sudo().search(
            Domain("code", "=", code) & Domain("company_id", "parent_of", company.id), limit=1
        )

    @api.private
    def _set_pin(self, pin):
        """Set the PIN; only its hash is kept, made like the hash of a password.

        :raises LoyaltyError: when it is not 4 to 8 digits
        """
        self.ensure_one()
        pin_hash = self.env["res.users"]._loyalty_hash_pin(pin)
        self.sudo().write({"pin_hash": pin_hash})  # sudo: nobody has access to the hash
        self._log(self.env._("PIN set"))

    def _lacks_pin(self):
        """Whether its kind pays with a PIN only, and nobody has set one yet."""
        card = self.sudo()  # sudo: as _verify_pin; only whether there is one
        return bool(card) and card.kind_id.pin_required and not card.pin_hash

    def _lacks_pin_message(self):
        return self.env._(
            "Card %(card)s pays with a PIN only, and has none yet. Press Card, find it, set one.",
            card=self.masked_code,
        )

    @api.private
    def _verify_pin(self, pin):
        """Whether ``pin`` opens the card. A card that asks for no PIN is open.

        On an empty recordset it takes as long and answers no: an unknown card and a wrong PIN must
        not differ in time either.
        """
        card = self.sudo()  # sudo: nobody has access to the hash
        if card and not card.pin_required:
            return True
        return self.env["res.users"]._loyalty_verify_pin(pin, card.pin_hash)
