"""Recommendations that cost next to nothing: a least purchase, a cap, an incident (M5)."""

from odoo.tests import tagged

from .test_rpc_attacks_points import PointsAttackCase


@tagged("post_install", "-at_install")
class TestReferralLimits(PointsAttackCase):
    """A member who recommends newcomers that nobody knows."""

    def setUp(self):
        super().setUp()
        self.program.write(
            {
                "referral_points_referrer": 50,
                "referral_points_newcomer": 30,
                "referral_least_purchase": 80,
                "referral_cap": 2,
            }
        )

    def newcomer(self):
        """A new member whom the member recommended."""
        return self.enrol(self.env["res.partner"].create({"name": "New"}), self.member)

    def test_a_purchase_for_next_to_nothing_rewards_nobody(self):
        new = self.newcomer()
        self.send(self.ticket(1), partner=new.partner_id)
        self.send(self.ticket(79), partner=self.newcomer().partner_id)
        self.assert_points(0)
        self.send(self.ticket(80), partner=self.newcomer().partner_id)
        self.assert_points(50)

    def test_what_is_given_back_down_to_next_to_nothing_was_no_purchase(self):
        new = self.newcomer()
        sold = self.send(self.ticket(100), self.ticket(1), partner=new.partner_id)
        self.assert_points(50)
        self.send(self.back(sold.lines[0]), partner=new.partner_id)
        self.assert_points(0)
        self.assertLess(new.balance_id.points, 30)

    def test_more_than_the_cap_is_an_incident(self):
        before = self.incidents()
        for _n in range(3):
            last = self.newcomer()
            self.send(self.ticket(100), partner=last.partner_id)
        self.assert_points(100)
        self.assertEqual(last.balance_id.points, 10, "only what was bought")
        [incident] = self.incidents() - before
        self.assertEqual((incident.partner_id, incident.asked), (self.partner, 50))

    def test_the_cap_follows_merged_customers(self):
        for _n in range(2):
            self.send(self.ticket(100), partner=self.newcomer().partner_id)
        twin = self.env["res.partner"].create({"name": "Twin"})
        other = self.enrol(twin)
        self.env.flush_all()
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.partner | twin).ids, twin)
        self.env.invalidate_all()
        new = self.enrol(self.env["res.partner"].create({"name": "New"}), other)
        self.send(self.ticket(100), partner=new.partner_id)
        self.assertEqual(other.points, 100)
