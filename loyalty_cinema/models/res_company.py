from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..domain.movement import STORED_VALUE_TYPES
from .account_chart_template import COMPANY_ACCOUNTS

#: What is booked on these is compared with the ledger, document by document.
TIED_ACCOUNTS = frozenset(
    {"loyalty_stored_value_account_id", "loyalty_unamortised_bonus_account_id"}
)


class ResCompany(models.Model):
    """The accounts, journals, programs and tenders with which a company keeps stored value."""

    _inherit = "res.company"

    loyalty_stored_value_account_id = fields.Many2one(
        "account.account",
        "Stored value account",
        check_company=True,
        help="Liability: what customers have paid in advance and not yet spent, at its face value, "
        "bonus included. Nothing else may be booked here, or it no longer ties with the balances.",
    )
    loyalty_unamortised_bonus_account_id = fields.Many2one(
        "account.account",
        "Unamortised bonus account",
        check_company=True,
        help="Contra-liability: the part of the stored value that was given away as a bonus and "
        "not yet spent. Stored value less this account is what customers have paid.",
    )
    loyalty_promotional_discount_account_id = fields.Many2one(
        "account.account",
        "Promotional discount account",
        check_company=True,
        help="Reduces revenue by the bonus part of what is spent, and takes corrections.",
    )
    loyalty_breakage_account_id = fields.Many2one(
        "account.account",
        "Breakage income account",
        check_company=True,
        help="Income from value that was paid for and expired unspent.",
    )
    loyalty_service_recovery_account_id = fields.Many2one(
        "account.account",
        "Service recovery account",
        check_company=True,
        help="Reduces revenue by the value given to customers for a failed service.",
    )
    loyalty_stored_value_journal_id = fields.Many2one(
        "account.journal",
        "Stored value journal",
        check_company=True,
        domain=[("type", "=", "bank")],
        help="Journal of the payments by gift card and member wallet at the till.",
    )
    loyalty_posting_journal_id = fields.Many2one(
        "account.journal",
        "Loyalty posting journal",
        check_company=True,
        domain=[("type", "=", "general")],
        help="Journal of what the point of sale does not post itself: bonus, expiry, compensation.",
    )
    loyalty_gift_program_id = fields.Many2one(
        "loyalty.program", "Gift card program", domain=[("is_stored_value", "=", True)]
    )
    loyalty_wallet_program_id = fields.Many2one(
        "loyalty.program", "Member wallet program", domain=[("is_stored_value", "=", True)]
    )

    @api.constrains(*COMPANY_ACCOUNTS)
    def _check_loyalty_accounts(self):
        """The liability and its contra-account are compared with the ledger: keep them apart."""
        for company in self:
            accounts = [company[name] for name in COMPANY_ACCOUNTS if company[name]]
            others = [account for account in accounts[2:] if account in accounts[:2]]
            if others or (len(accounts) > 1 and accounts[0] == accounts[1]):
                raise ValidationError(
                    self.env._(
                        "%(company)s: the stored value account and the unamortised bonus account "
                        "must not be used for anything else.",
                        company=company.name,
                    )
                )

    def write(self, vals):
        """The two accounts that tie with the ledger change only while nothing is booked on them.

        To empty such a setting is to change it: the next account would be another one.
        """
        account_id = vals.get("loyalty_stored_value_account_id")
        moved = self.browse()
        if account_id:
            moved = self.filtered(
                lambda c: c.loyalty_stored_value_account_id.id not in (False, account_id)
            )
        for name in TIED_ACCOUNTS & vals.keys():
            self.filtered(
                lambda c, name=name: c[name] and c[name].id != vals[name]
            )._check_no_stored_value(name)
        res = super().write(vals)
        for company in moved:
            journal = company.loyalty_stored_value_journal_id._as_loyalty_service()
            journal.default_account_id = account_id
            methods = company._loyalty_methods(STORED_VALUE_TYPES)._as_loyalty_service()
            methods.outstanding_account_id = account_id
        if "currency_id" in vals:
            self._loyalty_follow_currency()
        return res

    def _loyalty_methods(self, types):
        """The payment methods of this company for these types of balances, archived ones too."""
        return (
            self.env["pos.payment.method"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.id), ("stored_value_type", "in", list(types))])
        )

    def _check_no_stored_value(self, field):
        """:raises UserError: when the account of this setting has something of ours booked on it"""
        if not self:
            return
        domain = [("company_id", "in", self.ids), ("is_stored_value", "=", True)]
        if field == "loyalty_unamortised_bonus_account_id":
            domain += [("bonus_amount", "!=", 0), ("move_id", "!=", False)]
        entries = self.env["loyalty.ledger.entry"].sudo()
        if entries.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "The “%(setting)s” cannot be changed any more: the balances of customers are "
                    "booked on it. Rename or renumber the account instead.",
                    setting=self._fields[field]._description_string(self.env),
                )
            )
