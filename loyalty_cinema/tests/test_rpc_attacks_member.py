"""Calls about members, points and claims that no till makes, over real JSON-RPC (L5)."""

from uuid import uuid4

from odoo import Command
from odoo.tests import new_test_user, tagged

from .rpc_common import RpcRefused, RpcTillCase
from .tender_common import PointsTenderCase


@tagged("post_install", "-at_install")
class TestRpcAttacksMember(PointsTenderCase, RpcTillCase):
    """Sessions, customers and points of others; numbers that are none; users who are no cashier."""

    def setUp(self):
        super().setUp()
        self.grant(500)
        self.other = self.env["res.company"].create({"name": "Other"})
        self.stranger = self.env["res.partner"].create(
            {"name": "Stranger", "company_id": self.other.id, "phone": "0912345678"}
        )
        self.old = self.env["pos.session"].search([("state", "=", "closed")], limit=1).id

    def calls(self, session, uuid=None):
        """One honest call of each kind, at ``session``."""
        claim = [{"balance_id": self.points.id, "points": 5}]
        mine = {"partner_id": self.partner.id}
        till = "loyalty.till"
        return {
            "member": (till, "member", [session, mine]),
            "enrol": (till, "enrol", [session, {"name": "A", "phone": "0900000000"}]),
            "hold_claims": (till, "hold_claims", [session, uuid or str(uuid4()), claim]),
            "authorize": (till, "authorize", [session, str(uuid4()), "k", self.pays, 5, mine]),
        }

    @property
    def pays(self):
        return self.by_points.id

    def test_l5_sessions_that_are_not_theirs(self):
        abroad = self.env["pos.session"].search([("company_id", "!=", self.company.id)], limit=1).id
        for name, session in {
            "closed": self.old,
            "abroad": abroad,
            "none": False,
            "text": str(self.session.id),
            "list": [self.session.id],
            "true": True,
        }.items():
            attacks = {f"{kind}, {name}": call for kind, call in self.calls(session).items()}
            self.assert_all_refused(attacks)

    def test_l5_users_who_are_no_cashiers(self):
        portal = new_test_user(
            self.env, login="portal-of-the-test", groups="base.group_portal", password="portal123"
        )
        portal.write(
            {"company_ids": [Command.set(self.company.ids)], "company_id": self.company.id}
        )
        portal.password = portal.login
        for user in (self.seller, portal):
            self.login(user)
            self.assert_all_refused(
                {f"{user.login}: {k}": v for k, v in self.calls(self.session.id).items()}
            )

    def test_l5_claims_of_others_and_numbers_that_are_none(self):
        session, uuid = self.session.id, str(uuid4())
        foreign = self.native_card_of(self.native_program_abroad(), 100)

        def claim(points=5, balance=self.points, order=uuid, claims=None):
            claims = claims or [{"balance_id": getattr(balance, "id", balance), "points": points}]
            return ("loyalty.till", "hold_claims", [session, order, claims])

        self.assert_all_refused(
            {
                "more than there is": claim(501),
                "less than nothing": claim(-5),
                "text": claim("5"),
                "true": claim(True),
                "no number": claim("NaN"),
                "finer than points": claim(0.00001),
                "absurd": claim(1e300),
                "stored value": claim(balance=self.wallet),
                "another company's": claim(balance=foreign),
                "nobody's": claim(balance=999999999),
                "id as text": claim(balance=str(self.points.id)),
                "many ids": claim(balance=[self.points.id]),
                "no order": claim(order=False),
                "order as a list": claim(order=[uuid]),
                "no list": claim(claims={"balance_id": self.points.id, "points": 5}),
                "numbers": claim(claims=[self.points.id]),
                "a thousand": claim(claims=[{"balance_id": 1, "points": 0}] * 1000),
            }
        )

    def test_l5_points_asked_for_in_other_words(self):
        session, order = self.session.id, str(uuid4())

        def pay(amount=5, credential=None, key="k", uuid=order, goods=None, method=self.pays):
            credential = {"partner_id": self.partner.id} if credential is None else credential
            args = [session, uuid, key, method, amount, credential, False, goods]
            return ("loyalty.till", "authorize", args)

        self.assert_all_refused(
            {
                "nothing": pay(0),
                "less than nothing": pay(-5),
                "text": pay("five"),
                "no number": pay("NaN"),
                "goods as text": pay(goods="much"),
                "negative goods": pay(goods=-1),
                "no goods": pay(goods=0),
                "a stranger": pay(credential={"partner_id": self.stranger.id}),
                "credential as text": pay(credential="me"),
                "partner as text": pay(credential={"partner_id": str(self.partner.id)}),
                "the wallet": pay(credential={"balance_id": self.wallet.id}),
                "by cash": pay(method=self.cash.id),
                "a key of claims": pay(key=f"claim-hold:{uuid4().hex}"),
                "no order": pay(uuid=False),
            }
        )

    def test_l5_enrolment_of_others(self):
        session = self.session.id

        def enrol(values, partner_id=False):
            return ("loyalty.till", "enrol", [session, values, partner_id])

        good = {"name": "A", "phone": "0900000000"}
        self.assert_all_refused(
            {
                "a stranger": enrol(good, self.stranger.id),
                "id as text": enrol(good, str(self.partner.id)),
                "many": enrol(good, [self.partner.id]),
                "no values": enrol(None),
                "phone as a list": enrol({"name": "A", "phone": ["0900000000"]}),
                "unknown referrer": enrol({**good, "referrer_code": "1" * 16}),
            }
        )

    def test_l5_nothing_but_name_phone_and_email_is_written(self):
        values = {
            "name": "A",
            "phone": "0900000000",
            "company_id": self.other.id,
            "credit_limit": 1000,
            "user_ids": [1],
        }
        context = {"default_company_id": self.other.id, "default_comment": "forged"}
        answer = self.rpc("loyalty.till", "enrol", self.session.id, values, context=context)
        partner = self.env["res.partner"].browse(answer["partner_id"])
        self.assertFalse(partner.company_id or partner.comment or partner.user_ids)

    def test_l5_private_methods_and_answers_without_numbers_of_cards(self):
        for method in ("_hold_points", "_new_customer", "_claimed_prices", "_referrer"):
            self.assert_refused("loyalty.till", method, self.session.id)
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.ledger", "hold_claims", "x", {})
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.member", "_enrol", self.program.id, [self.partner.id], "till")
        self.secrets.append(self.points.code)
        for kind, (model, method, args) in self.calls(self.session.id).items():
            with self.subTest(kind):
                self.assert_discreet(model, method, *args)

    def test_guessing_by_referrer_is_stopped(self):
        answers = [
            self.rpc(
                "loyalty.till",
                "enrol",
                self.session.id,
                {"name": "A", "phone": "0900000000", "referrer_code": f"{number:016d}"},
            )["code"]
            for number in range(1, 13)
        ]
        self.assertEqual((answers[0], answers[-1]), ("referrer", "locked"))

    def native_program_abroad(self):
        return self.env["loyalty.program"].create(
            {
                "name": "Abroad",
                "program_type": "loyalty",
                "company_id": self.other.id,
                "currency_id": self.company.currency_id.id,
            }
        )
