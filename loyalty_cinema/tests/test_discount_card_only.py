"""Discount cards where there is no membership, and apart from the members where there is one."""

from odoo import Command
from odoo.tests import tagged

from .test_discount_card import DiscountCardCase


@tagged("post_install", "-at_install")
class TestDiscountCardOnly(DiscountCardCase):
    """A shop that has discount cards and no membership: tills ask who the customer is all the same.

    That they do is shown in a browser: ``test_tours_prices.py``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.loyalty_points_program_id = False
        cls.program.active = False

    def test_tills_are_told_that_there_are_discount_cards(self):
        self.assertTrue(self.told_at_opening())
        self.company.loyalty_discount_program_id = False
        self.assertFalse(self.told_at_opening())

    def told_at_opening(self):
        """What a till that is opened learns of discount cards."""
        config = self.session.config_id.with_user(self.cashier)
        [row] = config._load_pos_data_read(config, config)
        return row["_loyalty_has_discounts"]

    def test_a_customer_chosen_by_name_has_the_band_of_this_moment(self):
        """The till knows the customer since it was opened; the second answer is no older."""
        before, after = self.told(), self.spend(200) and self.told()
        self.assertEqual(before["panel"]["discount"]["percent"], 0)
        self.assertEqual(after["panel"]["discount"]["percent"], 10)
        self.assertNotEqual(before["panel"]["pricelist_id"], after["panel"]["pricelist_id"])
        pricelist = self.env["product.pricelist"].browse(after["panel"]["pricelist_id"])
        self.assertEqual(pricelist.loyalty_tier_id.discount, 10)
        self.assertFalse(after["member"] or after["can_enrol"], "there is nothing to join")

    def told(self):
        """What the server answers when the cashier chooses the holder by name."""
        self.env.invalidate_all()  # every call of a till begins anew
        answer = self.till.member(self.session.id, {"partner_id": self.minh.id})
        self.assertTrue(answer["ok"], answer)
        return answer


@tagged("post_install", "-at_install")
class TestDiscountCardList(DiscountCardCase):
    """A manager's list of members: who holds a discount card is not among the club's."""

    def test_the_filters_part_members_from_holders(self):
        members = self.env["loyalty.member"].with_user(self.boss)
        holder = self.card.discount_member_id
        [members_filter, holders_filter] = [
            ("program_id.is_discount", "=", n) for n in (False, True)
        ]
        found = members.search([members_filter])
        self.assertIn(self.member, found)
        self.assertNotIn(holder, found)
        self.assertEqual(members.search([holders_filter]) & (found | holder), holder)

    def test_a_branch_knows_the_program_of_the_company_above(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        boss = self.office_user("branch-manager", "loyalty_cinema.group_manager")
        boss.write({"company_id": branch.id, "company_ids": [Command.set(branch.ids)]})
        env = self.env(user=boss, context={"allowed_company_ids": branch.ids})
        self.assertFalse(env["res.company"].search([("id", "=", self.company.id)]))
        programs = env["loyalty.program"].search([("is_discount", "=", True)])
        self.assertIn(self.discounts.id, programs.ids)
