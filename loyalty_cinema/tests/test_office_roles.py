from lxml import etree

from odoo import Command
from odoo.tests import tagged

from .office_common import OfficeCase
from .rpc_common import RpcCase, RpcRefused


@tagged("post_install", "-at_install")
class TestOfficeRoles(OfficeCase):
    """Every role can do what its menus offer."""

    def test_walk(self):
        """Each screen behind each menu, its *New* and what its buttons open, as each role."""
        for name in self.ROLES:
            with self.subTest(name):
                self.assertEqual("\n".join(map(str, self.walk(self.role(name)))), "")

    def test_menus(self):
        """The app is for managers and accountants; the others do not see it."""
        seen = {name: bool(self.menus(self.role(name))) for name in self.ROLES}
        self.assertEqual(seen, {name: name not in ("internal", "cashier") for name in self.ROLES})


@tagged("post_install", "-at_install")
class TestOfficeDeeds(RpcCase):
    """What the menus offer to make is made, by the roles that have nothing else."""

    MANAGERS = ("loyalty_cinema.group_manager", "point_of_sale.group_pos_manager")
    COUPONS = {
        "name": "Popcorn of the house",
        "program_type": "coupons",
        "reward_ids": [Command.create({"reward_type": "discount", "discount": 20})],
    }

    def manager_with(self, group):
        """A user with this group and no right on products, companies or invoices."""
        manager = self.cashier.copy(
            {
                "login": f"{group}-of-the-test",
                "password": f"{group}-of-the-test",
                "group_ids": [
                    Command.set([self.env.ref(g).id for g in ("base.group_user", group)])
                ],
            }
        )
        self.assertFalse(manager.has_group("product.group_product_manager"))
        self.login(manager)
        return manager

    def test_coupon_program(self):
        """It is made, worded, archived and brought back; its product follows."""
        for group in self.MANAGERS:
            with self.subTest(group):
                self.manager_with(group)
                values = {**self.COUPONS, "company_id": self.company.id}
                program = self.env["loyalty.program"].browse(
                    self.rpc("loyalty.program", "create", values)
                )
                product = program.reward_ids.discount_line_product_id
                self.assertTrue(product.active)
                self.rpc("loyalty.reward", "write", program.reward_ids.ids, {"description": "Yum"})
                self.assertEqual(product.name, "Yum")
                self.rpc("loyalty.program", "write", program.ids, {"active": False})
                self.assertFalse(product.active)
                self.rpc("loyalty.program", "write", program.ids, {"active": True})
                self.assertTrue(product.active)

    def test_the_product_of_a_reward_is_not_any_product(self):
        """Rewards are written by who has no right on products: theirs are made for them."""
        program = self.env["loyalty.program"].create(
            {**self.COUPONS, "company_id": self.company.id}
        )
        stranger = self.snack
        self.manager_with(self.MANAGERS[0])
        chosen = {"discount_line_product_id": stranger.id}
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.reward", "write", program.reward_ids.ids, chosen)
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.reward", "create", {"program_id": program.id, **chosen})
        nested = {"reward_ids": [Command.update(program.reward_ids.id, chosen)]}
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.program", "write", program.ids, nested)
        self.assertNotEqual(program.reward_ids.discount_line_product_id, stranger)

    def test_settings(self):
        """A manager says which program customers join, and starts discount cards."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Another",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": self.company.id,
            }
        )
        self.company.loyalty_discount_program_id = False
        self.manager_with(self.MANAGERS[0])
        settings = self.rpc("loyalty.settings", "create", {"points_program_id": program.id})
        self.rpc("loyalty.settings", "action_save", [settings])
        self.assertEqual(self.company.loyalty_points_program_id, program)
        opened = self.rpc("loyalty.settings", "action_setup_discount", [settings])
        self.assertEqual(self.company.loyalty_discount_program_id.id, opened["res_id"])

    def test_settings_of_others(self):
        """Neither of another company, nor by a cashier."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager_with(self.MANAGERS[0])
        settings = self.rpc("loyalty.settings", "create", {"company_id": other.id})
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.settings", "action_save", [settings])
        other.sudo().loyalty_second_person_limit = 12345
        self.assertFalse(self.rpc("loyalty.settings", "read", [settings], ["limit"])[0]["limit"])
        self.login(self.cashier)
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.settings", "create", {})

    def test_kind_of_all_companies(self):
        """A manager sets its limits and no other terms; a copy is the company's own."""
        kind = self.env.ref("loyalty_cinema.kind_prepaid")
        self.manager_with(self.MANAGERS[0])
        read = self.rpc("loyalty.card.kind", "read", kind.ids, ["is_kept_by_others"])
        self.assertTrue(read[0]["is_kept_by_others"])
        self.rpc("loyalty.card.kind", "write", kind.ids, {"load_max": 500})
        copy = self.env["loyalty.card.kind"].browse(self.rpc("loyalty.card.kind", "copy", kind.ids))
        self.assertEqual((copy.company_id, copy.named), (self.company, kind.named))
        self.assertNotEqual(copy.name, kind.name)
        read = self.rpc("loyalty.card.kind", "read", copy.ids, ["is_kept_by_others"])
        self.assertFalse(read[0]["is_kept_by_others"])

    def test_shared_by_all_companies(self):
        """Tastes, greetings, suggestions, days: a manager reads them, and copies what is needed."""
        popcorn = self.env["product.product"].create({"name": "Popcorn"})
        shared = {
            "loyalty.taste": {"name": "Horror", "category": "film"},
            "loyalty.greeting": {"name": "Hello", "text": "Hello", "condition": "first_visit"},
            "loyalty.suggestion": {
                "name": "With popcorn?",
                "product_id": popcorn.id,
                "product_ids": popcorn.ids,
            },
            "loyalty.special.day": {"name": "Day", "kind": "yearly", "day": 8, "month": 3},
        }
        made = {
            model: self.env[model].create({**values, "company_id": False})
            for model, values in shared.items()
        }
        self.manager_with(self.MANAGERS[0])
        for model, record in made.items():
            with self.subTest(model):
                read = self.rpc(model, "read", record.ids, ["is_kept_by_others"])
                self.assertTrue(read[0]["is_kept_by_others"])
                with self.assertRaises(RpcRefused):
                    self.rpc(model, "write", record.ids, {"name": "Mine"})
                copied = self.env[model].browse(self.rpc(model, "copy", record.ids))
                self.assertEqual(copied.company_id, self.company)
                self.rpc(model, "write", copied.ids, {"name": "Mine"})
                form = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
                fields = self.env[model]._fields
                open_ = [
                    node.get("name")
                    for node in form.iter("field")
                    if next(node.iterancestors("field"), None) is None
                    and node.get("readonly") != "is_kept_by_others"
                    and node.get("invisible") != "1"
                    and not fields[node.get("name")].readonly
                ]
                self.assertEqual(open_, [], "what can be typed into and not be saved")
