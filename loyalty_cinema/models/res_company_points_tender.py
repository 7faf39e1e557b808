from odoo import api, fields, models

from .account_chart_template import POINTS_ACCOUNTS


class ResCompany(models.Model):
    """What a company needs to take points as a payment: made when a program first allows it.

    Points are no liability of stored value. What they pay is taken off revenue, on an account of
    its own, so that neither the tie-out of stored value nor the sales figures are touched by it.
    """

    _inherit = "res.company"

    loyalty_points_redeemed_account_id = fields.Many2one(
        "account.account",
        "Points redeemed account",
        check_company=True,
        help="Reduces revenue by what customers pay with points.",
    )
    loyalty_points_journal_id = fields.Many2one(
        "account.journal",
        "Points journal",
        check_company=True,
        domain=[("type", "=", "bank")],
        help="Journal of the payments with points at the till.",
    )

    def write(self, vals):
        """Journal and payment methods follow the account."""
        result = super().write(vals)
        if account_id := vals.get("loyalty_points_redeemed_account_id"):
            for company in self.sudo():  # sudo: whoever sets the account sets what hangs on it
                company.loyalty_points_journal_id.default_account_id = account_id
                methods = company._loyalty_methods(["loyalty"])._as_loyalty_service()
                methods.outstanding_account_id = account_id
        return result

    def _loyalty_tender_journals(self):
        """The journals of payments with cards and points."""
        company = self.sudo()  # sudo: to compare with
        return company.loyalty_stored_value_journal_id | company.loyalty_points_journal_id

    @api.private
    def _loyalty_setup(self):
        """A company that takes points gets back what it lost with a replaced chart."""
        result = super()._loyalty_setup()
        self._loyalty_takers_of_points()._loyalty_setup_points_tender()
        return result

    def _loyalty_takers_of_points(self):
        """Those of these companies where a membership program pays; a root's pays at branches."""
        programs = (
            self.env["loyalty.program"]
            .sudo()  # sudo: settings of all companies
            .search([("is_membership", "=", True), ("pay_with_points", "=", True)])
        )
        return self.filtered(lambda company: programs.company_id & company.sudo().parent_ids)

    @api.private
    def _loyalty_setup_points_tender(self):
        """Create the missing part of account, journal and payment method, for branches too.

        Running it again changes nothing. Companies without a chart of accounts get theirs with it.
        """
        companies = self.sudo().search([("id", "child_of", self.ids)])  # sudo: all branches
        for company in companies.filtered("chart_template").sorted(lambda c: len(c.parent_ids)):
            # As in _loyalty_setup: whoever calls this may have set defaults of its own.
            company = company.with_context({}, tracking_disable=True).with_company(company)
            company.root_id._loyalty_setup_points_accounts()
            company._loyalty_setup_points_accounts()
            company._loyalty_setup_tender(
                "loyalty_points_method",
                "loyalty",
                82,
                company.loyalty_points_journal_id,
                company.loyalty_points_redeemed_account_id,
            )

    def _loyalty_setup_points_accounts(self):
        """The account that reduces revenue, and a bank journal that settles on it at once."""
        account, journal = "loyalty_points_redeemed_account_id", "loyalty_points_journal_id"
        if not self[account]:
            plan = self.env["account.chart.template"]._loyalty_account_plan
            [(_field, values)] = plan(self.root_id, POINTS_ACCOUNTS)
            self[account] = self.root_id[account] or self._loyalty_create(
                "account.account", account, values
            )
        if not self[journal]:
            values = {
                "code": "LPTS",
                "type": "bank",
                "sequence": 92,
                "show_on_dashboard": False,
                "default_account_id": self[account].id,
                "company_id": self.id,
            }
            self[journal] = self.root_id[journal] or self._loyalty_create(
                "account.journal", journal, values
            )

    def _loyalty_names(self):
        return {
            **super()._loyalty_names(),
            "loyalty_points_redeemed_account_id": self.env._("Points redeemed"),
            "loyalty_points_journal_id": self.env._("Points redeemed"),
            "loyalty_points_method": self.env._("Points"),
        }
