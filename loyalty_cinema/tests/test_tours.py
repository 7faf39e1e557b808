from odoo import Command
from odoo.tests import tagged

from .tour_common import CARD_CODES, LoyaltyTourCase, say


@tagged("post_install", "-at_install")
class TestTours(LoyaltyTourCase):
    """The till as the cashier sees it: each tour runs in a real browser on the real server."""

    def test_pay(self):
        """L2, L5: what a tender takes is what the server held; nothing stays held."""
        self.play("LoyaltyPayTour")
        self.assertEqual(self._available("gift"), 0)
        self.assertEqual(self._available("named"), 50000)
        self.assertFalse(self.open_holds(), "every hold was captured or released")

    def test_scan_to_pay(self):
        """A scan picks the method; removing a line releases the hold, leaving keeps it."""
        self.play("LoyaltyScanToPayTour")
        self.assertEqual(self._available("gift"), 200000)
        self.assertEqual(self._available("named"), 150000)
        self.assertFalse(self.open_holds())

    def test_refusals(self):
        """Every refusal is a clear message and takes nothing; so is a lost connection."""
        self.play("LoyaltyRefusalsTour")
        self.assertEqual(self._available("pin"), 80000)
        self.assertFalse(self.open_holds())

    def test_offline(self):
        """Without a connection nothing is taken; with it, the same line is."""
        self.play("LoyaltyOfflineTour")
        self.assertEqual(self._available("named"), 100000)
        self.assertFalse(self.open_holds())

    def test_load(self):
        """Loads with bonus; a load cannot be paid by stored value."""
        self.play("LoyaltyLoadTour")
        self.assertEqual(self._available("named"), 150000 + 550000)
        self.assertEqual(self._available("newGift"), 200000)
        self.assertEqual(self.cards["newGift"].state, "active", "activated on sale")

    def test_load_line(self):
        """A load line keeps to one card and its own popup."""
        self.play("LoyaltyLoadLineTour")

    def test_load_keys(self):
        """Real keys: thousands apart, Tab leads to the buttons, a scan is never an amount."""
        gift = self.cards["gift"]._balance("gift_card")
        self.env["loyalty.ledger"].credit(gift, 100000, "load", "tour:sold")
        self.play("LoyaltyLoadKeysTour")

    def test_load_and_back(self):
        """Discarding a load leads back to its card; a card without its PIN offers to set it."""
        self.play("LoyaltyLoadBackTour")
        self.assertTrue(self.cards["pinless"]._verify_pin("2468"))

    def test_load_promotion(self):
        """Promotions discount goods only, and stored value pays goods only."""
        self.env["loyalty.program"].search([("pos_ok", "=", True)]).active = False
        self.env["loyalty.program"].create(
            {
                "name": "10 % on everything",
                "program_type": "promotion",
                "trigger": "auto",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"minimum_qty": 0})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 10,
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                        }
                    )
                ],
            }
        )
        self.play("LoyaltyLoadPromotionTour")
        self.assertEqual(self._available("named"), 150000 - 45000 + 100000)

    def test_load_refund(self):
        """A refunded load takes back what it brought, the bonus too."""
        self.play("LoyaltyLoadRefundTour")
        self.assertEqual(self._available("named"), 150000)

    def test_part_refund(self):
        """Of a gift card that is partly spent, only what is left is refunded."""
        self.play("LoyaltyPartRefundTour")
        self.assertEqual(self._available("newGift"), 0)

    def test_card_popup(self):
        """Look up, block, replace with a manager's PIN: the value follows the card."""
        self.play("LoyaltyCardPopupTour")
        self.assertEqual(self.cards["named"].state, "replaced")
        self.assertEqual(self._available("spare"), 250000)

    def test_card_pin(self):
        """A new card is activated for the order's customer; its PIN changed by a manager only."""
        self._load("spare", "ewallet", 60000)
        self.play("LoyaltyCardPinTour")
        self.assertRecordValues(
            self.cards["spare"], [{"state": "active", "holder_id": self.mai.id}]
        )
        self.assertEqual(self._available("spare"), 10000)

    def test_which_card(self):
        """Of two wallets, the one that the cashier picks pays."""
        self._activate_second_wallet()
        self.play("LoyaltyWhichCardTour")
        self.assertEqual(self._available("named"), 100000)
        self.assertEqual(self._available("spare"), 30000)

    def _activate_second_wallet(self):
        self.cards["spare"].holder_id = self.mai.id
        self.cards["spare"]._activate()
        self._load("spare", "ewallet", 30000)

    def test_refund(self):
        """A refund goes back to the card; in money only with a manager's approval."""
        self.play("LoyaltyRefundTour")
        self.assertEqual(self._available("gift"), 150000)
        approval = self.env["loyalty.approval"].search([("action", "=", "cash_refund")])
        self.assertRecordValues(approval, [{"manager_id": self.pos_admin.id, "used": True}])


@tagged("post_install", "-at_install")
class TestDay(LoyaltyTourCase):
    """Must show 1: one day at the till, after which three sources tell one number."""

    @classmethod
    def _make_cards(cls):
        values = cls._card_values("newGift", CARD_CODES["newGift"])
        cls.cards = {"newGift": cls.env["loyalty.member.card"].sudo().create(values)}

    def test_day(self):
        """L6: ledger, lots and the liability account agree to the smallest unit."""
        self.play("LoyaltyDayTour")
        session = self.env["pos.session"].search(
            [("config_id", "=", self.main_pos_config.id), ("state", "=", "closed")]
        )
        self.assertEqual(len(session.order_ids), 5, "Combo 1, gift card, top-up, Combo 2, refund")
        position = self.env["loyalty.posting"]._position(self.company)
        told = {name: position[name] for name in ("ledger", "lots", "liability")}
        numbers = ", ".join(f"{name} {number:,.0f}" for name, number in told.items())
        say(f"One day at the till: {numbers}")
        # sold 200,000; topped up 500,000 with a bonus of 50,000; what was spent was given back
        self.assertEqual(told, dict.fromkeys(told, 750000))
        self.assertEqual((position["difference"], position["bonus_difference"]), (0, 0))
        self.assertEqual(self._available("newGift"), 200000)
        self.assertFalse(self.open_holds())
