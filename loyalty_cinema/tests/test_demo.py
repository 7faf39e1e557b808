from freezegun import freeze_time

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
        # The demo's purchases are of the days before its installation.
        cls.enterClassContext(freeze_time(cls.company.create_date))

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
        self.assertEqual(len(methods), 5)
        self.assertEqual(
            set(methods.mapped("stored_value_type")), {"gift_card", "ewallet", "loyalty", False}
        )
        self.assertEqual(config.session_ids.mapped("state"), ["closed", "closed"])

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

    def test_members_collect_and_spend(self):
        """Plenty, pending, about to expire, below zero; the same on every installation."""
        members = {n: self.env.ref(f"loyalty_cinema.member_{n:02d}") for n in range(1, 13)}
        self.assertEqual(
            {n: member.points for n, member in members.items()},
            {
                1: 172_500,  # 150,000 + 12,500 of Combo 1 + 10,000 for bringing number 12
                2: 54_000,  # 45,000 + 9,000
                3: 67_500,  # 85,000 - 20,000 for the poster + 2,500
                4: 3_500,
                5: 35_000,  # 20,000 + 15,000 granted
                6: 64_000,  # 250,000 more wait for another manager
                7: 9_000,
                8: -18_750,  # 22,500 earned and spent, then taken back with the refund
                9: 327_500,  # 410,000 - 100,000 paid + 5 % of the other 350,000
                10: 28_000,
                11: 55_500,
                12: 17_500,  # 12,500 + 5,000 as a newcomer
            },
        )
        pending = {
            n
            for n, member in members.items()
            if any(member.balance_id.lot_ids.mapped("available_on"))
        }
        self.assertEqual(pending, {1, 2, 3, 4, 9, 11, 12})
        self.assertEqual(members[12].referrer_id, members[1])
        adjustments = self.env["loyalty.adjustment"].search([("member_id", "=", members[6].id)])
        self.assertEqual((adjustments.state, adjustments.points), ("to_approve", 250_000))

    def test_discount_cards(self):
        """Three holders, who are no members: in the first band, near it, in the second."""
        bands = self.company.loyalty_discount_program_id.tier_ids
        self.assertEqual(
            bands.mapped(lambda band: (band.threshold, band.discount)),
            [(2_000_000, 10), (5_000_000, 15)],
        )
        cards = [self.env.ref(f"loyalty_cinema.card_discount_{n}") for n in (23, 24, 25)]
        self.assertEqual([card.discount for card in cards], [10, 0, 15])
        self.assertEqual(cards[1].discount_missing, 150_000)
        for card in cards:
            self.assertEqual(card.holder_id.loyalty_member_ids, card.discount_member_id)

    def test_books_agree(self):
        """Ledger, lots and liability to the đồng; the same numbers on every installation."""
        position = self.env["loyalty.posting"]._position(self.company)
        for name in ("ledger", "lots", "liability"):
            self.assertEqual(position[name], 5_775_000, name)
        self.assertEqual((position["bonus_lots"], position["bonus_account"]), (445_000, 445_000))
        self.assertEqual((position["difference"], position["bonus_difference"]), (0, 0))
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
