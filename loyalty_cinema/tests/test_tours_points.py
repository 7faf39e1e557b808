from odoo import Command
from odoo.tests import tagged

from .tour_common import LoyaltyTourCase

#: The same as in tours/utils/loyalty_member_util.js.
POINTS_CARDS = {
    "mai": "9007199254713336",
    "fresh": "9007199254713708",
    "discount": "9007199254714086",
}
OPENING = 12300


class PointsTourCase(LoyaltyTourCase):
    """A membership program that gives 5 %; Mai is a member with 12,300 points and a card.

    In a country whose money has no decimals: amounts are read as they are printed there.
    """

    @classmethod
    @LoyaltyTourCase.setup_country("vn")
    @LoyaltyTourCase.setup_chart_template("generic_coa")
    def setUpClass(cls):
        super().setUpClass()

    @classmethod
    def _make_people(cls):
        result = super()._make_people()
        cls.mai.phone = "0903 111 222"
        cls.an.phone = "0902 333 444"
        cls.binh = cls.env["res.partner"].create({"name": "Binh Le", "phone": "0904 555 666"})
        cls._make_program()
        return result

    @classmethod
    def _make_program(cls):
        cls.env["loyalty.program"].search([("pos_ok", "=", True)]).active = False
        popcorn = cls.env["product.product"].search([("name", "=", "Popcorn")], limit=1)
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Cinema Club",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": cls.company.id,
                "pay_with_points": True,
                "pay_min_points": 1000,
                "pay_step_points": 1000,
                "pay_max_share": 50,
                "earn_rule_ids": [Command.create({"name": "5 %", "kind": "percent", "rate": 5})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "product",
                            "reward_product_id": popcorn.id,
                            "required_points": 5000,
                        }
                    )
                ],
            }
        )
        cls.company.loyalty_points_program_id = cls.program
        points = cls.env["pos.payment.method"].search([("stored_value_type", "=", "loyalty")])
        cls.main_pos_config.payment_method_ids |= points

    @classmethod
    def _make_cards(cls):
        kind = cls.env.ref("loyalty_cinema.kind_combined")
        holders = {"mai": cls.mai, "fresh": cls.env["res.partner"]}
        cls.cards = {
            name: cls.env["loyalty.member.card"]
            .sudo()
            .create(
                {
                    "code": POINTS_CARDS[name],
                    "kind_id": kind.id,
                    "company_id": cls.company.id,
                    "holder_id": holder.id,
                }
            )
            for name, holder in holders.items()
        }
        cls.cards["mai"]._activate()
        cls.balance = cls.cards["mai"]._open_balance("loyalty")
        cls.env["loyalty.ledger"].credit(cls.balance, OPENING, "opening", "tour:points")
        cls._load("mai", "ewallet", 80000)

    def points(self, partner=None):
        """All points of a member, Mai's by default."""
        self.env.invalidate_all()
        member = self.member(partner or self.mai)
        return member.balance_id.points

    def member(self, partner):
        """The member that ``partner`` is."""
        return self.env["loyalty.member"].search([("partner_id", "=", partner.id)])


@tagged("post_install", "-at_install")
class TestToursPoints(PointsTourCase):
    """Members and points as the cashier sees them, in a real browser on the real server."""

    def test_enrol(self):
        """Phone and name make a member; a known phone finds the customer."""
        self.play("LoyaltyEnrolTour")
        lan = self.env["res.partner"].search([("name", "=", "Lan Vo")])
        self.assertEqual(self.points(lan), 2500, "5 % of 50,000")
        members = self.member(lan) | self.member(self.an) | self.member(self.binh)
        self.assertEqual(set(members.mapped("channel")), {"till"})
        self.assertEqual(self.member(self.an).referrer_id, self.member(lan))

    def test_enrol_with_card(self):
        """A new card becomes the newcomer's from within the Card popup."""
        self.play("LoyaltyEnrolCardTour")
        self.assertRecordValues(self.cards["fresh"], [{"state": "active"}])
        self.assertEqual(self.cards["fresh"].holder_id.name, "Lan Vo")

    def test_earn_and_refund(self):
        """The receipt tells what is earned, what waits, and what a refund takes back."""
        self.program.write({"pending_mode": "days", "pending_days": 3})
        self.play("LoyaltyEarnTour")
        self.assertEqual(self.points(), OPENING)

    def test_pay_by_points(self):
        """Part of an order by points, within minimum, step and share; given back by a refund."""
        self.play("LoyaltyPayByPointsTour")
        # the points and what they left to earn were undone; the wallet's 250,000 earned
        self.assertEqual(self.points(), OPENING + 12500)
        self.assertFalse(self.open_holds())

    def test_gift(self):
        """A gift costs what the server says and earns nothing; given back, it costs nothing."""
        self.play("LoyaltyGiftTour")
        self.assertEqual(self.points(), OPENING + 22500)
        spent = self.member(self.mai).balance_id.entry_ids.filtered(lambda e: e.amount == -5000)
        self.assertEqual(spent.origin_model, "pos.order", "it was claimed before")
        self.assertFalse(self.open_holds())

    def test_gift_asks_for_the_pin(self):
        """What a gift costs is taken with the PIN of the member's card only."""
        self.cards["mai"]._set_pin("2468")
        self.play("LoyaltyGiftPinTour")
        self.assertEqual(self.points(), OPENING - 5000 + 22500)
        self.assertFalse(self.open_holds())
        self.assertEqual(self.env["loyalty.code.attempt"].search_count([]), 1, "the wrong one")

    def test_stale_balance(self):
        """L2: points spent at another till are not spent twice; the order stays."""
        self.play("LoyaltyStaleTour")
        self.assertEqual(self.points(), OPENING + 25000, "5 % of 500,000, nothing claimed")
        [hold] = self.open_holds()
        self.assertEqual(hold.amount, 12000, "the other till's")

    def test_offline(self):
        """Rewards for points wait for the connection; points follow an offline sale."""
        self.play("LoyaltyPointsOfflineTour")
        earned = 22500 + 12500
        self.assertEqual(self.points(), OPENING - 5000 + earned)
        orders = self.env["pos.order"].search([("partner_id", "=", self.mai.id)])
        self.assertEqual(orders.mapped("state"), ["paid", "paid"])
