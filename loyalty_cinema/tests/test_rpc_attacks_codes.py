"""Guessing codes and PINs, and asking for what is not one's own, over real JSON-RPC."""

import json
from types import SimpleNamespace
from unittest.mock import patch
from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from ..domain import card_code
from ..models.loyalty_code_attempt import FAILURES_MAX, FOREIGN_MAX
from .rpc_common import RpcCase, RpcRefused

NOW = "2026-01-15 10:00:00"


@tagged("post_install", "-at_install")
class TestRpcAttacksCodes(RpcCase):
    """Cashiers, salespersons and portal customers try codes by every call that takes one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coupons = cls.env["loyalty.program"].create(
            {
                "name": "Coupons",
                "program_type": "coupons",
                "company_id": cls.company.id,
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        cls.coupon = cls.native_card_of(cls.coupons, 1)
        cls.secrets += cls.coupon.mapped("code")
        cls.visitor = cls.user_of("portal-of-the-test", "base.group_portal")
        cls.clerk = cls.user_of("clerk-of-the-test", "base.group_user")
        cls.quotation = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "user_id": cls.seller.id,
                "order_line": [Command.create({"product_id": cls.snack.id, "price_unit": 100})],
            }
        )

    @classmethod
    def user_of(cls, login, group):
        """A user of one group only, whose password is the login."""
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "password": login,
                "group_ids": [Command.set(cls.env.ref(group).ids)],
                "company_ids": [Command.set(cls.company.ids)],
                "company_id": cls.company.id,
            }
        )

    def guesses(self, **domain):
        """How many wrong codes were counted."""
        found = [(name, "=", value) for name, value in domain.items()]
        return self.env["loyalty.code.attempt"].search_count(found)

    def use(self, code):
        """What Odoo's till asks of a typed coupon code."""
        return ("pos.config", "use_coupon_code", [self.config.id], code, NOW, False, False)

    def apply(self, code):
        """A salesperson's wizard: the error, or the action."""
        values = {"order_id": self.quotation.id, "coupon_code": code}
        wizard = self.rpc("sale.loyalty.coupon.wizard", "create", [values])
        return self.rpc_or_refusal("sale.loyalty.coupon.wizard", "action_apply", wizard)

    # -- who asks ------------------------------------------------------------------------------

    def test_only_cashiers_ask_and_count(self):
        asked = {
            "balances by their ids": (
                "pos.order",
                "validate_coupon_programs",
                [],
                {str(self.gift.id): -1e12, str(self.wallet.id): -1e12},
                [],
            ),
            "which codes exist": (
                "pos.order",
                "validate_coupon_programs",
                [],
                {},
                [self.gift.code, "unknown"],
            ),
            "a coupon": self.use(self.coupon.code),
            "no coupon": self.use("wrong"),
            "a gift card": (
                "loyalty.card",
                "get_gift_card_status",
                self.gift.code,
                self.config.id,
            ),
            "a customer": ("loyalty.card", "get_loyalty_card_partner_by_code", self.card.code),
        }
        for user in (self.visitor, self.clerk, self.seller):
            self.login(user)
            for name, call in asked.items():
                with self.subTest(f"{user.login}: {name}"), self.assertRaises(RpcRefused) as caught:
                    self.rpc(*call)
                self.assertEqual(caught.exception.name, "odoo.exceptions.AccessError")
        self.assertFalse(self.guesses(), "whoever may not ask locks nobody out")

    def test_a_till_of_another_company_is_not_asked(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        till = (
            self.env["pos.config"]
            .with_company(elsewhere)
            .create(
                {
                    "name": "Far away",
                    "company_id": elsewhere.id,
                    "payment_method_ids": [Command.clear()],
                }
            )
        )
        self.login(self.cashier)
        for call in (
            ("pos.config", "use_coupon_code", [till.id], self.coupon.code, NOW, False, False),
            ("loyalty.card", "get_gift_card_status", self.gift.code, till.id),
        ):
            with self.assertRaises(RpcRefused) as caught:
                self.rpc(*call)
            self.assertEqual(caught.exception.name, "odoo.exceptions.AccessError")
        self.coupons._as_loyalty_service().company_id = elsewhere
        self.login(self.cashier)
        self.assertFalse(self.rpc(*self.use(self.coupon.code))["successful"])

    def test_a_cashier_learns_neither_codes_nor_balances(self):
        self.login(self.cashier)
        for change in (-1e12, -100, -50, 1):
            ids = self.gift | self.wallet | self.anonymous | self.coupon
            answer = self.rpc(
                "pos.order",
                "validate_coupon_programs",
                [],
                {str(id_): change for id_ in ids.ids},
                [],
            )
            text = json.dumps(answer)
            self.assertNotIn("points", text)
            for secret in self.secrets:
                self.assertNotIn(secret, text)
        answer = self.rpc("pos.order", "validate_coupon_programs", [], {}, [self.gift.code])
        self.assertFalse(answer["successful"])
        self.assertNotIn(self.gift.code, json.dumps(answer))

    def test_claims_are_answered_from_what_the_till_holds(self):
        self.login(self.cashier)
        claims = [{"balance_id": self.coupon.id, "points": 1}]
        self.assertTrue(
            self.rpc("loyalty.till", "hold_claims", self.session.id, str(uuid4()), claims)["ok"]
        )
        for cost, is_held in ((-1, True), (-2, False)):
            answer = self.rpc(
                "pos.order", "validate_coupon_programs", [], {str(self.coupon.id): cost}, []
            )
            self.assertEqual(answer["successful"], is_held, answer)
        gone = self.coupon.id + 999
        answer = self.rpc("pos.order", "validate_coupon_programs", [], {str(gone): -1}, [])
        self.assertEqual(answer["payload"]["removed_coupons"], [gone])

    # -- how often -----------------------------------------------------------------------------

    def test_every_call_that_takes_a_code_counts(self):
        calls = {
            "lookup": lambda code: (
                "loyalty.till",
                "lookup",
                self.session.id,
                {"code": code},
            ),
            "with a PIN": lambda code: (
                "loyalty.till",
                "lookup",
                self.session.id,
                {"code": code, "pin": "1234"},
            ),
            "partner": lambda code: ("loyalty.card", "get_loyalty_card_partner_by_code", code),
            "coupon": self.use,
            "gift card": lambda code: (
                "loyalty.card",
                "get_gift_card_status",
                code,
                self.config.id,
            ),
            "new card": lambda code: (
                "pos.order",
                "validate_coupon_programs",
                [],
                {},
                [code],
            ),
            "replacement": lambda code: (
                "loyalty.till",
                "card_action",
                self.session.id,
                "replace",
                {"code": self.card.code},
                {"new_code": code, "reason": "?"},
            ),
        }
        self.login(self.cashier)
        for name, call in calls.items():
            with self.subTest(name):
                before = self.guesses()
                self.rpc_or_refusal(*call(f"wrong {name}"))
                self.assertEqual(self.guesses() - before, 1)
        self.login(self.seller)
        before = self.guesses(user_id=self.seller.id)
        self.assertIn("invalid", self.apply("wrong in the office"))
        self.assertEqual(self.guesses(user_id=self.seller.id) - before, 1)

    def test_ten_wrong_codes_stop_coupons_too(self):
        self.login(self.cashier)
        for number in range(FAILURES_MAX):
            self.assertFalse(self.rpc(*self.use(f"wrong {number}"))["successful"])
        self.assertFalse(self.rpc(*self.use(self.coupon.code))["successful"])
        self.assertFalse(
            self.rpc("loyalty.card", "get_loyalty_card_partner_by_code", self.card.code)
        )
        # the customer chosen by name still pays
        answer = self.rpc(
            "loyalty.till", "lookup", self.session.id, {"partner_id": self.partner.id}
        )
        self.assertTrue(answer["ok"], answer)
        locked = self.rpc("loyalty.till", "lookup", self.session.id, {"code": self.card.code})
        self.assertEqual(locked["code"], "locked")
        self.assertIn("by name", locked["message"])

    def test_salespersons_are_stopped_and_lock_no_till(self):
        self.login(self.seller)
        for number in range(FAILURES_MAX):
            self.apply(f"wrong {number}")
        self.assertIn("Too many", self.apply(self.coupon.code))
        self.assertFalse(self.quotation.applied_coupon_ids)
        self.login(self.cashier)
        self.assertTrue(self.rpc(*self.use(self.coupon.code))["successful"])

    def test_one_scan_asked_in_several_ways_is_one_guess(self):
        self.login(self.cashier)
        self.rpc("loyalty.card", "get_loyalty_card_partner_by_code", "044wrong")
        self.rpc(*self.use("044wrong"))
        self.rpc("loyalty.till", "member", self.session.id, {"code": "044wrong"})
        self.assertEqual(self.guesses(), 1)
        self.rpc("loyalty.card", "get_loyalty_card_partner_by_code", self.coupon.code)
        self.assertEqual(self.guesses(), 1, "a coupon's code is nobody's card, and no guess")

    def test_cards_of_other_houses_stop_nobody(self):
        self.login(self.cashier)
        for _scan in range(2 * FAILURES_MAX):
            code = {"code": card_code.generate()}
            answer = self.rpc("loyalty.till", "lookup", self.session.id, code)
            self.assertEqual(answer["code"], "unknown")
        found = self.rpc("loyalty.till", "lookup", self.session.id, {"code": self.card.code})
        self.assertTrue(found["ok"])
        attempts = self.env["loyalty.code.attempt"].search([], limit=1)
        attempts.create([attempts.copy_data()[0] for _scan in range(FOREIGN_MAX)])
        found = self.rpc("loyalty.till", "lookup", self.session.id, {"code": self.card.code})
        self.assertEqual(found["code"], "locked", "but no machine tries them without end")

    def test_badges_and_goods_are_no_wrong_cards(self):
        """T24: sixteen digits with a check digit may be on anything of this house."""
        of_product, of_customer, of_badge, *others = (card_code.generate() for _code in range(5))
        self.env["product.product"].create({"name": "Mug", "barcode": of_product})
        self.partner.barcode = of_customer
        codes = [of_product, of_customer]
        if "hr.employee" in self.env:  # a module that is no dependency
            self.env["hr.employee"].create({"name": "Hoa", "barcode": of_badge})
            codes.append(of_badge)
        self.login(self.cashier)
        for code in codes:
            answer = self.rpc("loyalty.till", "lookup", self.session.id, {"code": code})
            self.assertEqual(answer["code"], "unknown")
        self.assertFalse(self.guesses())
        for code in others:
            self.rpc("loyalty.till", "lookup", self.session.id, {"code": code})
        self.assertEqual(self.guesses(), len(others))

    def test_a_card_that_opens_nothing_names_nobody(self):
        """T4: a blocked card made its holder the customer."""
        self.card.holder_id = self.partner
        ask = ("loyalty.card", "get_loyalty_card_partner_by_code", self.card.code)
        self.login(self.cashier)
        self.assertTrue(self.rpc(*ask))
        self.card._block("Found in the street")
        self.assertFalse(self.rpc(*ask))
        self.assertFalse(self.guesses())
        answer = self.rpc("loyalty.till", "lookup", self.session.id, {"code": self.card.code})
        self.assertIn("is blocked", answer["card"]["problem"])

    def test_a_manager_lifts_the_lock(self):
        boss = self.user_of("boss-of-the-test", "loyalty_cinema.group_manager")
        boss.with_user(boss).loyalty_pin = "9753"
        self.login(self.cashier)
        for number in range(FAILURES_MAX):
            self.rpc("loyalty.till", "lookup", self.session.id, {"code": f"wrong {number}"})
        code = {"code": self.card.code}
        lift = ("loyalty.till", "lift_lock", self.session.id, boss.id)
        self.assertFalse(self.rpc(*lift, "0000")["ok"])
        locked = self.rpc("loyalty.till", "lookup", self.session.id, code)
        self.assertEqual(locked["code"], "locked")
        self.assertTrue(self.rpc(*lift, "9753")["ok"])
        self.assertTrue(self.rpc("loyalty.till", "lookup", self.session.id, code)["ok"])
        approval = self.env["loyalty.approval"].search([], limit=1)
        self.assertEqual((approval.action, approval.manager_id), ("lift_lock", boss))
        for _try in range(FAILURES_MAX):
            self.rpc(*lift, "0000")
        # another code than that of cards: no manager's PIN lifts this
        self.assertEqual(self.rpc(*lift, "9753")["code"], "pins_locked")

    # -- visitors ------------------------------------------------------------------------------

    def visit(self, code, address="192.0.2.1", session="s-1", user=None):
        """The answer to a code on a visitor's cart: by what every route of a website calls."""
        user = user or self.env.ref("base.public_user")
        visit = SimpleNamespace(
            session=SimpleNamespace(sid=session),
            httprequest=SimpleNamespace(remote_addr=address, host="cinema.example.com"),
        )
        cart = self.quotation.with_user(user).sudo()
        models = "odoo.addons.loyalty_cinema.models"
        with (
            patch(f"{models}.loyalty_code_attempt.request", visit),
            patch(f"{models}.sale_order_code.request", visit),
        ):
            return cart._try_apply_code(code)

    def test_visitors_are_stopped_by_address_and_by_session(self):
        for number in range(FAILURES_MAX):
            self.assertTrue(self.visit(f"wrong {number}").get("not_found"))
        self.assertIn("Too many", self.visit(self.coupon.code)["error"])
        fresh = self.visit(self.coupon.code, session="s-2")
        self.assertIn("Too many", fresh["error"], "cookies are thrown away in no time")
        moved = self.visit(self.coupon.code, address="192.0.2.2")
        self.assertIn("Too many", moved["error"], "so is an address, by whoever has many")
        attempt = self.env["loyalty.code.attempt"].search([], limit=1)
        self.assertEqual((attempt.address, attempt.website), ("192.0.2.1", "cinema.example.com"))
        self.assertNotIn("s-1", attempt.visitor, "whoever reads this takes over no session")
        other = self.visit(self.coupon.code, address="192.0.2.2", session="s-2")
        self.assertNotIn("error", other, "one visitor does not stop the others")

    def test_customers_with_a_login_are_counted_wherever_they_are(self):
        for number in range(FAILURES_MAX):
            place = {"address": f"192.0.2.{number}", "session": f"s-{number}"}
            self.visit(f"wrong {number}", user=self.visitor, **place)
        self.assertIn("Too many", self.visit(self.coupon.code, user=self.visitor)["error"])

    def test_a_wrong_code_that_a_cart_tries_again_is_one_guess(self):
        for _change in range(2 * FAILURES_MAX):
            self.visit("no such code")
        self.assertEqual(self.guesses(), 1)
        self.assertNotIn("error", self.visit(self.coupon.code))

    # -- what is no text -----------------------------------------------------------------------

    def test_codes_are_text_and_one_at_a_time(self):
        codes = [self.coupon.code, *(str(number) for number in range(2000))]
        odd = ([self.coupon.code], codes, {"a": 1}, 7, True, None, "a\0b", "9" * 9000, "\ud800")
        self.login(self.cashier)
        before = self.photograph()
        for code in odd:
            for name, call in {
                "coupon": self.use(code),
                "partner": ("loyalty.card", "get_loyalty_card_partner_by_code", code),
                "gift card": ("loyalty.card", "get_gift_card_status", code, self.config.id),
                "lookup": ("loyalty.till", "lookup", self.session.id, {"code": code}),
                "new card": ("pos.order", "validate_coupon_programs", [], {}, [code]),
            }.items():
                with self.subTest(f"{name}: {str(code):.30}"):
                    self.assert_discreet(*call)
        for date, partner in ((7, False), (["2026"], False), (NOW, [self.partner.id]), ("x", "y")):
            with self.subTest(date=date, partner=partner):
                call = ("pos.config", "use_coupon_code", [self.config.id], self.coupon.code)
                self.assert_discreet(*call, date, partner, False)
        self.assertEqual(self.photograph(), before)

    # -- coupons by their ids ------------------------------------------------------------------

    def test_a_bearer_coupon_comes_by_its_code_only(self):
        self.login(self.seller)
        order, coupon = self.quotation.id, self.coupon.id
        for name, command in {
            "link": Command.link(coupon),
            "set": Command.set([coupon]),
        }.items():
            values = {"applied_coupon_ids": [command]}
            with self.subTest(name):
                self.assert_refused("sale.order", "write", [order], values)
                self.assert_refused(
                    "sale.order", "create", [{"partner_id": self.partner.id, **values}]
                )
        self.assertFalse(self.quotation.applied_coupon_ids)
        self.assertIsInstance(self.apply(self.coupon.code), dict)
        self.assertEqual(self.quotation.applied_coupon_ids, self.coupon)

    def test_a_line_paid_by_a_coupon_whose_code_nobody_gave(self):
        self.login(self.seller)
        reward = self.coupons.reward_ids
        line = {
            "order_id": self.quotation.id,
            "product_id": reward.discount_line_product_id.id,
            "price_unit": -10,
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": self.coupon.id,
            "points_cost": 1,
            "reward_identifier_code": "r",
        }
        self.rpc_or_refusal("sale.order.line", "create", [line])
        self.rpc_or_refusal("sale.order", "action_confirm", [self.quotation.id])
        self.assertEqual(self.coupon.points, 1)

    def test_another_customers_coupon_goes_with_the_customer(self):
        self.coupon.partner_id = self.partner
        self.login(self.seller)
        order = [self.quotation.id]
        values = {"applied_coupon_ids": [Command.link(self.coupon.id)]}
        self.rpc("sale.order", "write", order, values)
        self.assertIn(self.coupon, self.quotation.applied_coupon_ids)
        other = self.env["res.partner"].create({"name": "Somebody else"})
        self.rpc("sale.order", "write", order, {"partner_id": other.id})
        self.assertNotIn(self.coupon, self.quotation.applied_coupon_ids)
