from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..exceptions import BalanceUnusable, LoyaltyError
from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestEnrol(MemberCase):
    """A customer becomes a member once, whoever asks and however often."""

    def test_enrolling_twice_changes_nothing(self):
        partners = self.person("Mai") | self.person("Linh")
        members = self.env["loyalty.member"]._enrol(self.program, partners, "till")
        again = self.env["loyalty.member"]._enrol(self.program, partners, "import")
        self.assertEqual(again, members)
        self.assertEqual(members.mapped("channel"), ["till", "till"])
        self.assertEqual(len(members.balance_id), 2)
        balances = self.program._member_balances(partners)
        self.assertEqual(set(balances), set(partners.ids))

    def test_enrolling_many_costs_a_constant(self):
        def cost(count):
            partners = self.env["res.partner"].create([{"name": str(n)} for n in range(count)])
            members = self.env["loyalty.member"].with_context(
                loyalty_no_mail=True, tracking_disable=True
            )
            before = self.env.cr.sql_log_count
            members._enrol(self.program, partners, "import")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertLessEqual(cost(40), cost(4))

    def test_a_manager_enrols_by_form_and_from_contacts(self):
        form = Form(self.env["loyalty.member"].with_user(self.boss))
        form.partner_id = mai = self.person("Mai")
        member = form.save()
        self.assertEqual((member.program_id, member.channel), (self.program, "back_office"))
        partners = (mai | self.person("Linh")).with_user(self.boss)
        partners.action_enrol_members()
        partners.action_enrol_members()
        self.assertEqual(partners.loyalty_member_ids.partner_id, partners)

    def test_without_a_program_the_message_says_what_to_do(self):
        self.company.loyalty_points_program_id = False
        with self.assertRaisesRegex(UserError, "Tick “Membership program”"):
            self.person().with_user(self.boss).action_enrol_members()

    def test_nobody_becomes_a_member_twice(self):
        member = self.member()
        with self.assertRaises(LoyaltyError):
            self.env["loyalty.member"].with_user(self.boss).create(
                {"partner_id": member.partner_id.id}
            )
        with self.assertRaises(LoyaltyError):
            self.env["loyalty.card"].create(
                {"program_id": self.program.id, "partner_id": member.partner_id.id}
            )

    def test_who_leaves_keeps_the_points_and_earns_no_more(self):
        member = self.member(points=100)
        member.with_user(self.boss).active = False
        partner = member.partner_id
        self.assertEqual(self.program._member_balances(partner), {})
        enrol = self.env["loyalty.member"]._enrol
        self.assertFalse(enrol(self.program, partner, "automatic"), "a purchase is no rejoining")
        self.assertEqual(enrol(self.program, partner, "till"), member)
        self.assertEqual((member.active, member.points, member.channel), (True, 100, "back_office"))

    def test_odoos_own_balances_are_members_too(self):
        mai, linh = self.person("Mai"), self.person("Linh")
        balance = self.env["loyalty.card"].create(
            {"program_id": self.program.id, "partner_id": mai.id}
        )
        self.assertEqual(self.members_of(mai).balance_id, balance)
        wizard = self.env["loyalty.generate.wizard"].with_user(self.boss)
        wizard = wizard.with_context(active_id=self.program.id)
        values = {"mode": "selected", "customer_ids": (mai | linh).ids, "points_granted": 7}
        wizard.create(values).generate_coupons()
        self.assertEqual(self.members_of(mai, linh).mapped("points"), [7, 7])
        self.assert_whole(self.members_of(mai, linh).balance_id)

    def test_ticking_it_makes_members_of_the_balances(self):
        program = self.points_program
        program.company_id = self.company
        mai, linh = self.person("Mai"), self.person("Linh")
        first, second = self.env["loyalty.card"].create(
            [{"program_id": program.id, "partner_id": mai.id, "points": n} for n in (10, 5)]
        )
        self.env["loyalty.card"].create({"program_id": program.id, "partner_id": linh.id})
        program.is_membership = True
        self.assertEqual(program.member_ids.partner_id, mai | linh)
        self.assertEqual((first.points, second.points, second.active), (15, 0, False))
        self.assert_whole(first | second)


@tagged("post_install", "-at_install")
class TestMember(MemberCase):
    """What a member shows, and what nobody changes."""

    def test_points_pending_and_next_to_expire(self):
        today = self.company._loyalty_day()
        member = self.member()
        self.give(member, 10, 2, expires_on=today + timedelta(days=60))
        self.give(member, 20, 3, expires_on=today + timedelta(days=10))
        self.give(member, 30, available_on=today + timedelta(days=1))
        self.assertEqual((member.points, member.pending, member.available), (60, 30, 30))
        self.assertEqual(member.qualifying_points, 5)
        self.assertEqual(member.pending_on, today + timedelta(days=1))
        self.assertEqual(member.next_expiry_points, 20)
        self.assertEqual(member.next_expiry_on, today + timedelta(days=10))

    def test_filters_find_them(self):
        today = self.company._loyalty_day()
        pending, expiring, quiet = self.member("A"), self.member("B"), self.member("C")
        self.give(pending, 5, available_on=today + timedelta(days=1))
        self.give(expiring, 5, expires_on=today + timedelta(days=5))
        quiet.joined_on = today - timedelta(days=100)
        view = self.env.ref("loyalty_cinema.view_loyalty_member_search")
        Member = self.env["loyalty.member"].with_user(self.boss)

        arch = etree.fromstring(view.arch)
        for name, found in [("pending", pending), ("expiring", expiring), ("inactive_90", quiet)]:
            domain = safe_eval(arch.find(f".//filter[@name='{name}']").get("domain"))
            all_three = [("id", "in", (pending | expiring | quiet).ids)]
            self.assertEqual(Member.search(domain + all_three), found, name)

    def test_balance_program_and_customer_are_fixed(self):
        member, other = self.member().with_user(self.boss), self.member("Linh")
        for values in (
            {"partner_id": other.partner_id.id},
            {"balance_id": other.balance_id.id},
            {"channel": "till"},
            {"last_visit_on": "2031-01-01"},
        ):
            with self.assertRaises(LoyaltyError):
                member.write(values)
        with self.assertRaises(LoyaltyError):
            member.create({"partner_id": self.person().id, "balance_id": other.balance_id.id})
        with self.assertRaises(LoyaltyError):
            member.balance_id.write({"partner_id": other.partner_id.id})

    def test_referrers_do_not_go_round(self):
        mai, linh, nam = self.member("Mai"), self.member("Linh"), self.member("Nam")
        linh.referrer_id, nam.referrer_id = mai, linh
        with self.assertRaises(ValidationError):
            mai.referrer_id = nam
        with self.assertRaises(ValidationError):
            mai.referrer_id = mai
        other = self.membership("Other")
        stranger = self.env["loyalty.member"]._enrol(other, self.person(), "till")
        with self.assertRaises(ValidationError):
            mai.referrer_id = stranger

    def test_a_member_with_movements_is_kept(self):
        with self.assertRaises(LoyaltyError):
            self.member(points=5).with_user(self.boss).unlink()

    def test_cashiers_read_no_members_and_other_companies_neither(self):
        member = self.member()
        with self.assertRaises(AccessError):
            member.with_user(self.cashier()).read(["points"])
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.manager("stranger", company_id=company.id, company_ids=[company.id])
        self.assertFalse(self.env["loyalty.member"].with_user(stranger).search([]) & member)
        accountant = self.user("accountant", "loyalty_cinema.group_accountant,base.group_user")
        self.assertEqual(member.with_user(accountant).points, 0)
        with self.assertRaises(AccessError):
            member.with_user(accountant).joined_on = "2026-01-01"


@tagged("post_install", "-at_install")
class TestPointsCard(MemberCase):
    """A card that collects points finds the points of its holder."""

    def card(self, holder, kind="points"):
        kind = self.env.ref(f"loyalty_cinema.kind_{kind}")
        return self.member_card(kind, holder_id=holder.id)

    def test_activation_makes_a_member_and_one_scan_finds_all(self):
        mai = self.person("Mai")
        card = self.card(mai, "combined")
        member = self.members_of(mai)
        self.assertEqual((card.member_id, card._balance("loyalty")), (member, member.balance_id))
        types = set(card._balances().mapped("program_type"))
        self.assertEqual(types, {"ewallet", "loyalty"})
        self.assertEqual(self.card(mai)._balances(), member.balance_id, "a second card, the same")

    def test_points_need_a_holder_and_a_program(self):
        card = self.member_card(self.env.ref("loyalty_cinema.kind_points"), active=False)
        with self.assertRaisesRegex(BalanceUnusable, "needs a holder|collects points"):
            card._activate()
        self.company.loyalty_points_program_id = False
        with self.assertRaisesRegex(BalanceUnusable, "membership program"):
            self.card(self.person())._open_balance("loyalty")

    def test_a_replaced_card_keeps_the_points(self):
        mai = self.person("Mai")
        old = self.card(mai, "combined")
        self.give(old.member_id, 40)
        self.load(old._balance("ewallet"), 100)
        new = self.member_card(old.kind_id, active=False)
        old._replace(new, "Lost")
        self.assertEqual((new.points, new.available), (40, 100))
        self.assert_whole(new._balances())

    def test_a_new_holder_has_points_of_his_own(self):
        mai, nam = self.person("Mai"), self.person("Nam")
        card = self.card(mai)
        self.give(card.member_id, 40)
        card.with_user(self.boss).holder_id = nam
        self.assertEqual((card.member_id.partner_id, card.points), (nam, 0))
        self.assertEqual(self.members_of(mai).points, 40)
