from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .profile_common import ProfileCase


@tagged("post_install", "-at_install")
class TestProfile(ProfileCase):
    """A profile holds what can be true, and is captured at the till: only it, and only by rule."""

    def test_birth_dates_lie_between_1900_and_today(self):
        for birth in ("1900-01-01", self.today):
            self.partner.birthdate_date = birth
        for birth in ("1899-12-31", self.today + timedelta(days=2)):
            with self.assertRaises(ValidationError):
                self.partner.birthdate_date = birth

    def test_birthdays_of_this_month_are_found(self):
        born, not_now = self.today.replace(day=1, year=1990), self.today.replace(day=1)
        other = self.env["res.partner"].create({"name": "Other"})
        self.partner.birthdate_date = born
        other.birthdate_date = not_now - timedelta(days=40)
        found = (
            self.env["res.partner"]
            .with_user(self.boss)
            .search(
                [
                    ("loyalty_birthday_this_month", "=", True),
                    ("id", "in", (other | self.partner).ids),
                ]
            )
        )
        self.assertEqual(found.ids, self.partner.ids)
        self.assertTrue(found.loyalty_birthday_this_month)
        others = found.search([("loyalty_birthday_this_month", "=", False), ("id", "=", other.id)])
        self.assertEqual(others.ids, other.ids)

    # -- captured by a cashier with the lowest rights ----------------------------------------------

    def test_a_profile_in_one_call(self):
        tea = self.env.ref("loyalty_cinema.taste_tea")
        answer = self.save(
            birthdate_date="1996-02-29",
            email="LINH@example.com",
            phone="0912 345 678",
            comes="family",
            tastes={"add": tea.ids},
            preferred_channel="chat",
            consents={"profile": True, "email": False},
        )
        self.assertTrue(answer["ok"], answer)
        self.assertEqual(str(self.partner.birthdate_date), "1996-02-29")
        self.assertEqual(
            (self.partner.email, self.partner.phone), ("linh@example.com", "0912 345 678")
        )
        self.assertEqual(
            (self.partner.loyalty_comes, self.partner.loyalty_taste_ids), ("family", tea)
        )
        self.assertEqual(answer["profile"]["taste_ids"], tea.ids)
        self.assertEqual(answer["panel"]["tastes"]["stated"][0]["name"], "Tea")
        row = self.partner.loyalty_consent_ids
        self.assertEqual(
            (row.channel, row.given, row.source, row.note, row.user_id),
            ("profile", True, "till", "Till", self.cashier),
        )

    def test_only_what_was_sent_is_written(self):
        self.partner.write({"birthdate_date": "1996-02-29", "email": "a@b.vn"})
        self.assertTrue(self.save(comes="alone")["ok"])
        self.assertEqual(
            (str(self.partner.birthdate_date), self.partner.email), ("1996-02-29", "a@b.vn")
        )

    def test_nothing_beyond_the_profile_is_written(self):
        before = self.partner.read()[0]
        answer = self.save(
            name="Nobody",
            credit_limit=1000000,
            loyalty_learned_taste_ids=[1],
            loyalty_consent_email=True,
            user_ids=[[6, 0, [1]]],
            company_id=False,
        )
        self.assertTrue(answer["ok"])
        self.assertEqual(self.partner.read()[0], before)

    def test_what_cannot_be_is_refused_and_nothing_is_written(self):
        tomorrow = str(self.today + timedelta(days=2))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.env["loyalty.taste"].create({"name": "X", "company_id": elsewhere.id})
        bad = {
            "birthdate_date": ["1899-12-31", tomorrow, "29.2.1996", "1995-02-29", 5, ["x"], {}][:6],
            "email": ["nobody", "a@", "a@b.vn, c@d.vn"],
            "phone": ["12", "", "phone", 912345678],
            "comes": ["dog", 1, ["alone"]],
            "preferred_channel": ["profile", {}][:1],
            "tastes": [
                *({"add": ids} for ids in (theirs.ids, ["1"], [0], [True], "1", [[6, 0, []]])),
                {"remove": theirs.ids},
                theirs.ids,
                "1",
            ],
            "consents": [{"email": 1}, {"email": "yes"}, {"newsletter": True}, ["email"], True],
        }
        self.partner.write({"phone": "0912345678"})
        for name, values in bad.items():
            for value in values:
                with self.subTest(name, value=value):
                    answer = self.save(**{name: value}, comes_too=1)
                    self.assertEqual((answer["ok"], answer.get("code")), (False, name))
        answer = self.save(birthdate_date="1996-02-29", comes="dog")
        self.assertFalse(self.partner.birthdate_date, "all of it or nothing")

    def test_nobodys_password_is_led_elsewhere(self):
        for user in (self.seller, self.boss):
            user.active = user == self.seller
            answer = self.save(user.partner_id, email="thief@example.com")
            self.assertEqual(answer["code"], "email")
            self.assertFalse(answer["ok"])
            self.assertEqual(self.save(user.partner_id, phone="0912345678")["code"], "phone")
            user.partner_id.email = False
            self.till.enrol(self.session.id, {"email": "thief@example.com"}, user.partner_id.id)
            self.assertFalse(user.partner_id.email)
        self.assertTrue(self.save(self.seller.partner_id, comes="alone")["ok"])

    def test_a_birthday_that_is_known_is_changed_in_the_office(self):
        self.assertTrue(self.save(birthdate_date="1996-02-29")["ok"])
        for other in ("1990-11-23", False):
            self.assertEqual(self.save(birthdate_date=other)["code"], "birthdate_date")
        self.assertTrue(self.save(birthdate_date="1996-02-29", comes="alone")["ok"])

    def test_customers_and_sessions_of_others_do_not_exist(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["res.partner"].create({"name": "X", "company_id": elsewhere.id})
        for call in (self.till.profile, lambda s, p: self.till.save_profile(s, p, {})):
            self.assertFalse(call(self.session.id, stranger.id)["ok"])
            self.assertFalse(call(self.session.id, "1")["ok"])
            self.assertFalse(call(0, self.partner.id)["ok"])

    def test_without_consent_it_is_captured_and_not_shown(self):
        tea, coffee = (self.env.ref(f"loyalty_cinema.taste_{name}") for name in ("tea", "coffee"))
        self.partner.loyalty_taste_ids = coffee
        self.save(birthdate_date="1996-02-29", comes="alone", tastes={"add": tea.ids})
        profile = self.till.profile(self.session.id, self.partner.id)["profile"]
        hidden = (profile["birthdate_date"], profile["comes"], profile["taste_ids"])
        self.assertEqual(hidden, (False, False, []))
        self.assertEqual(self.partner.loyalty_comes, "alone")
        self.assertEqual(self.partner.loyalty_taste_ids, tea + coffee, "what is not shown is kept")

    def test_choices_come_with_the_profile(self):
        choices = self.till.profile(self.session.id, self.partner.id)["choices"]
        self.assertIn("Tea", [taste["name"] for taste in choices["tastes"]])
        self.assertEqual(choices["comes"][0], ("alone", "Alone"))
        self.assertIn("profile", dict(choices["consents"]))

    # -- habits: with consent, and at a cost that does not grow ------------------------------------

    def test_visits_and_the_usual_order(self):
        self.partner.loyalty_consent_profile = True
        cola, tea = self.product("Cola"), self.product("Tea")
        for days, products in {
            1: [cola],
            2: [cola, self.snack],
            3: [tea, cola],
            400: [tea],
        }.items():
            self.visit(days, *products)
        habits = self.habits()
        self.assertEqual(
            [item["product_id"] for item in habits["usual"]], [cola.id, self.snack.id, tea.id]
        )
        self.assertEqual((habits["visits"], len(habits["visit_days"])), (3, 3))
        self.assertEqual(habits["last_visit"], self.today - timedelta(days=1))

    def test_what_is_no_longer_sold_or_was_taken_away_is_not_usual(self):
        self.partner.loyalty_consent_profile = True
        gone, hidden = self.product("Gone"), self.product("Hidden")
        self.visit(1, gone, hidden)
        gone.active, hidden.available_in_pos = False, False
        self.assertEqual(self.habits()["usual"], [])

    def test_nothing_without_consent(self):
        self.visit(1)
        self.partner.write(
            {"birthdate_date": self.today.replace(year=1996), "loyalty_comes": "alone"}
        )
        self.partner.loyalty_taste_ids = self.env.ref("loyalty_cinema.taste_tea")
        panel = self.panel()
        shown = {name for name, value in panel.items() if value and name != "tastes"}
        self.assertEqual(shown, {"greeting"})
        self.assertEqual(panel["tastes"], {"stated": [], "learned": []})

    def test_birthdays_are_told_two_weeks_ahead(self):
        self.partner.loyalty_consent_profile = True
        for ahead, told in {0: True, 14: True, 15: False}.items():
            day = self.today + timedelta(days=ahead)
            self.partner.birthdate_date = day.replace(year=1996)
            birthday = self.panel()["birthday"]
            self.assertEqual(birthday, told and {"in_days": ahead})

    def test_the_panel_costs_the_same_whatever_the_past(self):
        self.partner.loyalty_consent_profile = True
        other = self.env["res.partner"].create({"name": "M", "loyalty_consent_profile": True})
        for days in range(30):
            self.visit(days, self.snack, self.product(f"P{days}"), partner=other)
        self.visit(1, self.snack, self.product("A"), self.product("B"))
        counts = []
        for partner in (other, self.partner, other):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partner.with_user(self.cashier)._loyalty_profile_panel(self.config)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(*counts[1:], "the first call warmed caches up")
        self.assertLess(counts[1], 30)

    def test_an_open_complaint_is_shown_to_the_cashier(self):
        self.assertFalse(self.panel()["complaint"])
        for text in ("Cold popcorn", "Late"):
            self.partner.activity_schedule(
                "loyalty_cinema.activity_complaint", summary=text, note="secret"
            )
        self.assertEqual(self.panel()["complaint"], "Cold popcorn")
        self.assertNotIn("secret", str(self.panel()))
        self.assertEqual(self.partner.with_user(self.boss).loyalty_complaint, "Cold popcorn")
        self.partner.activity_ids.action_done()
        self.assertFalse(self.panel()["complaint"])
