from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo cinema is whole, the same everywhere, and its books agree (L6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("loyalty_cinema.company_lm")
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.company = cls.company.with_env(cls.env)

    def user(self, login):
        return self.env.ref(f"loyalty_cinema.user_{login}")

    def test_company(self):
        self.assertEqual(self.company.currency_id.name, "VND")
        self.assertEqual(self.company.chart_template, "vn", "install l10n_vn beside the addon")
        self.assertIn(self.company, self.env.ref("base.user_admin").company_ids)
        for name, price in [("combo_1", 250000), ("combo_2", 450000)]:
            product = self.env.ref(f"loyalty_cinema.product_{name}")
            taxes = product.taxes_id.compute_all(product.list_price, self.company.currency_id)
            self.assertEqual(taxes["total_included"], price, "the price on the menu is the price")

    def test_till(self):
        config = self.env.ref("loyalty_cinema.pos_config_lm")
        methods = config.payment_method_ids
        self.assertEqual(len(methods), 4)
        self.assertEqual(set(methods.mapped("stored_value_type")), {"gift_card", "ewallet", False})
        self.assertEqual(config.session_ids.mapped("state"), ["closed"])

    def test_users(self):
        for login, group in [
            ("cashier", "loyalty_cinema.group_cashier"),
            ("manager", "loyalty_cinema.group_manager"),
            ("accountant", "loyalty_cinema.group_accountant"),
        ]:
            user = self.user(login)
            self.assertTrue(user.has_group(group), login)
            self.assertEqual(user.company_id, self.company)
            self.assertEqual(user.login, login)
        self.assertFalse(self.user("cashier").has_group("loyalty_cinema.group_manager"))

    def test_customers_and_cards(self):
        customers = self.env["res.partner"].search(
            [("company_id", "=", self.company.id), ("email", "=like", "customer__@example.com")]
        )
        self.assertEqual(len(customers), 30)
        cards = self.env["loyalty.member.card"].search([("company_id", "=", self.company.id)])
        states = set(cards.mapped("state"))
        self.assertEqual(states, {"issued", "active", "blocked", "lost", "replaced", "expired"})
        company_card = self.env.ref("loyalty_cinema.card_company_1")
        self.assertTrue(company_card.owner_id.is_company)
        self.assertFalse(company_card.holder_id.is_company)

    def test_books_agree(self):
        """Ledger, lots and liability to the đồng; the same numbers on every installation."""
        position = self.env["loyalty.posting"]._position(self.company)
        for name in ("ledger", "lots", "liability"):
            self.assertEqual(position[name], 5_775_000, name)
        self.assertEqual((position["bonus_lots"], position["bonus_account"]), (445_000, 445_000))
        self.assertEqual((position["difference"], position["unexplained"]), (0, 0))
        balances = self.env["loyalty.card"].search([("company_id", "=", self.company.id)])
        self.assertEqual(self.env["loyalty.ledger"].verify(balances), [])

    def test_accountant_reconciles_and_cashier_does_not(self):
        screen = self.env["loyalty.reconciliation"].with_user(self.user("accountant"))
        action = screen.action_open()
        record = screen.browse(action["res_id"])
        self.assertEqual((record.ledger, record.difference), (5_775_000, 0))
        entries = self.env["loyalty.ledger.entry"].with_user(self.user("accountant"))
        entry = entries.search([("origin_model", "=", "pos.order")], limit=1)
        order = self.env["pos.order"].with_user(self.user("accountant")).browse(entry.origin_id)
        self.assertTrue(order.name, "an accountant reads the order behind a movement")
        record.action_post()
        manager = screen.with_user(self.user("manager"))
        with self.assertRaises(AccessError):
            manager.browse(manager.action_open()["res_id"]).action_post()
        with self.assertRaises(AccessError):
            self.env["loyalty.reconciliation"].with_user(self.user("cashier")).action_open()
