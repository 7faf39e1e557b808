"""What managers are told of tiers and benefits: stocks by month, moves, what it cost."""

from datetime import date

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .claim_common import ClaimCase
from .sale_common import SalePointsCase


class ReportCase(ClaimCase):
    """Two tiers; changes of tiers are written as the service writes them, with days of the past."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.silver, cls.gold = cls.env["loyalty.tier"].create(
            [
                {"name": name, "program_id": cls.program.id, "threshold": threshold}
                for name, threshold in (("Silver", 0), ("Gold", 100))
            ]
        )
        cls.program.member_ids.tier_change_ids.flush_model()
        cls.cr.execute("DELETE FROM loyalty_tier_change WHERE program_id = %s", (cls.program.id,))
        groups = cls.env.ref("loyalty_cinema.group_manager") | cls.env.ref("base.group_user")
        cls.manager = cls.cashier.copy(
            {"login": "manager-of-the-report", "group_ids": [Command.set(groups.ids)]}
        )
        cls.this_month = cls.company._loyalty_day().replace(day=1)

    def month(self, back):
        """The first day of the month so many months ago."""
        return fields.Date.subtract(self.this_month, months=back)

    def moved(self, member, *moves):
        """Let a member change tiers: ``moves`` are (months ago, day, tier)."""
        before = None
        for back, day, tier in moves:
            self.cr.execute(
                """
                INSERT INTO loyalty_tier_change (
                       member_id, partner_id, program_id, company_id, from_tier_id, to_tier_id,
                       kind, date)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
                """,
                (
                    member.id,
                    member.partner_id.id,
                    self.program.id,
                    self.company.id,
                    before,
                    tier.id,
                    "upgrade" if before else "start",
                    self.month(back).replace(day=day),
                ),
            )
            before = tier.id
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTierReport(ReportCase):
    """Members by tier at the end of each month."""

    def setUp(self):
        super().setUp()
        self.cr.execute("UPDATE loyalty_member SET active = TRUE")
        nam, gone = (
            self.enrol(self.env["res.partner"].create({"name": name})) for name in ("Nam", "Gone")
        )
        self.cr.execute("DELETE FROM loyalty_tier_change WHERE program_id = %s", (self.program.id,))
        self.moved(self.member, (3, 5, self.silver), (1, 28, self.gold))
        self.moved(nam, (2, 1, self.silver), (2, 20, self.gold), (0, 1, self.silver))
        self.moved(gone, (3, 5, self.gold))
        gone.active = False
        self.env.flush_all()

    def stock(self, by):
        rows = (
            self.env["loyalty.tier.report"]
            .with_user(self.manager)
            ._read_group([("program_id", "=", self.program.id)], by, ["members:sum"])
        )
        return {tuple(key): members for *key, members in rows}

    def test_the_last_change_of_a_month_counts_until_the_next(self):
        tiers = {"silver": self.silver, "gold": self.gold}
        stock = self.stock(["month:month", "tier_id"])
        found = {
            name: [stock[self.month(back), tier] for back in (3, 2, 1, 0)]
            for name, tier in tiers.items()
        }
        self.assertEqual(found, {"silver": [1, 1, 0, 1], "gold": [0, 1, 2, 1]})

    def test_months_are_averaged_and_tiers_added_up(self):
        self.assertEqual(self.stock(["tier_id"]), {(self.silver,): 1, (self.gold,): 1})
        by_month = self.stock(["month:month"])
        self.assertEqual([by_month[(self.month(n),)] for n in (3, 2, 1, 0)], [1, 2, 2, 2])

    def test_cashiers_do_not_read_it_nor_do_other_companies(self):
        for report in ("loyalty.tier.report", "loyalty.benefit.report"):
            with self.assertRaises(AccessError):
                self.env[report].with_user(self.cashier).search([])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.manager.copy(
            {"login": "stranger", "company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        report = self.env["loyalty.tier.report"].with_user(stranger)
        report = report.with_context(allowed_company_ids=other.ids)
        self.assertFalse(report.search([("program_id", "=", self.program.id)]))

    def test_the_matrix_of_moves(self):
        changes = self.env["loyalty.tier.change"].with_user(self.manager)
        domain = [("program_id", "=", self.program.id)]
        found = changes._read_group(domain, ["from_tier_id", "to_tier_id"], ["__count"])
        none = self.silver.browse()
        self.assertEqual(
            {(low, high): count for low, high, count in found},
            {
                (none, self.silver): 2,
                (none, self.gold): 1,
                (self.silver, self.gold): 2,
                (self.gold, self.silver): 1,
            },
        )


@tagged("post_install", "-at_install")
class TestBenefitReport(ReportCase, SalePointsCase):
    """What vouchers took off sales, less what refunds gave back."""

    def setUp(self):
        super().setUp()
        self.coupons = self.env["loyalty.program"].create(
            {
                "name": "A fifth",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [Command.create({"discount": 20})],
            }
        )
        self.coupons.reward_ids.discount_line_product_id.taxes_id = [Command.clear()]
        self.benefit = self.env["loyalty.benefit"].create(
            {
                "name": "A fifth",
                "tier_id": self.gold.id,
                "gives": "voucher",
                "occasion": "reaching",
                "coupon_program_id": self.coupons.id,
            }
        )

    def given(self):
        """A voucher of a member who was given the tier."""
        self.member._tier_assign(self.gold, "Test")
        return self.env["loyalty.benefit.issue"].search([("member_id", "=", self.member.id)])

    def report(self, issue):
        report = self.env["loyalty.benefit.report"].with_user(self.manager)
        report.invalidate_model()  # rows of a query, which no write tells to be stale
        row = report.search([("id", "=", issue.id)])
        return row.issued, row.used, row.expired, row.cost

    def test_a_voucher_at_the_till_costs_what_it_took_off_less_refunds(self):
        issue = self.given()
        self.assertEqual(self.report(issue), (1, 0, 0, 0))
        line = self.reward_line(self.coupons.reward_ids, 20, balance=issue.coupon_id)
        order = self.claim(line)
        self.assertEqual(self.report(issue), (1, 1, 0, 20))
        self.give_back(*((line,) for line in order.lines))
        self.assertEqual(self.report(issue)[3], 0)

    def test_a_voucher_on_a_sales_order_costs_what_it_took_off_less_credit_notes(self):
        issue = self.given()
        order = self.quotation((1, 200))
        self.assertNotIn("error", order._try_apply_code(issue.coupon_id.code))
        order._apply_program_reward(self.coupons.reward_ids, issue.coupon_id)
        self.assertEqual(self.report(issue)[3], 0, "a quotation is not sold")
        order.action_confirm()
        self.pay(self.invoice(order))
        self.assertEqual(self.report(issue), (1, 1, 0, 40))
        self.credit(order)
        self.assertEqual(self.report(issue)[3], 0)

    def test_what_was_withdrawn_was_not_given(self):
        issue = self.given()
        issue._withdraw("Test")
        self.assertEqual(self.report(issue), (0, 0, 0, 0))

    def test_expired(self):
        issue = self.given()
        issue.coupon_id.expiration_date = date(2020, 1, 1)
        issue._refresh_states(issue.coupon_id)
        self.assertEqual(self.report(issue), (1, 0, 1, 0))

    def test_the_profile_tells_how_a_customer_reacts_to_vouchers(self):
        issue = self.given()
        partner = issue.partner_id.with_user(self.manager)
        self.assertFalse(partner.loyalty_voucher_use, "it can still be used")
        issue.coupon_id.points = 0
        issue._refresh_states(issue.coupon_id)
        partner.invalidate_recordset()
        self.assertEqual(partner.loyalty_voucher_use, "1 of 1 used")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(issue.partner_id.with_company(elsewhere).loyalty_voucher_use)
