from odoo.tests import tagged

from .rpc_common import RpcCase, RpcRefused


@tagged("post_install", "-at_install")
class TestCardPinOffice(RpcCase):
    """A manager gives a card its PIN in the office; it is never shown or stored."""

    def setUp(self):
        super().setUp()
        self.boss = self.cashier.copy(
            {"login": "pin-boss-of-the-test", "password": "pin-boss-of-the-test"}
        )
        groups = self.env.ref("base.group_user") | self.env.ref("loyalty_cinema.group_manager")
        self.boss.group_ids = groups
        self.login(self.boss)

    def ask(self, pin, again=None):
        values = {"card_id": self.card.id, "pin": pin, "pin_again": again or pin}
        wizard = self.rpc("loyalty.card.pin", "create", values)
        self.rpc("loyalty.card.pin", "action_set", [wizard])
        return wizard

    def test_set(self):
        wizard = self.ask("4711")
        self.assertTrue(self.card._verify_pin("4711"))
        self.assertFalse(self.card._verify_pin("4712"))
        read = self.rpc("loyalty.card.pin", "read", [wizard], ["pin", "pin_again"])[0]
        self.assertFalse(read["pin"] or read["pin_again"])
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.card.pin", "read", [wizard], ["pin_hash"])
        self.assertIn("PIN set", "".join(self.card.message_ids.mapped("body")))

    def test_refused(self):
        """Typed differently, no PIN, no digits, a card that is closed, somebody else's hash."""
        for pin, again in (("4711", "4712"), ("12", "12"), ("abcd", "abcd")):
            with self.subTest(pin), self.assertRaises(RpcRefused):
                self.ask(pin, again)
        hashed = self.env["res.users"]._loyalty_hash_pin("0000")
        brought = self.rpc(
            "loyalty.card.pin", "create", {"card_id": self.card.id, "pin_hash": hashed}
        )
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.card.pin", "action_set", [brought])
        self.card._report_lost("Lost")
        with self.assertRaisesRegex(RpcRefused, "closed"):
            self.ask("4711")
        self.assertFalse(self.card.sudo().pin_hash)

    def test_two_people(self):
        """Above the limit of one person, the PIN of a card in use is not set by one."""
        self.company.loyalty_second_person_limit = 10
        with self.assertRaisesRegex(RpcRefused, "more than one person"):
            self.ask("4711")

    def test_not_for_cashiers(self):
        self.login(self.cashier)
        with self.assertRaises(RpcRefused):
            self.ask("4711")
