"""Calls about profiles and consents that no screen makes, over real JSON-RPC."""

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcTillCase

PROFILE = ["birthdate_date", "loyalty_taste_ids", "loyalty_comes", "loyalty_consent_profile"]


@tagged("post_install", "-at_install")
class TestRpcAttacksProfile(RpcTillCase):
    """Cashiers see what consent allows, and nobody writes the history of consents."""

    def setUp(self):
        super().setUp()
        self.partner.write({"birthdate_date": "1996-02-29", "loyalty_consent_email": True})
        self.rows = self.partner.loyalty_consent_ids

    def forgeries(self):
        """Ways to a row of history that says something else, or to none."""
        row = {"partner_id": self.partner.id, "channel": "sms", "given": True, "source": "till"}
        row |= {"date": "2020-01-01", "user_id": 2}
        consent, ids = "loyalty.consent", self.rows.ids
        return {
            "create": (consent, "create", [[row]]),
            "write": (consent, "write", [ids, {"given": False}]),
            "unlink": (consent, "unlink", [ids]),
            "copy": (consent, "copy", [ids]),
            "load": (consent, "load", [["given", ".id"], [["False", str(ids[0])]]]),
            "name_create": (consent, "name_create", ["Mai"]),
            "private": (consent, "_record", [[[self.partner.id, "sms", True]]]),
            "line": (
                "res.partner",
                "write",
                [self.partner.ids, {"loyalty_consent_ids": [Command.create(row)]}],
            ),
            "line of a new contact": (
                "res.partner",
                "create",
                [[{"name": "X", "loyalty_consent_ids": [Command.create(row)]}]],
            ),
            "contact": ("res.partner", "unlink", [self.partner.ids]),
        }

    def history(self):
        self.env.invalidate_all()
        return self.env["loyalty.consent"].search([]).read()

    def test_nobody_forges_the_history(self):
        manager = self.cashier.copy(
            {
                "login": "manager-of-the-test",
                "password": "manager-of-the-test",
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref(name).id
                            for name in (
                                "base.group_user",
                                "base.group_partner_manager",
                                "loyalty_cinema.group_manager",
                            )
                        ]
                    )
                ],
            }
        )
        before = self.history()
        for user in (self.cashier, manager):
            self.login(user)
            for name, (model, method, args) in self.forgeries().items():
                with self.subTest(name, user=user.login):
                    self.rpc_or_refusal(model, method, *args)
                    self.assertEqual(self.history(), before)
        forged = {"loyalty_consent_source": ["till", "Till"]}
        values = {"loyalty_consent_sms": True}
        self.rpc("res.partner", "write", self.partner.ids, values, context=forged)
        self.assertEqual(self.history()[0]["source"], "office")
        self.assertEqual(self.history()[0]["user_id"][0], manager.id)

    def test_cashiers_do_not_read_around_the_consent(self):
        users = self.partner.id
        for field in PROFILE:
            self.assert_all_refused(
                {
                    "read": ("res.partner", "read", [[users], [field]]),
                    "search": ("res.partner", "search", [[(field, "!=", False)]]),
                    "order": ("res.partner", "search", [[], 0, 5, field]),
                    "group": ("res.partner", "formatted_read_group", [[], [field], ["__count"]]),
                    "export": ("res.partner", "export_data", [[users], [field]]),
                    "user": ("res.users", "search", [[("partner_id." + field, "!=", False)]]),
                    "order's": ("pos.order", "search", [[("partner_id." + field, "!=", False)]]),
                    "write": ("res.partner", "write", [[users], {field: False}]),
                }
            )
        self.assert_all_refused(
            {
                "habits": ("res.partner", "_loyalty_habits", [[users], self.config.id]),
                "panel": ("res.partner", "_loyalty_profile_panel", [[users], self.config.id]),
                "learn": ("loyalty.taste", "_learn", []),
                "tastes": ("loyalty.taste", "search", [[]]),
                "greetings": ("loyalty.greeting", "search", [[]]),
                "history": ("loyalty.consent", "search", [[]]),
            }
        )
        answer = self.rpc("loyalty.till", "profile", self.session.id, users)
        self.assertFalse(answer["profile"]["birthdate_date"])

    def test_profiles_of_others_and_sessions_of_others(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.env["res.partner"].create({"name": "S", "company_id": other.id})
        closed = self.env["pos.session"].search([("state", "=", "closed")], limit=1).id
        values, till = {"comes": "alone"}, "loyalty.till"
        for session, partner in [
            (self.session.id, stranger.id),
            (self.session.id, [self.partner.id]),
            (closed, self.partner.id),
            (False, self.partner.id),
        ]:
            self.assert_all_refused(
                {
                    "profile": (till, "profile", [session, partner]),
                    "save": (till, "save_profile", [session, partner, values]),
                }
            )

    def test_a_context_reaches_no_customer(self):
        context = {"default_name": "X", "loyalty_consent_source": {"source": "office"}}
        context |= {"default_loyalty_consent_sms": True, "lang": "en_US"}
        self.rpc(
            "loyalty.till",
            "save_profile",
            self.session.id,
            self.partner.id,
            {"consents": {"chat": True}, "name": "X"},
            context=context,
        )
        self.assertEqual(self.partner.name, "Linh")
        self.assertEqual(
            (self.history()[0]["channel"], self.history()[0]["source"]), ("chat", "till")
        )
