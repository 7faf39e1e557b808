from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .account_chart_template import COMPANY_ACCOUNTS

#: The accounts that are compared with the ledger: liability and unamortised bonus.
COMPARED = COMPANY_ACCOUNTS[:2]


class AccountFiscalPosition(models.Model):
    """What is owed to customers is owed on one account, wherever they live (B7)."""

    _inherit = "account.fiscal.position"

    def map_account(self, account):
        """The liability is mapped nowhere, and nothing is mapped on it.

        One place for invoices, till sessions and whatever else asks a fiscal position.
        """
        mapped = super().map_account(account)
        if mapped != account and self._loyalty_keeps(account | mapped):
            return account
        return mapped

    def _loyalty_keeps(self, accounts):
        """Whether one of ``accounts`` is compared with the ledger, in any company."""
        companies = self.env["res.company"].sudo()  # sudo: settings, to compare with
        named = Domain.OR(Domain(name, "in", accounts.ids) for name in COMPARED)
        return bool(companies.search_count(named, limit=1))


class AccountFiscalPositionAccount(models.Model):
    """A mapping that would not be followed is refused when it is made."""

    _inherit = "account.fiscal.position.account"

    @api.constrains("account_src_id", "account_dest_id")
    def _check_loyalty_accounts(self):
        for mapping in self:
            accounts = mapping.account_src_id | mapping.account_dest_id
            if mapping.position_id._loyalty_keeps(accounts):
                raise ValidationError(
                    self.env._(
                        "%(position)s: no fiscal position may replace the accounts of stored "
                        "value and its bonus, or they no longer tie with the balances.",
                        position=mapping.position_id.name,
                    )
                )
