from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PosPaymentMethod(models.Model):
    """Gift cards, wallets and points are tenders: a terminal whose bank is our own ledger."""

    _inherit = "pos.payment.method"
    # The first method of a till is Odoo's, wherever somebody takes the first: its own have no
    # sequence, which sorts after any number.
    _order = "stored_value_type NULLS FIRST, sequence, id"

    stored_value_type = fields.Selection(
        [("gift_card", "Gift card"), ("ewallet", "Member wallet"), ("loyalty", "Points")],
        "Stored value",
        help="Which balances pay by this method.",
    )

    loyalty_on_account = fields.Selection(
        [
            ("when_paid", "Earns when it is paid"),
            ("at_once", "Earns at once"),
            ("nothing", "Earns nothing"),
        ],
        "A sale on account",
        default="when_paid",
        required=True,
        help="When a sale earns points that is put, in whole or in part, on the customer's "
        "account.\n"
        "Earns when it is paid: all of its points on the day on which nothing of it is owed any "
        "more, and none before; what is written off earns nothing, and a payment that is undone "
        "takes the points back. This is the default: the customer gets what everybody gets, and "
        "nobody gets it without paying.\n"
        "Earns at once: as if it were paid. The points stay if it never is.\n"
        "Earns nothing: only what is paid at the till earns.\n"
        "Top-ups and gift cards are never sold on account.",
    )

    def _earns_when_paid(self):
        """Whether what is put on account by this method earns when it is paid."""
        return self.loyalty_on_account == "when_paid" and self._is_on_account()

    def _earns_not_at_once(self):
        """Whether what is paid by this method is on account, and earns later or never."""
        return self.loyalty_on_account != "at_once" and self._is_on_account()

    def _is_money(self):
        """Whether money changes hands at once."""
        return not self._is_on_account() and not self.stored_value_type

    def _is_on_account(self):
        """Whether nobody pays yet: Odoo's type "pay_later", without reading a journal for it."""
        return not self.journal_id

    def _get_payment_terminal_selection(self):
        return super()._get_payment_terminal_selection() + [
            ("stored_value", self.env._("Stored value"))
        ]

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["stored_value_type"]

    @api.constrains(
        "use_payment_terminal",
        "stored_value_type",
        "journal_id",
        "outstanding_account_id",
        "receivable_account_id",
        "split_transactions",
    )
    def _check_stored_value(self):
        """A tender books on the account of its kind and nowhere else (L6)."""
        for method in self:
            is_stored_value = method.use_payment_terminal == "stored_value"
            if is_stored_value != bool(method.stored_value_type):
                raise ValidationError(
                    self.env._(
                        "%(method)s: choose the terminal “Stored value” together with the kind of "
                        "balance that pays by it.",
                        method=method.name,
                    )
                )
            if is_stored_value:
                method._check_stored_value_accounts()
            else:
                method._check_no_stored_value_accounts()

    def _stored_value_settings(self):
        """Journal and account of this tender: the liability, or what points take off revenue."""
        company = (self.company_id or self.env.company).sudo()  # sudo: settings, to compare with
        if self.stored_value_type == "loyalty":
            return company.loyalty_points_journal_id, company.loyalty_points_redeemed_account_id
        return company.loyalty_stored_value_journal_id, company.loyalty_stored_value_account_id

    def _check_stored_value_accounts(self):
        self.ensure_one()
        _journal, account = self._stored_value_settings()
        if self.type != "bank" or not account or self.outstanding_account_id != account:
            raise ValidationError(
                self.env._(
                    "%(method)s: payments with cards or points need a journal of type bank and, as "
                    "outstanding account, the account that %(company)s has set for them "
                    "(%(account)s).",
                    method=self.name,
                    company=self.company_id.name,
                    account=account.display_name or self.env._("set it in the settings first"),
                )
            )
        if self.split_transactions:
            raise ValidationError(
                self.env._(
                    "%(method)s: untick “Identify Customer”. A gift card may be anonymous, and the "
                    "ledger already tells who paid.",
                    method=self.name,
                )
            )

    def _check_no_stored_value_accounts(self):
        """Money that is booked on the liability would pay goods with nobody's card (I7)."""
        company = (self.company_id or self.env.company).sudo()  # sudo: settings, to compare with
        ours = (
            company.loyalty_stored_value_account_id | company.loyalty_unamortised_bonus_account_id
        )
        accounts = self.outstanding_account_id | self.receivable_account_id
        accounts |= self.journal_id.default_account_id
        if self.journal_id in company._loyalty_tender_journals() or accounts & ours:
            raise ValidationError(
                self.env._(
                    "%(method)s: only payments with cards are booked on the stored value account. "
                    "Choose another journal and account.",
                    method=self.name,
                )
            )

    @api.onchange("use_payment_terminal", "stored_value_type")
    def _onchange_use_payment_terminal(self):
        res = super()._onchange_use_payment_terminal()
        if self.use_payment_terminal != "stored_value":
            self.stored_value_type = False
        else:
            self.journal_id, self.outstanding_account_id = self._stored_value_settings()
        return res

    def _force_payment_method_type_values(self, vals, payment_method_type, if_present=False):
        """An integration other than a terminal cannot be a tender of stored value."""
        result = super()._force_payment_method_type_values(vals, payment_method_type, if_present)
        if payment_method_type != "terminal" and not if_present:
            vals["stored_value_type"] = False
        return result

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Hide our tenders from code that looks for “the” bank method of a company."""
        if self.env.context.get("loyalty_hide_tenders"):
            domain = fields.Domain(domain) & fields.Domain("stored_value_type", "=", False)
        return super()._search(domain, *args, **kwargs)
