"""What is reserved: by another till, for an order that is settled, by a card that names nobody."""

from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcTillCase


@tagged("post_install", "-at_install")
class TestTillHeld(RpcTillCase):
    """Holds of one till as another one sees them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = cls.env.ref("base.group_user") | cls.env.ref("loyalty_cinema.group_manager")
        cls.manager = cls.cashier.copy(
            {"name": "Manager", "login": "manager-held", "group_ids": [Command.set(groups.ids)]}
        )
        cls.manager.company_ids = cls.company
        cls.manager.loyalty_pin = "135790"

    def ask(self, credential=None, exact=False, uuid=None, amount=60):
        """What the till answers when the wallet is to pay."""
        return self.rpc(
            "loyalty.till",
            "authorize",
            self.session.id,
            uuid or str(uuid4()),
            str(uuid4()),
            self.tender.id,
            amount,
            credential or {"partner_id": self.partner.id},
            exact,
        )

    def release(self, balance, credential, *approval, uuid="mine"):
        return self.rpc(
            "loyalty.till",
            "release_holds",
            self.session.id,
            uuid,
            credential,
            balance.id,
            *approval,
        )

    def test_what_another_till_holds_is_not_empty(self):
        """T8: who has it and until when, for all that is left as for an amount that was keyed."""
        self.held(self.order([self.ticket()]))
        for exact in (False, True):
            with self.subTest(exact=exact):
                answer = self.ask(exact=exact)
                self.assertEqual((answer["ok"], answer["code"]), (False, "held"))
                self.assertRegex(answer["message"], r"100.*reserved by Till until \d")
        self.assertEqual(self.wallet.held, 100)

    def test_what_is_spent_is_empty(self):
        """Only what somebody holds is reserved."""
        self.ledger.debit(self.wallet, 100, "redeem", "spent")
        self.assertEqual(self.ask()["code"], "insufficient")
        self.assertEqual(self.ask(exact=True)["code"], "insufficient")

    def test_own_hold_is_no_reason(self):
        """What this very order holds it cannot have twice."""
        order = self.order([self.ticket()])
        self.held(order)
        self.assertEqual(self.ask(uuid=order["uuid"])["code"], "insufficient")

    def test_a_manager_releases_it(self):
        """T8: with a PIN and a reason; the till that comes back late may still be paid."""
        late = self.order([self.ticket()])
        key = self.held(late)
        mine = {"partner_id": self.partner.id}
        wrong = (self.manager.id, "0000", "Crashed"), (self.cashier.id, "135790", "?")
        for approval in ((), *wrong):
            with self.subTest(approval):
                self.assertFalse(self.release(self.wallet, mine, *approval)["ok"])
        approval = (self.manager.id, "135790", "The till crashed")
        self.assertFalse(self.release(self.anonymous, mine, *approval)["ok"], "not theirs")
        self.assertEqual(self.wallet.held, 100)

        self.assertTrue(self.release(self.wallet, mine, *approval)["ok"])
        self.assertEqual(self.wallet.available, 100)
        given = self.env["loyalty.approval"].search([("action", "=", "release_hold")])
        self.assertRecordValues(given, [{"manager_id": self.manager.id, "used": True}])
        self.rpc("pos.order", "sync_from_ui", [self.paid_in(late, (self.tender, 100, key))])
        self.assertEqual(self.wallet.points, 0)
        self.assert_whole()

    def test_what_a_settled_order_still_holds_is_released(self):
        """T21: one device at a table holds the wallet, another one has the bill paid in cash."""
        order = self.order([self.ticket()], [(self.cash, 100, False)])
        self.held(order)
        self.assertEqual(self.wallet.held, 100)
        self.rpc("pos.order", "sync_from_ui", [order])
        self.assertEqual((self.wallet.held, self.wallet.available), (0, 100))
        # the first device has not heard of it yet
        answer = self.ask(uuid=order["uuid"])
        self.assertFalse(answer["ok"])
        self.assertIn("complete", answer["message"])
        self.assertEqual(self.wallet.held, 0)

    def test_who_pays_with_the_own_card_is_the_customer(self):
        """T9: of an order that has none; of one that has, whoever pays."""
        self.card.holder_id = self.partner
        for customer in (False, self.env["res.partner"].create({"name": "An"}).id):
            order = self.order([self.ticket(50)], partner_id=customer)
            key = self.held(order, 50, self.anonymous)
            order = self.paid_in(order, (self.tender, 50, key))
            answer = self.rpc("pos.order", "sync_from_ui", [order])
            self.assertEqual(answer["pos.order"][0]["partner_id"], customer or self.partner.id)

    def test_a_table_keeps_what_a_card_has_paid(self):
        """T17: an order that waits is stored with its payment; whichever device ends it."""
        order = self.order([self.ticket()])
        key = self.held(order)
        waiting = {**self.paid_in(order, (self.tender, 100, key)), "state": "draft"}
        [stored] = self.rpc("pos.order", "sync_from_ui", [waiting])["pos.order"]
        self.assertEqual((stored["state"], self.wallet.held), ("draft", 100))
        ended = {**order, "id": stored["id"], "lines": [], "payment_ids": []}
        self.rpc("pos.order", "sync_from_ui", [ended])
        self.assertEqual(self.env["pos.order"].browse(stored["id"]).state, "paid")
        self.assertEqual((self.wallet.points, self.wallet.held), (0, 0))
        self.assert_whole()
