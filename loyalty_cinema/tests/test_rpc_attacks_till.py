"""The till's own calls, with arguments that no till sends, over real JSON-RPC (L5)."""

from uuid import uuid4

from odoo.tests import tagged

from .rpc_common import RpcTillCase


@tagged("post_install", "-at_install")
class TestRpcAttacksTill(RpcTillCase):
    """Cards of others, sessions of others, approvals of oneself, and guessing."""

    def test_l5_payments_that_no_till_asks_for(self):
        session, order = self.session.id, str(uuid4())

        def pay(credential, amount=50, at=session, method=self.tender.id, key=None, uuid=order):
            return (
                "loyalty.till",
                "authorize",
                [at, uuid, key or str(uuid4()), method, amount, credential],
            )

        mine = {"balance_id": self.wallet.id}
        old = self.env["pos.session"].search([("state", "=", "closed")], limit=1).id
        abroad = self.env["pos.session"].search([("company_id", "!=", self.company.id)], limit=1).id
        known = self.held({"uuid": "somebody else's"}, 10)
        attacks = {
            "an anonymous card by its id": pay({"balance_id": self.anonymous.id}),
            "cards of nobody": pay({"partner_id": False, "balance_id": self.anonymous.id}),
            "many at once": pay({"balance_id": [self.wallet.id, self.anonymous.id]}),
            "Odoo's own gift card": pay({"balance_id": self.gift.id}),
            "an unknown number": pay({"code": "1234567890123452"}),
            "number as a list": pay({"code": [self.card.code]}),
            "no credential": pay({}),
            "a closed session": pay(mine, at=old),
            "another company's session": pay(mine, at=abroad),
            "no session": pay(mine, at=False),
            "session as text": pay(mine, at=str(session)),
            "by cash": pay(mine, method=self.cash.id),
            "nothing": pay(mine, 0),
            "a negative amount": pay(mine, -50),
            "text": pay(mine, "fifty"),
            "more decimals": pay(mine, 0.001),
            "no number": pay(mine, "NaN"),
            "another order's key": pay(mine, key=known),
            "no order": pay(mine, uuid=False),
        }
        self.assert_all_refused(attacks)
        self.login(self.seller)
        self.assert_all_refused({f"as salesperson: {k}": v for k, v in list(attacks.items())[:4]})

    def test_l5_cards_of_others_and_approvals_of_oneself(self):
        session, order, code = self.session.id, str(uuid4()), {"code": self.card.code}

        def call(method, *args):
            return ("loyalty.till", method, [session, *args])

        self.assert_all_refused(
            {
                "look up by id": call("lookup", {"balance_id": self.anonymous.id}),
                "approve oneself": call("approve_cash_refund", order, self.cashier.id, "1234", "?"),
                "without PIN": call("approve_cash_refund", order, 2, "", "?"),
                "unblock": call("card_action", "unblock", code, {"reason": "?"}),
                "replace": call("card_action", "replace", code, {"reason": "?", "new_code": "1"}),
                "set a PIN": call(
                    "card_action", "set_pin", code, {"reason": "?", "new_pin": "1234"}
                ),
                "an action of one's own": call("card_action", "unlink", code, {}),
                "private": call("_hold_value", self.wallet.id, 5, False, "k", order),
            }
        )

    def test_guessing_is_stopped(self):
        answers = [
            self.rpc("loyalty.till", "lookup", self.session.id, {"code": f"{number:016d}"})["code"]
            for number in range(1, 13)
        ]
        self.assertEqual(answers[0], "unknown")
        self.assertEqual(answers[-1], "locked")
        self.assert_refused("loyalty.till", "lookup", self.session.id, {"code": self.card.code})
