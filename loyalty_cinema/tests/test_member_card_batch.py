import base64
import csv
import io

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..domain import card_code
from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMemberCardBatch(LoyaltyCase):
    """Cards in numbers: the wizard, its sheet and its list."""

    def issue(self, quantity=3, user=None, **values):
        """The wizard after "Issue cards", filled in as on screen."""
        wizards = self.env["loyalty.card.issue"].with_user(user or self.manager())
        form = Form(wizards)
        form.kind_id, form.quantity = self.kind_gift, quantity
        for name, value in values.items():
            form[name] = value
        wizard = form.save()
        wizard.action_issue()
        return wizard

    def test_ten_thousand_cards_without_a_query_each(self):
        with self.assertQueryCount(200):
            cards = self.env["loyalty.member.card"]._issue(self.kind_gift, 10_000, batch="many")
            self.env.flush_all()
        self.assertEqual(len(set(cards.mapped("code"))), 10_000)

    def test_numbers_start_with_the_prefix_and_stay_random(self):
        cards = self.issue(prefix="77")._cards()
        for code in cards.mapped("code"):
            self.assertTrue(code.startswith("77") and card_code.is_valid(code))
            self.assertEqual(len(code), 18, "the prefix comes on top of the random digits")
        self.assertEqual(set(cards.mapped("state")), {"issued"})

    def test_list_for_the_card_printer(self):
        wizard = self.issue(batch="=Summer/26")
        rows = list(
            csv.DictReader(io.StringIO(base64.b64decode(wizard.csv_file).decode("utf-8-sig")))
        )
        self.assertEqual([row["number"] for row in rows], wizard._cards().mapped("code"))
        self.assertEqual(rows[0]["printed_number"].replace(" ", ""), rows[0]["number"])
        self.assertEqual(wizard.csv_name, "=Summer-26.csv")

    def test_sheet_shows_every_card_without_asking_the_network(self):
        wizard = self.issue(quantity=11)
        action = wizard.action_print_sheet()
        report = self.env["ir.actions.report"].with_user(wizard.env.user)
        html, _type = report._render_qweb_html(action["report_name"], wizard._cards().ids)
        html = html.decode()
        for card in wizard._cards():
            self.assertIn(card_code.printed(card.code), html)
        self.assertEqual(html.count("data:image/svg+xml;base64,"), 11)
        self.assertEqual(html.count("page-break-after"), 1, "ten on the first page")

    def test_sheet_is_not_for_cashiers(self):
        cards = self.member_card()
        report = self.env["ir.actions.report"].with_user(self.cashier())
        with self.assertRaises(AccessError):
            report._render_qweb_html("loyalty_cinema.card_sheet", cards.ids)

    def test_wizard_refuses_nonsense(self):
        for values in ({"quantity": 0}, {"quantity": 10**6}, {"prefix": "LM"}, {"prefix": "-1"}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.issue(user=self.env.user, **values)
        self.issue(user=self.env.user, batch="Summer")
        with self.assertRaisesRegex(UserError, "already"):
            self.issue(user=self.env.user, batch="Summer")

    def test_selected_cards_are_blocked_with_one_reason(self):
        cards = self.issue()._cards()
        cards.action_activate()
        action = cards.with_context(card_action="block").action_ask_reason()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        wizard = wizards.create({"reason": "theft"})
        wizard.action_confirm()
        self.assertEqual(set(cards.mapped("state")), {"blocked"})
