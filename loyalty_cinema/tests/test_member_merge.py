from datetime import date

from odoo.tests import tagged

from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberMerge(MemberCase):
    """Two customers are one person: one member is left, and nothing of the points is lost."""

    def merge(self, partners, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, target)

    def entries(self, *partners):
        return self.env["loyalty.ledger.entry"].search(
            [("partner_id", "in", [p.id for p in partners]), ("program_id", "=", self.program.id)]
        )

    def test_one_member_with_all_points(self):
        mai, old = self.member("Mai", 100, 5), self.member("Mai B.", 40, 2)
        friend = self.member("Friend", referrer=old)
        boss = self.member("Referrer")
        old.write({"joined_on": "2020-05-01", "referrer_id": boss.id})
        self.give(old, 10, available_on=date(2100, 1, 1))
        before = self.entries(mai.partner_id, old.partner_id)
        amounts = sum(before.mapped("amount")), sum(before.mapped("qualifying_points"))
        balances, partners = (mai | old).balance_id, (mai | old).partner_id
        self.merge(partners, mai.partner_id)
        self.assertFalse(old.exists())
        self.assertEqual((mai.points, mai.pending, mai.qualifying_points), (150, 10, 7))
        self.assertEqual((mai.joined_on, mai.referrer_id), (date(2020, 5, 1), boss))
        self.assertEqual(friend.referrer_id, mai)
        after = self.entries(mai.partner_id)
        self.assertLessEqual(before, after)
        self.assertEqual(
            (sum(after.mapped("amount")), sum(after.mapped("qualifying_points"))), amounts
        )
        self.assert_whole(balances)

    def test_the_only_member_follows_the_customer(self):
        mai, nobody = self.member("Mai", 100), self.person("Nobody")
        self.merge(mai.partner_id | nobody, nobody)
        self.assertEqual((mai.partner_id, mai.balance_id.partner_id), (nobody, nobody))
        self.assertEqual((mai.points, self.entries(nobody).partner_id), (100, nobody))

    def test_a_debt_moves_too(self):
        mai, old = self.member("Mai", 100), self.member("Mai B.", 40)
        entry = self.give(old, 20)
        self.ledger.debit(old.balance_id, 60, "redeem", self.key())
        self.ledger.reverse(entry, self.key(), kind="clawback")
        self.assertEqual(old.points, -20)
        balances = (mai | old).balance_id
        self.merge((mai | old).partner_id, mai.partner_id)
        self.assertEqual((mai.points, balances.mapped("points")), (80, [80, 0]))
        self.assert_whole(balances)

    def test_stored_value_and_points_of_a_card_holder(self):
        mai, old = self.person("Mai"), self.person("Mai B.")
        kind = self.env.ref("loyalty_cinema.kind_combined")
        cards = [self.member_card(kind, holder_id=partner.id) for partner in (mai, old)]
        for card, points in zip(cards, (10, 5), strict=True):
            self.give(card.member_id, points)
            self.load(card._balance("ewallet"), 100)
        self.merge(mai | old, mai)
        self.env.invalidate_all()
        self.assertEqual([card.points for card in cards], [15, 15])
        self.assertEqual([card.available for card in cards], [100, 100])
