"""I12: value on a card changes hands with a reason; I11, I18: other companies, and the jobs."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..exceptions import LoyaltyError, ReasonMissing
from .test_fixed import ALL_RIGHTS, FixedCase


@tagged("post_install", "-at_install")
class TestFixedOwner(FixedCase):
    """Another owner or holder of a card with value."""

    def setUp(self):
        super().setUp()
        self.thief = self.env["res.partner"].create({"name": "Thief"})

    def test_a_card_with_value_keeps_owner_and_holder(self):
        self.assert_all_fixed(
            {
                "holder": self.write(self.card, holder_id=self.thief.id),
                "owner": self.write(self.card, owner_id=self.thief.id),
                "both": self.write(self.card, owner_id=self.thief.id, holder_id=self.thief.id),
                "import": (
                    "loyalty.member.card",
                    "web_save",
                    [self.card.ids, {"holder_id": self.thief.id}],
                    {"specification": {}},
                ),
            }
        )

    def test_the_owner_changes_by_a_transfer_with_a_reason(self):
        self.login(self.boss)
        values = {"card_id": self.card.id, "owner_id": self.partner.id}
        values["holder_id"] = self.partner.id
        [empty] = self.rpc("loyalty.card.owner", "create", [{**values, "reason": " "}])
        self.assert_refused("loyalty.card.owner", "action_change", [empty])
        [wizard] = self.rpc("loyalty.card.owner", "create", [{**values, "reason": "A present"}])
        self.rpc("loyalty.card.owner", "action_change", [wizard])
        self.assertEqual((self.card.owner_id, self.card.holder_id), (self.partner, self.partner))
        balance = self.card.balance_ids
        self.assertEqual((balance.points, balance.partner_id), (100, self.partner))
        self.assertEqual((self.anonymous.points, self.anonymous.active), (0, False))
        transfers = (balance | self.anonymous).entry_ids.filtered(lambda e: e.kind == "transfer")
        self.assertEqual(transfers.mapped("partner_id"), self.partner)
        self.assertEqual(sorted(transfers.mapped("amount")), [-100, 100])
        self.assertTrue(all("A present" in entry.reason for entry in transfers))
        self.assertIn("A present", str(self.card.message_ids.mapped("body")))
        self.assertEqual(self.ledger.verify(balance | self.anonymous), [])

    def test_a_refund_after_it_comes_back_to_the_card(self):
        entry = self.ledger.debit(self.anonymous, 40, "spend", "before-the-change")
        self.card._change_owner(self.partner, self.partner, "A present")
        self.ledger.reverse(entry, "after-the-change", origin=self.session, reason="Refund")
        self.env["loyalty.card"]._rejoin_merged(self.session)
        self.assertEqual((self.card.balance_ids.points, self.anonymous.points), (100, 0))

    def test_limits_and_refunds_follow_the_card(self):
        """Another owner makes no card fresh, and a replacement takes the former balance along."""
        self.card._change_owner(self.partner, self.partner, "A present")
        self.assertEqual(self.card._loaded(self.card.balance_ids), 100)
        new = self.env["loyalty.member.card"].create({"kind_id": self.card.kind_id.id})
        self.card._replace(new, "Lost")
        self.assertEqual(self.anonymous.member_card_id, new)
        self.assertEqual(new._loaded(new.balance_ids), 100)

    def change_owner(self, user, card=None):
        """The wizard, filled in and used by a manager; what it answers."""
        wizards = self.env["loyalty.card.owner"].with_user(user)
        values = {"owner_id": self.partner.id, "holder_id": self.partner.id, "reason": "A present"}
        wizard = wizards.create({"card_id": (card or self.card).id, **values})
        return wizard.action_change()

    def test_above_the_limit_another_manager_approves_the_new_owner(self):
        self.company.loyalty_second_person_limit = 99
        managers = self.env.ref("loyalty_cinema.group_manager") | self.env.ref("base.group_user")
        boss, other = (
            self.cashier.copy({"login": name, "group_ids": [Command.set(managers.ids)]})
            for name in ("boss-of-the-test", "other-boss-of-the-test")
        )
        answer = self.change_owner(boss)
        self.assertEqual(answer["tag"], "display_notification")
        self.assertFalse(self.card.owner_id)
        asked = self.env["loyalty.adjustment"].search([("kind", "=", "owner")], limit=1)
        self.assertEqual((asked.state, asked.worth), ("to_approve", 100))
        self.assertEqual(asked.with_user(other).res_id, self.card.id)
        self.assertEqual(asked.partner_id, self.partner)
        self.assertEqual(asked.program_id, self.anonymous.program_id)
        for text in (self.card.masked_code, "100", f"– → {self.partner.name}", "A present"):
            self.assertIn(text, asked.with_user(other).deed)
        self.assertEqual(self.card.with_user(other).waiting_change_id, asked)
        Form(self.card.with_user(other))
        Form(asked.with_user(other))
        asked.with_user(other).action_approve()
        self.assertEqual((asked.state, self.card.owner_id), ("done", self.partner))
        self.assertFalse(self.card.waiting_change_id)
        self.assertEqual(self.card.balance_ids.points, 100)

    def test_a_new_owner_holds_the_card_unless_another_holder_is_chosen(self):
        wizards = self.env["loyalty.card.owner"].with_user(self.boss)
        form = Form(wizards.with_context(default_card_id=self.card.id))
        form.owner_id = self.thief
        self.assertEqual(form.holder_id, self.thief)
        form.owner_id = self.partner
        self.assertEqual(form.holder_id, self.partner)
        form.holder_id = self.thief
        form.owner_id = self.env["res.partner"].create({"name": "Third"})
        self.assertEqual(form.holder_id, self.thief)

    def replace(self, **values):
        """The wizard *Replace*, from whoever is logged in; what it answers."""
        values = {"card_id": self.card.id, "reason": "Lost", **values}
        [wizard] = self.rpc("loyalty.card.replace", "create", [values])
        return self.rpc("loyalty.card.replace", "action_replace", [wizard])

    def unused_card(self):
        return self.env["loyalty.member.card"].create({"kind_id": self.card.kind_id.id})

    def test_above_the_limit_another_manager_approves_the_new_card(self):
        self.company.loyalty_second_person_limit = 99
        new, other = self.unused_card(), self.with_groups("other-boss-of-the-test", *ALL_RIGHTS)
        self.login(self.boss)
        answer = self.replace(new_code=new.code)
        self.assertEqual(answer["tag"], "display_notification")
        self.assertEqual((self.card.state, new.state), ("active", "issued"))
        asked = self.env["loyalty.adjustment"].search([("kind", "=", "replacement")], limit=1)
        self.assertEqual((asked.worth, asked.res_id), (100, self.card.id))
        self.assertIn(f"→ {new.display_name}", asked.deed)
        self.assertNotIn(new.code, asked.deed)
        self.assert_refused("loyalty.adjustment", "action_approve", asked.ids)
        self.login(other)
        self.rpc("loyalty.adjustment", "action_approve", asked.ids)
        self.assertEqual((self.card.state, self.card.replaced_by_id), ("replaced", new))
        self.assertEqual(new.balance_ids.points, 100)

    def test_below_the_limit_one_manager_replaces_a_card(self):
        self.company.loyalty_second_person_limit = 100
        self.login(self.boss)
        answer = self.replace()
        self.assertEqual(self.card.replaced_by_id.id, answer["res_id"])
        self.assertEqual(self.card.replaced_by_id.available, 100)

    def test_nor_does_a_till_hand_it_over(self):
        self.company.loyalty_second_person_limit = 99
        boss = self.with_groups("till-boss", *ALL_RIGHTS, "point_of_sale.group_pos_user")
        code, new = {"code": self.card.code}, self.unused_card()
        self.login(boss)
        for action, values in (
            ("replace", {"new_code": new.code}),
            ("set_pin", {"new_pin": "11111"}),
        ):
            with self.subTest(action):
                args = [self.session.id, action, code, {"reason": "Lost", **values}]
                self.assert_refused("loyalty.till", "card_action", *args)
                self.assertIn("alone", self.rpc("loyalty.till", "card_action", *args)["message"])
        self.company.loyalty_second_person_limit = 100
        for action, values in (
            ("set_pin", {"new_pin": "11111"}),
            ("replace", {"new_code": new.code}),
        ):
            args = [self.session.id, action, code, {"reason": "Lost", **values}]
            self.assertTrue(self.rpc("loyalty.till", "card_action", *args)["ok"], action)
        self.assertEqual(self.card.replaced_by_id, new)

    def test_above_the_limit_nobody_opens_a_wallet_by_a_new_card_alone(self):
        self.company.loyalty_second_person_limit = 99
        kind = self.env.ref("loyalty_cinema.kind_prepaid")
        card = self.env["loyalty.member.card"].create(
            {"kind_id": kind.id, "holder_id": self.partner.id}
        )
        refused = self.assertRaisesRegex(LoyaltyError, "more than one person may hand over alone")
        with refused, self.cr.savepoint():
            card.with_user(self.cashier).sudo()._activate()
        self.company.loyalty_second_person_limit = 100
        card.with_user(self.cashier).sudo()._activate()
        self.assertEqual(card.balance_ids, self.wallet)

    def test_an_owner_changes_with_a_reason_only(self):
        with self.assertRaises(ReasonMissing):
            self.card._change_owner(self.partner, self.partner, "")

    def test_only_the_holder_changes_on_a_card_of_a_company(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        kind = self.env.ref("loyalty_cinema.kind_prepaid").copy({"corporate": True})
        card = self.env["loyalty.member.card"].create(
            {"kind_id": kind.id, "owner_id": firm.id, "holder_id": self.partner.id}
        )
        card._activate()
        self.ledger.credit(card.balance_ids, 30, "load", "firm")
        balance = card.balance_ids
        card._change_owner(firm, self.thief, "Left the firm")
        self.assertEqual((card.balance_ids, balance.points), (balance, 30))
        self.assertEqual((card.owner_id, card.holder_id), (firm, self.thief))


@tagged("post_install", "-at_install")
class TestOtherCompany(FixedCase):
    """A manager of another company: table of models × what they try."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = {
            "company_id": cls.elsewhere.id,
            "company_ids": [Command.set(cls.elsewhere.ids)],
        }
        cls.stranger = cls.with_groups("stranger-of-fixed", *ALL_RIGHTS, **companies)

    def test_no_row_of_another_company_is_written_or_read(self):
        own = self.company.id
        update = {"card_id": self.wallet.id, "new_balance": 5, "description": "?"}
        generate = {"program_id": self.native_gift.id, "coupon_qty": 1, "mode": "anonymous"}
        rows = {
            "loyalty.card.kind": {"name": "Theirs", "company_id": own},
            "loyalty.taste": {"name": "Theirs", "company_id": own},
            "loyalty.greeting": {"name": "T", "text": "T", "company_id": own},
            "loyalty.suggestion": {
                "name": "T",
                "company_id": own,
                "product_id": self.snack.id,
                "product_ids": [Command.set(self.snack.ids)],
            },
            "loyalty.card.update.balance": update,
            "loyalty.generate.wizard": generate,
            "loyalty.reconciliation": {"company_id": own},
            "loyalty.card.owner": {"card_id": self.card.id, "reason": "?"},
        }
        self.login(self.stranger)
        for name, values in rows.items():
            record = self.env[name].with_user(self.boss).create(values)
            change = {
                next(iter(values)): record.read([next(iter(values))], load=False)[0][
                    next(iter(values))
                ]
            }
            with self.subTest(name):
                self.assert_refused(name, "write", record.ids, change)
                self.assert_refused(name, "read", record.ids)
                self.assert_refused(name, "unlink", record.ids)
                self.assertFalse(self.rpc(name, "search", [("id", "in", record.ids)]))

    def test_what_all_companies_share_is_kept_by_administrators(self):
        shared = {
            "loyalty.card.kind": self.env.ref("loyalty_cinema.kind_prepaid"),
            "loyalty.taste": self.env["loyalty.taste"].create({"name": "Shared"}),
            "loyalty.greeting": self.env["loyalty.greeting"].create({"name": "S", "text": "S"}),
            "loyalty.suggestion": self.env["loyalty.suggestion"].create(
                {
                    "name": "S",
                    "product_id": self.snack.id,
                    "product_ids": [Command.set(self.snack.ids)],
                }
            ),
        }
        for name, record in shared.items():
            with self.subTest(name):
                self.assertFalse(record.company_id)
                self.login(self.boss)
                self.assert_refused(name, "write", record.ids, {"name": "Mine"})
                self.assert_refused(name, "write", record.ids, {"company_id": self.company.id})
                self.assert_refused(name, "unlink", record.ids)
                values = {"company_id": False}
                self.assert_refused(name, "copy", record.ids, values)
                [own] = self.rpc(name, "copy", record.ids, {"company_id": self.company.id})
                self.rpc(name, "write", [own], {"name": "Mine"})
                self.login(self.admin)
                self.rpc(name, "write", record.ids, {"name": "Ours"})
        self.login(self.boss)
        kind = shared["loyalty.card.kind"]
        self.rpc("loyalty.card.kind", "write", kind.ids, {"load_max": 70})
        self.assertEqual(kind.with_company(self.company).load_max, 70)
        self.assertEqual(kind.with_company(self.elsewhere).load_max, 0)

    def test_nothing_is_moved_into_another_company(self):
        """Odoo asks its rules about the company that a record had before."""
        program, theirs = self.env["loyalty.program"].create(
            [
                {
                    "name": company.name,
                    "program_type": "loyalty",
                    "is_membership": True,
                    "company_id": company.id,
                }
                for company in (self.company, self.elsewhere)
            ]
        )
        own = {"company_id": self.company.id}
        product = {"product_id": self.snack.id, "product_ids": [Command.set(self.snack.ids)]}
        scheme, other = self.env["loyalty.bonus.scheme"].create(
            [{"name": "S", "company_id": company.id} for company in (self.company, self.elsewhere)]
        )
        band = {"scheme_id": scheme.id, "from_amount": 1, "value": 100}
        rows = {
            "loyalty.card.kind": ({"name": "K", **own}, None),
            "loyalty.taste": ({"name": "T", **own}, None),
            "loyalty.greeting": ({"name": "G", "text": "G", **own}, None),
            "loyalty.suggestion": ({"name": "S", **product, **own}, None),
            "loyalty.bonus.scheme": ({"name": "S", **own}, None),
            "loyalty.bonus.band": (band, {"scheme_id": other.id}),
            "loyalty.earn.rule": (
                {"name": "R", "program_id": program.id},
                {"program_id": theirs.id},
            ),
        }
        self.login(self.boss)
        for name, (values, change) in rows.items():
            record = self.env[name].create(values)
            with self.subTest(name):
                change = change or {"company_id": self.elsewhere.id}
                self.assert_refused(name, "write", record.ids, change)
                self.assertEqual(record.company_id, self.company)

    def test_a_manager_of_a_branch_does_not_write_the_terms_of_the_root(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        companies = {"company_id": branch.id, "company_ids": [Command.set(branch.ids)]}
        manager = self.with_groups("manager-of-the-branch", *ALL_RIGHTS, **companies)
        rows = self.terms_of(self.company)
        self.login(manager)
        for name, (record, field, value) in rows.items():
            with self.subTest(name):
                [before] = self.rpc(name, "read", record.ids, [field])
                self.assert_refused(name, "write", record.ids, {field: value})
                self.assert_refused(name, "unlink", record.ids)
                self.assert_refused(name, "copy", record.ids)
                self.assertEqual(self.rpc(name, "read", record.ids, [field]), [before])
        for name, (record, field, value) in self.terms_of(branch).items():
            with self.subTest(own=name):
                self.rpc(name, "write", record.ids, {field: value})
        own, root = self.terms_of(branch), rows["loyalty.program"][0]
        for name, change in {
            "loyalty.program": {"company_id": self.company.id},
            "loyalty.reward": {"program_id": root.id},
            "loyalty.rule": {"program_id": root.id},
            "loyalty.bonus.scheme": {"company_id": self.company.id},
        }.items():
            with self.subTest(moved=name):
                self.assert_refused(name, "write", own[name][0].ids, change)
        self.login(self.boss)
        for name, (record, field, value) in rows.items():
            with self.subTest(of_the_root=name):
                self.rpc(name, "write", record.ids, {field: value})

    def terms_of(self, company):
        """``{model: (record of this company, a field, another value)}``."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Terms",
                "program_type": "loyalty",
                "is_membership": True,
                "company_id": company.id,
                "reward_ids": [Command.create({"reward_type": "discount", "discount": 5})],
                "rule_ids": [Command.create({})],
            }
        )
        tier = self.env["loyalty.tier"].create(
            {"name": "Gold", "threshold": 100, "program_id": program.id}
        )
        benefit = self.env["loyalty.benefit"].create(
            {"name": "A seat", "tier_id": tier.id, "occasion": "always", "gives": "service"}
        )
        rule = self.env["loyalty.earn.rule"].create(
            {"name": "R", "program_id": program.id, "kind": "percent", "rate": 1}
        )
        scheme = self.env["loyalty.bonus.scheme"].create(
            {
                "name": "S",
                "company_id": company.id,
                "band_ids": [Command.create({"from_amount": 10, "value": 1})],
            }
        )
        return {
            "loyalty.program": (program, "name", "Mine"),
            "loyalty.reward": (program.reward_ids[:1], "discount", 4),
            "loyalty.rule": (program.rule_ids[:1], "minimum_amount", 3),
            "loyalty.tier": (tier, "name", "Mine"),
            "loyalty.benefit": (benefit, "name", "Mine"),
            "loyalty.earn.rule": (rule, "name", "Mine"),
            "loyalty.bonus.scheme": (scheme, "name", "Mine"),
            "loyalty.bonus.band": (scheme.band_ids, "from_amount", 20),
        }

    def test_cards_are_not_issued_into_another_company(self):
        kind = self.env.ref("loyalty_cinema.kind_prepaid")
        values = {"kind_id": kind.id, "company_id": self.company.id}
        self.login(self.stranger)
        self.assert_refused("loyalty.member.card", "create", [values])
        issue = {**values, "quantity": 2, "batch": "Stolen"}
        [wizard] = self.rpc("loyalty.card.issue", "create", [issue])
        self.assert_refused("loyalty.card.issue", "action_issue", [wizard])
        self.assertFalse(self.env["loyalty.member.card"].search([("batch", "=", "Stolen")]))

    def test_i18_a_manager_does_not_start_the_jobs(self):
        jobs = self.env["ir.cron"].search([("code", "like", "model._cron_")])
        jobs = jobs.filtered(lambda job: job.model_id.model.startswith("loyalty."))
        self.assertGreaterEqual(len(jobs), 9)
        self.login(self.boss)
        for job in jobs:
            with self.subTest(job.name):
                self.assert_refused(
                    "ir.actions.server",
                    "run",
                    job.ir_actions_server_id.ids,
                    context={"tz": "Pacific/Kiritimati", "active_test": False},
                )
                self.assert_refused("ir.cron", "method_direct_trigger", job.ids)

    def test_i18_a_job_reads_nothing_of_its_callers_context(self):
        seen = {}

        def spy(model):
            seen.update(model.env.context)

        ledger = self.env.registry["loyalty.ledger"]
        bent = {"tz": "Pacific/Kiritimati", "active_test": False, "default_kind": "load"}
        with patch.object(ledger, "_release_expired_holds", spy):
            self.env["loyalty.hold"].with_context(cron_id=5, **bent)._cron_release()
        self.assertEqual(seen, {"cron_id": 5})


@tagged("post_install", "-at_install")
class TestAfterMerge(FixedCase):
    """S1: what a merge left behind."""

    def merge(self, gone, kept):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((gone | kept).ids, kept)

    def test_an_order_of_a_customer_who_was_merged_finds_who_is_left(self):
        first, second, kept = self.env["res.partner"].create(
            [{"name": name} for name in ("Linh", "Linh B", "Linh C")]
        )
        order = self.order([self.ticket(10)], [(self.cash, 10, None)], partner_id=first.id)
        self.merge(first, second)
        self.merge(second, kept)
        self.assertEqual(self.sync(order).partner_id, kept)

    def test_a_quotation_claims_from_the_balance_that_is_left(self):
        program = self.env["loyalty.program"].create(
            {"name": "P", "program_type": "loyalty", "applies_on": "both", "trigger": "auto"}
        )
        gone, kept = self.env["res.partner"].create([{"name": "Linh"}, {"name": "Linh B"}])
        old, new = (self.native_card_of(program, 10, partner) for partner in (gone, kept))
        order = self.env["sale.order"].create({"partner_id": gone.id})
        line = {"order_id": order.id, "product_id": self.snack.id, "price_unit": 0}
        line = self.env["sale.order.line"].create(line)
        self.cr.execute(
            "UPDATE sale_order_line SET coupon_id = %s WHERE id = %s", (old.id, line.id)
        )
        line.invalidate_recordset()
        self.merge(gone, kept)
        self.assertEqual((line.coupon_id, new.points, old.active), (new, 20, False))

    def test_nobody_says_who_became_whom(self):
        with self.assertRaises(UserError):
            self.env["loyalty.merged.partner"].create({"old_id": 1, "partner_id": 1})
