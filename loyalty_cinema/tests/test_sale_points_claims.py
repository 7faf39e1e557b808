"""Points spent on rewards of sales orders; points of Odoo's own programs."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..exceptions import InsufficientValue, LedgerProtected
from .sale_common import SalePointsCase


@tagged("post_install", "-at_install")
class TestSalePointsClaims(SalePointsCase):
    """Points spent on rewards of a sales order, and given back with it."""

    def setUp(self):
        super().setUp()
        self.reward = self.gift_reward(50)
        self.grant(60)

    def claimed(self, *lines):
        """A confirmed order on which a poster was claimed for 50 points."""
        order = self.quotation(*(lines or ((1, 100),)))
        order._update_programs_and_rewards()
        self.assertFalse(order._apply_program_reward(self.reward, self.points))
        return order

    def test_claims_cost_what_the_server_says(self):
        order = self.claimed()
        order.order_line.filtered("reward_id").points_cost = 1
        order.action_confirm()
        self.assertEqual(self.points.points, 10)
        self.assertEqual(order.order_line.filtered("reward_id").points_cost, 50)

    def test_a_discount_on_a_product_lowers_what_that_product_earns(self):
        self.earn_rule(rate=90, product_ids=self.poster.ids)
        self.reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "discount_applicability": "specific",
                "discount_product_ids": self.poster.ids,
                "discount": 50,
                "required_points": 60,
            }
        )
        order = self.claimed((1, 100), (1, 100, self.poster))
        order.action_confirm()
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 10 + 50)

    def test_points_spent_elsewhere_are_missed_at_confirmation(self):
        order = self.claimed()
        self.ledger.debit(self.points, 20, "redeem", self.key())
        with self.assertRaisesRegex(InsufficientValue, "Remove a reward"):
            order.action_confirm()

    def test_points_on_hold_or_pending_do_not_pay(self):
        order = self.claimed()
        self.ledger.authorize(self.points, 20, self.key())
        with self.assertRaisesRegex(InsufficientValue, "20.* on hold"):
            order.action_confirm()
        self.assertNotIn(self.points, self.quotation((1, 9))._get_claimable_rewards(self.points))

    def test_a_cancelled_order_gives_them_back_into_their_lots(self):
        lot = self.points.lot_ids
        order = self.claimed()
        order.action_confirm()
        self.assertEqual(self.points.points, 10)
        order._action_cancel()
        self.assertEqual(self.points.points, 60)
        self.assertEqual(lot.remaining, 60)
        self.assert_whole()

    def test_what_an_invoice_charges_comes_back_with_its_credit_note(self):
        """Cancelled, the goods stay sold for the price that the points made (M7)."""
        lot, order = self.points.lot_ids, self.claimed((2, 100))
        order.action_confirm()
        self.pay(self.invoice(order))
        self.assertEqual(self.points.points, 30)
        order._action_cancel()
        self.assertEqual(self.points.points, 10, "what the order earned is gone, the gift is kept")
        note = order.invoice_ids._reverse_moves([{}])
        gift = note.invoice_line_ids.filtered(lambda line: line.product_id == self.poster)
        (note.invoice_line_ids - gift).unlink()
        note.action_post()
        self.assertEqual(self.points.points, 60, "the gift was credited")
        note.button_draft()
        self.assertEqual(self.points.points, 10)
        note.button_cancel()
        order.invoice_ids.filtered(lambda m: m.state == "posted")._reverse_moves([{}]).action_post()
        self.assertEqual((self.points.points, lot.remaining), (60, 60))
        self.assert_whole()

    def test_cancelled_before_all_is_invoiced(self):
        """What no invoice charges comes back at once, also of Odoo's own cards."""
        card = self.native_card(50, partner=self.partner)
        order = self.quotation((1, 100))
        order._try_apply_code(card.code)
        order._apply_program_reward(self.native_gift.reward_ids, card)
        order.action_confirm()
        self.assertEqual(card.points, 0)
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        order._action_cancel()
        self.assertEqual(card.points, 0)
        invoice._reverse_moves([{}]).action_post()
        self.assertEqual(card.points, 50)
        self.assert_whole()

    def test_sold_again_it_pays_once(self):
        order = self.claimed()
        order.action_confirm()
        self.pay(self.invoice(order))
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.points.points, 10 + 10)
        self.assert_whole()

    def test_a_credited_gift_gives_its_points_back_once(self):
        order = self.claimed()
        order.action_confirm()
        self.pay(self.invoice(order))
        note = order.invoice_ids._reverse_moves([{}])
        note.action_post()
        self.assertEqual(self.points.points, 60)
        note.button_draft()
        self.assertEqual(self.points.points, 20)
        note.action_post()
        order._action_cancel()
        self.assertEqual(self.points.points, 60)
        self.assert_whole()

    def test_somebody_else_s_credit_note_gives_nothing_back(self):
        order = self.claimed()
        order.action_confirm()
        self.pay(self.invoice(order))
        note = order.invoice_ids._reverse_moves([{}])
        note.partner_id = self.person("Minh")
        note.action_post()
        self.assertEqual(self.points.points, 20)

    def test_a_note_whose_points_were_spent_again_stays_posted(self):
        order = self.claimed()
        order.action_confirm()
        note = self.invoice(order)._reverse_moves([{}])
        note.action_post()
        self.assertEqual(self.points.points, 60)
        self.ledger.debit(self.points, 50, "redeem", self.key())
        with self.assertRaises(InsufficientValue), self.cr.savepoint():
            note.button_draft()
        with self.assertRaises(InsufficientValue), self.cr.savepoint():
            note.button_cancel()
        self.assertEqual(self.points.points, 10)

    def test_odoo_s_own_points_go_with_the_goods(self):
        program = self.native_points()
        order = self.earned((4, 100))
        native = program.coupon_ids
        self.assertEqual(native.points, 400)
        note = self.credit(order, quantity=1)
        self.assertEqual(native.points, 300)
        note.button_draft()
        self.assertEqual(native.points, 400)
        note.action_post()
        order._action_cancel()
        self.assertEqual(native.points, 0)
        self.assert_whole()

    def test_one_touch_claims_one_and_it_stays_one(self):
        self.grant(240)
        order = self.claimed()
        gifts = order.order_line.filtered("reward_id")
        self.assertEqual((gifts.product_uom_qty, gifts.points_cost), (1, 50))
        order._update_programs_and_rewards()
        self.assertFalse(order._apply_program_reward(self.reward, self.points))
        order._update_programs_and_rewards()
        gifts = order.order_line.filtered("reward_id")
        self.assertEqual(gifts.mapped("product_uom_qty"), [1, 1])
        order.action_confirm()
        gifts = order.order_line.filtered("reward_id")
        self.assertEqual((sum(gifts.mapped("product_uom_qty")), self.points.points), (2, 200))

    def test_a_voucher_of_three_tickets_gives_one_at_a_time(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Free tickets",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "product",
                            "reward_product_id": self.poster.id,
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        voucher = self.native_card(3, program)
        order = self.quotation((1, 100))
        order._try_apply_code(voucher.code)
        self.assertFalse(order._apply_program_reward(program.reward_ids, voucher))
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(order.order_line.filtered("reward_id").product_uom_qty, 1)
        self.assertEqual(voucher.points, 2)

    def test_what_an_order_itself_gives_comes_all_at_once(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Buy two, get one",
                "program_type": "buy_x_get_y",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"product_ids": self.snack.ids, "minimum_qty": 2})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "product",
                            "reward_product_id": self.poster.id,
                            "required_points": 2,
                        }
                    )
                ],
            }
        )
        program.rule_ids.write({"reward_point_mode": "unit", "reward_point_amount": 1})
        order = self.quotation((4, 100))
        order._update_programs_and_rewards()
        coupon = order.coupon_point_ids.coupon_id.filtered(lambda c: c.program_id == program)
        self.assertFalse(order._apply_program_reward(program.reward_ids, coupon))
        self.assertEqual(order.order_line.filtered("reward_id").product_uom_qty, 2)

    def test_a_quotation_follows_a_merged_customer(self):
        order, other = self.claimed(), self.person("Linh B")
        self.grant(10, self.enrol(other).balance_id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | other).ids, other)
        order.invalidate_recordset()
        balance = self.program._member_balances(other)[other.id]
        self.assertEqual(order.order_line.coupon_id, balance)
        order.action_confirm()
        self.assertEqual(balance.points, 20)
        order._action_cancel()
        self.assertEqual(balance.points, 70)
        self.assert_whole()

    def test_a_product_that_became_a_load_is_not_sold_on_an_order(self):
        card = self.goods("Card")
        order = self.quotation((1, 100, card))
        card.product_tmpl_id.write({"taxes_id": [Command.clear()], "loyalty_load_type": "ewallet"})
        with self.assertRaisesRegex(ValidationError, "only be sold at the till"):
            order.action_confirm()

    def test_only_an_order_from_before_the_ledger_is_believed(self):
        for sold_on, given_back in (("2001-01-01", 30), (None, 0)):
            card = self.native_card(30)
            order = self.quotation((1, 100))
            order._try_apply_code(card.code)
            order._apply_program_reward(self.native_gift.reward_ids, card)
            self.env.flush_all()
            self.cr.execute(
                "UPDATE sale_order SET state = 'sale', create_date = COALESCE(%s, create_date) "
                "WHERE id = %s",
                (sold_on, order.id),
            )
            self.cr.execute(
                "UPDATE sale_order_line SET state = 'sale' WHERE order_id = %s", order.ids
            )
            self.env.invalidate_all()
            with self.subTest(sold_on):
                if given_back:
                    order._action_cancel()
                else:
                    with self.assertRaises(LedgerProtected), self.cr.savepoint():
                        order._action_cancel()
                self.assertEqual(card.points, 30 + given_back)
