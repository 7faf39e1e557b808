from odoo import api, models

#: (company field, account type)
ACCOUNTS = [
    ("loyalty_stored_value_account_id", "liability_current"),
    ("loyalty_unamortised_bonus_account_id", "liability_current"),
    ("loyalty_promotional_discount_account_id", "income"),
    ("loyalty_breakage_account_id", "income_other"),
    ("loyalty_service_recovery_account_id", "income"),
]
#: Made later, when a company first takes points as a payment.
POINTS_ACCOUNTS = [("loyalty_points_redeemed_account_id", "income")]
#: All of them; the first two are compared with the ledger.
COMPANY_ACCOUNTS = tuple(name for name, _type in ACCOUNTS + POINTS_ACCOUNTS)
#: Where to start numbering in a chart without any account of that type.
FIRST_CODE = {"liability_current": "201000", "income": "400000", "income_other": "450000"}
#: First code to try in charts whose numbering is law. Vietnam: 3387 unearned revenue (sub-accounts
#: of 33871, the short-term part), 521 deductions from revenue (5211 to 5213 have a meaning of their
#: own), 711 other income.
CODES = {
    "vn": {
        "loyalty_stored_value_account_id": "338711",
        "loyalty_unamortised_bonus_account_id": "338712",
        "loyalty_promotional_discount_account_id": "5218",
        "loyalty_breakage_account_id": "7118",
        "loyalty_service_recovery_account_id": "5219",
        "loyalty_points_redeemed_account_id": "5217",
    }
}


class AccountChartTemplate(models.AbstractModel):
    """Stored-value accounts are part of every chart that is loaded while the addon is here."""

    _inherit = "account.chart.template"

    def _load(self, template_code, company, install_demo, force_create=True):
        """Before Odoo deletes the accounts of an unused chart, stop pointing at them."""
        replaces = template_code != company.chart_template
        if replaces and (not company.root_id._existing_accounting() or install_demo):
            company.sudo()._loyalty_forget_accounts()
        return super()._load(template_code, company, install_demo, force_create)

    def _post_load_data(self, template_code, company, template_data):
        """A company gets its stored-value setup as soon as it has a chart."""
        result = super()._post_load_data(template_code, company, template_data)
        (company or self.env.company)._loyalty_setup()
        return result

    @api.model
    def _loyalty_account_plan(self, company, accounts=None):
        """The accounts of stored value, numbered as the company's chart numbers its own.

        :param company: a root company with a chart
        :param accounts: list of (company field, account type); by default those of stored value
        :return: list of (company field, values of the account to create when it is empty)
        """
        taken = set()
        plan = []
        for field, account_type in accounts or ACCOUNTS:
            code = self._loyalty_free_code(company, field, account_type, taken)
            taken.add(code)
            plan.append((field, {"code": code, "account_type": account_type, "reconcile": False}))
        return plan

    def _loyalty_free_code(self, company, field, account_type, taken):
        """The first free code from the chart's prescribed one, or next to a neighbour's.

        The neighbour is the account that the chart itself uses for the nearest purpose, so that
        reports that group by code keep working.
        """
        accounts = self.env["account.account"].with_company(company)
        prescribed = CODES.get(company.chart_template, {}).get(field)
        if prescribed:
            return accounts._search_new_account_code(prescribed, cache=set(taken))
        neighbour = company.income_account_id if account_type == "income" else accounts
        neighbour = neighbour or accounts.search(
            [*accounts._check_company_domain(company), ("account_type", "=", account_type)],
            order="code",
            limit=1,
        )
        start = neighbour.with_company(company).code or FIRST_CODE[account_type]
        return accounts._search_new_account_code(start, cache=taken | {start})
