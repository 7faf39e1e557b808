"""Four eyes when contacts are merged, over real JSON-RPC, by a manager of contacts (I12, M6)."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .rpc_common import RpcRefused
from .test_second_person import SecondPersonCase

WIZARD = "base.partner.merge.automatic.wizard"


class MergeCase(SecondPersonCase):
    """A clerk who manages contacts and nothing else; one person hands over at most 1,000 alone."""

    def setUp(self):
        super().setUp()
        self.clerk = self.person_with(
            "base.group_user", "base.group_partner_manager", login="clerk-of-the-merge"
        )
        self.login(self.clerk)

    def customer(self, name, value=0, **values):
        """Somebody with so much in the wallet."""
        partner = self.env["res.partner"].create({"name": name, **values})
        if value:
            wallet = self.env["loyalty.card"].create(
                {"program_id": self.wallet.program_id.id, "partner_id": partner.id}
            )
            self.ledger.credit(wallet, value, "load", f"merge:{wallet.id}")
        return partner

    def merge(self, kept, *gone):
        """Merge them as the user who is logged in; what the wizard says waits."""
        ids = [kept.id, *(partner.id for partner in gone)]
        values = {"partner_ids": [Command.set(ids)], "dst_partner_id": kept.id}
        [wizard] = self.rpc(WIZARD, "create", [values])
        self.rpc(WIZARD, "action_merge", [wizard])
        [shown] = self.rpc(WIZARD, "read", [wizard], ["loyalty_waiting"])
        return shown["loyalty_waiting"]

    def assert_merges(self, kept, *gone):
        self.assertEqual(self.merge(kept, *gone), 0)
        self.assertFalse(any(partner.exists() for partner in gone))

    def assert_waits(self, kept, *gone):
        """Nothing moves, and other managers are asked; the requests."""
        before = self.photograph()
        self.assertEqual(self.merge(kept, *gone), 1)
        now = self.photograph()
        for shots in (before, now):
            shots.pop("adjustments")
        self.assertEqual(now, before)
        waiting = self.env["loyalty.adjustment"].search(
            [("kind", "=", "merge"), ("partner_id", "=", kept.id), ("state", "=", "to_approve")]
        )
        self.assertTrue(waiting)
        return waiting

    def approve_as(self, user, waiting):
        """One of the managers approves; logged in is the clerk again."""
        self.login(user)
        try:
            return self.rpc("loyalty.adjustment", "action_approve", waiting.ids)
        finally:
            self.login(self.clerk)

    def value_of(self, partner):
        balances = self.env["loyalty.card"].search([("partner_id", "=", partner.id)])
        return sum(balances.mapped("points"))

    def deeds(self, partner):
        return self.env["loyalty.adjustment"].search(
            [("kind", "=", "merge"), ("partner_id", "=", partner.id)]
        )


@tagged("post_install", "-at_install")
class TestMergeHandover(MergeCase):
    """What changes hands by a merge, and who may do it."""

    def test_duplicates_without_value_are_merged_at_once(self):
        kept = self.customer("Mai", 5000)
        self.assert_merges(kept, self.customer("Mai B."), self.customer("Mai C."))
        self.assertFalse(self.deeds(kept), "nothing changed hands")
        self.assertEqual(self.value_of(kept), 5000)

    def test_below_the_limit_it_is_done_and_counts(self):
        kept = self.customer("Mai")
        other = self.customer("Mai B.", 600)
        self.assert_merges(kept, other)
        deed = self.deeds(kept)
        self.assertEqual((deed.state, deed.worth, deed.user_id), ("done", 600, self.clerk))
        self.assertEqual(deed.reason, f"Mai B. ({other.id}) merged into Mai ({kept.id})")
        self.assertEqual(self.value_of(kept), 600)
        other = self.customer("Mai C.", 600)
        waiting = self.assert_waits(kept, other)
        self.approve_as(self.second, waiting)
        self.assertFalse(other.exists())
        self.assertEqual(self.value_of(kept), 1200)
        self.assert_merges(kept, self.customer("Mai D.", 300))  # what two agreed on counts not

    def test_above_the_limit_another_manager_merges_them(self):
        victim, thief = self.customer("Linh", 5000), self.customer("Thief")
        waiting = self.assert_waits(thief, victim)
        self.assertEqual((waiting.worth, waiting.user_id), (5000, self.clerk))
        managers = self.first | self.second
        self.assertLessEqual(managers, waiting.sudo().activity_ids.user_id)
        self.assertEqual(self.merge(thief, victim), 1, "asked once, told each time")
        self.assertEqual(self.waiting(kind="merge", partner_id=thief.id), waiting)
        self.assert_refused("loyalty.adjustment", "action_approve", waiting.ids)  # the clerk
        self.approve_as(self.second, waiting)
        self.assertEqual((waiting.state, waiting.approver_id), ("done", self.second))
        self.assertFalse(victim.exists())
        self.assertEqual(self.value_of(thief), 5000)
        self.assertFalse(waiting.sudo().activity_ids)
        self.assert_whole()

    def login_as_manager_of_both(self):
        """Somebody who may merge contacts and approve what others ask."""
        groups = "base.group_user", "base.group_partner_manager", "loyalty_cinema.group_manager"
        self.login(self.person_with(*groups, login="manager-of-both"))

    def test_who_asked_does_not_approve(self):
        self.login_as_manager_of_both()
        waiting = self.assert_waits(self.customer("Thief"), self.customer("Linh", 5000))
        self.assert_refused("loyalty.adjustment", "action_approve", waiting.ids)
        self.rpc("loyalty.adjustment", "action_refuse", waiting.ids)
        self.assertEqual(waiting.state, "refused")

    def test_merged_and_given_count_together(self):
        self.login_as_manager_of_both()
        values = {"member_id": self.friend.id, "points": 600, "reason": "Gift"}
        [grant] = self.rpc("loyalty.adjustment", "create", [values])
        self.rpc("loyalty.adjustment", "action_submit", [grant])
        friend = self.friend.partner_id
        self.assert_waits(friend, self.customer("Linh", 600))
        self.assert_merges(friend, self.customer("Mai", 300))
        [grant] = self.rpc("loyalty.adjustment", "create", [{**values, "points": 200}])
        self.rpc("loyalty.adjustment", "action_submit", [grant])
        self.assertEqual(self.env["loyalty.adjustment"].browse(grant).state, "to_approve")

    def test_a_merge_does_not_add_up_what_one_person_gave(self):
        others = [self.friend, self.enrol(self.customer("A"))]
        self.login(self.first)
        for member in others:
            values = {"member_id": member.id, "points": 900, "reason": "Gift"}
            [grant] = self.rpc("loyalty.adjustment", "create", [values])
            self.rpc("loyalty.adjustment", "action_submit", [grant])
        self.login(self.clerk)
        kept, gone = (member.partner_id for member in others)
        waiting = self.assert_waits(kept, gone)
        with self.assertRaises(RpcRefused):
            self.approve_as(self.first, waiting)
        self.assertTrue(gone.exists())
        self.approve_as(self.second, waiting)
        self.assertEqual(others[0].points, 1800)

    def test_nobody_merges_value_with_his_own_contact_alone(self):
        own = self.clerk.partner_id
        same = {"email": own.email}
        self.assert_merges(own, self.customer("Me too", **same))
        rich = self.customer("Linh", 1, **same)
        waiting = self.assert_waits(own, rich)
        self.rpc_or_refusal("loyalty.adjustment", "action_approve", waiting.ids)
        self.assertTrue(rich.exists())
        self.assert_waits(rich, own)  # the clerk's login would open it

    def test_the_approver_is_none_of_the_customers(self):
        victim = self.customer("Linh", 5000, email=self.second.email)
        with self.assertRaisesRegex(
            RpcRefused, "AccessError"
        ):  # Odoo's own, before anybody is asked
            self.merge(self.second.partner_id, victim)
        self.assertFalse(self.waiting(kind="merge"))
        self.clerk.group_ids |= self.env.ref("base.group_erp_manager")
        waiting = self.assert_waits(self.second.partner_id, victim)
        with self.assertRaisesRegex(RpcRefused, "AccessError"):
            self.approve_as(self.second, waiting)
        self.assertTrue(victim.exists())
        self.approve_as(self.first, waiting)
        self.assertEqual(self.value_of(self.second.partner_id), 5000)

    def test_a_login_or_a_card_takes_over_what_the_kept_contact_holds(self):
        rich, thief, holder = self.customer("Linh", 5000), self.customer("A"), self.customer("B")
        self.env["res.users"].create(
            {
                "login": "thief-of-the-merge",
                "partner_id": thief.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        rich.email = thief.email
        self.assert_waits(rich, thief)
        rich.email = False
        kind = self.env.ref("loyalty_cinema.kind_prepaid")
        self.env["loyalty.member.card"].create({"kind_id": kind.id, "holder_id": holder.id})
        self.assert_waits(rich, holder)
        self.assert_merges(rich, self.customer("C"))

    def test_whatever_is_worth_something_counts(self):
        kind = self.env.ref("loyalty_cinema.kind_prepaid")
        presents, owns, voucher, gift = (self.customer(name) for name in "ABCD")
        card = self.env["loyalty.member.card"].create({"kind_id": kind.id, "holder_id": owns.id})
        card._activate()
        self.ledger.credit(card.balance_ids[:1], 1500, "load", "merge:card")
        card.sudo().write({"holder_id": presents.id, "owner_id": owns.id})
        self.native_card_of(self.coupons(1500), 1, voucher)
        self.native_card_of(self.native_gift, 1500, gift)
        member = self.enrol(self.customer("Points"))
        self.ledger.credit(member.balance_id, 1500, "compensation", "merge:points", reason="?")
        for partner in (presents, owns, voucher, gift, member.partner_id):
            with self.subTest(partner.name):
                [waiting] = self.assert_waits(self.customer("Thief"), partner)
                self.assertEqual(waiting.worth, 1500)
        old = self.native_card_of(self.coupons(1500), 1, self.customer("Late"))
        old.expiration_date = "2020-01-01"
        self.assert_merges(self.customer("Mai"), old.partner_id)

    def test_a_tier_counts_what_it_brings(self):
        tiers = self.env["loyalty.tier"]
        tier = tiers.create({"name": "Gold", "program_id": self.program.id, "threshold": 500})
        self.env["loyalty.benefit"].create(
            {"name": "Gift", "tier_id": tier.id, "coupon_program_id": self.coupons(7500).id}
        )
        gold = self.enrol(self.customer("Gold"))
        gold._tier_assign(tier, "Test", False)
        [waiting] = self.assert_waits(self.customer("Thief"), gold.partner_id)
        self.assertEqual(waiting.worth, 15_000, "the voucher, and those to come")
        self.assert_merges(gold.partner_id, self.customer("Gold B."))
        near, more = self.enrol(self.customer("Near")), self.enrol(self.customer("More"))
        for member in (near, more):
            self.give_qualifying(member, 300)
        [waiting] = self.assert_waits(near.partner_id, more.partner_id)
        self.assertEqual(waiting.worth, 7500)

    def give_qualifying(self, member, points):
        adjustment = self.env["loyalty.adjustment"].create(
            {"member_id": member.id, "qualifying_points": points, "reason": "Test"}
        )
        adjustment.action_submit()

    def test_what_was_approved_is_not_more_by_then(self):
        rich, kept = self.customer("Linh", 1500), self.customer("Linh B.")
        waiting = self.assert_waits(kept, rich)
        wallet = self.env["loyalty.card"].search([("partner_id", "=", rich.id)])
        self.ledger.credit(wallet, 5, "load", "merge:more")
        with self.assertRaisesRegex(RpcRefused, "more now"):
            self.approve_as(self.second, waiting)
        self.login(self.second)
        self.rpc("loyalty.adjustment", "action_refuse", waiting.ids)
        self.login(self.clerk)
        self.approve_as(self.second, self.assert_waits(kept, rich))
        self.assertFalse(rich.exists())

    def test_a_contact_that_is_gone_is_not_merged(self):
        rich, kept = self.customer("Linh", 1500), self.customer("Linh B.")
        other = self.customer("Linh C.")
        waiting = self.assert_waits(kept, rich, other)
        other.unlink()
        with self.assertRaisesRegex(RpcRefused, "not there any more"):
            self.approve_as(self.second, waiting)
        self.assertTrue(rich.exists())


@tagged("post_install", "-at_install")
class TestMergeHandoverElsewhere(MergeCase):
    """Several companies, many merges at once, and callers without a wizard."""

    def setUp(self):
        super().setUp()
        self.elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.elsewhere.loyalty_second_person_limit = 1000
        program = self.coupons(500, company_id=self.elsewhere.id)
        self.foreign = self.boss("boss-elsewhere")
        self.foreign.write(
            {
                "company_ids": [Command.set(self.elsewhere.ids)],
                "company_id": self.elsewhere.id,
            }
        )
        self.vouchers = program

    def test_each_company_has_its_own_limit(self):
        kept, rich = self.customer("Mai"), self.customer("Mai B.", 900)
        self.native_card_of(self.vouchers, 1, rich)
        self.assert_merges(kept, rich)
        worth = {deed.company_id: deed.worth for deed in self.deeds(kept)}
        self.assertEqual(worth, {self.company: 900, self.elsewhere: 500})
        other = self.customer("Mai C.")
        for _voucher in range(2):
            self.native_card_of(self.vouchers, 1, other)
        [waiting] = self.assert_waits(kept, other)
        self.assertEqual(waiting.company_id, self.elsewhere)
        with self.assertRaises(RpcRefused):
            self.approve_as(self.second, waiting)
        self.approve_as(self.foreign, waiting)
        self.assertFalse(other.exists())

    def test_each_company_approves_and_one_refuses_for_all(self):
        for answer in ("done", "refused"):
            with self.subTest(answer):
                kept, rich = self.customer("Mai"), self.customer("Mai B.", 1500)
                for _voucher in range(3):
                    self.native_card_of(self.vouchers, 1, rich)
                waiting = self.assert_waits(kept, rich)
                here = waiting.filtered(lambda row: row.company_id == self.company)
                there = waiting - here
                self.assertEqual((here.worth, there.worth), (1500, 1500))
                self.approve_as(self.second, here)
                self.assertTrue(rich.exists(), "the other company has not approved yet")
                self.login(self.foreign)
                action = "action_approve" if answer == "done" else "action_refuse"
                self.rpc("loyalty.adjustment", action, there.ids)
                self.login(self.clerk)
                self.assertEqual(there.state, answer)
                self.assertEqual(bool(rich.exists()), answer == "refused")
        waiting = self.assert_waits(self.customer("Mai"), rich)
        self.login(self.foreign)
        there = waiting.filtered(lambda row: row.company_id == self.elsewhere)
        self.rpc("loyalty.adjustment", "action_refuse", there.ids)
        self.assertEqual(set(waiting.mapped("state")), {"refused"})

    def test_automatic_merging_asks_and_goes_on(self):
        mail = "mai-of-the-merge@example.com"
        rich = [self.customer("Mai", 1500, email=mail) for _n in range(2)]
        poor = [self.customer("Lan", 10, email=f"lan-{mail}") for _n in range(2)]
        [wizard] = self.rpc(WIZARD, "create", [{"group_by_email": True}])
        self.rpc(WIZARD, "action_start_automatic_process", [wizard])
        self.assertTrue(all(partner.exists() for partner in rich))
        self.assertEqual(sum(bool(partner.exists()) for partner in poor), 1)
        self.assertTrue(self.waiting(kind="merge"))

    def test_who_has_no_wizard_is_refused_in_words(self):
        kept, rich = self.customer("Mai"), self.customer("Mai B.", 1500)
        wizard = self.env[WIZARD].with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "another loyalty manager"):
            wizard._merge((kept | rich).ids, kept.with_user(self.clerk))
        self.assertTrue(rich.exists())
        self.assertFalse(self.deeds(kept))

    def test_no_context_stands_for_the_second_person(self):
        kept, rich = self.customer("Mai"), self.customer("Mai B.", 1500)
        values = {"partner_ids": [Command.set((kept | rich).ids)], "dst_partner_id": kept.id}
        [wizard] = self.rpc(WIZARD, "create", [values])
        context = {"loyalty_second_person": True, "uid": 1, "su": True}
        self.rpc_or_refusal(WIZARD, "action_merge", [wizard], context=context)
        self.assertTrue(rich.exists())

    def test_an_administrator_gives_no_login_to_a_customer_with_value(self):
        rich, poor = self.customer("Mai", 10), self.customer("Mai B.")
        admin = self.person_with("base.group_user", "base.group_erp_manager", login="admin-of-all")
        self.login(admin)
        for user in (admin, self.clerk):
            self.assert_refused("res.users", "write", user.ids, {"partner_id": rich.id})
        self.rpc("res.users", "write", self.clerk.ids, {"partner_id": poor.id})
        self.assertEqual(self.clerk.partner_id, poor)

    def test_odoos_own_checks_come_before_the_question(self):
        kept = self.customer("Mai", email="a@example.com")
        rich = self.customer("Mai B.", 1500, email="b@example.com")
        with self.assertRaisesRegex(RpcRefused, "same email"):
            self.merge(kept, rich)
        self.assertFalse(self.waiting(kind="merge"))
