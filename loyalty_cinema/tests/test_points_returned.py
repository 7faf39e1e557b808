"""What was spent on refunded goods comes back; credit notes of the back office do the same."""

from odoo import Command
from odoo.addons.loyalty_cinema.exceptions import RewardRefused
from odoo.tests import tagged

from ..domain.amounts import to_decimal
from ..exceptions import LoyaltyError, TenderRefused
from .claim_common import ClaimCase
from .points_common import PointsCase
from .tender_common import PointsTenderCase


@tagged("post_install", "-at_install")
class TestClaimsReturned(PointsCase):
    """What was spent on refunded rewards comes back, into the lots it came from."""

    def claim(self, reward, balance, cost, price=20):
        """The lines of a gift: the product, and the discount that makes it free."""
        gift = self.line(self.poster, 1, price, False)
        discount = {
            **self.line(reward.discount_line_product_id, 1, -price, False),
            "is_reward_line": True,
            "reward_id": reward.id,
            "coupon_id": balance.id,
            "points_cost": cost,
            "reward_identifier_code": "gift",
        }
        return [gift, discount]

    def test_points_of_a_refunded_gift_come_back_into_their_lots(self):
        self.grant(60)
        [lot] = self.points.lot_ids
        reward = self.gift_reward(50)
        order = self.buy(100, lines=self.claim(reward, self.points, 50))
        self.assertEqual(self.points.points, 20)
        self.assertEqual(order.loyalty_receipt["points"]["spent"], 50)
        gift = order.lines.filtered(lambda line: line.product_id != self.snack)
        refund = self.give_back(*((line, 1) for line in gift))
        self.assertEqual((self.points.points, lot.remaining), (70, 60))
        self.assertEqual(refund.loyalty_receipt["points"]["given_back"], 50)
        self.assert_whole()

    def test_l4_a_gift_comes_back_once(self):
        self.grant(50)
        order = self.buy(100, lines=self.claim(self.gift_reward(50), self.points, 50))
        gift = order.lines.filtered(lambda line: line.product_id != self.snack)
        self.give_back(*((line, 1) for line in gift))
        with self.assertRaises(RewardRefused):
            self.give_back(*((line, 1) for line in gift))
        self.assertEqual(self.points.points, 60)

    def test_l5_a_sale_that_names_a_reward_brings_no_points_back(self):
        self.grant(50)
        order = self.buy(100, lines=self.claim(self.gift_reward(50), self.points, 50))
        left = self.points.points
        reward = order.lines.filtered("reward_id")
        for product, qty in ((self.snack, 1), (reward.product_id, 1), (self.snack, -1)):
            line = self.line(product, qty, 20, reward.id)
            with self.subTest(product.name, qty=qty), self.assertRaises(RewardRefused):
                self.sync(self.order([line], [(self.cash, 20 * qty, False)]))
        self.assertEqual(self.points.points, left)

    def test_a_coupon_is_usable_again_after_a_full_refund(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Coupons",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {})],
                "reward_ids": [
                    (0, 0, {"reward_type": "discount", "discount": 20, "required_points": 1})
                ],
            }
        )
        coupon = self.native_card(1, program)
        line = {**self.claim_line(coupon, 20, 1)}
        order = self.buy(100, lines=[line])
        self.assertEqual((coupon.points, self.points.points), (0, 8))
        self.give_back(*((line, 1) for line in order.lines))
        self.assertEqual((coupon.points, self.points.points), (1, 0))
        found = self.config.use_coupon_code(coupon.code, "2026-01-15 10:00:00", False, False)
        self.assertTrue(found["successful"], found)

    def test_a_coupon_for_the_next_order_goes_with_the_order_that_brought_it(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Next order",
                "program_type": "next_order_coupons",
                "trigger": "auto",
                "applies_on": "future",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {"reward_point_mode": "order"})],
                "reward_ids": [(0, 0, {"reward_type": "discount", "discount": 20})],
            }
        )
        order = self.buy(100)
        data = {"-1": {"points": 1, "program_id": program.id, "coupon_id": -1, "barcode": "044"}}
        order.with_user(self.cashier).confirm_coupon_programs(data)
        self.assertEqual(program.coupon_ids.points, 1)
        self.give_back((order.lines, 1))
        self.assertEqual(program.coupon_ids.points, 0)


@tagged("post_install", "-at_install")
class TestPaidWithPoints(PointsTenderCase):
    """Goods that points paid for a part of: refunds and exchanges."""

    def setUp(self):
        super().setUp()
        self.grant(400)
        self.sold = self.pay_by_points(40, lines=[self.pieces(2, 50)])
        self.assertEqual(self.points.points, 6)

    def test_a_refund_gives_points_and_money_back(self):
        payments = [(self.by_points, -40, False), (self.cash, -60, False)]
        self.give_back((self.sold.lines, 2), payments=payments)
        self.assertEqual(self.points.points, 400)
        self.assert_whole()

    def test_an_exchange_earns_on_what_money_paid(self):
        exchange = self.give_back((self.sold.lines, 2), lines=[self.ticket(100)])
        self.assertEqual(self.points.points, 6)
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.give_back((exchange.lines[-1], 1))
        payments = [(self.by_points, -40, False), (self.cash, -60, False)]
        self.give_back((exchange.lines[-1], 1), payments=payments)
        self.assertEqual(self.points.points, 400)

    def test_an_exchange_of_one_piece_earns_on_its_share(self):
        self.give_back((self.sold.lines, 1), lines=[self.ticket(150)])
        self.assertEqual(self.points.points, 3 + 13, "50 of the 150 were paid as the piece was")


@tagged("post_install", "-at_install")
class TestCreditNotes(PointsCase):
    """A credit note of the back office on the invoice of an order takes points back, too."""

    def invoiced(self, *prices):
        order = self.buy(*prices, to_invoice=True)
        self.assertTrue(order.account_move)
        return order

    def credit(self, order, share=1):
        """Credit a share of the order's invoice."""
        reversal = order.account_move._reverse_moves([{"ref": "?"}])
        for line in reversal.invoice_line_ids:
            line.price_unit = float(to_decimal(line.price_unit) * to_decimal(share))
        reversal.action_post()
        return reversal

    def test_a_full_credit_note_takes_all_back(self):
        self.credit(self.invoiced(100, 50))
        self.assertEqual(self.points.points, 0)
        self.assert_whole()

    def test_partial_credit_notes_take_their_share_and_end_at_zero(self):
        order = self.invoiced(100)
        left = []
        for share in (0.25, 0.25, 0.5):
            self.credit(order, share)
            left.append(self.points.points)
        self.assertEqual(left, [7, 5, 0])

    def test_a_refund_at_the_till_after_a_credit_note_takes_nothing_twice(self):
        order = self.invoiced(100)
        self.credit(order)
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.give_back((order.lines, 1))
        order = self.invoiced(100)
        self.credit(order, 0.5)
        self.give_back((order.lines, 0.5))
        self.assertEqual(self.points.points, 0)


@tagged("post_install", "-at_install")
class TestClaimsCredited(ClaimCase):
    """A credit note gives back what rewards cost as far as it credits them, and undoes it (I6)."""

    def setUp(self):
        super().setUp()
        self.grant(60)
        groups = self.env.ref("base.group_user") | self.env.ref("account.group_account_invoice")
        values = {"login": "biller-of-claims", "group_ids": [Command.set(groups.ids)]}
        self.biller = self.cashier.copy(values)

    def noted(self, order, keep=None):
        """A posted credit note of the invoice, of the products ``keep`` or of all, by a biller."""
        note = order.account_move._reverse_moves([{}])
        if keep:
            lines = note.invoice_line_ids
            (lines - lines.filtered(lambda line: line.product_id in keep)).unlink()
        note.with_user(self.biller).action_post()
        return note

    def test_a_gift_comes_back_when_it_is_credited(self):
        reward = self.gift_reward(50)
        order = self.claim(
            self.reward_line(reward, 20), goods=[self.poster_line()], to_invoice=True
        )
        self.assertEqual(self.points.points, 10 + 10)
        note = self.noted(order, self.snack)
        self.assertEqual(self.points.points, 10, "the ticket earned nothing, the gift is kept")
        note.button_draft()
        self.assertEqual(self.points.points, 20)
        note.button_cancel()
        note = self.noted(order)
        self.assertEqual(self.points.points, 60)
        note.button_draft()
        self.assertEqual(self.points.points, 20)
        note.action_post()
        self.assertEqual(self.points.points, 60)
        self.assert_whole()

    def test_what_came_back_and_was_used_stays_credited(self):
        reward = self.gift_reward(50)
        order = self.claim(
            self.reward_line(reward, 20), goods=[self.poster_line()], to_invoice=True
        )
        note = self.noted(order)
        self.assertEqual(self.points.points, 60)
        self.claim(self.reward_line(reward, 20), goods=[self.poster_line()])
        with self.assertRaises(LoyaltyError), self.cr.savepoint():
            note.button_draft()
        with self.assertRaises(LoyaltyError), self.cr.savepoint():
            note.button_cancel()
        self.assertEqual(note.state, "posted")
        self.assert_whole()

    def test_odoo_s_own_card_by_its_part(self):
        card = self.native_card(50)
        order = self.buy(100, lines=[self.claim_line(card, 40)], to_invoice=True)
        self.assertEqual(card.points, 10)
        note = order.account_move._reverse_moves([{}])
        for line in note.invoice_line_ids:
            line.quantity = line.quantity / 2
        note.action_post()
        self.assertEqual(card.points, 30)
        note.button_draft()
        self.assertEqual(card.points, 10)
        self.assert_whole()

    def test_a_recommendation_is_earned_again_when_the_note_is_undone(self):
        self.program.write({"referral_points_referrer": 7, "referral_points_newcomer": 3})
        newcomer = self.enrol(self.env["res.partner"].create({"name": "New"}), self.member)
        order = self.buy(100, partner_id=newcomer.partner_id.id, to_invoice=True)
        self.assertEqual((self.points.points, newcomer.balance_id.points), (67, 13))
        note = self.noted(order)
        for _time in range(2):
            self.assertEqual((self.points.points, newcomer.balance_id.points), (60, 0))
            note.button_draft()
            self.assertEqual((self.points.points, newcomer.balance_id.points), (67, 13))
            note.action_post()
        self.assertEqual((self.points.points, newcomer.balance_id.points), (60, 0))
        self.assert_whole()

    def test_points_below_zero_are_given_again(self):
        order = self.buy(1000, to_invoice=True)
        self.ledger.debit(self.points, 150, "redeem", self.key())
        note = self.noted(order)
        self.assertEqual((self.points.points, self.points.overdraft), (-90, 90))
        note.button_draft()
        self.assertEqual((self.points.points, self.points.overdraft), (10, 0))
        self.assert_whole()
