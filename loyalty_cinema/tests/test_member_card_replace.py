from odoo.tests import tagged

from ..exceptions import BalanceUnusable
from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMemberCardReplace(LoyaltyCase):
    """A lost card gives everything to its successor and is dead from then on."""

    def test_value_moves_and_the_old_card_is_dead(self):
        """L1, L2: the balance keeps its entries and lots; payments under way are released."""
        old, new = self.member_card(value=100), self.member_card(active=False)
        old._set_pin("2468")
        balance = old.balance_ids
        self.ledger.authorize(balance, 30, self.key())
        old._report_lost("lost in the cinema")
        old._replace(new, "shown his identity card")
        self.assertEqual((old.state, new.state), ("replaced", "active"))
        self.assertEqual(old.replaced_by_id, new)
        self.assertEqual(new.balance_ids, balance)
        self.assertEqual((balance.points, balance.held), (100, 0))
        self.assertTrue(new._verify_pin("2468"), "the customer keeps the PIN")
        with self.assertRaisesRegex(BalanceUnusable, "was replaced"):
            old._check_usable()
        self.assert_whole(balance)

    def test_replacement_is_an_unused_card_of_the_same_kind(self):
        old = self.member_card(value=100)
        in_use = self.member_card()
        gift = self.member_card(self.kind_gift, active=False)
        for wrong, hint in ((in_use, "in use"), (gift, "another kind"), (old, "in use")):
            with self.assertRaisesRegex(BalanceUnusable, hint):
                old._replace(wrong, "why")
        self.assertEqual(old.state, "active")

    def test_wizard_makes_a_new_number(self):
        old = self.member_card(value=100).with_user(self.manager())
        wizard = self.env["loyalty.card.replace"].with_user(old.env.user)
        action = wizard.create({"card_id": old.id, "reason": "broken"}).action_replace()
        new = old.browse(action["res_id"])
        self.assertEqual((new.state, new.available), ("active", 100))
        self.assertEqual(new.create_uid, old.env.user)

    def test_expired_card_keeps_its_value_for_the_next(self):
        old, new = self.member_card(value=100), self.member_card(active=False)
        old._expire()
        old._replace(new, "expired in the drawer")
        self.assertEqual(new.available, 100)
