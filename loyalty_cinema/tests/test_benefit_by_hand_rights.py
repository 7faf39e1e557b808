from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .benefit_common import BenefitMixin
from .by_hand_common import TODAY, ByHandCase
from .rpc_common import RpcCase, RpcRefused
from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestBenefitByHandRights(ByHandCase):
    """Managers, in their own company; nobody else."""

    def test_nobody_else_gives_or_withdraws(self):
        gift = self.benefit(self.gold, "period")
        self.by_hand(gift)
        issue = self.given()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        for user in (
            self.cashier(),
            self.user("plain", "base.group_user"),
            self.user("accountant", "loyalty_cinema.group_accountant,base.group_user"),
            self.manager("stranger", **stranger),
        ):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.by_hand(self.benefit(self.gold, "period"), user=user)
                with self.assertRaises(AccessError):
                    self.withdraw(issue, user=user)
        self.assertEqual((self.given(), issue.state), (issue, "issued"))

    def test_no_birthday_is_told_of_members_of_another_company(self):
        self.mai.partner_id.birthdate_date = date(1990, 3, 8)
        other = self.env["res.company"].create({"name": "Other"})
        program = self.program.copy({"name": "Theirs", "company_id": other.id})
        tier = program.tier_ids[:1]
        values = {"name": "Song", "tier_id": tier.id, "occasion": "birthday", "gives": "task"}
        theirs = self.env["loyalty.benefit"].create(values)
        stranger = self.manager("stranger", company_id=other.id, company_ids=[(6, 0, other.ids)])
        for user, benefit, is_told in (
            (self.boss, self.benefit(self.gold, "birthday", "task"), True),
            (stranger, theirs, False),
        ):
            wizard = self.env["loyalty.benefit.by.hand"].with_user(user)
            wizard = wizard.new({"member_ids": self.mai.ids, "benefit_id": benefit.id})
            self.assertEqual(bool(wizard.day), is_told)


@tagged("post_install", "-at_install")
class TestBenefitByHandRpc(BenefitMixin, TierCase, RpcCase):
    """A hostile client over HTTP, with the rights of a cashier."""

    def setUp(self):
        super().setUp()
        groups, login = "loyalty_cinema.group_manager,base.group_user", "boss-of-the-rpc-test"
        self.boss = new_test_user(self.env, login=login, password=login, groups=groups)
        self.put_in(self.gold, self.member)
        self.gift = self.benefit(self.gold, "period")
        self.benefit(self.gold, "period", "task")._give(TODAY, self.member.ids)
        ids = {"member_ids": self.member.ids, "benefit_id": self.gift.id}
        self.giving = {**ids, "reason": "For me"}
        self.withdrawing = {"issue_ids": self.given().ids, "reason": "Not for you"}

    def photograph(self):
        self.env.flush_all()
        self.cr.execute("SELECT id, state, note FROM loyalty_benefit_issue ORDER BY id")
        return {**super().photograph(), "given": self.cr.fetchall()}

    def test_a_cashier_gives_and_withdraws_nothing(self):
        wizards = self.env["loyalty.benefit.by.hand"].with_user(self.boss)
        by_boss = wizards.create(self.giving)
        self.login(self.cashier)
        args = self.member.ids, "For me", False, []
        for model, method, *call in (
            ("loyalty.benefit.by.hand", "create", [self.giving]),
            ("loyalty.benefit.by.hand", "action_give", by_boss.ids),
            ("loyalty.benefit.withdraw", "create", [self.withdrawing]),
            ("loyalty.benefit", "_give_by_hand", self.gift.ids, *args),
            ("loyalty.benefit", "_give_on", self.gift.ids, {}),
            ("loyalty.benefit.issue", "_withdraw_by_hand", self.given().ids, "Not for you"),
            ("loyalty.benefit.issue", "_withdraw", self.given().ids, "Not for you"),
        ):
            with self.subTest(f"{model}.{method}"):
                self.assert_refused(model, method, *call)

    def test_a_manager_does_both_and_not_with_the_wizard_of_another(self):
        by_other = self.env["loyalty.benefit.by.hand"].create(self.giving)
        self.login(self.boss)
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.benefit.by.hand", "action_give", by_other.ids)
        [giving] = self.rpc("loyalty.benefit.by.hand", "create", [self.giving])
        self.rpc("loyalty.benefit.by.hand", "action_give", [giving])
        self.assertEqual(self.given(benefit_id=self.gift.id).given_by_id, self.boss)
        [taking] = self.rpc("loyalty.benefit.withdraw", "create", [self.withdrawing])
        self.rpc("loyalty.benefit.withdraw", "action_withdraw", [taking])
        self.assertEqual(self.given(gives="task").state, "cancelled")
