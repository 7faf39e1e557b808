from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..exceptions import LoyaltyError
from .ladder_common import LadderCase
from .rpc_common import RpcCase, RpcRefused
from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierRights(LadderCase):
    """Managers give tiers with their wizard, in their own company; nobody types one in."""

    def assigned(self, user, member, **values):
        wizard = self.env["loyalty.tier.assign"].with_user(user)
        values = {"tier_id": self.diamond.id, "reason": "Friend", **values}
        return wizard.create({"member_ids": member.ids, **values}).action_assign()

    def test_a_manager_gives_a_tier(self):
        mai = self.member("Mai")
        wizard = self.env["loyalty.tier.assign"].with_user(self.boss)
        wizard = wizard.with_context(active_model="loyalty.member", active_ids=mai.ids)
        form = Form(wizard)
        form.tier_id, form.reason = self.diamond, "Friend"
        form.save().action_assign()
        self.assertEqual((mai.tier_id, mai.tier_change_ids[0].user_id), (self.diamond, self.boss))

    def test_nobody_else_does(self):
        mai = self.member("Mai")
        accountant = self.user("accountant", "loyalty_cinema.group_accountant,base.group_user")
        for user in (self.cashier(), accountant):
            with self.assertRaises(AccessError):
                self.assigned(user, mai)
        self.assertEqual(mai.tier_id, self.silver)

    def test_a_manager_of_another_company_does_not(self):
        mai, other = self.member("Mai"), self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            login="stranger-of-the-test",
            groups="loyalty_cinema.group_manager,base.group_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self.assigned(stranger, mai)
        for model in ("loyalty.tier", "loyalty.tier.change"):
            records = self.env[model].with_user(stranger)
            self.assertFalse(records.search([("program_id", "=", self.program.id)]))

    def test_members_of_two_programs_get_no_tier_together(self):
        mai, other = self.member("Mai"), self.membership("Other")
        linh = self.env["loyalty.member"]._enrol(other, self.person("Linh"), "till")
        with self.assertRaises(LoyaltyError):
            self.assigned(self.boss, mai | linh)

    def test_a_manager_types_no_tier_in(self):
        mai, gold = self.member("Mai").with_user(self.boss), self.gold.id
        for values in (
            {"tier_id": gold},
            {"tier_review_on": "2030-01-01"},
            {"tier_secured_id": gold},
            {"tier_floor_id": gold, "tier_until": False},
            {"tier_change_ids": [Command.create({"kind": "manual", "to_tier_id": gold})]},
        ):
            with self.subTest(values), self.assertRaises(LoyaltyError):
                mai.write(values)

    def test_a_manager_enrols_nobody_into_a_tier(self):
        members = self.env["loyalty.member"].with_user(self.boss)
        linh = self.person("Linh")
        with self.assertRaises(LoyaltyError):
            members.create({"partner_id": linh.id, "tier_id": self.gold.id})
        context = {"default_tier_id": self.gold.id, "default_tier_floor_id": self.gold.id}
        member = members.with_context(**context).create({"partner_id": linh.id})
        self.assertEqual((member.tier_id, member.tier_floor_id.id), (self.silver, False))


@tagged("post_install", "-at_install")
class TestTierRpc(TierCase, RpcCase):
    """A hostile client over HTTP: as a cashier, and as a manager."""

    def boss(self):
        """A manager of loyalty, and nothing more."""
        groups = "loyalty_cinema.group_manager,base.group_user"
        login = "tier-boss-of-the-test"
        return new_test_user(self.env, login=login, password=login, groups=groups)

    def attacks(self):
        """Calls that would move a tier, or what it is decided by."""
        member, gold = self.member.ids, self.gold.id
        change = {"member_id": self.member.id, "program_id": self.program.id, "kind": "manual"}
        change |= {"to_tier_id": gold, "date": "2026-01-01"}
        history = self.member.tier_change_ids.ids
        return [
            ("loyalty.member", "write", member, {"tier_id": gold}),
            ("loyalty.member", "web_save", member, {"tier_floor_id": gold}, {}),
            ("loyalty.member", "_tier_assign", member, gold, "Friend"),
            ("loyalty.member", "_tier_rise", member),
            ("loyalty.member", "_tier_follow", []),
            ("loyalty.tier.change", "create", [change]),
            ("loyalty.tier.change", "write", history, {"to_tier_id": gold}),
            ("loyalty.tier.change", "unlink", history),
            ("loyalty.tier.change", "_after_changes", history),
            ("loyalty.tier.review", "_cron_review"),
            ("loyalty.tier.review", "_apply_ladder", self.program.id),
            ("loyalty.program", "_tiers_changed", self.program.ids),
        ]

    def photograph(self):
        self.env.flush_all()
        self.cr.execute(
            "SELECT id, tier_id, tier_since, tier_review_on, tier_secured_id, tier_floor_id, "
            "tier_until FROM loyalty_member ORDER BY id"
        )
        members = self.cr.fetchall()
        self.cr.execute("SELECT id, kind, to_tier_id, member_id FROM loyalty_tier_change")
        return {**super().photograph(), "tiers": members, "changes": sorted(self.cr.fetchall())}

    def test_a_cashier_moves_no_tier(self):
        self.login(self.cashier)
        self.assert_all_refused(
            {
                f"{model}.{method} {args}": (model, method, args)
                for model, method, *args in self.attacks()
            }
        )
        for name in ("write", "unlink"):
            args = [{"threshold": 0.5}] if name == "write" else []
            self.assert_refused("loyalty.tier", name, self.gold.ids, *args)
        wizard = {"member_ids": self.member.ids, "tier_id": self.gold.id, "reason": "Friend"}
        self.assert_refused("loyalty.tier.assign", "create", [wizard])

    def test_a_manager_moves_it_with_the_wizard_only(self):
        self.login(self.boss())
        self.assert_all_refused(
            {
                f"{model}.{method} {args}": (model, method, args)
                for model, method, *args in self.attacks()
            }
        )
        wizard = {"member_ids": self.member.ids, "tier_id": self.gold.id, "reason": "Friend"}
        [wizard_id] = self.rpc("loyalty.tier.assign", "create", [wizard])
        self.rpc("loyalty.tier.assign", "action_assign", [wizard_id])
        self.assertEqual(self.member.tier_id, self.gold)

    def test_nobody_uses_the_wizard_that_another_has_filled_in(self):
        values = {"member_ids": self.member.ids, "tier_id": self.gold.id, "reason": "Friend"}
        wizard = self.env["loyalty.tier.assign"].with_user(self.boss()).create(values)
        self.login(self.cashier)
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.tier.assign", "action_assign", wizard.ids)
        self.assertEqual(self.member.tier_id, self.silver)
