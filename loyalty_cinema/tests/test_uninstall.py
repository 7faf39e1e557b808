import csv

from odoo.addons.loyalty_cinema.hooks import uninstall_hook
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open

from .common import LoyaltyCase
from .rpc_common import RpcCase, RpcRefused

MODES = ("perm_read", "perm_write", "perm_create", "perm_unlink")


@tagged("post_install", "-at_install")
class TestRightsOfOdoo(LoyaltyCase):
    """Odoo's records stay Odoo's, so that they are right when the addon is gone."""

    def test_odoos_access_rights_are_as_odoo_wrote_them(self):
        for module in ("loyalty", "pos_loyalty", "sale_loyalty"):
            with file_open(f"{module}/security/ir.model.access.csv") as file:
                rows = list(csv.DictReader(file))
            self.assertTrue(rows)
            for row in rows:
                access = self.env.ref(f"{module}.{row['id']}")
                self.assertEqual(
                    [access[mode] for mode in MODES],
                    [row[mode] == "1" for mode in MODES],
                    row["id"],
                )

    def test_a_right_that_an_administrator_adds_counts(self):
        seller = self.user("seller", "sales_team.group_sale_salesman")
        wizard = self.env["loyalty.generate.wizard"].with_user(seller)
        self.assertFalse(wizard.has_access("create"))
        self.env["ir.model.access"].create(
            {
                "name": "Coupons for salespersons",
                "model_id": self.env["ir.model"]._get_id("loyalty.generate.wizard"),
                "group_id": self.env.ref("sales_team.group_sale_salesman").id,
                "perm_create": True,
            }
        )
        self.assertTrue(wizard.has_access("create"))
        self.assertFalse(wizard.has_access("read"))

    def test_the_refusal_names_managers_only(self):
        names = self.env["ir.model.access"].group_names_with_access(
            "loyalty.generate.wizard", "create"
        )
        self.assertIn("Loyalty/Manager", names)
        self.assertFalse([name for name in names if "User" in name])


@tagged("post_install", "-at_install")
class TestUninstall(RpcCase):
    """The addon is not removed over the heads of customers; what follows is in tests/long."""

    def module(self, name):
        return self.env["ir.module.module"].search([("name", "=", name)])

    def test_no_module_below_takes_customers_value_along(self):
        self.login(self.env.ref("base.user_admin"))
        for name in ("loyalty_cinema", "pos_loyalty", "sale_loyalty", "loyalty", "point_of_sale"):
            module = self.module(name)
            with self.assertRaises(RpcRefused) as refusal:
                self.rpc("ir.module.module", "button_uninstall", module.ids)
            self.assertIn(self.wallet.program_id.name, str(refusal.exception))
            self.assertEqual(module.state, "installed")
        with self.assertRaises(RpcRefused):
            self.rpc("ir.module.module", "module_uninstall", self.module("loyalty_cinema").ids)

    def test_the_hook_itself_refuses(self):
        with self.assertRaisesRegex(UserError, "cannot be removed yet"):
            uninstall_hook(self.env)
        self.assertTrue(self.tender.active)

    def test_open_tills_and_holds_are_named(self):
        self.ledger.authorize(self.wallet, 10, "uninstall:hold")
        said = "\n".join(self.env["ir.module.module"]._loyalty_obstacles())
        self.assertIn(self.session.name, said)
        self.assertIn("payments under way: 1", said)

    def test_other_modules_are_removed_as_ever(self):
        self.module("base_import")._loyalty_check_removable()

    def test_the_hook_leaves_nothing_that_pays_or_loads(self):
        every = self.env["loyalty.card"].with_context(active_test=False)
        held = every.search([("program_id.is_stored_value", "=", True), ("points", ">", 0)])
        self.ledger.expire(held)
        for balance in held.filtered("points"):
            self.ledger.debit(balance, balance.points, "adjust", f"end:{balance.id}", reason="End")
        self.close()
        self.posting._post(self.env["res.company"].search([]))
        program = self.wallet.program_id
        uninstall_hook(self.env)
        self.assertFalse(self.config.payment_method_ids.filtered("stored_value_type"))
        self.assertFalse(self.tender.active or self.tender.use_payment_terminal)
        self.assertFalse(self.tender.journal_id.active)
        self.assertFalse(self.topup.active or self.topup.available_in_pos)
        self.assertFalse(program.active)
