from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..exceptions import InsufficientValue, LoyaltyError, ReasonMissing
from .member_common import MemberCase


@tagged("post_install", "-at_install")
class TestAdjustment(MemberCase):
    """Points by hand: with a reason, above the limit with four eyes, undone by naming it."""

    def setUp(self):
        super().setUp()
        self.mai = self.member("Mai", points=100)
        self.program.grant_limit = 50

    def adjust(self, points=0, qualifying=0, user=None, reason="Birthday", submit=True):
        adjustment = self.env["loyalty.adjustment"].with_user(user or self.boss)
        adjustment = adjustment.create(
            {
                "member_id": self.mai.id,
                "points": points,
                "qualifying_points": qualifying,
                "reason": reason,
            }
        )
        if submit:
            adjustment.action_submit()
        return adjustment

    def test_a_grant_is_posted_once_with_its_reason(self):
        grant = self.adjust(20, 3)
        entry = grant.sudo().entry_id
        self.assertEqual((grant.state, grant.approver_id), ("done", self.boss))
        self.assertEqual((self.mai.points, self.mai.qualifying_points), (120, 3))
        self.assertEqual((entry.kind, entry.reason), ("adjust", "Birthday"))
        self.assertEqual(entry.key, f"adjustment:{grant.id}")
        with self.assertRaises(LoyaltyError):
            grant.action_submit()
        self.assert_whole(self.mai.balance_id)

    def test_a_correction_takes_what_is_there(self):
        self.adjust(-40)
        self.assertEqual(self.mai.points, 60)
        self.program.grant_limit = 0
        with self.assertRaises(InsufficientValue):
            self.adjust(-61)

    def test_a_reason_is_required(self):
        with self.assertRaises(ReasonMissing):
            self.adjust(5, reason="  ")

    def test_above_the_limit_another_manager_approves(self):
        grant = self.adjust(51)
        self.assertEqual((grant.state, self.mai.points), ("to_approve", 100))
        self.assertIn(self.other_boss, grant.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError):
            grant.action_approve()
        grant.with_user(self.other_boss).action_approve()
        self.assertEqual((grant.state, self.mai.points), ("done", 151))
        self.assertFalse(grant.sudo().activity_ids)

    def test_many_small_grants_are_one_large(self):
        self.adjust(30)
        self.assertEqual(self.adjust(30).state, "to_approve")
        self.assertEqual(self.adjust(20, user=self.other_boss).state, "done", "somebody else's")

    def test_who_submits_has_asked(self):
        draft = self.adjust(51, submit=False)
        draft.with_user(self.other_boss).action_submit()
        with self.assertRaises(AccessError):
            draft.with_user(self.other_boss).action_approve()
        draft.action_approve()
        self.assertEqual(draft.approver_id, self.boss)

    def test_a_refused_grant_gives_nothing(self):
        grant = self.adjust(51)
        grant.with_user(self.other_boss).action_refuse()
        self.assertEqual((grant.state, self.mai.points), ("refused", 100))
        with self.assertRaises(LoyaltyError):
            grant.with_user(self.other_boss).action_approve()

    def test_undoing_names_what_it_undoes(self):
        grant = self.adjust(20, 3)
        undo = self.env["loyalty.adjustment"].browse(grant.action_undo()["res_id"])
        self.assertEqual((undo.undoes_id, undo.state), (grant, "done"))
        self.assertEqual(undo.entry_id.reverses_id, grant.sudo().entry_id)
        self.assertEqual((self.mai.points, self.mai.qualifying_points), (100, 0))
        taken = self.adjust(-20)
        taken.action_undo()
        self.assertEqual(self.mai.points, 100)
        self.assert_whole(self.mai.balance_id)

    def test_no_step_is_taken_by_writing(self):
        grant = self.adjust(51)
        for values in (
            {"state": "done"},
            {"user_id": self.other_boss.id},
            {"approver_id": self.other_boss.id},
            {"points": 1},
        ):
            with self.assertRaises(UserError):
                grant.write(values)
        with self.assertRaises(AccessError):
            self.env["loyalty.adjustment"].with_user(self.boss).create(
                {"member_id": self.mai.id, "points": 1, "reason": "x", "state": "to_approve"}
            )
        with self.assertRaises(LoyaltyError):
            grant.unlink()

    def test_cashiers_grant_nothing(self):
        with self.assertRaises(AccessError):
            self.adjust(1, user=self.cashier())

    def test_odoos_wizard_goes_the_same_way(self):
        def update(new_balance):
            wizard = self.env["loyalty.card.update.balance"].with_user(self.pos_boss())
            wizard.create(
                {
                    "card_id": self.mai.balance_id.id,
                    "new_balance": new_balance,
                    "description": "Counted again",
                }
            ).action_update_card_point()

        update(130)
        self.assertEqual(self.mai.points, 130)
        update(1000)
        self.assertEqual(self.mai.points, 130)
        waiting = self.env["loyalty.adjustment"].search(
            [("state", "=", "to_approve"), ("member_id", "=", self.mai.id)]
        )
        self.assertEqual(waiting.points, 870)

    def pos_boss(self):
        return self.env["res.users"].search([("login", "=", "pos-boss-of-the-test")]) or self.user(
            "pos-boss", "point_of_sale.group_pos_manager,base.group_user"
        )
