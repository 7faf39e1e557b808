from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..domain import card_code
from ..exceptions import BalanceUnusable, LoyaltyError, ReasonMissing
from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMemberCard(LoyaltyCase):
    """Numbers, states, owners and holders."""

    def test_number_is_found_however_it_is_typed(self):
        card = self.member_card()
        typed = f" {card_code.printed(card.code)}\n".replace(" ", "-", 2)
        self.assertEqual(self.env["loyalty.member.card"]._find_by_code(typed), card)

    def test_slip_of_the_finger_finds_nothing(self):
        code = self.member_card().code
        slip = code[:-1] + str((int(code[-1]) + 1) % 10)
        for typed in (slip, code[:-1], "", "٤" * 16, "9" * 1000):
            self.assertFalse(self.env["loyalty.member.card"]._find_by_code(typed))

    def test_number_is_for_managers_and_the_pin_for_nobody(self):
        card = self.member_card()
        seen = card.with_user(self.cashier())
        self.assertEqual(seen.masked_code, f"•••• {card.code[-4:]}")
        with self.assertRaises(AccessError):
            seen.read(["code"])
        with self.assertRaises(AccessError):
            seen.search([("code", "=like", f"{card.code[:1]}%")])
        seen = card.with_user(self.manager())
        self.assertEqual(seen.code, card.code)
        with self.assertRaises(AccessError):
            seen.read(["pin_hash"])

    def test_state_is_reached_by_the_cards_methods_only(self):
        """Neither a write, nor a create, nor a default in the context makes an active card."""
        cards = self.env["loyalty.member.card"].with_user(self.manager())
        vals = {"kind_id": self.kind_gift.id}
        for forged in ({"state": "active"}, {"code": card_code.generate()}, {"batch": "mine"}):
            with self.assertRaises(LoyaltyError):
                cards.create({**vals, **forged})
        card = cards.with_context(default_state="active", default_code="1").create(vals)
        self.assertEqual(card.state, "issued")
        self.assertTrue(card_code.is_valid(card.code))
        for forged in ({"state": "active"}, {"kind_id": self.kind_prepaid.id}, {"pin_hash": "x"}):
            with self.assertRaises(LoyaltyError):
                card.write(forged)

    def test_each_unusable_state_says_what_to_do(self):
        expected = {
            "issued": "activate",
            "blocked": "unblock",
            "lost": "replace",
            "replaced": "new card",
            "expired": "value is kept",
        }
        card = self.member_card()
        card._check_usable()
        for state, hint in expected.items():
            card.write({"state": state})
            with self.assertRaisesRegex(BalanceUnusable, hint):
                card._check_usable()

    def test_only_listed_changes_of_state_are_possible(self):
        card = self.member_card()
        for step in (lambda: card._unblock("why"), card._activate):
            with self.assertRaises(BalanceUnusable):
                step()
        card._block("stolen bag")
        card._unblock("found again")
        card._report_lost("lost at sea")
        with self.assertRaises(BalanceUnusable):
            card._block("too late")
        notes = " ".join(card.message_ids.mapped("body"))
        for reason in ("stolen bag", "found again", "lost at sea"):
            self.assertIn(reason, notes)

    def test_reasons_are_not_optional(self):
        card = self.member_card()
        for step in (card._block, card._report_lost):
            with self.assertRaises(ReasonMissing):
                step("  ")

    def test_company_owns_and_employee_holds(self):
        company = self.person("Acme", is_company=True)
        with self.assertRaisesRegex(ValidationError, "Make it the owner"):
            self.member_card(holder_id=company.id)
        with self.assertRaisesRegex(ValidationError, "belong to a person"):
            self.member_card(self.kind_gift, owner_id=company.id)
        with self.assertRaisesRegex(BalanceUnusable, "needs a holder"):
            self.member_card(owner_id=company.id)
        card = self.member_card(owner_id=company.id, holder_id=self.person("Lan").id, value=100)
        self.assertEqual(card.balance_ids.partner_id, company, "the money is the company's")

    def test_holder_owns_the_card_and_its_money(self):
        """An anonymous card becomes its holder's when it is registered."""
        card, holder = self.member_card(value=50), self.person()
        self.assertFalse(card.balance_ids.partner_id)
        with self.assertRaisesRegex(LoyaltyError, "Change the owner"):
            card.with_user(self.manager()).holder_id = holder
        card._change_owner(holder, holder, "Registered")
        self.assertEqual(card.owner_id, holder)
        self.assertEqual(card.balance_ids.partner_id, holder)
        self.assertEqual(holder.loyalty_member_card_count, 1)
        self.assertEqual(holder.loyalty_stored_value, 50)

    def test_card_in_use_is_kept(self):
        used, unused = self.member_card(), self.member_card(active=False)
        manager = self.manager()
        with self.assertRaises(LoyaltyError):
            used.with_user(manager).unlink()
        unused.with_user(manager).unlink()

    def test_expired_cards_are_closed_by_the_cron(self):
        today = self.company._loyalty_day()
        last_day = self.member_card(expires_on=today)
        over = self.member_card()
        over.expires_on = today - timedelta(days=1)
        with self.assertRaisesRegex(BalanceUnusable, "expired"):
            over._check_usable()  # even before the job has run
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=1):
            self.env["loyalty.member.card"]._cron_expire(batch_size=1)
        self.assertEqual((last_day.state, over.state), ("active", "expired"))

    def test_validity_counts_from_activation(self):
        self.kind_gift.validity_months = 12
        card = self.member_card(self.kind_gift)
        self.assertEqual(card.expires_on, fields.Date.add(card.activated_on, months=12))
