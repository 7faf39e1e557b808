"""Terms over real JSON-RPC: a history that stays, and two people where they give much."""

from odoo import Command, fields
from odoo.tests import tagged

from .rpc_common import RpcRefused
from .test_second_person import SecondPersonCase

#: Settings of a program that could all give more.
CAREFUL = {
    "points_step": 1,
    "points_rounding": "down",
    "pending_mode": "days",
    "pending_days": 3,
    "sale_earn_on": "paid",
    "earn_on_stored_value": False,
    "auto_enrol": False,
    "points_expiry": "months",
    "expiry_months": 12,
    "referral_points_referrer": 5,
    "tier_window": "rolling",
    "tier_window_months": 12,
    "tier_valid_months": 12,
    "tier_grace_days": 5,
    "tier_downgrade": "earned",
    "tier_carry_over": False,
}


@tagged("post_install", "-at_install")
class TestTerms(SecondPersonCase):
    """Programs, rewards, rules, benefits, schemes: asked, approved, refused, never forgotten."""

    def setUp(self):
        super().setUp()
        # who may write programs is Odoo's sales or till manager
        groups = (
            "base.group_user",
            "loyalty_cinema.group_manager",
            "sales_team.group_sale_manager",
            "product.group_product_manager",
        )
        self.seller_boss = self.person_with(*groups, login="sales-boss-of-the-attack")
        self.login(self.seller_boss)
        self.give(200_000)

    def give(self, points):
        """Points that members hold."""
        self.ledger.credit(self.points, points, "earn", f"terms:{points}")

    def changes(self, record, kind=None):
        """What the history says of ``record``: ``[(kind, field, old, new)]``, oldest first."""
        found = self.env["loyalty.terms.change"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )
        rows = [(c.kind, c.field, c.old, c.new) for c in found]
        return [row for row in rows if kind in (None, row[0])]

    def approve_terms(self, record):
        waiting = self.waiting(kind="terms", res_model=record._name, res_id=record.id)
        self.approve(waiting)
        self.login(self.seller_boss)

    def test_the_value_of_a_point_is_not_raised_by_one_person(self):
        self.rpc("loyalty.program", "write", self.program.ids, {"point_value": 1000})
        self.assertEqual(self.program.point_value, 1)
        self.assertTrue(self.program.terms_wait)
        waiting = self.waiting(kind="terms")
        self.assertIn("Value of a point: 1 → 1000", waiting.deed)
        self.assertEqual(waiting.subject, self.program.display_name)
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.adjustment", "action_approve", waiting.ids)
        self.approve_terms(self.program)
        self.assertEqual(self.program.point_value, 1000)
        self.rpc("loyalty.program", "write", self.program.ids, {"point_value": 1})
        self.assertEqual(self.program.point_value, 1, "giving less needs nobody")
        kinds = [kind for kind, field, *_ in self.changes(self.program)]
        self.assertEqual(kinds[-4:], ["asked", "changed", "approved", "changed"])

    def test_fields_are_named_in_the_language_of_the_reader(self):
        """Whatever the language of whoever changed them."""
        self.env["res.lang"]._activate_lang("vi_VN")
        program = self.program.with_context(lang="vi_VN")
        program.write({"expiry_notice_days": program.expiry_notice_days + 1})
        change = self.env["loyalty.terms.change"].search([], limit=1)
        self.assertEqual(change.field, "expiry_notice_days")
        label = self.program._fields["expiry_notice_days"]._description_string(self.env)
        self.assertEqual(change.with_context(lang="en_US").field_text, label)

    def test_a_reward_does_not_become_cheap_for_a_minute(self):
        reward = self.reward(
            reward_type="discount", discount_mode="per_order", discount=50, required_points=70_000
        )
        values = {"required_points": 1}
        self.rpc("loyalty.reward", "write", reward.ids, values)
        self.assertEqual(reward.required_points, 70_000)
        self.rpc("loyalty.adjustment", "action_refuse", self.waiting().ids)
        nested = {"reward_ids": [Command.update(reward.id, values)]}
        self.rpc("loyalty.program", "write", self.program.ids, nested)
        self.assertEqual(reward.required_points, 70_000)
        self.rpc("loyalty.adjustment", "action_refuse", self.waiting().ids)
        self.rpc("loyalty.reward", "write", reward.ids, {"required_points": 80_000})
        self.assertEqual(reward.required_points, 80_000)
        self.assertIn(("changed", "required_points", "70000", "80000"), self.changes(reward))

    def test_the_history_speaks_the_readers_language(self):
        """O7: fields, choices, yes and no are kept as they are, and told to whoever reads."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.seller_boss.lang = "vi_VN"
        self.rpc("loyalty.program", "write", self.program.ids, {"auto_enrol": True})
        self.approve_terms(self.program)
        changes = self.env["loyalty.terms.change"].search(
            [("res_id", "=", self.program.id), ("field", "=", "auto_enrol")], limit=1
        )
        self.assertEqual((changes.field, changes.old, changes.new), ("auto_enrol", "false", "true"))
        told = {}
        for lang in ("en_US", "vi_VN"):
            change = changes.with_context(lang=lang)
            told[lang] = (change.field_text, change.old_text, change.new_text)
        self.assertEqual(told["en_US"], ("Every customer becomes a member", "no", "yes"))
        self.assertNotEqual(told["en_US"][0], told["vi_VN"][0])

    def test_a_new_reward_waits_archived(self):
        values = {
            "program_id": self.program.id,
            "reward_type": "discount",
            "discount_mode": "per_order",
            "discount": 50,
            "required_points": 1,
        }
        [reward] = self.rpc("loyalty.reward", "create", [values])
        reward = self.env["loyalty.reward"].browse(reward)
        self.assertFalse(reward.active)
        self.rpc("loyalty.reward", "write", reward.ids, {"active": True})
        self.assertFalse(reward.active)
        self.approve(self.waiting(res_model=reward._name, res_id=reward.id))
        self.assertTrue(reward.active)

    def test_a_new_program_waits_archived(self):
        reward = {"reward_type": "discount", "discount_mode": "per_order", "discount": 9_000_000}
        values = {
            "name": "Mine",
            "program_type": "coupons",
            "company_id": self.company.id,
            "reward_ids": [Command.create(reward)],
        }
        [program] = self.rpc("loyalty.program", "create", [values])
        program = self.env["loyalty.program"].browse(program)
        self.assertFalse(program.active)
        self.approve_terms(program)
        self.assertTrue(program.active and program.reward_ids)

    def test_a_bonus_is_not_made_used_and_deleted(self):
        self.login(self.first)
        band = {"from_amount": 0, "mode": "fixed", "value": 10_000_000}
        values = {"name": "Mine", "company_id": self.company.id}
        values["band_ids"] = [Command.create(band)]
        [scheme] = self.rpc("loyalty.bonus.scheme", "create", [values])
        scheme = self.env["loyalty.bonus.scheme"].browse(scheme)
        self.assertFalse(scheme.active)
        small = {**values, "name": "Small", "band_ids": [Command.create({**band, "value": 100})]}
        [other] = self.rpc("loyalty.bonus.scheme", "create", [small])
        other = self.env["loyalty.bonus.scheme"].browse(other)
        self.assertTrue(other.active)
        self.rpc("loyalty.bonus.band", "write", other.band_ids.ids, {"value": 10_000_000})
        self.assertEqual(other.band_ids.value, 100)
        self.ledger.credit(self.wallet, 100, "bonus", "terms:bonus")
        with self.assertRaises(RpcRefused):
            self.rpc("loyalty.bonus.scheme", "unlink", other.ids)
        values = {**band, "scheme_id": other.id, "from_amount": 5}
        self.rpc("loyalty.bonus.band", "create", [values])
        self.assertFalse(other.active, "a large band makes its scheme wait")

    def dear_scheme(self, value=1_100_000):
        """A scheme of the first manager that waits, archived."""
        self.login(self.first)
        band = {"from_amount": 0, "mode": "fixed", "value": value}
        values = {"name": "Mine", "company_id": self.company.id}
        values["band_ids"] = [Command.create(band)]
        [scheme] = self.rpc("loyalty.bonus.scheme", "create", [values])
        return self.env["loyalty.bonus.scheme"].browse(scheme)

    def test_members_do_not_earn_more_or_sooner_by_one_person(self):
        program = self.program
        self.env["loyalty.tier"].create({"name": "Gold", "program_id": program.id, "threshold": 7})
        program.write(CAREFUL)
        self.login(self.till_boss())
        for values in (
            {"points_step": 50_000, "points_rounding": "up"},
            {"points_rounding": "half_up"},
            {"points_step": 0.01},
            {"sale_earn_on": "confirmed", "pending_mode": "none"},
            {"pending_days": 2},
            {"pending_mode": "next_day"},
            {"earn_on_stored_value": True},
            {"auto_enrol": True},
            {"points_expiry": "never"},
            {"expiry_months": 24},
            {"referral_cap": 0},
            {"referral_least_purchase": 0},
            {"tier_window_months": 120},
            {"tier_window": "lifetime"},
            {"tier_valid_months": 24},
            {"tier_grace_days": 9},
            {"tier_downgrade": "one_step"},
            {"tier_carry_over": True},
        ):
            with self.subTest(**values), self.cr.savepoint() as savepoint:
                before = program.read(list(values))
                self.rpc("loyalty.program", "write", program.ids, values)
                self.assertEqual(program.read(list(values)), before)
                self.assertTrue(program.terms_wait)
                savepoint.rollback()
        for values in (
            {"points_step": 2, "pending_days": 5},
            {"expiry_months": 6, "referral_cap": 1},
            {"tier_window_months": 6, "tier_valid_months": 6, "tier_grace_days": 0},
        ):
            with self.subTest(**values):
                self.rpc("loyalty.program", "write", program.ids, values)
                self.assertEqual([program[name] for name in values], list(values.values()))

    def test_a_tier_is_not_climbed_more_easily_by_one_person(self):
        tier = self.env["loyalty.tier"].create(
            {"name": "Gold", "program_id": self.program.id, "threshold": 700, "by_hand": True}
        )
        self.login(self.first)
        self.rpc("loyalty.tier", "write", tier.ids, {"threshold": 600})
        self.assertEqual(tier.threshold, 600, "it gives nothing yet")
        self.env["loyalty.earn.rule"].create(
            {"name": "Gold", "program_id": self.program.id, "tier_ids": [Command.set(tier.ids)]}
        )
        for values in ({"threshold": 5}, {"by_hand": False}):
            with self.subTest(**values):
                self.rpc("loyalty.tier", "write", tier.ids, values)
                self.assertEqual((tier.threshold, tier.by_hand), (600, True))
                self.rpc("loyalty.adjustment", "action_refuse", self.waiting(kind="terms").ids)
        self.rpc("loyalty.tier", "write", tier.ids, {"threshold": 900})
        self.assertEqual(tier.threshold, 900)

    def till_boss(self):
        """Odoo's manager of tills, who is nothing of ours."""
        groups = ("base.group_user", "point_of_sale.group_pos_manager")
        return self.person_with(*groups, login="till-boss-of-the-attack")

    def percentage(self, program_type, value):
        """A scheme in use, from the superuser."""
        return self.env["loyalty.bonus.scheme"].create(
            {
                "name": "Percent",
                "company_id": self.company.id,
                "program_type": program_type,
                "band_ids": [Command.create({"from_amount": 0, "mode": "percent", "value": value})],
            }
        )

    def test_a_percentage_of_wallets_has_no_end(self):
        scheme = self.percentage("ewallet", 10)
        self.login(self.first)
        kinds = self.env["loyalty.card.kind"].search([("opens_wallet", "=", True)])
        self.rpc("loyalty.card.kind", "write", kinds.ids, {"load_max": 10, "load_min": 0})
        self.rpc("loyalty.bonus.band", "write", scheme.band_ids.ids, {"value": 100})
        self.assertEqual(scheme.band_ids.value, 10)
        self.rpc("loyalty.adjustment", "action_refuse", self.waiting(kind="terms").ids)
        self.rpc("loyalty.bonus.band", "write", scheme.band_ids.ids, {"value": 5})
        self.assertEqual(scheme.band_ids.value, 5)

    def test_the_limit_of_a_load_is_not_lifted_under_a_percentage(self):
        kinds = self.env["loyalty.card.kind"].with_company(self.company)
        kinds.search([("opens_gift", "=", True)]).write({"load_max": 2_000, "load_min": 0})
        kind = kinds.create({"name": "Gift", "opens_gift": True, "load_max": 2_000})
        kind.company_id = self.company
        scheme = self.percentage("gift_card", 10)
        self.login(self.first)
        self.rpc("loyalty.bonus.band", "write", scheme.band_ids.ids, {"value": 50})
        self.assertEqual(scheme.band_ids.value, 50)
        for values in ({"load_max": 0}, {"load_max": 3_000}):
            with self.subTest(**values):
                self.rpc("loyalty.card.kind", "write", kind.ids, values)
                self.assertEqual(kind.load_max, 2_000)
                self.assertTrue(kind.terms_wait)
                self.rpc("loyalty.adjustment", "action_refuse", self.waiting(kind="terms").ids)
        self.rpc("loyalty.card.kind", "write", kind.ids, {"load_max": 1_000})
        self.rpc("loyalty.card.kind", "write", kind.ids, {"load_max": 2_000, "balance_max": 5_000})
        self.assertEqual(kind.load_max, 2_000)
        self.rpc("loyalty.card.kind", "write", kind.ids, {"load_max": 3_000})
        self.approve(self.waiting(kind="terms"))
        self.assertEqual(kind.load_max, 3_000)

    def test_a_kind_without_limits_waits_under_a_percentage(self):
        self.percentage("gift_card", 10)
        self.login(self.first)
        values = {"name": "Mine", "opens_gift": True, "company_id": self.company.id}
        [kind] = self.rpc("loyalty.card.kind", "create", [values])
        kind = self.env["loyalty.card.kind"].browse(kind)
        self.assertFalse(kind.active)
        self.assert_refused("loyalty.member.card", "create", [{"kind_id": kind.id}])
        values = {"kind_id": kind.id, "quantity": 1, "batch": "Mine"}
        [wizard] = self.rpc("loyalty.card.issue", "create", [values])
        self.assert_refused("loyalty.card.issue", "action_issue", [wizard])
        self.approve(self.waiting(kind="terms"))
        self.assertTrue(kind.active)

    def test_what_waits_is_not_changed_meanwhile(self):
        scheme = self.dear_scheme()
        band, waiting = scheme.band_ids, self.waiting(kind="terms")
        self.assertIn("Active: no → yes", waiting.deed)
        self.assertRegex(waiting.deed, "Band of a Bonus: .*1100000")
        more = {"scheme_id": scheme.id, "from_amount": 5, "mode": "fixed", "value": 5}
        for model, method, args in (
            ("loyalty.bonus.band", "write", [band.ids, {"value": 90_000_000}]),
            ("loyalty.bonus.band", "create", [[more]]),
            ("loyalty.bonus.band", "unlink", [band.ids]),
            ("loyalty.bonus.scheme", "write", [scheme.ids, {"program_type": "gift_card"}]),
            ("loyalty.bonus.scheme", "unlink", [scheme.ids]),
        ):
            with self.subTest(model, method=method):
                with self.assertRaisesRegex(RpcRefused, "Mine: .*Grants and corrections"):
                    self.rpc(model, method, *args)
                self.assertEqual(scheme.band_ids.mapped("value"), [1_100_000])
        self.approve(waiting)
        self.assertEqual((scheme.active, band.value), (True, 1_100_000))
        self.rpc("loyalty.bonus.band", "write", band.ids, {"value": 5})
        self.assertEqual(band.value, 5)

    def test_what_waits_can_be_withdrawn_or_stopped(self):
        scheme = self.dear_scheme()
        self.rpc("loyalty.adjustment", "action_refuse", self.waiting(kind="terms").ids)
        self.rpc("loyalty.bonus.band", "write", scheme.band_ids.ids, {"value": 5})
        self.rpc("loyalty.bonus.scheme", "write", scheme.ids, {"active": True})
        self.assertTrue(scheme.active)
        self.rpc("loyalty.bonus.band", "write", scheme.band_ids.ids, {"value": 9_000})
        self.rpc("loyalty.bonus.scheme", "write", scheme.ids, {"active": False})
        self.assertFalse(scheme.active)

    def test_parts_of_what_waits_stay_too(self):
        self.rpc("loyalty.program", "write", self.program.ids, {"point_value": 1000})
        tier = self.env["loyalty.tier"].create(
            {"name": "Gold", "program_id": self.program.id, "threshold": 7}
        )
        reward = self.reward(reward_type="discount", discount_mode="per_order", discount=1)
        benefit = self.env["loyalty.benefit"].create(
            {"name": "Gift", "tier_id": tier.id, "coupon_program_id": self.coupons(5).id}
        )
        self.login(self.first)
        for record, values in (
            (tier, {"threshold": 8}),
            (reward, {"discount": 2}),
            (benefit, {"amount": 2}),
            (self.rule, {"rate": 0.01}),
            (self.program, {"name": "Club"}),
        ):
            with self.subTest(record._name), self.assertRaisesRegex(RpcRefused, "second manager"):
                self.rpc(record._name, "write", record.ids, values)

    def test_what_was_changed_all_the_same_is_not_approved(self):
        scheme = self.dear_scheme()
        waiting = self.waiting(kind="terms")
        scheme.band_ids.value = 90_000_000  # by a request at the very same moment
        self.login(self.second)
        with self.assertRaisesRegex(RpcRefused, "asked for again"):
            self.rpc("loyalty.adjustment", "action_approve", waiting.ids)
        self.assertEqual((scheme.active, waiting.state), (False, "to_approve"))

    def test_a_benefit_with_a_dear_voucher_waits(self):
        program = self.coupons(20_000_000)
        self.login(self.first)
        values = {"name": "Mine", "program_id": self.program.id, "threshold": 7}
        [tier] = self.rpc("loyalty.tier", "create", [values])
        values = {"name": "Gift", "tier_id": tier, "coupon_program_id": program.id}
        [benefit] = self.rpc("loyalty.benefit", "create", [values])
        benefit = self.env["loyalty.benefit"].browse(benefit)
        self.assertFalse(benefit.active)
        self.assertEqual(benefit.create_uid, self.first)

    def test_an_earn_rule_of_a_club_in_use_is_not_raised_by_one_person(self):
        self.rpc("loyalty.earn.rule", "write", self.rule.ids, {"rate": self.rule.rate * 2})
        self.assertTrue(self.rule.terms_wait)
        before = self.rule.rate
        self.approve_terms(self.rule)
        self.assertEqual(self.rule.rate, before * 2)

    def test_a_rule_for_some_products_does_not_become_one_for_all(self):
        self.rule.product_ids = self.snack
        empty = {"product_ids": [Command.clear()]}
        self.rpc("loyalty.earn.rule", "write", self.rule.ids, empty)
        self.assertEqual(self.rule.product_ids, self.snack)

    def assert_waits(self, record, **values):
        """One person does not write this; approved, it is written."""
        with self.subTest(record._name, **values), self.cr.savepoint() as savepoint:
            names = list(values)
            before = record.read(names)
            self.rpc(record._name, "write", record.ids, values)
            self.assertEqual(record.read(names), before)
            self.assertTrue(record.terms_wait)
            self.approve_terms(record)
            self.assertNotEqual(record.read(names), before)
            savepoint.rollback()

    def assert_written(self, record, **values):
        """Giving less needs nobody."""
        with self.subTest(record._name, **values):
            before = record.read(list(values))
            self.rpc(record._name, "write", record.ids, values)
            self.assertNotEqual(record.read(list(values)), before)
            self.assertFalse(record.terms_wait)

    def test_an_earn_rule_is_not_widened_by_one_person(self):
        sodas = self.env["product.category"].create({"name": "Sodas"})
        soda = self.goods("Soda", categ_id=sodas.id)
        first, gold = self.env["loyalty.tier"].create(
            [
                {"name": name, "program_id": self.program.id, "threshold": threshold}
                for name, threshold in (("First", 3), ("Gold", 9))
            ]
        )
        for values in (
            {"product_ids": [Command.set(self.snack.ids)]},
            {"in_sales": False, "sun": False, "mon": False},
            {"hour_from": 22, "hour_to": 2},
            {"date_from": "2026-02-01", "date_to": "2026-02-28"},
            {"exclusive": True},
            {"tier_ids": [Command.set(first.ids)]},
        ):
            self.assert_written(self.rule, **values)
        for values in (
            {"product_ids": [Command.link(soda.id)]},
            {"product_ids": [Command.set(soda.ids)]},
            {"category_ids": [Command.link(sodas.id)]},
            {"product_ids": [Command.clear()]},
            {"in_sales": True},
            {"mon": True},
            {"mon": True, "sat": False},
            {"hour_to": 3},
            {"hour_from": 2, "hour_to": 22},
            {"date_from": False},
            {"date_to": "2026-03-01"},
            {"exclusive": False},
            {"tier_ids": [Command.link(gold.id)]},
            {"tier_ids": [Command.clear()]},
        ):
            self.assert_waits(self.rule, **values)
        self.assert_waits(gold, earn_rule_ids=[Command.link(self.rule.id)])
        self.assert_waits(first, earn_rule_ids=[Command.clear()])
        self.login(self.first)
        values = {"name": "All", "program_id": self.program.id, "threshold": 1}
        values["earn_rule_ids"] = [Command.link(self.rule.id)]
        self.rpc("loyalty.tier", "create", [values])
        self.assertEqual(self.rule.tier_ids, first)
        self.login(self.seller_boss)
        self.assert_written(self.rule, hour_to=1)

    def test_a_large_bonus_is_not_prolonged_by_one_person(self):
        self.login(self.first)
        values = {"date_to": "2026-02-28", "bonus_validity_days": 30}
        small, large = (self.scheme(1) for _scheme in range(2))
        small.band_ids.write({"mode": "fixed", "value": 10})
        large.band_ids.write({"mode": "fixed", "value": 10_000_000})
        (small | large).write(values)
        self.assert_written(small, date_to="2026-03-31")
        self.assert_written(large, date_from="2026-02-01", date_to="2026-02-20")
        for values in (
            {"date_to": "2026-03-31"},
            {"date_from": False},
            {"bonus_validity_days": 0},
            {"program_type": "gift_card"},
        ):
            self.assert_waits(large, **values)

    def test_a_rule_of_odoos_is_not_widened_by_one_person(self):
        program = self.coupons(1)
        self.env["loyalty.card"].create({"program_id": program.id, "points": 1})
        rule = self.env["loyalty.rule"].create(
            {"program_id": program.id, "reward_point_mode": "money", "reward_point_amount": 1}
        )
        soda = self.goods("Soda")
        for values in (
            {"product_ids": [Command.set(self.snack.ids)]},
            {"minimum_qty": 3, "minimum_amount": 50},
        ):
            self.assert_written(rule, **values)
        for values in (
            {"product_ids": [Command.link(soda.id)]},
            {"product_ids": [Command.clear()]},
            {"minimum_qty": 2},
            {"minimum_amount": 40},
            {"reward_point_amount": 2},
        ):
            self.assert_waits(rule, **values)

    def test_the_history_stays(self):
        self.rpc("loyalty.program", "write", self.program.ids, {"name": "Another"})
        changes = self.env["loyalty.terms.change"].search([], limit=1)
        admin = self.person_with(
            "base.group_user",
            "base.group_system",
            "loyalty_cinema.group_manager",
            login="admin-of-it",
        )
        for user in (self.seller_boss, admin):
            self.login(user)
            self.assertTrue(self.rpc("loyalty.terms.change", "search_read", [], ["name"]))
            for method, args in (
                ("write", [changes.ids, {"old": "?"}]),
                ("unlink", [changes.ids]),
                ("create", [{"name": "?", "res_model": "x", "res_id": 1, "kind": "changed"}]),
                ("copy", [changes.ids]),
            ):
                self.assert_refused("loyalty.terms.change", method, *args)

    def test_the_limit_itself_is_in_the_history(self):
        self.company.loyalty_second_person_limit = 5
        field = "loyalty_second_person_limit"
        self.assertIn(("changed", field, "1000", "5"), self.changes(self.company))

    def test_a_context_is_no_approval(self):
        context = {"loyalty_terms": "DECIDED", "uid": 1}
        values = {"point_value": 1000}
        self.rpc("loyalty.program", "write", self.program.ids, values, context=context)
        self.assertEqual(self.program.point_value, 1)

    def test_used_terms_are_archived_and_not_deleted(self):
        self.give(5)
        reward = self.reward(reward_type="discount", discount_mode="per_order", discount=1)
        self.assert_refused("loyalty.reward", "unlink", reward.ids)
        self.rpc("loyalty.reward", "write", reward.ids, {"active": False})
        self.assertFalse(reward.active)

    def test_a_voucher_for_many_dates_counts_for_each(self):
        day = self.env["loyalty.special.day"].create(
            {
                "name": "New Year",
                "company_id": self.company.id,
                "kind": "by_year",
                "line_ids": [Command.create({"date": f"{2091 + n}-05-05"}) for n in range(3)],
            }
        )
        tier = self.env["loyalty.tier"].create(
            {"name": "Gold", "program_id": self.program.id, "threshold": 7}
        )
        small, dear = self.coupons(300), self.coupons(900)
        benefit = self.env["loyalty.benefit"].create(
            {
                "name": "Gift",
                "tier_id": tier.id,
                "occasion": "special_day",
                "special_day_ids": [Command.set(day.ids)],
                "coupon_program_id": small.id,
            }
        )
        self.login(self.first)
        self.rpc("loyalty.benefit", "write", benefit.ids, {"coupon_program_id": dear.id})
        self.assertEqual(benefit.coupon_program_id, small)
        self.assertEqual(self.waiting(kind="terms").worth, 2_700)

    def test_a_dear_benefit_does_not_come_more_often(self):
        tier = self.env["loyalty.tier"].create(
            {"name": "Gold", "program_id": self.program.id, "threshold": 7}
        )
        values = {"tier_id": tier.id, "occasion": "period", "period": "year"}
        dear, small = self.env["loyalty.benefit"].create(
            [
                {**values, "name": "Gift", "coupon_program_id": self.coupons(worth).id}
                for worth in (5_000, 50)
            ]
        )
        self.login(self.first)
        for benefit in dear | small:
            self.rpc("loyalty.benefit", "write", benefit.ids, {"period": "month"})
        self.assertEqual((dear.period, small.period), ("year", "month"))

    def test_another_date_is_another_voucher_for_everybody(self):
        tier = self.env["loyalty.tier"].create(
            {"name": "Gold", "program_id": self.program.id, "threshold": 7}
        )
        self.login(self.first)
        values = {"name": "New Year", "company_id": self.company.id, "kind": "by_year"}
        [day] = self.rpc("loyalty.special.day", "create", [values])
        benefit = {"name": "Gift", "tier_id": tier.id, "occasion": "special_day"}
        benefit["coupon_program_id"] = self.coupons(900).id
        self.env["loyalty.benefit"].create({**benefit, "special_day_ids": [Command.set([day])]})
        day = self.env["loyalty.special.day"].browse(day)
        this_year = fields.Date.today().year
        for year, is_active in ((1, True), (2, False)):
            line = {"special_day_id": day.id, "date": f"{this_year + year}-05-05"}
            self.rpc("loyalty.special.day.line", "create", [line])
            self.assertEqual(day.active, is_active)
