import secrets

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.http import request

from ..exceptions import LoyaltyError

PIN_DIGITS_MIN, PIN_DIGITS_MAX = 4, 8


class ResUsers(models.Model):
    """Managers approve at a cashier's till with a PIN; PINs are hashed like passwords.

    Only its owner chooses a PIN: it is a signature. Whoever manages users may take it away. Either
    way the owner hears of it by mail, as of a changed password.
    """

    _inherit = "res.users"

    loyalty_pin = fields.Char(
        "Loyalty PIN",
        compute="_compute_loyalty_pin",
        inverse="_inverse_loyalty_pin",
        help="4 to 8 digits. With it a manager approves at a till where somebody else is logged "
        "in. It is never shown again, and nobody but you can choose it.",
    )
    loyalty_has_pin = fields.Boolean(
        "Has a loyalty PIN", compute="_compute_loyalty_has_pin", compute_sudo=True
    )
    loyalty_pin_hash = fields.Char(copy=False, readonly=True, groups=fields.NO_ACCESS)

    @property
    def SELF_READABLE_FIELDS(self):
        """A user sees the empty PIN field in the own preferences."""
        return [*super().SELF_READABLE_FIELDS, "loyalty_pin", "loyalty_has_pin"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """A user chooses the own PIN; it approves nothing unless the user is a manager."""
        return [*super().SELF_WRITEABLE_FIELDS, "loyalty_pin"]

    def _compute_loyalty_pin(self):
        self.loyalty_pin = False

    @api.depends("loyalty_pin_hash")
    def _compute_loyalty_has_pin(self):
        for user in self:
            user.loyalty_has_pin = bool(user.loyalty_pin_hash)

    def _inverse_loyalty_pin(self):
        for user in self:
            pin = user.loyalty_pin
            if pin:
                user._loyalty_check_own_pin()
            user._loyalty_store_pin(pin and self._loyalty_hash_pin(pin))
        self.invalidate_recordset(["loyalty_pin", "loyalty_has_pin"])

    def _loyalty_check_own_pin(self):
        """:raises AccessError: when another user than this one chooses its PIN"""
        # the server's own code, as in demo data, has no request behind it
        if request and self.env.uid not in (self.id, SUPERUSER_ID):
            raise AccessError(
                self.env._(
                    "Only %(user)s chooses this loyalty PIN, in the preferences. You can only "
                    "remove it.",
                    user=self.name,
                )
            )

    def action_loyalty_clear_pin(self):
        """Take the PIN away, of oneself or, with the right to write users, of others."""
        if self != self.env.user:
            self.check_access("write")
        for user in self:
            user._loyalty_store_pin(False)
        self.invalidate_recordset(["loyalty_pin", "loyalty_has_pin"])

    def _loyalty_store_pin(self, pin_hash):
        """Keep the hash of a new PIN, or none, and tell the user by mail."""
        user = self.sudo()  # sudo: nobody has access to the hash; who may was asked before
        if not pin_hash and not user.loyalty_pin_hash:
            return
        user.loyalty_pin_hash = pin_hash
        if self.env.uid == SUPERUSER_ID:
            return  # the server itself, at installation
        subject, content = (
            (self.env._("Loyalty PIN Changed"), self.env._("Your loyalty PIN has been set"))
            if pin_hash
            else (self.env._("Loyalty PIN Removed"), self.env._("Your loyalty PIN was removed"))
        )
        self._notify_security_setting_update(
            self.env._("Security Update: %(what)s", what=subject), content
        )

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
        pin = pin if isinstance(pin, str) else ""
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
        typed = pin if isinstance(pin, str) and len(pin) <= PIN_DIGITS_MAX else ""
        right = self._crypt_context().verify(typed, pin_hash or self._loyalty_dummy_hash())
        return bool(pin_hash and right)

    @tools.ormcache(cache="stable")
    def _loyalty_dummy_hash(self):
        """The hash of nobody's PIN, made like the others: checking it takes as long."""
        return self._crypt_context().hash(secrets.token_hex(PIN_DIGITS_MAX))
