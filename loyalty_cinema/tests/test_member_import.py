import base64
import io
from datetime import date

import openpyxl
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.misc import file_open

from ..domain.member_import import COLUMNS
from .member_common import MemberCase

HEADER = "name,phone,email,ref,card,points,qualifying,expires_on,joined_on"


@tagged("post_install", "-at_install")
class TestMemberImport(MemberCase):
    """Members from another system: checked first, then all or nothing, and never twice."""

    def wizard(self, *rows, header=HEADER, points=0, qualifying=0, content=None, user=None):
        content = content or "\n".join([header, *rows]).encode()
        return (
            self.env["loyalty.member.import"]
            .with_user(user or self.boss)
            .create(
                {
                    "program_id": self.program.id,
                    "file": base64.b64encode(content),
                    "file_name": "old.csv",
                    "total_points": points,
                    "total_qualifying": qualifying,
                }
            )
        )

    def load_rows(self, *rows, **values):
        wizard = self.wizard(*rows, **values)
        wizard.action_preview()
        wizard.action_import()
        return wizard

    def problems(self, *rows, **values):
        wizard = self.wizard(*rows, **values)
        wizard.action_preview()
        return [line.message for line in wizard.line_ids if line.outcome == "problem"]

    def found(self, **values):
        return self.env["res.partner"].search([(name, "=", v) for name, v in values.items()])

    def test_contacts_are_found_or_made_and_points_opened(self):
        by_ref = self.person("Mai", ref="C1")
        by_phone = self.person("Nam", phone="+84 919 000 777")
        by_mail = self.person("Linh", email="Linh@Example.com")
        self.company.country_id = self.env.ref("base.vn")
        wizard = self.load_rows(
            "Mai,,,C1,,1000.5,3,2099-12-31,2020-05-01",
            "Nam,0919000777,,,,10,0,,",
            "Linh,,linh@example.com,,,0,0,,",
            "New,0987,new@example.com,C9,,-5,2,,",
            points=1005.5,
            qualifying=5,
        )
        self.assertEqual((wizard.found_count, wizard.new_count, wizard.state), (3, 1, "done"))
        new = self.found(ref="C9")
        members = self.members_of(by_ref, by_phone, by_mail, new).sorted("id")
        self.assertEqual(members.partner_id, by_ref | by_phone | by_mail | new)
        self.assertEqual(set(members.mapped("channel")), {"import"})
        mai = self.members_of(by_ref)
        self.assertEqual((mai.points, mai.qualifying_points), (1000.5, 3))
        self.assertEqual(
            (mai.joined_on, mai.next_expiry_on), (date(2020, 5, 1), date(2099, 12, 31))
        )
        self.assertEqual(mai.balance_id.entry_ids.kind, "opening")
        self.assertEqual(self.members_of(new).points, -5)
        self.assert_whole(members.balance_id)

    def test_the_same_file_twice_is_harmless(self):
        rows = ["Mai,,,C1,,100,3,,", "Nam,0911111111,,,,50,0,,"]
        self.load_rows(*rows, points=150, qualifying=3)
        wizard = self.load_rows(*rows, points=150, qualifying=3)
        self.assertEqual((wizard.known_count, wizard.new_count), (2, 0))
        self.assertEqual(len(self.found(ref="C1")), 1)
        self.assertEqual(self.members_of(self.found(ref="C1")).points, 100)
        message = self.problems("Mai,,,C1,,200,3,,")
        self.assertIn("opening balance of 100 already", message[0])

    def test_refused_as_a_whole_when_the_total_differs(self):
        wizard = self.wizard("Mai,,,C1,,100,3,,", points=100, qualifying=4)
        wizard.action_preview()
        self.assertFalse(wizard.is_reconciled)
        with self.assertRaisesRegex(UserError, "not what the old system reports"):
            wizard.action_import()
        self.assertFalse(self.found(ref="C1"))

    def test_one_bad_row_refuses_the_file(self):
        wizard = self.wizard("Mai,,,C1,,100,0,,", "Nam,,,C2,,1.000.000,0,,", points=100)
        with self.assertRaisesRegex(UserError, "line 3: “1.000.000” is no number"):
            wizard.action_import()
        self.assertFalse(self.found(ref="C1"))

    def test_what_could_mean_two_is_refused(self):
        self.person("A", phone="0912 345 678", ref="C1")
        self.person("B", phone="0912-345-678", email="b@example.com")
        self.assertEqual(len(self.problems("A,0912345678,,,,1,0,,")), 1, "two with this phone")
        self.assertEqual(len(self.problems("A,0912345678,,C1,,1,0,,")), 0, "the reference tells")
        self.assertEqual(len(self.problems("A,,b@example.com,C1,,1,0,,")), 1, "two contacts")
        self.person("D", phone="0977", ref="C4")
        self.assertEqual(len(self.problems("C,0977,,C7,,1,0,,")), 1, "another reference")
        self.assertEqual(len(self.problems("A,,,C1,,1,0,,", "A,,,C1,,1,0,,")), 1, "said twice")

    def test_dates_names_and_columns_are_checked(self):
        self.assertIn("is no date", self.problems("Mai,,,C1,,1,0,31/12/2099,")[0])
        self.assertIn("expired", self.problems("Mai,,,C1,,1,0,2020-01-01,")[0])
        self.assertIn("needs a name", self.problems(",,,C1,,1,0,,")[0])
        self.assertIn("Give a reference", self.problems("Mai,,,,,1,0,,")[0])
        self.assertIn("no column", self.problems("Mai,1", header="name,balance")[0])

    def test_cards_come_with_their_numbers(self):
        kind = self.env.ref("loyalty_cinema.kind_points")
        issued = self.member_card(kind, active=False)
        used = self.member_card(kind, holder_id=self.person().id)
        self.load_rows("Mai,,,C1,5550 0012,1,0,,", f"Nam,,,C2,{issued.code},1,0,,", points=2)
        card = self.env["loyalty.member.card"]._find_by_code("55500012")
        self.assertEqual((card.state, card.points), ("active", 1))
        self.assertEqual((issued.state, issued.holder_id), ("active", self.found(ref="C2")))
        self.assertIn("somebody else's", self.problems(f"Linh,,,C3,{used.code},1,0,,")[0])

    def test_a_spreadsheet_does_as_well(self):
        book, content = openpyxl.Workbook(), io.BytesIO()
        for row in (HEADER.split(","), ["Mai", 912345678, None, "C1", None, 0.1 + 0.2, 7]):
            book.active.append(row)
        book.active["I2"] = date(2021, 3, 4)
        book.save(content)
        self.load_rows(content=content.getvalue(), points=0.3, qualifying=7)
        member = self.members_of(self.found(ref="C1"))
        self.assertEqual((member.points, member.joined_on), (0.3, date(2021, 3, 4)))

    def test_a_thousand_rows_cost_about_what_a_hundred_cost(self):
        def cost(count, name):
            rows = [f"{name}{n},,{name}{n}@example.com,{name}{n},,{n},0,," for n in range(count)]
            wizard = self.wizard(*rows, points=sum(range(count)))
            before = self.env.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(2, "warm")
        few, many = cost(20, "few"), cost(200, "many")
        self.assertLess(many - few, 30)

    def test_the_template_is_a_file_that_can_be_imported(self):
        form = self.env["loyalty.member.import"].get_view(view_type="form")["arch"]
        link = etree.fromstring(form).find(".//a[@download]").get("href")
        with file_open(link.lstrip("/"), "rb") as file:
            template = file.read()
        self.assertEqual(template.decode("utf-8-sig").split("\n")[0], ",".join(COLUMNS))
        self.load_rows(content=template, points=1800.5, qualifying=12)
        self.assertEqual(self.members_of(self.found(ref="C002")).points, 300.5)

    def test_another_file_is_checked_again(self):
        wizard = self.wizard("Mai,,,C1,,1,0,,", points=1)
        wizard.action_preview()
        with Form(wizard) as form:
            form.file = base64.b64encode(b"name,ref,points\nNam,C2,1")
        self.assertEqual(wizard.state, "draft")

    def test_above_the_limit_another_manager_imports(self):
        self.program.grant_limit = 100
        wizard = self.wizard("Mai,,,C1,,101,0,,", points=101)
        wizard.action_import()
        self.assertEqual(wizard.state, "waiting")
        waiting = self.env["loyalty.adjustment"].search([("state", "=", "to_approve")], limit=1)
        self.assertEqual((waiting.kind, waiting.user_id), ("import", self.boss))
        with self.assertRaises(AccessError):
            waiting.with_user(self.boss).action_approve()
        with self.assertRaises(AccessError):
            self.program.with_user(self.boss).grant_limit = 200
        self.load_rows("Nam,,,C2,,100,0,,", points=100)
        waiting.with_user(self.other_boss).action_approve()
        self.assertEqual(self.members_of(self.found(ref="C1")).points, 101)

    def test_cashiers_import_nobody(self):
        with self.assertRaises(AccessError):
            self.wizard("Mai,,,C1,,1,0,,", user=self.cashier())
