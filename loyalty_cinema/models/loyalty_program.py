from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..domain.movement import STORED_VALUE_TYPES


class LoyaltyProgram(models.Model):
    """A program may be a tender: its balances are money paid in advance, never a discount."""

    _inherit = "loyalty.program"

    is_stored_value = fields.Boolean(
        "Stored value",
        help="The balances of this program are money that customers have paid in advance. They are "
        "spent as a payment method, not as a discount line, and stand in the accounts as a "
        "liability.",
    )

    @api.constrains("is_stored_value", "program_type", "company_id", "pos_ok", "sale_ok")
    def _check_stored_value(self):
        for program in self.filtered("is_stored_value"):
            if program.program_type not in STORED_VALUE_TYPES:
                raise ValidationError(
                    self.env._(
                        "%(program)s: only gift cards and eWallets can hold stored value.",
                        program=program.name,
                    )
                )
            if not program.company_id:
                raise ValidationError(
                    self.env._(
                        "%(program)s: a stored-value program belongs to one company, whose "
                        "accounts carry the liability. Choose the company.",
                        program=program.name,
                    )
                )
            if program.pos_ok or program.sale_ok:
                raise ValidationError(
                    self.env._(
                        "%(program)s: stored value is a payment method. Untick Point of Sale and "
                        "Sales, which would offer it as a discount.",
                        program=program.name,
                    )
                )

    @api.private
    def _balance_of(self, partner):
        """The partner's balance in this program, made when there is none.

        Two tills that meet a new customer at the same moment must not make two wallets. The UPDATE
        takes the partner's row: the second transaction is refused by PostgreSQL, runs again and
        finds the balance of the first.
        """
        self.ensure_one()
        Balance = self.env["loyalty.card"].sudo()  # sudo: cashiers open wallets, not balances
        domain = [("program_id", "=", self.id), ("partner_id", "=", partner.id)]
        balance = Balance.search(domain, limit=1, order="id")
        if not balance:
            self.env.cr.execute(
                "UPDATE res_partner SET write_date = write_date WHERE id = %s", (partner.id,)
            )
            balance = Balance.search(domain, limit=1, order="id") or Balance.create(
                {"program_id": self.id, "partner_id": partner.id}
            )
        return balance
