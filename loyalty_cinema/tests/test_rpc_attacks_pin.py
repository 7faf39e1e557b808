"""PINs of cards and managers over real JSON-RPC: who may set them, and what asks for them."""

from odoo import Command
from odoo.tests import HttpCase, tagged

from .claim_common import ClaimCase
from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestRewardAsksForPin(ClaimCase):
    """What takes a member's points asks for the PIN of the member's card, by whichever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ledger.credit(cls.points, 1000, "earn", "pin:points")
        kind = cls.env["loyalty.card.kind"].create({"name": "Member card", "opens_points": True})
        cls.card = cls.env["loyalty.member.card"].create(
            {"kind_id": kind.id, "holder_id": cls.partner.id}
        )
        cls.card._activate()
        cls.card._set_pin("1234")
        cls.gift = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "product",
                "reward_product_id": cls.poster.id,
                "required_points": 700,
            }
        )

    def hold_with(self, uuid, points, **credential):
        """The answer to a claim of ``points`` with this credential."""
        claims = [{"balance_id": self.points.id, "points": points}]
        return self.till.hold_claims(self.session.id, uuid, claims, credential)

    def test_d9_a_reward_asks_as_a_payment_does(self):
        self.assertEqual(self.hold_with("o-1", 700)["code"], "pin_required")
        self.assertEqual(self.hold_with("o-1", 700, pin="0000")["code"], "unknown")
        self.assertFalse(self.points.held)
        self.assertTrue(self.hold_with("o-1", 700, pin="1234")["ok"])
        self.assertTrue(self.hold_with("o-1", 700)["ok"], "once for what an order holds")
        self.assertTrue(self.hold_with("o-1", 500)["ok"])
        self.assertEqual(self.hold_with("o-1", 800)["code"], "pin_required", "but not for more")
        self.assertEqual(self.hold_with("o-2", 200)["code"], "pin_required", "nor another order")
        self.assertTrue(self.till.hold_claims(self.session.id, "o-1", [])["ok"])
        self.assertFalse(self.points.held, "giving back needs no PIN")

    def test_d9_wrong_pins_of_rewards_are_counted(self):
        for _guess in range(10):
            self.hold_with("o-1", 700, pin="0000")
        self.assertEqual(self.hold_with("o-1", 700, pin="1234")["code"], "locked")

    def test_d9_an_order_that_never_asked_is_refused(self):
        uuid, line = "o-3", self.reward_line(self.gift, 20)
        with self.assertRaisesRegex(Exception, "PIN"), self.cr.savepoint():
            self.claim(line, goods=[self.poster_line()], uuid=uuid)
        self.assertEqual(self.points.points, 1000)
        self.assertTrue(self.hold_with(uuid, 1, pin="1234")["ok"])
        with self.assertRaisesRegex(Exception, "PIN"), self.cr.savepoint():
            self.claim(line, goods=[self.poster_line()], uuid=uuid)
        self.assertTrue(self.hold_with(uuid, 700, pin="1234")["ok"])
        order = self.claim(line, goods=[self.poster_line()], uuid=uuid)
        self.assertEqual(order.state, "paid")
        self.assertFalse(self.points.held)

    def test_d9_cards_without_a_pin_ask_nothing(self):
        self.card.sudo().pin_hash = False
        self.assertTrue(self.hold_with("o-4", 700)["ok"])


@tagged("post_install", "-at_install")
class TestManagersPin(RpcCase, HttpCase):
    """A PIN is a signature: its owner chooses it, and hears of every change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.user_with("boss", "loyalty_cinema.group_manager")
        cls.access = cls.user_with("access-rights", "base.group_erp_manager")
        cls.settings = cls.user_with("settings", "base.group_system")

    @classmethod
    def user_with(cls, login, group):
        """An internal user whose password is the login."""
        groups = cls.env.ref("base.group_user") | cls.env.ref(group)
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "password": login,
                "email": f"{login}@example.com",
                "group_ids": [Command.set(groups.ids)],
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )

    def hash_of(self, user):
        """What the database keeps of a user's PIN."""
        self.env.flush_all()
        self.cr.execute("SELECT loyalty_pin_hash FROM res_users WHERE id = %s", (user.id,))
        return self.cr.fetchone()[0]

    def mails(self, user):
        """The subjects of the mails that the user was sent about security."""
        mails = self.env["mail.mail"].search([("email_to", "ilike", user.email)])
        return mails.mapped("subject")

    def test_i13_only_the_owner_chooses_a_pin(self):
        for intruder in (self.cashier, self.access, self.settings):
            self.login(intruder)
            for name, call in {
                "write": ("write", [self.boss.id], {"loyalty_pin": "1111"}),
                "form": ("web_save", [self.boss.id], {"loyalty_pin": "1111"}, {}),
                "hash": ("write", [self.boss.id], {"loyalty_pin_hash": "x"}),
                "import": ("load", [".id", "loyalty_pin"], [[str(self.boss.id), "1111"]]),
                "new user": (
                    "create",
                    [{"name": "New", "login": "new", "loyalty_pin": "1111"}],
                ),
            }.items():
                with self.subTest(f"{intruder.login}: {name}"):
                    self.rpc_or_refusal("res.users", *call)
                    self.assertFalse(self.hash_of(self.boss))
                    self.assertFalse(self.env["res.users"].search([("login", "=", "new")]))
        self.login(self.boss)
        self.rpc("res.users", "write", [self.boss.id], {"loyalty_pin": "2468"})
        self.assertTrue(self.hash_of(self.boss))
        self.assertIn("Security Update: Loyalty PIN Changed", self.mails(self.boss))

    def test_i13_an_administrator_may_clear_it_and_the_owner_hears_of_it(self):
        self.boss.with_user(self.boss).loyalty_pin = "2468"
        clear = ("res.users", "action_loyalty_clear_pin", [self.boss.id])
        self.login(self.cashier)
        self.assert_refused(*clear)
        self.assertTrue(self.hash_of(self.boss))
        self.login(self.access)
        self.rpc(*clear)
        self.assertFalse(self.hash_of(self.boss))
        self.assertIn("Security Update: Loyalty PIN Removed", self.mails(self.boss))
        self.boss.with_user(self.boss).loyalty_pin = "2468"
        self.login(self.boss)
        self.rpc(*clear)
        self.assertFalse(self.hash_of(self.boss), "one's own, too")
