"""Four eyes over real JSON-RPC: whatever makes value waits for a second person above the limit."""

import base64

from odoo import Command, fields
from odoo.tests import Form, tagged

from .rpc_common import RpcRefused
from .test_rpc_attacks_points_office import OfficeAttackCase


class SecondPersonCase(OfficeAttackCase):
    """Two loyalty managers who are nothing else; one person gives at most 1,000 alone."""

    def setUp(self):
        super().setUp()
        self.company.loyalty_second_person_limit = 1000
        self.program.write({"pay_with_points": True, "point_value": 1, "grant_limit": 0})
        self.first, self.second = self.boss(), self.boss("second-boss-of-the-attack")
        self.login(self.first)

    def waiting(self, **values):
        """What waits for a second manager."""
        values |= {"state": "to_approve", "company_id": self.company.id}
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["loyalty.adjustment"].search(domain)

    def approve(self, adjustment, user=None):
        """The second manager (or ``user``) approves it."""
        self.login(user or self.second)
        self.rpc("loyalty.adjustment", "action_approve", adjustment.ids)
        self.login(self.first)
        self.assertEqual(adjustment.state, "done")

    def wizard(self, model, method, values):
        """Make a wizard and press its button; the answer."""
        [wizard] = self.rpc(model, "create", [values])
        return self.rpc(model, method, [wizard])

    def correct(self, balance, value, **values):
        """*Update Balance* to ``value``."""
        values = {"card_id": balance.id, "new_balance": value, "description": "Counted", **values}
        return self.wizard("loyalty.card.update.balance", "action_update_card_point", values)

    def coupons(self, worth, **values):
        """A coupon program of one use, worth so much money, from the superuser."""
        reward = {"reward_type": "discount", "discount_mode": "per_order", "discount": worth}
        return self.env["loyalty.program"].create(
            {
                "name": "Voucher",
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "company_id": self.company.id,
                "reward_ids": [Command.create({**reward, "required_points": 1})],
                **values,
            }
        )

    def generate(self, program, count=1, points=1, partners=None):
        """*Generate Coupons*."""
        values = {"program_id": program.id, "points_granted": points, "coupon_qty": count}
        if partners:
            values |= {"mode": "selected", "customer_ids": [Command.set(partners.ids)]}
        return self.wizard("loyalty.generate.wizard", "generate_coupons", values)


@tagged("post_install", "-at_install")
class TestSecondPersonDeeds(SecondPersonCase):
    """Corrections, generated vouchers, imports, tiers and benefits by hand."""

    def test_a_wallet_is_not_filled_by_one_person(self):
        before = self.wallet.points
        self.correct(self.wallet, before + 600)
        self.assertEqual(self.wallet.points, before + 600)
        self.correct(self.wallet, 50_000_000)
        self.correct(self.wallet, before + 1_200)
        self.assertEqual(self.wallet.points, before + 600)
        large, small = self.waiting(balance_id=self.wallet.id).sorted("worth", reverse=True)
        with self.assertRaises(RpcRefused):
            self.approve(small, self.first)
        self.approve(small)
        self.assertEqual(self.wallet.points, before + 1_200)
        self.rpc("loyalty.adjustment", "action_refuse", large.ids)
        self.assertEqual(self.wallet.points, before + 1_200)
        self.assert_whole()

    def test_generated_vouchers_count_together(self):
        program = self.coupons(100)
        made = self.env["loyalty.card"].search_count([("program_id", "=", program.id)])
        self.generate(program, 9)
        self.generate(program, 9)
        cards = self.env["loyalty.card"].search([("program_id", "=", program.id)])
        self.assertEqual(len(cards) - made, 9)
        self.approve(self.waiting(kind="generated"))
        cards = self.env["loyalty.card"].search([("program_id", "=", program.id)])
        self.assertEqual(len(cards) - made, 18)
        self.assertEqual(set(cards.mapped("points")), {1})
        self.assertEqual(self.ledger.verify(), [])

    def test_customers_are_those_who_had_the_tag_when_it_was_asked(self):
        program = self.coupons(1_100)
        partners = self.partner | self.friend.partner_id
        tag = self.env["res.partner.category"].create({"name": "Guests"})
        self.partner.category_id = tag
        values = {"program_id": program.id, "mode": "selected", "points_granted": 1}
        values["customer_tag_ids"] = [Command.set(tag.ids)]
        self.wizard("loyalty.generate.wizard", "generate_coupons", values)
        partners.category_id = tag
        self.assertIn(f"Customers: {self.partner.display_name}\n", self.waiting().deed + "\n")
        self.approve(self.waiting(kind="generated"))
        made = self.env["loyalty.card"].search([("program_id", "=", program.id)])
        self.assertEqual(made.partner_id, self.partner)
        partners.category_id = False
        [wizard] = self.rpc("loyalty.generate.wizard", "create", [values])
        self.assert_refused("loyalty.generate.wizard", "generate_coupons", [wizard])

    def test_nothing_less_than_something_is_generated(self):
        coupons = self.coupons(5)
        partners = self.partner | self.friend.partner_id
        for program, points in ((coupons, 0), (coupons, -5), (self.program, -400)):
            values = {"program_id": program.id, "mode": "selected", "points_granted": points}
            values["customer_ids"] = [Command.set(partners.ids)]
            [wizard] = self.rpc("loyalty.generate.wizard", "create", [values])
            self.assert_refused("loyalty.generate.wizard", "generate_coupons", [wizard])

    def test_what_several_lose_makes_no_room_for_others(self):
        customers = [
            self.enrol(self.env["res.partner"].create({"name": name})).partner_id for name in "ABCD"
        ]
        first = self.env["res.partner"].union(*customers[:2])
        second = self.env["res.partner"].union(*customers[2:])
        self.generate(self.program, points=400, partners=first)
        # as an older version of this addon generated it
        self.env["loyalty.adjustment"].create(
            {
                "kind": "generated",
                "program_id": self.program.id,
                "reason": "Taken",
                "worth": -800,
                "user_id": self.first.id,
                "approver_id": self.first.id,
                "state": "done",
                "decided_on": fields.Datetime.now(),
            }
        )
        self.generate(self.program, points=400, partners=second)
        self.assertEqual(len(self.waiting(kind="generated")), 1)

    def test_no_default_of_a_user_gives_qualifying_points(self):
        args = ["loyalty.adjustment", "qualifying_points", 99_000, True]
        self.rpc_or_refusal("ir.default", "set", *args)
        self.env["ir.default"].set(*args[:3], user_id=self.first.id)
        self.generate(self.program, points=5, partners=self.partner)
        self.correct(self.points, 9)
        self.assertEqual((self.member.points, self.member.qualifying_points), (9, 0))

    def test_what_one_person_gives_is_added_up_for_each_customer(self):
        program, friend = self.coupons(600), self.friend.partner_id
        self.generate(program, partners=self.partner)
        self.generate(program, partners=friend)
        made = [("program_id", "=", program.id)]
        self.assertEqual(self.env["loyalty.card"].search_count(made), 2)
        self.generate(program, partners=friend)
        self.assertEqual(self.env["loyalty.card"].search_count(made), 2)
        self.assertEqual(self.waiting().mapped("partner_id"), friend)
        self.assertEqual(self.waiting().program_id, program)

    def test_a_dear_voucher_waits(self):
        program = self.coupons(9_000_000)
        self.generate(program, 1, partners=self.partner)
        self.assertFalse(self.env["loyalty.card"].search([("program_id", "=", program.id)]))

    def test_the_limit_is_that_of_the_programs_company(self):
        rich = self.env["res.company"].create({"name": "Rich"})
        rich.loyalty_second_person_limit = 1_000_000
        self.first.company_ids |= rich
        context = {"allowed_company_ids": [rich.id, self.company.id]}
        program = self.coupons(5000)
        values = {"program_id": program.id, "points_granted": 1, "mode": "selected"}
        values["customer_ids"] = [Command.set(self.partner.ids)]
        name = "loyalty.generate.wizard"
        [wizard] = self.rpc(name, "create", [values], context=context)
        self.rpc(name, "generate_coupons", [wizard], context=context)
        [waiting] = self.waiting(kind="generated")
        self.assertEqual(waiting.company_id, self.company)
        self.assertEqual((waiting.program_id, waiting.partner_id), (program, self.partner))

    def test_points_are_generated_for_members_by_the_role_alone(self):
        self.generate(self.program, points=300, partners=self.partner | self.friend.partner_id)
        self.assert_points(300)
        self.generate(self.program, points=300, partners=self.partner | self.friend.partner_id)
        self.assert_points(300)
        self.approve(self.waiting(kind="generated"))
        self.assert_points(600)

    def test_an_import_counts_as_a_whole(self):
        rows = "".join(f"Member {n},REF{n},100\n" for n in range(30))
        values = {
            "program_id": self.program.id,
            "file": base64.b64encode(f"name,ref,points\n{rows}".encode()).decode(),
            "file_name": "members.csv",
            "total_points": 3000,
        }
        [wizard] = self.rpc("loyalty.member.import", "create", [values])
        self.rpc("loyalty.member.import", "action_import", [wizard])
        found = [("program_id", "=", self.program.id), ("partner_id.ref", "=like", "REF%")]
        self.assertEqual(self.env["loyalty.member"].search_count(found), 0)
        # what is approved is what was asked for, whatever became of the wizard
        forged = base64.b64encode(b"name,ref,points\nMe,REF0,3000\n").decode()
        self.rpc_or_refusal("loyalty.member.import", "write", [wizard], {"file": forged})
        self.approve(self.waiting(kind="import"))
        members = self.env["loyalty.member"].search(found)
        self.assertEqual(len(members), 30)
        self.assertEqual(set(members.mapped("points")), {100})

    def dear_tier(self, worth):
        """From 500 qualifying points on, with a voucher of that worth."""
        tiers = self.env["loyalty.tier"]
        tier = tiers.create({"name": "Gold", "program_id": self.program.id, "threshold": 500})
        self.env["loyalty.benefit"].create(
            {"name": "Gift", "tier_id": tier.id, "coupon_program_id": self.coupons(worth).id}
        )
        return tier

    def import_qualifying(self, *names, points=600):
        """Import members who have qualifying points and nothing else; what is there then."""
        rows = "".join(f"{name},{name},0,{points}\n" for name in names)
        file = base64.b64encode(f"name,ref,points,qualifying\n{rows}".encode()).decode()
        values = {"program_id": self.program.id, "file": file, "file_name": "members.csv"}
        values["total_qualifying"] = points * len(names)
        self.wizard("loyalty.member.import", "action_import", values)
        found = [("program_id", "=", self.program.id), ("partner_id.ref", "in", names)]
        return self.env["loyalty.member"].search(found)

    def test_imported_qualifying_points_count_as_the_tier_they_bring(self):
        tier = self.dear_tier(400)
        self.assertEqual(self.import_qualifying("REF1", "REF2").tier_id, tier)
        self.assertFalse(self.import_qualifying("REF3", "REF4", "REF5"))
        self.assertEqual(len(self.import_qualifying("REF6", "REF7", "REF8", points=400)), 3)
        waiting = self.waiting(kind="import")
        self.assertEqual(waiting.worth, 1200)
        self.approve(waiting)
        members = self.env["loyalty.member"].search([("partner_id.ref", "=", "REF5")])
        self.assertEqual(members.tier_id, tier)
        # who is a member already rises by what comes on top
        self.friend.partner_id.ref = "REF9"
        self.company.loyalty_second_person_limit = 100
        self.assertFalse(self.import_qualifying("REF9").qualifying_points)

    def test_a_tier_by_hand_counts_what_it_brings(self):
        tier = self.dear_tier(7500)
        values = {"member_ids": self.member.ids, "tier_id": tier.id, "reason": "Nice"}
        self.wizard("loyalty.tier.assign", "action_assign", values)
        self.assertNotEqual(self.member.tier_id, tier)
        # qualifying points that reach it are the same deed
        values = {"member_id": self.member.id, "qualifying_points": 600, "reason": "Nice"}
        [points] = self.rpc("loyalty.adjustment", "create", [values])
        self.rpc("loyalty.adjustment", "action_submit", [points])
        self.assertEqual(self.member.qualifying_points, 0)
        self.approve(self.waiting(kind="tier"))
        self.assertEqual(self.member.tier_id, tier)

    def test_what_is_taken_from_one_makes_no_room_for_another(self):
        before = self.anonymous.points
        self.correct(self.anonymous, before + 900)
        self.correct(self.wallet, 0)
        wallet = self.env["loyalty.member.card"].create({"kind_id": self.card.kind_id.id})
        wallet._activate()
        self.correct(wallet.balance_ids[:1], 900)
        self.assertEqual(wallet.balance_ids[:1].points, 0)
        self.correct(self.anonymous, before)
        self.correct(self.anonymous, before + 900)
        self.assertEqual(self.anonymous.points, before + 900, "given, taken, and given again")
        self.assert_whole()

    def test_no_field_of_a_request_is_forged(self):
        model = "loyalty.adjustment"
        values = {"member_id": self.member.id, "points": 1, "reason": "?"}
        for forged in (
            {"worth": -5000},
            {"kind": "terms"},
            {"balance_id": self.wallet.id},
            {"payload": {"model": "loyalty.program", "values": {"point_value": 9}}},
            {"part_of_id": 1},
            {"deed": "Something else"},
            {"is_paid": True},
            {"partner_id": self.friend.partner_id.id},
        ):
            with self.subTest(forged):
                self.assert_refused(model, "create", [{**values, **forged}])
        context = {"default_worth": -5000, "default_kind": "terms", "default_part_of_id": 1}
        [made] = self.rpc(model, "create", [values], context=context)
        made = self.env[model].browse(made)
        self.assertEqual((made.kind, made.worth, made.part_of_id.id), ("points", 0, False))


@tagged("post_install", "-at_install")
class TestCorrectionsOfValue(SecondPersonCase):
    """Up and down, undone, and paid for: the lots say afterwards what they said before (B10)."""

    def lots(self):
        """What is left of paid and bonus value."""
        by_source = self.wallet.lot_ids.grouped("source")
        lots = self.env["loyalty.lot"]
        return [sum(by_source.get(s, lots).mapped("remaining")) for s in ("paid", "bonus")]

    def test_up_and_down_leaves_the_paid_value(self):
        before, value = self.lots(), self.wallet.points
        self.correct(self.wallet, value + 50)
        self.assertEqual(self.lots(), [before[0], before[1] + 50])
        self.correct(self.wallet, value)
        self.assertEqual(self.lots(), before)
        self.assert_whole()

    def test_the_books_say_nothing_of_a_slip(self):
        value = self.wallet.points
        names = ("promotional_discount", "unamortised_bonus")
        accounts = [self.company[f"loyalty_{name}_account_id"].id for name in names]
        self.correct(self.wallet, value + 50)
        self.correct(self.wallet, value)
        self.close()
        lines = self.env["account.move.line"].search([("account_id", "in", accounts)])
        for account, of_account in lines.grouped("account_id").items():
            self.assertAlmostEqual(sum(of_account.mapped("balance")), 0, msg=account.name)

    def test_undo_reverses_the_entry(self):
        before, value = self.lots(), self.wallet.points
        self.correct(self.wallet, value + 50)
        done = self.env["loyalty.adjustment"].search([("balance_id", "=", self.wallet.id)])
        undo = self.rpc("loyalty.adjustment", "action_undo", done.ids)
        entry = self.env["loyalty.adjustment"].browse(undo["res_id"]).entry_id
        self.assertEqual(entry.reverses_id, done.entry_id)
        self.assertEqual(self.lots(), before)

    def test_what_the_customer_paid_for_is_paid_value(self):
        before, value = self.lots(), self.wallet.points
        self.correct(self.wallet, value + 50, is_paid=True)
        self.assertEqual(self.lots(), [before[0] + 50, before[1]])
        self.assert_whole()


@tagged("post_install", "-at_install")
class TestTheRoleItself(SecondPersonCase):
    """*Loyalty / Manager*, and nothing else, uses what the recipe says (I14)."""

    def test_the_forms_open_and_work(self):
        coupons = self.coupons(5)
        balance = self.env["loyalty.card"].with_user(self.first).browse(self.wallet.id)
        action = balance.action_loyalty_update_balance()
        wizard = self.env[action["res_model"]].with_user(self.first)
        with Form(wizard.with_context(**action["context"])) as form:
            form.new_balance = self.wallet.points + 5
            form.description = "Counted"
        form.record.action_update_card_point()
        wizard = self.env["loyalty.generate.wizard"].with_user(self.first)
        for program, partners in ((coupons, False), (self.program, self.partner)):
            with Form(wizard.with_context(default_program_id=program.id)) as form:
                form.description = "A gift"
                if partners:
                    form.mode = "selected"
                    form.customer_ids.add(partners)
                else:
                    form.coupon_qty = 2
            form.record.generate_coupons()
        made = self.env["loyalty.card"].search_count([("program_id", "=", coupons.id)])
        self.assertEqual((made, self.points.points), (2, 1))

    def test_what_waits_is_seen_and_approved_on_its_form(self):
        schemes = self.env["loyalty.bonus.scheme"].with_user(self.first)
        with Form(schemes) as form:
            form.name = "Large"
            with form.band_ids.new() as band:
                band.from_amount = 0
                band.mode = "fixed"
                band.value = 99_999
        scheme = form.record
        self.assertFalse(scheme.active)
        self.assertTrue(scheme.terms_wait)
        waiting = self.waiting(kind="terms", res_model=scheme._name, res_id=scheme.id)
        for user, may in ((self.first, False), (self.second, True)):
            shown = Form(waiting.with_user(user)).record
            self.assertEqual((shown.can_approve, shown.worth), (may, 99_999))
        waiting.with_user(self.second).action_approve()
        self.assertTrue(scheme.active)
        for name in ("loyalty.program", "loyalty.tier", "loyalty.benefit", "loyalty.earn.rule"):
            record = self.env[name].search([("company_id", "=", self.company.id)], limit=1)
            Form(record.with_user(self.first))
        for name in ("loyalty.card.kind", "loyalty.special.day"):
            Form(self.env[name].with_user(self.first))
