from datetime import date

from odoo.tests import tagged

from ..exceptions import LoyaltyError, ReasonMissing
from .ladder_common import LadderCase


@tagged("post_install", "-at_install")
class TestTierByHand(LadderCase):
    """A tier given by hand has a reason and an end; nothing lowers it before."""

    def test_by_hand_until_a_day(self):
        mai = self.member("Mai")
        mai._tier_assign(self.diamond, "Friend of the house", date(2026, 12, 31))
        self.assertEqual((mai.tier_id, mai.tier_review_on), (self.diamond, date(2027, 1, 1)))
        change = mai.tier_change_ids[0]
        self.assertEqual((change.kind, change.reason), ("manual", "Friend of the house"))
        self.review("2026-12-31")
        self.assertEqual(mai.tier_id, self.diamond)
        self.review("2027-01-01")
        self.assertEqual((mai.tier_id, mai.tier_floor_id.id), (self.silver, False))

    def test_refunds_do_not_lower_it(self):
        mai = self.member("Mai")
        mai._tier_assign(self.gold, "Friend", None)
        entry = self.earn(mai, 310)
        self.assertEqual(mai.tier_id, self.platinum)
        self.bring_back(entry)
        self.assertEqual((mai.tier_id, mai.tier_review_on), (self.gold, False))

    def test_no_reason_no_tier(self):
        mai, other = self.member("Mai"), self.membership("Other")
        foreign = self.tiers(other)[1]
        for error, *args in (
            (ReasonMissing, self.gold, " "),
            (LoyaltyError, foreign, "Friend"),
            (LoyaltyError, self.gold, "Friend", date(2026, 6, 14)),
        ):
            with self.assertRaises(error):
                mai._tier_assign(*args)


@tagged("post_install", "-at_install")
class TestTierMerge(LadderCase):
    """Two members are one person: the higher tier, all points, and one line that says so."""

    def merge(self, *members):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        partners = self.env["res.partner"].union(*(member.partner_id for member in members))
        wizard._merge(partners.ids, members[0].partner_id)

    def test_the_higher_tier_is_kept(self):
        mai, old = self.member("Mai"), self.member("Mai B.")
        self.earn(old, 110, on="2026-02-01")
        self.earn(mai, 50)
        self.merge(mai, old)
        self.assertEqual((mai.tier_id, mai.tier_since), (self.gold, date(2026, 2, 1)))
        self.assertEqual(mai.qualifying_in_period, 160)
        kinds = [kind for kind, _name in self.history(mai)]
        self.assertEqual(sorted(kinds), ["merge", "start", "start", "upgrade"])

    def test_points_of_both_reach_the_next_tier(self):
        mai, old = self.member("Mai"), self.member("Mai B.")
        first = self.earn(old, 60, on="2026-02-01")
        self.earn(mai, 60)
        self.merge(mai, old)
        self.assertEqual(mai.tier_id, self.gold)
        self.bring_back(first)
        self.assertEqual((mai.tier_id, mai.qualifying_in_period), (self.silver, 60))
