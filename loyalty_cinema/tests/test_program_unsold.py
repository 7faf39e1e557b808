from odoo import Command
from odoo.tests import tagged

from ..hooks import post_init_hook
from .till_common import CashierCase

GIFT, WALLET = "loyalty.gift_card_product_50", "loyalty.ewallet_product_50"


@tagged("post_install", "-at_install")
class TestProgramUnsold(CashierCase):
    """Odoo's own gift card and eWallet leave the tills where nobody ever sold them (O5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as after the installation of Odoo's modules: a program of Odoo's and its two products
        cls.odoo = cls.env.ref("loyalty.gift_card_program")
        cls.odoo.active = True
        cls.gift, cls.wallet_product = cls.env.ref(GIFT), cls.env.ref(WALLET)
        (cls.gift | cls.wallet_product).write({"active": True, "available_in_pos": True})
        rules = cls.env["loyalty.rule"].with_context(active_test=False)
        rules.search(
            [
                ("product_ids", "in", (cls.gift | cls.wallet_product).ids),
                ("program_id", "!=", cls.odoo.id),
            ]
        ).product_ids = False
        cls.env["loyalty.card"].search([("program_id", "=", cls.odoo.id)]).unlink()

    def loads(self):
        """What an open till would offer that sells value."""
        names = self.env["product.template"].search([("available_in_pos", "=", True)])
        ours = names.filtered("loyalty_load_type")
        theirs = names & (self.gift | self.wallet_product).product_tmpl_id
        return ours, theirs

    def test_unsold(self):
        """Only ours are left, each with a picture; a second run changes nothing."""
        post_init_hook(self.env)
        ours, theirs = self.loads()
        self.assertFalse(theirs)
        self.assertFalse(self.odoo.active)
        self.assertEqual(set(ours.mapped("loyalty_load_type")), {"gift_card", "ewallet"})
        post_init_hook(self.env)
        self.assertEqual(self.loads()[0].mapped("name"), ours.mapped("name"))

    def test_sold(self):
        """Where a card of Odoo's was sold, it stays, and ours has another name than it."""
        self.native_card(50, self.odoo)
        load = self.env.ref("loyalty_cinema.product_gift_card")
        load.name = "Gift card"
        self.env["loyalty.program"]._loyalty_retire_unsold()
        self.assertTrue(self.odoo.active and self.gift.active)
        self.assertFalse(self.wallet_product.active)
        self.assertEqual(load.name, "Gift card (stored value)")
        self.env["loyalty.program"]._loyalty_retire_unsold()
        self.assertEqual(load.name, "Gift card (stored value)")

    def test_a_program_that_somebody_made(self):
        """Whoever made a program of Odoo's wants it."""
        program = self.native_program("gift_card", GIFT)
        self.env["loyalty.program"]._loyalty_retire_unsold()
        self.assertTrue(program.active and self.gift.active)

    def test_wanted_after_all(self):
        """A new or restored program brings its product back: without one, all sales would count."""
        self.env["loyalty.program"]._loyalty_retire_unsold()
        self.odoo.active = True
        self.assertTrue(self.gift.active)
        self.assertEqual(self.odoo.rule_ids.product_ids, self.gift)
        self.assertFalse(self.wallet_product.active)
        rule = {"reward_point_amount": 1, "reward_point_mode": "money"}
        self.env["loyalty.program"].create(
            {
                "name": "Odoo's wallet",
                "program_type": "ewallet",
                "company_id": self.company.id,
                "rule_ids": [
                    Command.clear(),
                    Command.create({**rule, "product_ids": self.wallet_product.ids}),
                ],
            }
        )
        self.assertTrue(self.wallet_product.active)
