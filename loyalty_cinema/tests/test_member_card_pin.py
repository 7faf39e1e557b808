from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..exceptions import BalanceUnusable, LoyaltyError, ReasonMissing
from ..models.loyalty_code_attempt import FAILURES_MAX
from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestPin(LoyaltyCase):
    """PINs of cards and managers, and what stops guessing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("password.hashing.rounds", 1)
        cls.config = cls.env["pos.config"].create({"name": "Till 1"})
        cls.other_config = cls.env["pos.config"].create({"name": "Till 2"})
        cls.boss, cls.clerk = cls.manager(), cls.cashier()
        cls.approval = cls.env["loyalty.approval"].with_user(cls.clerk)
        cls.attempt = cls.env["loyalty.code.attempt"].with_user(cls.clerk)

    def test_pin_is_hashed_like_a_password(self):
        card = self.member_card()
        card._set_pin("1234")
        self.assertNotIn("1234", card.pin_hash)
        self.assertEqual(
            self.env["res.users"]._crypt_context().identify(card.pin_hash), "pbkdf2_sha512"
        )
        self.assertTrue(card._verify_pin("1234"))
        for wrong in ("1235", "", False, None):
            self.assertFalse(card._verify_pin(wrong))
        self.assertFalse(card.browse()._verify_pin("1234"), "an unknown card answers the same")

    def test_pin_is_four_to_eight_digits(self):
        card = self.member_card()
        for wrong in ("123", "123456789", "12a4", "١٢٣٤", ""):
            with self.assertRaises(LoyaltyError):
                card._set_pin(wrong)

    def test_kind_that_asks_for_a_pin_needs_it_before_activation(self):
        self.kind_prepaid.pin_required = True
        card = self.member_card(active=False)
        with self.assertRaisesRegex(BalanceUnusable, "needs a PIN"):
            card._activate()
        card._set_pin("1234")
        card._activate()

    def test_ten_failures_stop_the_user_at_every_till_and_the_till_for_every_user(self):
        for _guess in range(FAILURES_MAX):
            self.assertFalse(self.attempt._check_rate(self.config))
            self.attempt._record_failure(self.config)
        self.assertIn("Too many", self.attempt._check_rate(self.config))
        self.assertIn("Too many", self.attempt._check_rate(self.other_config))
        colleague = self.attempt.with_user(self.cashier("colleague"))
        self.assertIn("Too many", colleague._check_rate(self.config))
        self.assertFalse(colleague._check_rate(self.other_config))
        self.env.cr.execute("UPDATE loyalty_code_attempt SET date = date - interval '11 minutes'")
        self.env.invalidate_all()
        self.assertFalse(self.attempt._check_rate(self.config))

    def test_manager_approves_by_pin_once(self):
        self.boss.loyalty_pin = "9753"
        self.assertFalse(self.boss.loyalty_pin, "never shown again")
        granted = self.approval._grant(
            "cash_refund", self.boss.id, "9753", "film broke", self.config, order_uuid="o-1"
        )
        self.assertEqual(
            (granted.manager_id, granted.cashier_id, granted.reason),
            (self.boss, self.clerk, "film broke"),
        )
        self.assertFalse(self.approval._use("cash_refund", order_uuid="o-2"))
        self.assertEqual(self.approval._use("cash_refund", order_uuid="o-1"), granted)
        self.assertFalse(self.approval._use("cash_refund", order_uuid="o-1"), "used up")

    def test_one_answer_and_a_count_for_every_wrong_approval(self):
        self.boss.loyalty_pin = "9753"
        self.clerk.loyalty_pin = "1111"
        guesses = [
            (self.boss.id, "0000"),
            (self.boss.id, False),
            (self.clerk.id, "1111"),
            (-1, "1"),
        ]
        answers = {self.refusal_of_approval(pin, manager_id) for manager_id, pin in guesses}
        self.assertEqual(len(answers), 1)
        self.assertTrue(all(answers))
        with self.assertRaises(ReasonMissing):
            self.approval._grant("block", self.boss.id, "9753", " ", self.config)

    def test_wrong_approvals_are_counted(self):
        for _guess in range(FAILURES_MAX):
            self.assertNotIn("Too many", self.refusal_of_approval("0000"))
        self.boss.loyalty_pin = "9753"
        self.assertIn("Too many", self.refusal_of_approval("9753"), "even with the right PIN")

    def test_manager_at_the_own_till_needs_no_pin(self):
        granted = self.approval.with_user(self.boss)._grant(
            "block", False, False, "why", self.config
        )
        self.assertEqual(granted.manager_id, self.boss)

    def test_users_set_only_their_own_pin(self):
        self.clerk.with_user(self.clerk).loyalty_pin = "1111"
        with self.assertRaises(AccessError):
            self.boss.with_user(self.clerk).loyalty_pin = "1111"
        self.assertFalse(self.boss.loyalty_pin_hash)

    def refusal_of_approval(self, pin, manager_id=None):
        """The text of a refusal, as a till gets it: caught, nothing rolled back."""
        try:
            self.approval._grant("block", manager_id or self.boss.id, pin, "why", self.config)
        except LoyaltyError as refusal:
            return str(refusal)
        return ""
