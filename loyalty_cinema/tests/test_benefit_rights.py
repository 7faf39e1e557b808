from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import LoyaltyError
from .benefit_common import TODAY, BenefitMixin
from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestBenefitRights(BenefitMixin, MemberCase):
    """Nobody gives himself anything: benefits are the manager's, what is given the server's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_ladder()
        cls.mai = cls.member("Mai")
        cls.put_in(cls.gold, cls.mai)
        cls.clerk = cls.cashier("benefit-cashier")

    def setUp(self):
        super().setUp()
        self.benefit_of_gold = self.benefit(self.gold, "period", gives="task")
        self.issue = self.benefit_of_gold._give(TODAY, self.mai.ids)

    def test_cashiers_reach_nothing_of_it(self):
        for name in ("loyalty.benefit", "loyalty.benefit.issue", "loyalty.special.day"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.env[name].with_user(self.clerk).search([]).read(["id"])
        for record in (self.benefit_of_gold, self.issue):
            with self.subTest(record), self.assertRaises(AccessError):
                record.with_user(self.clerk).write({"active": False})
        with self.assertRaises(AccessError):
            self.issue.with_user(self.clerk).action_done()

    def test_managers_and_administrators_do_not_write_what_was_given(self):
        for user in (self.boss, self.env.ref("base.user_admin")):
            issue = self.issue.with_user(user)
            for deed in (
                lambda i=issue: i.write({"state": "cancelled"}),
                lambda i=issue: i.unlink(),
                lambda i=issue: i.create({"member_id": self.mai.id}),
                lambda i=issue: i.copy(),
            ):
                with self.assertRaises(AccessError):
                    deed()

    def test_a_manager_makes_special_days_of_the_own_company_only(self):
        days = self.env["loyalty.special.day"].with_user(self.boss)
        own = days.create({"name": "Opening", "day": 1, "month": 6})
        self.assertEqual(own.company_id, self.company)
        shared = self.env["loyalty.special.day"].create({"name": "Shared", "company_id": False})
        for deed in (
            lambda: days.create({"name": "For all", "company_id": False}),
            lambda: own.write({"company_id": False}),
            lambda: shared.with_user(self.boss).write({"day": 2}),
            lambda: shared.with_user(self.boss).unlink(),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                deed()

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        values = {"company_id": company.id, "company_ids": company.ids}
        stranger = self.manager("stranger", **values)
        for record in (self.benefit_of_gold, self.issue):
            record.program_id.company_id = self.company
            found = record.with_user(stranger).search([("id", "=", record.id)])
            self.assertFalse(found, record)

    def test_a_member_who_was_given_something_is_not_deleted_to_be_given_it_again(self):
        with self.assertRaises(LoyaltyError):
            self.mai.with_user(self.boss).unlink()

    def test_a_benefit_that_was_given_is_archived_not_deleted(self):
        with self.assertRaises(LoyaltyError):
            self.benefit_of_gold.with_user(self.boss).unlink()
        self.benefit_of_gold.with_user(self.boss).active = False
