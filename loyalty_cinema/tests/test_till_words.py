"""What a cashier is told, and when: before an amount is typed, before a PIN is asked for."""

from uuid import uuid4

from odoo.tests import tagged

from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestTillWords(RpcCase):
    """Asked over HTTP by a cashier, as a till asks."""

    def setUp(self):
        super().setUp()
        self.login(self.cashier)

    def ask(self, method, *args):
        """One call of the till."""
        return self.rpc("loyalty.till", method, self.session.id, *args)

    def test_a_loaded_gift_card_is_refused_before_its_amount(self):
        """The cashier hears it when the card is scanned, and not when the amount is confirmed."""
        gift = self.env.ref("loyalty_cinema.product_gift_card")
        card = self.env["loyalty.member.card"].create(
            {"kind_id": self.env.ref("loyalty_cinema.kind_gift").id, "company_id": self.company.id}
        )
        card._activate()
        credential = {"code": card.code, "pin": False}
        answer = self.ask("prepare_load", gift.id, 0, credential)
        self.assertTrue(answer["ok"], answer)
        self.assertTrue(answer["denominations"], "quick amounts come with the kind")
        self.ledger.credit(card._open_balance("gift_card"), 100, "load", "words:sold")
        answer = self.ask("prepare_load", gift.id, 0, credential)
        self.assertIn("has been loaded already", answer["message"])

    def test_a_wallet_without_a_card_has_quick_amounts(self):
        """Those of the cards that would open it; its limits are nobody's."""
        topup = self.env.ref("loyalty_cinema.product_topup")
        answer = self.ask("prepare_load", topup.id, 0, {"partner_id": self.partner.id})
        self.assertTrue(answer["denominations"], answer)
        self.assertFalse(answer["load_max"])

    def test_a_card_without_its_pin_says_so(self):
        """Nobody is asked for a PIN that there is not."""
        kind = self.card.kind_id.copy({"name": "With a PIN"})
        card = self.env["loyalty.member.card"].create({"kind_id": kind.id})
        card._activate()
        self.ledger.credit(card.balance_ids[:1], 100, "load", "words:pin")
        kind.pin_required = True  # since today
        credential = {"code": card.code, "pin": False}
        args = (str(uuid4()), str(uuid4()), self.tender.id, 50, credential)
        self.assertIn("none yet", self.ask("authorize", *args)["message"])
        self.assertTrue(self.ask("lookup", credential)["card"]["pin_missing"])
        card._set_pin("1234")
        self.assertEqual(self.ask("authorize", *args)["code"], "pin_required")
        self.assertFalse(self.ask("lookup", credential)["card"]["pin_missing"])

    def test_a_cancelled_key_is_told_from_other_refusals(self):
        """So that the till takes the next key by itself, also after a reload."""
        order, key = str(uuid4()), f"{uuid4()}:1"
        credential = {"code": self.card.code, "pin": False}
        args = (self.tender.id, 50, credential)
        self.assertTrue(self.ask("authorize", order, key, *args)["ok"])
        self.ask("void", key)
        self.assertEqual(self.ask("authorize", order, key, *args)["code"], "retry")
        self.assertTrue(self.ask("authorize", order, key.replace(":1", ":2"), *args)["ok"])
