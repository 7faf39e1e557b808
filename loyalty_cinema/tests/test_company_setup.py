from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from ..domain.movement import STORED_VALUE_TYPES

ACCOUNT_FIELDS = [
    "loyalty_stored_value_account_id",
    "loyalty_unamortised_bonus_account_id",
    "loyalty_promotional_discount_account_id",
    "loyalty_breakage_account_id",
    "loyalty_service_recovery_account_id",
]


class CompanySetupCase(TransactionCase):
    """A company made and given a chart while the addon is installed."""

    @classmethod
    def new_company(cls, chart, currency="USD", parent=None, **values):
        """A company with ``chart`` loaded, in whose context the test goes on."""
        currency = (
            cls.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", currency)])
        )
        currency.active = True
        company = cls.env["res.company"].create(
            {
                "name": f"Cinema {chart} {cls.env['res.company'].search_count([])}",
                "currency_id": currency.id,
                "parent_id": parent and parent.id,
                **values,
            }
        )
        cls.env.user.company_ids |= company
        if not parent:
            cls.env["account.chart.template"].try_loading(chart, company)
        return company.with_company(company)


@tagged("post_install", "-at_install")
class TestCompanySetup(CompanySetupCase):
    """Accounts, journals, programs and tenders are there without anybody asking."""

    def assert_complete(self, company):
        accounts = [company[field] for field in ACCOUNT_FIELDS]
        self.assertEqual(len(set(accounts)), 5, "five accounts, all different")
        self.assertEqual(
            [account.account_type for account in accounts],
            ["liability_current", "liability_current", "income", "income_other", "income"],
        )
        self.assertEqual(company.loyalty_stored_value_journal_id.type, "bank")
        self.assertEqual(company.loyalty_posting_journal_id.type, "general")
        methods = self.tenders(company)
        self.assertEqual(set(methods.mapped("stored_value_type")), {"gift_card", "ewallet"})
        for method in methods:
            self.assertEqual(method.outstanding_account_id, accounts[0])
            self.assertEqual(method.type, "bank")
        for field in ("loyalty_gift_program_id", "loyalty_wallet_program_id"):
            program = company[field]
            self.assertTrue(program.is_stored_value)
            self.assertEqual(program.company_id, company)
            self.assertEqual(program.currency_id, company.currency_id)
            self.assertFalse(program.rule_ids.product_ids, "Odoo must not sell it as its own")

    def tenders(self, company):
        return self.env["pos.payment.method"].search(
            [("company_id", "=", company.id), ("stored_value_type", "in", list(STORED_VALUE_TYPES))]
        )

    def test_companies_that_were_there(self):
        """The post-init hook set up every company that keeps accounts."""
        companies = self.env["res.company"].search([("chart_template", "!=", False)])
        self.assertTrue(companies)
        for company in companies:
            self.assert_complete(company.with_company(company))

    def test_generic_chart(self):
        company = self.new_company("generic_coa")
        self.assert_complete(company)
        codes = [company[field].code for field in ACCOUNT_FIELDS]
        self.assertEqual(codes, ["201001", "201002", "400001", "450001", "400002"])

    def test_vietnam_chart(self):
        company = self.new_company("vn", "VND")
        self.assert_complete(company)
        codes = [company[field].code for field in ACCOUNT_FIELDS]
        self.assertEqual(codes, ["338711", "338712", "5218", "7118", "5219"])

    def test_chart_replaced_before_use(self):
        """Choosing another chart while nothing is posted takes the setup along."""
        company = self.new_company("generic_coa")
        self.env["account.chart.template"].try_loading("vn", company)
        self.assert_complete(company)
        self.assertEqual(company.loyalty_stored_value_account_id.code, "338711")

    def test_again_changes_nothing(self):
        company = self.new_company("generic_coa")
        models = ["account.account", "account.journal", "loyalty.program", "pos.payment.method"]
        before = [self.env[model].search_count([]) for model in models]
        company._loyalty_setup()
        self.assertEqual([self.env[model].search_count([]) for model in models], before)

    def test_branch_shares_the_accounts_of_its_root(self):
        root = self.new_company("generic_coa")
        branch = self.new_company("generic_coa", parent=root)
        self.env.cr.precommit.run()  # Odoo gives a branch its chart at the end of the transaction
        for field in ACCOUNT_FIELDS:
            self.assertEqual(branch[field], root[field])
        self.assertEqual(self.tenders(branch).company_id, branch)
        self.assertNotEqual(branch.loyalty_gift_program_id, root.loyalty_gift_program_id)

    def test_new_till_has_native_methods_and_tenders(self):
        """Our tenders must not pass for the cash and card methods that Odoo makes by itself."""
        company = self.new_company("generic_coa")
        config = company.env["pos.config"].create({"name": "Till 1"})
        types = set(config.payment_method_ids.mapped("type"))
        self.assertEqual(types, {"cash", "bank", "pay_later"})
        self.assertLess(self.tenders(company), config.payment_method_ids)
        card = config.payment_method_ids.filtered(
            lambda m: m.type == "bank" and not m.stored_value_type
        )
        self.assertEqual(len(card), 1)

    def test_load_product_is_booked_on_the_liability(self):
        """Whatever income account is typed on it, in any company, a load is a debt."""
        product = self.env.ref("loyalty_cinema.product_gift_card")
        company = self.new_company("generic_coa")
        product = product.with_company(company)
        product.property_account_income_id = company.income_account_id
        self.assertEqual(
            product._get_product_accounts()["income"], company.loyalty_stored_value_account_id
        )
        self.assertFalse(product.taxes_id)
        with self.assertRaises(ValidationError):
            product.taxes_id = self.env["account.tax"].search([], limit=1)

    def test_first_method_of_a_till_is_odoos(self):
        """Whatever sequence a tender has: Odoo's own have none, which sorts after any number."""
        company = self.new_company("generic_coa")
        config = company.env["pos.config"].create({"name": "Till 1"})
        self.tenders(company).sequence = 0
        config.invalidate_recordset()
        self.assertFalse(config.payment_method_ids[0].stored_value_type)
        loaded = config.payment_method_ids._load_pos_data_search_read({}, config)
        self.assertFalse(loaded[0]["stored_value_type"])

    def test_a_tax_for_all_products_spares_the_load_products(self):
        load = self.env.ref("loyalty_cinema.product_gift_card")
        tax = self.env["account.tax"].search([("type_tax_use", "=", "sale")], limit=1)
        for model in ("product.template", "product.product"):
            goods = self.env[model].create({"name": "Popcorn", "taxes_id": False})
            own = load if model == load._name else load.product_tmpl_id
            (goods | own).write({"taxes_id": tax.ids, "description_sale": "All"})
            self.assertEqual(goods.taxes_id, tax)
            self.assertFalse(load.taxes_id)
            self.assertEqual(load.description_sale, "All")
        with self.assertRaises(ValidationError):
            load.taxes_id = tax

    def test_a_pricelist_of_a_tier_says_why_it_stays(self):
        program = self.env["loyalty.program"].create(
            {"name": "Club", "program_type": "loyalty", "is_membership": True}
        )
        chosen = self.env["product.pricelist"].create({"name": "Club prices"})
        self.env["loyalty.tier"].create(
            {"name": "Gold", "program_id": program.id, "threshold": 10, "pricelist_id": chosen.id}
        )
        with self.assertRaisesRegex(UserError, "Gold"):
            chosen.unlink()
        self.env["product.pricelist"].create({"name": "Other"}).unlink()

    def test_tender_on_another_account_is_refused(self):
        company = self.new_company("generic_coa")
        with self.assertRaises(ValidationError):
            self.tenders(company)[0].outstanding_account_id = company.income_account_id
        with self.assertRaises(ValidationError):
            self.tenders(company)[0].split_transactions = True
        with self.assertRaises(ValidationError):
            self.tenders(company)[0].stored_value_type = False

    def test_stored_value_journal_takes_no_invoice_payment(self):
        company = self.new_company("generic_coa")
        with self.assertRaises(ValidationError):
            company.env["account.payment"].create(
                {"amount": 10, "journal_id": company.loyalty_stored_value_journal_id.id}
            )

    def test_liability_account_keeps_to_itself(self):
        company = self.new_company("generic_coa")
        with self.assertRaises(ValidationError):
            company.loyalty_breakage_account_id = company.loyalty_stored_value_account_id
        balance = self.env["loyalty.card"].create(
            {"program_id": company.loyalty_gift_program_id.id}
        )
        self.env["loyalty.ledger"].credit(balance, 10, "load", "test-load")
        with self.assertRaises(UserError):
            company.loyalty_stored_value_account_id = company.loyalty_unamortised_bonus_account_id

    def test_load_is_not_sold_on_a_quotation(self):
        with self.assertRaises(ValidationError):
            self.env["sale.order"].create(
                {
                    "partner_id": self.env.user.partner_id.id,
                    "order_line": [
                        (0, 0, {"product_id": self.env.ref("loyalty_cinema.product_topup").id})
                    ],
                }
            )
