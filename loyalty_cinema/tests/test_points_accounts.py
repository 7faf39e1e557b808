"""What points do to the books, and what a company needs for them."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .tender_common import PointsTenderCase
from .test_company_setup import CompanySetupCase


@tagged("post_install", "-at_install")
class TestPointsAccounts(PointsTenderCase):
    """A payment with points is taken off revenue when the session closes; no liability moves."""

    def setUp(self):
        super().setUp()
        self.grant(100000)

    def assert_redeemed(self, redeemed, sales):
        account = self.company.loyalty_points_redeemed_account_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(sum(lines.mapped("balance")), redeemed)
        self.assert_accounts(sales=sales)
        self.assert_ties("points")
        return lines

    def test_a_sale_paid_in_part_with_points(self):
        self.pay_by_points(30)
        self.close()
        line = self.assert_redeemed(30, -100)
        self.assertEqual(line.journal_id, self.company.loyalty_points_journal_id)
        self.assertEqual(line.move_id.origin_payment_id.state, "paid", "no bank will confirm it")

    def test_a_refund_mirrors_it(self):
        order = self.pay_by_points(30)
        self.close()
        self.open_session()
        payments = [(self.by_points, -30, False), (self.cash, -70, False)]
        self.give_back((order.lines, 1), payments=payments)
        self.close()
        self.assert_redeemed(0, 0)

    def test_beside_stored_value(self):
        """Both tenders in one order, each on its own account; the liability ties as before."""
        self.sell([(self.topup, 1, 100)], [(self.cash, 100)])
        order = self.order([self.ticket(100)], [])
        keys = (
            (self.by_points, 30, self.held(order["uuid"], 30, goods=100)),
            (self.tender, 60, self.authorize(order["uuid"], 60)["key"]),
            (self.cash, 10, False),
        )
        order["payment_ids"] = self.order([], keys)["payment_ids"]
        self.sync(order)
        self.close()
        account = self.company.loyalty_points_redeemed_account_id
        self.assertEqual(account.current_balance, 30)
        self.assert_accounts(stored_value=-40, sales=-100)
        self.assert_ties("points and value")

    def test_no_other_count_at_closing(self):
        self.pay_by_points(30)
        answer = self.session._cannot_close_session({self.by_points.id: 5})
        self.assertFalse(answer["successful"])

    def test_invoiced(self):
        self.partner.email = "linh@example.com"
        order = self.pay_by_points(100, to_invoice=True)
        self.assertEqual(order.account_move.payment_state, "paid")
        self.close()
        account = self.company.loyalty_points_redeemed_account_id
        self.assertEqual(account.current_balance, 100)


@tagged("post_install", "-at_install")
class TestPointsAccountsVietnam(TestPointsAccounts):
    """The same on Vietnam's chart, in ₫: amounts without decimals."""

    allow_inherited_tests_method = True
    point_value = 1

    @classmethod
    def use_company(cls, _company):
        """Go on in a company of Vietnam."""
        return super().use_company(cls.new_company("vn", "VND"))


@tagged("post_install", "-at_install")
class TestPointsSetup(CompanySetupCase):
    """Account, journal and payment method: made once, when points are first allowed to pay."""

    def membership(self, company, **values):
        return company.env["loyalty.program"].create(
            {
                "name": "Club",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": company.id,
                **values,
            }
        )

    def method(self, company):
        return self.env["pos.payment.method"].search(
            [("company_id", "=", company.id), ("stored_value_type", "=", "loyalty")]
        )

    def test_made_when_ticked_and_only_once(self):
        company = self.new_company("generic_coa")
        program = self.membership(company)
        self.assertFalse(company.loyalty_points_redeemed_account_id)
        program.pay_with_points = True
        account, method = company.loyalty_points_redeemed_account_id, self.method(company)
        self.assertEqual((account.account_type, account.code), ("income", "400003"))
        self.assertEqual(method.outstanding_account_id, account)
        self.assertEqual(method.journal_id.code, "LPTS")
        program.write({"pay_with_points": False})
        program.write({"pay_with_points": True})
        self.membership(company, pay_with_points=True)
        self.assertEqual(self.method(company), method)
        self.assertEqual(company.loyalty_points_redeemed_account_id, account)

    def test_vietnam(self):
        company = self.new_company("vn", "VND")
        self.membership(company, pay_with_points=True)
        self.assertEqual(company.loyalty_points_redeemed_account_id.code, "5217")

    def test_offered_at_tills_that_are_not_open(self):
        company = self.new_company("generic_coa")
        opened = company.env["pos.config"].create({"name": "Open"})
        card = opened.payment_method_ids.filtered(lambda method: not method.is_cash_count)
        closed = company.env["pos.config"].create(
            {"name": "Closed", "payment_method_ids": [Command.set(card.ids)]}
        )
        opened.open_ui()
        self.membership(company, pay_with_points=True)
        self.assertIn(self.method(company), closed.payment_method_ids)
        self.assertNotIn(self.method(company), opened.payment_method_ids)

    def test_branches_share_the_account(self):
        root = self.new_company("generic_coa")
        branch = self.new_company("generic_coa", parent=root)
        self.env.cr.precommit.run()  # Odoo gives a branch its chart at the end of the transaction
        self.membership(root, pay_with_points=True)
        self.assertEqual(
            branch.loyalty_points_redeemed_account_id, root.loyalty_points_redeemed_account_id
        )
        self.assertEqual(self.method(branch).company_id, branch)

    def test_a_chart_that_comes_later(self):
        company = self.new_company("generic_coa")
        self.membership(company, pay_with_points=True)
        self.env["account.chart.template"].try_loading("vn", company)
        self.assertEqual(company.loyalty_points_redeemed_account_id.code, "5217")
        self.assertEqual(len(self.method(company)), 1)

    def test_named_in_every_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        company = self.new_company("generic_coa")
        self.membership(company, pay_with_points=True)
        method = self.method(company)
        self.assertTrue(method.with_context(lang="vi_VN").name)

    def test_kinds_do_not_mix(self):
        """Points on the liability, or value on the contra-revenue, would bend the tie-out (L6)."""
        company = self.new_company("generic_coa")
        self.membership(company, pay_with_points=True)
        method = self.method(company)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            method.outstanding_account_id = company.loyalty_stored_value_account_id
        with self.assertRaises(ValidationError), self.cr.savepoint():
            method.stored_value_type = "ewallet"
        with self.assertRaises(ValidationError), self.cr.savepoint():
            company.loyalty_points_redeemed_account_id = company.loyalty_stored_value_account_id
        with self.assertRaises(ValidationError), self.cr.savepoint():
            company.env["account.payment"].create(
                {"amount": 10, "journal_id": company.loyalty_points_journal_id.id}
            )

    def test_the_account_may_be_another(self):
        company = self.new_company("generic_coa")
        self.membership(company, pay_with_points=True)
        account = company.loyalty_promotional_discount_account_id.copy()
        company.loyalty_points_redeemed_account_id = account
        self.assertEqual(self.method(company).outstanding_account_id, account)
        self.assertEqual(company.loyalty_points_journal_id.default_account_id, account)

    def test_form(self):
        """Choosing the kind of balance fills in its account."""
        company = self.new_company("generic_coa")
        self.membership(company, pay_with_points=True)
        method = company.env["pos.payment.method"].new(
            {
                "name": "Points",
                "use_payment_terminal": "stored_value",
                "stored_value_type": "loyalty",
                "company_id": company.id,
                "config_ids": [Command.clear()],
            }
        )
        method._onchange_use_payment_terminal()
        self.assertEqual(
            method.outstanding_account_id._origin, company.loyalty_points_redeemed_account_id
        )
