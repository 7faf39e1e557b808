"""Members at the till: recognised by one call, enrolled by a cashier in a few seconds."""

from odoo.tests import tagged

from .tender_common import PointsTenderCase


class TillMemberCase(PointsTenderCase):
    """A cashier of the lowest rights, in Vietnam."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.vn")
        cls.kind_points = cls.env["loyalty.card.kind"].create(
            {"name": "Points", "opens_points": True}
        )
        cls.kind_combined = cls.env["loyalty.card.kind"].create(
            {"name": "Combined", "opens_points": True, "opens_wallet": True}
        )

    def enrol_at_till(self, name="Hoa", phone="0912 345 678", partner_id=False, **values):
        return self.till.enrol(
            self.session.id, {"name": name, "phone": phone, **values}, partner_id
        )

    def ask_member(self, **credential):
        return self.till.member(self.session.id, credential)

    def card(self, kind, holder):
        card = self.env["loyalty.member.card"].create({"kind_id": kind.id, "holder_id": holder.id})
        card._activate()
        return card

    def customers(self, phone):
        return self.env["res.partner"]._loyalty_by_phone(phone)


@tagged("post_install", "-at_install")
class TestEnrol(TillMemberCase):
    """Name and phone are enough, and nobody is made twice."""

    def test_a_new_customer(self):
        answer = self.enrol_at_till()
        self.assertTrue(answer["ok"], answer)
        self.assertFalse(answer["existing"] or answer["already_member"])
        partner = self.env["res.partner"].browse(answer["partner_id"])
        self.assertEqual(partner.name, "Hoa")
        self.assertEqual(self.customers("+84 912 345 678"), partner)
        member = self.program._member_balances(partner)
        self.assertEqual(member[partner.id].id, answer["member"]["balance_id"])

    def test_an_existing_customer_is_found_however_the_phone_was_written(self):
        partner = self.env["res.partner"].create({"name": "Mai", "phone": "+84 912-345-678"})
        for phone in ("0912345678", "84912345678", "0084 912 345 678", "+84912345678"):
            answer = self.enrol_at_till("Somebody", phone)
            self.assertEqual(answer["partner_id"], partner.id, phone)
            self.assertTrue(answer["existing"])
        self.assertEqual(partner.name, "Mai", "a cashier's typing changes no name")
        self.assertIn("Mai", answer["message"])

    def test_customers_are_found_by_phone_as_people_say_it(self):
        """T5: in the till's list of customers and in the office only +84 … was found."""
        partners = self.env["res.partner"].with_user(self.cashier)
        abroad, home, other = partners.sudo().create(
            [
                {"name": "Mai", "phone": "+84 900 000 013"},
                {"name": "Lan", "phone": "0900 000 014"},
                {"name": "Other", "phone": "+84 900 000 099"},
            ]
        )
        fields = ["name", "phone_mobile_search", "email", "barcode"]
        for end, partner in (("013", abroad), ("014", home)):
            for said in (
                f"0900 000 {end}",
                f"900000{end}",
                f"0900000{end}",
                f"0900.000.{end}",
                f"(0900) 000-{end}",
                f"+84 900 000 {end}",
                f"84900000{end}",
                f"0084 900 000 {end}",
            ):
                domain = ["|"] * (len(fields) - 1) + [(f, "ilike", f"{said}%") for f in fields]
                answer = partners.get_new_partner(self.config.id, domain, 0)
                found = [row["id"] for row in answer["res.partner"]]
                self.assertEqual(found, partner.ids, said)
                office = partners.search([("phone_mobile_search", "ilike", said)])
                self.assertEqual(office, partner, said)
        part = partners.search([("phone_mobile_search", "ilike", "0900 000")])
        self.assertLessEqual(abroad | home | other, part, "a beginning finds all of them")
        self.assertFalse(partners.search([("phone_mobile_search", "ilike", "0900 000 013 5")]))

    def test_twice_is_once(self):
        first, second = self.enrol_at_till(), self.enrol_at_till()
        self.assertEqual(first["member"]["id"], second["member"]["id"])
        self.assertTrue(second["already_member"])
        self.assertEqual(len(self.customers("0912345678")), 1)

    def test_a_customer_who_is_chosen(self):
        partner = self.env["res.partner"].create({"name": "Nam", "email": "nam@example.com"})
        answer = self.enrol_at_till(phone="0987 654 321", partner_id=partner.id, email="x@y.zz")
        self.assertTrue(answer["existing"])
        self.assertEqual((partner.phone, partner.email), ("0987 654 321", "nam@example.com"))

    def test_several_with_one_phone(self):
        mai, nam = self.env["res.partner"].create(
            [{"name": name, "phone": "0912345678"} for name in ("Mai", "Nam")]
        )
        answer = self.enrol_at_till("Hoa")
        self.assertEqual(answer["code"], "choose")
        self.assertEqual({c["id"] for c in answer["customers"]}, {mai.id, nam.id})
        self.assertEqual(self.enrol_at_till("mai")["partner_id"], mai.id)
        self.assertEqual(self.enrol_at_till(partner_id=nam.id)["partner_id"], nam.id)

    def test_what_is_missing_is_said(self):
        self.assertEqual(self.enrol_at_till(name="")["code"], "name")
        for phone in ("", "12345", "no phone", "1" * 30):
            self.assertEqual(self.enrol_at_till(phone=phone)["code"], "phone")

    def test_recommended_by_a_card_or_a_phone(self):
        self.partner.phone = "0900 000 001"
        card = self.card(self.kind_points, self.partner)
        for phone, code in (("0912000001", card.code), ("0912000002", "+84900000001")):
            answer = self.enrol_at_till(phone=phone, referrer_code=code)
            member = self.env["loyalty.member"].browse(answer["member"]["id"])
            self.assertEqual(member.referrer_id, self.member)
        answer = self.enrol_at_till(phone="0912000003", referrer_code="123456")
        self.assertEqual(answer["code"], "referrer")
        self.assertFalse(self.customers("0912000003"))

    def test_without_a_program(self):
        self.company.loyalty_points_program_id = False
        self.assertFalse(self.enrol_at_till()["ok"])

    def test_customers_of_another_company_do_not_exist(self):
        other = self.env["res.company"].create({"name": "Other"})
        partner = self.env["res.partner"].create(
            {"name": "Abroad", "phone": "0912345678", "company_id": other.id}
        )
        self.assertNotEqual(self.enrol_at_till()["partner_id"], partner.id)
        self.assertFalse(self.enrol_at_till(partner_id=partner.id)["ok"])


@tagged("post_install", "-at_install")
class TestRecognise(TillMemberCase):
    """One call says who it is and what there is to spend."""

    def test_a_member_who_is_chosen(self):
        self.grant(120)
        self.pending(30)
        answer = self.ask_member(partner_id=self.partner.id)
        member = answer["member"]
        self.assertEqual(
            (member["points"], member["pending"], member["available"], member["value"]),
            (150, 30, 120, 12),
        )
        self.assertTrue(member["pending_on"])
        self.assertFalse(answer["can_enrol"])

    def test_a_customer_who_is_none(self):
        partner = self.env["res.partner"].create({"name": "Nobody's"})
        answer = self.ask_member(partner_id=partner.id)
        self.assertEqual((answer["member"], answer["can_enrol"]), (False, True))

    def test_a_points_card_selects_the_member(self):
        self.grant(120)
        card = self.card(self.kind_points, self.partner)
        answer = self.ask_member(code=card.code)
        self.assertEqual(answer["partner_id"], self.partner.id)
        self.assertEqual(answer["member"]["available"], 120)
        self.assertIn(self.points.id, [b["id"] for b in answer["balances"]])

    def test_a_combined_card_finds_all_balances(self):
        self.grant(120)
        card = self.card(self.kind_combined, self.partner)
        self.ledger.credit(card.balance_ids, 50, "load", self.key())
        answer = self.till.lookup(self.session.id, {"code": card.code})
        self.assertEqual(
            {b["program_type"]: b["available"] for b in answer["balances"]},
            {"ewallet": 50, "loyalty": 120},
        )
        self.assertEqual(answer["member"]["balance_id"], self.points.id)
        self.assertEqual(set(answer["card"]["opens"]), {"ewallet", "loyalty"})

    def test_a_blocked_card_does_not_pay(self):
        self.grant(120)
        card = self.card(self.kind_points, self.partner)
        card._block("found in the street")
        self.assertEqual(self.ask(5, credential={"code": card.code})["code"], "blocked")

    def test_choosing_the_customer_is_no_way_around_the_pin(self):
        self.grant(120)
        self.card(self.kind_points, self.partner)._set_pin("4711")
        customer = {"partner_id": self.partner.id}
        self.assertEqual(self.ask(5, credential=customer)["code"], "pin_required")
        self.assertEqual(self.ask(5, credential={**customer, "pin": "1147"})["code"], "unknown")
        self.assertTrue(self.ask(5, credential={**customer, "pin": "4711"})["ok"])

    def test_the_till_counts_on_what_is_free(self):
        self.grant(120)
        self.pending(30)
        balances = self.env["loyalty.card"].with_user(self.cashier)
        [row] = balances.search_read([("id", "=", self.points.id)], ["points"], load=False)
        self.assertEqual(row["points"], 120)
        [row] = balances.browse(self.points.id).read(["points"])
        self.assertEqual(row["points"], 150, "everybody else reads what there is")
