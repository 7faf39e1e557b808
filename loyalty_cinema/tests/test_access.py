from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LoyaltyCase

LEDGER_MODELS = ["loyalty.ledger.entry", "loyalty.lot", "loyalty.lot.line", "loyalty.hold"]


@tagged("post_install", "-at_install")
class TestAccess(LoyaltyCase):
    """Who may do what, and in which company. Everything not granted here is refused."""

    def assert_rights(self, user, **rights):
        """``rights``: for each letter of "rwcu", the models on which ``user`` has it, of ours."""
        modes = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
        for letter, mode in modes.items():
            models = {
                name
                for name in self.our_models()
                if self.env[name].with_user(user).has_access(mode)
            }
            self.assertEqual(models, rights.get(letter, set()), f"{user.login} may {mode}")

    def our_models(self):
        """Persistent models that this addon defines, without the wizards."""
        return [
            model.model
            for model in self.env["ir.model"].search([("model", "=like", "loyalty.%")])
            if model.modules.startswith("loyalty_cinema")
            and not model.transient
            and not model.abstract
        ]

    def test_cashiers_see_masked_cards_and_nothing_else(self):
        seen = {"loyalty.card.kind", "loyalty.member.card", "loyalty.suggestion", "loyalty.tier"}
        self.assert_rights(self.cashier(), r=seen)

    def test_salespersons_see_the_tastes_to_choose_from_and_nothing_else(self):
        seller = self.user("seller", "sales_team.group_sale_salesman")
        self.assert_rights(seller, r={"loyalty.taste"})

    def test_accountants_read_all_but_what_concerns_the_counter(self):
        user = self.user("books", "loyalty_cinema.group_accountant,base.group_user")
        unread = {"loyalty.code.attempt", "loyalty.incident", "loyalty.expiry.notice"}
        unread |= {"loyalty.taste", "loyalty.greeting", "loyalty.suggestion", "loyalty.consent"}
        self.assert_rights(user, r=set(self.our_models()) - unread)

    def test_managers_keep_cards_and_nobody_keeps_the_ledger(self):
        kept = {
            "loyalty.card.kind",
            "loyalty.member.card",
            "loyalty.member",
            "loyalty.adjustment",
            "loyalty.bonus.scheme",
            "loyalty.bonus.band",
            "loyalty.earn.rule",
            "loyalty.taste",
            "loyalty.greeting",
            "loyalty.suggestion",
            "loyalty.tier",
            "loyalty.benefit",
            "loyalty.special.day",
            "loyalty.special.day.line",
        }
        self.assert_rights(self.manager(), r=set(self.our_models()), w=kept, c=kept, u=kept)

    def test_odoos_own_doors_to_value_are_closed(self):
        """ODOO19.md, case 13: what a cashier and a salesperson could do on plain Odoo."""
        for user in (self.cashier(), self.user("seller", "sales_team.group_sale_salesman")):
            for name, modes in {
                "loyalty.card": ["write", "create", "unlink"],
                "loyalty.history": ["write", "create", "unlink"],
                "loyalty.card.update.balance": ["read", "write", "create"],
                "loyalty.generate.wizard": ["read", "write", "create"],
            }.items():
                for mode in modes:
                    allowed = self.env[name].with_user(user).has_access(mode)
                    self.assertFalse(allowed, f"{user.login} may {mode} {name}")

    def test_buttons_of_cards_are_closed_to_cashiers(self):
        card = self.member_card(active=False).with_user(self.cashier())
        for button in (card.action_activate, card.action_ask_reason, card.action_replace):
            with self.assertRaises(AccessError):
                button()
        for wizard in ("loyalty.card.issue", "loyalty.card.action", "loyalty.card.replace"):
            self.assertFalse(self.env[wizard].with_user(card.env.user).has_access("create"))

    def test_every_model_of_a_company_has_its_rule(self):
        models = [name for name in self.our_models() if "company_id" in self.env[name]._fields]
        self.assertTrue(models)
        rules = self.env["ir.rule"].search(
            [("model_id.model", "in", models), ("groups", "=", False)]
        )
        self.assertEqual(set(models) - set(rules.mapped("model_id.model")), set())
        for rule in rules:
            self.assertIn("company_id", rule.domain_force)

    def test_another_companys_cards_and_ledger_do_not_exist(self):
        card = self.member_card(value=100)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.manager(
            "stranger", company_id=elsewhere.id, company_ids=[(6, 0, elsewhere.ids)]
        )
        for name in ["loyalty.member.card", *LEDGER_MODELS]:
            self.assertFalse(self.env[name].with_user(stranger).search([]), name)
        with self.assertRaises(AccessError):
            card.with_user(stranger).read(["masked_code"])
        found = self.env["loyalty.member.card"]._find_by_code(card.code, elsewhere)
        self.assertFalse(found, "a till of another company does not know the card")
