"""Managers who give and withdraw benefits, each in one line."""

from datetime import date

from ..exceptions import LoyaltyError
from .benefit_common import BenefitMixin
from .ladder_common import LadderCase

TODAY = date(2026, 6, 15)


class ByHandCase(BenefitMixin, LadderCase):
    """Mai is in Gold, Lan in Silver; it is 15 June 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mai, cls.lan = cls.member("Mai"), cls.member("Lan")
        cls.put_in(cls.gold, cls.mai)
        cls.put_in(cls.silver, cls.lan)

    def by_hand(self, benefit, *members, user=None, **values):
        """What a manager gives: the wizard, filled in and used."""
        wizard = self.env["loyalty.benefit.by.hand"].with_user(user or self.boss)
        ids = [member.id for member in members or [self.mai]]
        values = {"member_ids": ids, "benefit_id": benefit.id, "reason": "Told late", **values}
        wizard = wizard.create(values)
        wizard.action_give()
        return wizard

    def withdraw(self, issues, reason="A slip", user=None):
        """What a manager takes back."""
        wizard = self.env["loyalty.benefit.withdraw"].with_user(user or self.boss)
        wizard.create({"issue_ids": issues.ids, "reason": reason}).action_withdraw()

    def assert_not_given(self, text, *args, **values):
        """It is refused in words, and nothing is given."""
        before = self.given()
        with self.assertRaisesRegex(LoyaltyError, text), self.cr.savepoint():
            self.by_hand(*args, **values)
        self.assertEqual(self.given(), before)
