from odoo import api, fields, models

from ..exceptions import LoyaltyError

PIN_DIGITS_MIN, PIN_DIGITS_MAX = 4, 8


class ResUsers(models.Model):
    """Managers approve at a cashier's till with a PIN; PINs are hashed like passwords."""

    _inherit = "res.users"

    loyalty_pin = fields.Char(
        "Loyalty PIN",
        compute="_compute_loyalty_pin",
        inverse="_inverse_loyalty_pin",
        help="4 to 8 digits. With it a manager approves at a till where somebody else is logged "
        "in. It is never shown again.",
    )
    loyalty_pin_hash = fields.Char(copy=False, readonly=True, groups=fields.NO_ACCESS)

    @property
    def SELF_READABLE_FIELDS(self):
        """A user sees the empty PIN field in the own preferences."""
        return [*super().SELF_READABLE_FIELDS, "loyalty_pin"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """A user chooses the own PIN; it approves nothing unless the user is a manager."""
        return [*super().SELF_WRITEABLE_FIELDS, "loyalty_pin"]

    def _compute_loyalty_pin(self):
        self.loyalty_pin = False

    def _inverse_loyalty_pin(self):
        for user in self.filtered("loyalty_pin"):
            # sudo: nobody has access to the hash; who may write the user was checked by write().
            user.sudo().loyalty_pin_hash = self._loyalty_hash_pin(user.loyalty_pin)
        self.invalidate_recordset(["loyalty_pin"])

    @api.model
    @api.private
    def _loyalty_managers(self, company):
        """The managers who can approve at a till of ``company``, with or without a PIN."""
        group = self.env.ref("loyalty_cinema.group_manager")
        # sudo: a cashier may not read users; the caller passes on names only.
        return self.sudo().search(
            [("all_group_ids", "in", group.ids), ("company_ids", "in", company.ids)], order="name"
        )

    @api.model
    @api.private
    def _loyalty_hash_pin(self, pin):
        """The hash of a PIN, by the context that hashes passwords.

        :raises LoyaltyError: when it is not 4 to 8 digits
        """
        pin = str(pin or "")
        if not (pin.isascii() and pin.isdigit() and PIN_DIGITS_MIN <= len(pin) <= PIN_DIGITS_MAX):
            raise LoyaltyError(
                self.env._(
                    "A PIN has %(min)s to %(max)s digits.", min=PIN_DIGITS_MIN, max=PIN_DIGITS_MAX
                )
            )
        return self._crypt_context().hash(pin)

    @api.model
    @api.private
    def _loyalty_verify_pin(self, pin, pin_hash):
        """Whether ``pin`` has this hash; without a hash it takes as long and answers no."""
        context = self._crypt_context()
        if not pin_hash:
            context.dummy_verify()
            return False
        return context.verify(str(pin or ""), pin_hash)
