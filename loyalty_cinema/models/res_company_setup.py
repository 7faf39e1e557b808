from odoo import Command, api, models

#: The programs and tenders of stored value: program type → company field.
PROGRAM_FIELDS = {
    "gift_card": "loyalty_gift_program_id",
    "ewallet": "loyalty_wallet_program_id",
}
#: The code of the journal of payments by stored value.
LIABILITY_JOURNAL = "LSTV"
#: What is not written on a journal or account that is taken up again.
KNOWN_BY = ("code", "type", "account_type", "company_id")
#: States of a till session that is not closed yet.
OPEN_STATES = ("opening_control", "opened", "closing_control")


class ResCompany(models.Model):
    """Makes a company's stored-value setup: on installation, and with every chart loaded later."""

    _inherit = "res.company"

    @api.private
    def _loyalty_setup(self):
        """Create what is missing of the stored-value setup; running it again changes nothing.

        Companies without a chart of accounts are left alone: they get theirs when one is loaded.
        """
        for company in self.filtered("chart_template"):
            # A clean context: the chart loader, which calls this, sets defaults of its own.
            company = company.with_context({}, tracking_disable=True).with_company(company).sudo()
            if company.root_id != company:
                company.root_id._loyalty_setup()
            company._loyalty_setup_accounts()
            company._loyalty_setup_journals()
            company._loyalty_setup_programs()
            company._loyalty_setup_tenders()

    def _loyalty_setup_accounts(self):
        """Accounts of its own for a company; a branch uses those of its root."""
        for field, values in self.env["account.chart.template"]._loyalty_account_plan(self.root_id):
            if not self[field]:
                self[field] = self.root_id[field] or self._loyalty_create(
                    "account.account", field, values
                )

    def _loyalty_setup_journals(self):
        """A bank journal for payments by stored value and a general one for the posting batch.

        The bank journal's own account is the liability itself, so that payments are settled at
        once: there is no bank statement to wait for. It comes last among the bank journals, where
        Odoo looks for the company's bank, and stays off the dashboard, which would show only the
        payments of it: the reconciliation shows what is owed.
        """
        for field, values in {
            "loyalty_stored_value_journal_id": {
                "code": LIABILITY_JOURNAL,
                "type": "bank",
                "sequence": 90,
                "show_on_dashboard": False,
                "default_account_id": self.loyalty_stored_value_account_id.id,
            },
            "loyalty_posting_journal_id": {
                "code": "LPST",
                "type": "general",
                "sequence": 91,
                "show_on_dashboard": False,
            },
        }.items():
            if not self[field]:
                self[field] = self.root_id[field] or self._loyalty_create(
                    "account.journal", field, {**values, "company_id": self.id}
                )

    def _loyalty_setup_programs(self):
        """One gift-card and one wallet program, on Odoo's types, with its discount channels off."""
        if not any(self[field] for field in PROGRAM_FIELDS.values()):  # once: they may be taken off
            self.env["loyalty.card.kind"]._set_first_limits(self)
        for program_type, field in PROGRAM_FIELDS.items():
            if not self[field]:
                values = self._loyalty_program_values(program_type)
                self[field] = self._loyalty_create("loyalty.program", field, values)

    @api.private
    def _loyalty_follow_currency(self):
        """Programs without balances follow a company, or its chart, into another currency."""
        for company in self:
            if any(company[field] for field in PROGRAM_FIELDS.values()):
                self.env["loyalty.card.kind"]._set_first_limits(company)
            for field in PROGRAM_FIELDS.values():
                program = company[field].sudo()
                if program.currency_id != company.currency_id and not program.coupon_ids:
                    program.currency_id = company.currency_id

    def _loyalty_program_values(self, program_type):
        """Odoo's own defaults of the type, without the products that make Odoo sell it itself."""
        rule = {
            "reward_point_amount": 1,
            "reward_point_mode": "money",
            "reward_point_split": program_type == "gift_card",
            "minimum_qty": 0,
        }
        return {
            **self.env["loyalty.program"]._program_type_default_values()[program_type],
            "program_type": program_type,
            "company_id": self.id,
            "currency_id": self.currency_id.id,
            "is_stored_value": True,
            "pos_ok": False,
            "sale_ok": False,
            "rule_ids": [Command.create(rule)],
            "communication_plan_ids": [],
        }

    def _loyalty_setup_tenders(self):
        """The two payment methods of stored value."""
        journal, account = (
            self.loyalty_stored_value_journal_id,
            self.loyalty_stored_value_account_id,
        )
        for sequence, (stored_value_type, field) in enumerate(PROGRAM_FIELDS.items(), 80):
            self._loyalty_setup_tender(field, stored_value_type, sequence, journal, account)

    def _loyalty_setup_tender(self, name, stored_value_type, sequence, journal, account):
        """A missing payment method, offered at once by every till that is not open right now."""
        if self._loyalty_methods([stored_value_type]):
            return
        configs = self.env["pos.config"].search(
            [("company_id", "=", self.id), "!", ("session_ids.state", "in", OPEN_STATES)]
        )
        configs = configs.filtered(lambda config: config.currency_id == self.currency_id)
        values = {
            "sequence": sequence,
            "company_id": self.id,
            "journal_id": journal.id,
            "outstanding_account_id": account.id,
            "payment_method_type": "terminal",
            "use_payment_terminal": "stored_value",
            "stored_value_type": stored_value_type,
            "config_ids": [Command.set(configs.ids)],
        }
        self._loyalty_create("pos.payment.method", name, values)

    def _loyalty_create(self, model, field, values):
        """The record of one setting, named in every installed language: made, or taken up again."""
        record = self._loyalty_former(model, field, values)
        record.write({name: value for name, value in values.items() if name not in KNOWN_BY})
        record = record or self.env[model].create({**values, "name": self._loyalty_names()[field]})
        for lang, _name in self.env["res.lang"].get_installed():
            translated = self.with_context(lang=lang)._loyalty_names()[field]
            record.with_context(lang=lang).name = translated
        return record.with_context(lang=None)

    def _loyalty_former(self, model, field, values):
        """What the addon left here when it was removed: a journal by its code, an account by name.

        Both keep their history. Codes of journals are unique, so there could be no second one.
        """
        journals = self.env["account.journal"].with_context(active_test=False)
        journals = journals.search(
            [
                ("company_id", "=", self.id),
                ("code", "=", values.get("code") if model == journals._name else LIABILITY_JOURNAL),
                ("type", "=", values.get("type", "bank")),
            ]
        )
        if model == journals._name:
            journals.active = True
            return journals
        if model != "account.account" or not journals:
            return self.env[model]
        return self.env[model].search(
            [
                ("company_ids", "in", self.ids),
                ("name", "=", self._loyalty_names()[field]),
                ("account_type", "=", values["account_type"]),
            ],
            limit=1,
        )

    def _loyalty_names(self):
        """What the records of the setup are called, in the reader's language."""
        return {
            "loyalty_stored_value_account_id": self.env._("Stored value of customers"),
            "loyalty_unamortised_bonus_account_id": self.env._("Unamortised bonus"),
            "loyalty_promotional_discount_account_id": self.env._("Promotional discounts"),
            "loyalty_breakage_account_id": self.env._("Breakage income"),
            "loyalty_service_recovery_account_id": self.env._("Service recovery"),
            "loyalty_stored_value_journal_id": self.env._("Stored value"),
            "loyalty_posting_journal_id": self.env._("Loyalty postings"),
            "loyalty_gift_program_id": self.env._("Gift card"),
            "loyalty_wallet_program_id": self.env._("Member wallet"),
        }

    @api.private
    def _loyalty_forget_accounts(self):
        """Let go of accounts and journals that are about to be deleted with their chart.

        Odoo replaces a chart only while nothing is posted, so nothing of value is lost.
        """
        self.search([("id", "child_of", self.ids)]).write(
            {
                name: False
                for name, field in self._fields.items()
                if name.startswith("loyalty_")
                and field.comodel_name in ("account.account", "account.journal")
            }
        )
