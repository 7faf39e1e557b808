"""Orders earn on the server when they are paid: how much, when, for whom, at what cost."""

from datetime import timedelta

from odoo import fields, sql_db
from odoo.tests import tagged

from ..exceptions import LoadRefused, TenderRefused
from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestPointsEarned(PointsCase):
    """What an order earns, and what on it does not."""

    def test_a_paid_order_earns_by_the_rules_and_writes_its_shares(self):
        self.earn_rule(target="qualifying", kind="per_amount", rate=1, per_amount=20)
        order = self.buy(100, 50)
        self.assertEqual((self.points.points, self.points.qualifying_points), (15, 7))
        self.assertEqual(order.lines.mapped("loyalty_points"), [10, 5])
        self.assertEqual(order.lines.mapped("loyalty_qualifying"), [5, 2.5])
        block = order.loyalty_receipt["points"]
        self.assertEqual((block["program"], block["earned"], block["balance"]), ("Club", 15, 15))
        self.assert_whole()

    def test_l4_an_order_earns_once(self):
        order = self.buy(100)
        order.action_pos_order_paid()
        self.rule.rate = 50
        order.with_user(self.cashier).action_pos_order_paid()
        self.assertEqual(self.points.points, 10)
        key = f"earn:{order.id}:{self.program.id}"
        self.assertEqual(self.points.entry_ids.mapped("key"), [key])

    def test_nobody_and_who_is_no_member_earn_nothing(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.buy(100, partner_id=False)
        self.buy(100, partner_id=stranger.id)
        self.assertFalse(self.program.coupon_ids - self.points)

    def test_the_first_identified_purchase_enrols_where_the_program_says(self):
        self.program.auto_enrol = True
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.buy(100, partner_id=stranger.id)
        member = self.env["loyalty.member"].search([("partner_id", "=", stranger.id)])
        self.assertEqual((member.points, member.channel), (10, "automatic"))

    def test_who_has_left_is_not_enrolled_again(self):
        self.program.auto_enrol = True
        self.member.active = False
        self.buy(100)
        self.assertEqual((self.points.points, self.member.active), (0, False))

    def test_loads_tips_and_excluded_goods_do_not_earn(self):
        self.config.tip_product_id = self.poster
        deposit = self.goods("Deposit", loyalty_no_earn=True)
        card = self.native_gift.rule_ids.product_ids
        lines = [self.line(product, 1, 30, False) for product in (self.poster, deposit, card)]
        self.buy(100, lines=[*lines, self.topup_line(50)])
        self.assertEqual(self.points.points, 10)

    def test_what_is_on_account_earns_as_its_method_says(self):
        self.close()
        account = self.env["pos.payment.method"].create(
            {
                "name": "Customer account",
                "split_transactions": True,
                "loyalty_on_account": "nothing",
            }
        )
        self.config.payment_method_ids |= account
        self.open_session()
        sold = self.buy(100, payments=[(account, 60, False), (self.cash, 40, False)])
        self.assertEqual(self.points.points, 4)
        self.give_back((sold.lines, 1), payments=[(account, -60, False), (self.cash, -40, False)])
        self.assertEqual(self.points.points, 0)
        self.close()
        account.loyalty_on_account = "at_once"
        self.open_session()
        self.buy(100, payments=[(account, 60, False), (self.cash, 40, False)])
        self.assertEqual(self.points.points, 10)

    def test_a_tip_after_the_payment_is_added_as_odoo_adds_it(self):
        self.config.tip_product_id = self.poster
        order = self.buy(100)
        lines = self.env["pos.order.line"].with_user(self.cashier)
        lines.create({**self.line(self.poster, 1, 15, False), "order_id": order.id})
        with self.assertRaises(LoadRefused), self.cr.savepoint():
            lines.create({**self.ticket(15), "order_id": order.id})
        self.give_back((order.lines[0], 1))
        self.assertEqual(self.points.points, 0)

    def test_what_a_discount_takes_off_does_not_earn(self):
        self.buy(100, lines=[self.line(self.snack, 1, -20, False)])
        self.assertEqual(self.points.points, 8)

    def test_stored_value_earns_its_bonus_part_does_not(self):
        self.scheme(25)
        self.buy(lines=[self.topup_line(100)])
        order = self.order([self.ticket(100)])
        key = self.authorize(order["uuid"], 100)["key"]
        self.sync(self.order([self.ticket(100)], [(self.tender, 100, key)], uuid=order["uuid"]))
        self.assertEqual(self.points.points, 8, "80 of the 100 were paid for")

    def test_stored_value_does_not_earn_where_the_program_says(self):
        self.program.earn_on_stored_value = False
        self.buy(lines=[self.topup_line(100)])
        order = self.order([self.ticket(100)])
        key = self.authorize(order["uuid"], 60)["key"]
        payments = [(self.tender, 60, key), (self.cash, 40, False)]
        self.sync(self.order([self.ticket(100)], payments, uuid=order["uuid"]))
        self.assertEqual(self.points.points, 4)

    def test_lots_wait_and_expire_as_the_program_says(self):
        self.program.write({"pending_mode": "days", "pending_days": 3})
        self.program.write({"points_expiry": "months", "expiry_months": 1})
        order = self.buy(100)
        lot = self.points.lot_ids
        self.assertEqual(
            (self.points.points, self.points.pending, self.points.available), (10, 10, 0)
        )
        self.assertGreater(lot.expires_on, lot.available_on)
        block = order.loyalty_receipt["points"]
        self.assertEqual(block["pending"], 10)
        self.assertEqual(block["available_on"], fields.Date.to_string(lot.available_on))

    def test_a_cap_per_day_counts_the_orders_of_one_batch_and_of_others(self):
        self.rule.cap_day = 25
        orders = [self.order([self.ticket(100)], [(self.cash, 100, False)]) for _order in range(2)]
        self.env["pos.order"].with_user(self.cashier).sync_from_ui(orders)
        self.assertEqual(self.points.points, 20)
        self.buy(100)
        self.assertEqual(self.points.points, 25)

    def test_a_refund_gives_the_cap_back(self):
        self.rule.cap_day = 10
        order = self.buy(100)
        self.give_back((order.lines, 1))
        self.buy(100)
        self.assertEqual(self.points.points, 10)

    def test_a_till_does_not_choose_its_happy_hour(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        moments = [self.program._moment(at) for at in (fields.Datetime.now(), yesterday)]
        self.earn_rule(kind="multiplier", rate=5, **{weekday[moments[0][1]]: False})
        self.buy(100, date_order=fields.Datetime.to_string(yesterday))
        self.assertEqual(self.points.points, 10)

    def test_the_newcomers_first_purchase_rewards_both_until_it_is_given_back(self):
        self.program.write({"referral_points_referrer": 30, "referral_points_newcomer": 20})
        friend = self.enrol(self.env["res.partner"].create({"name": "Friend"}), self.member)
        order = self.buy(100, 100, partner_id=friend.partner_id.id)
        self.buy(100, partner_id=friend.partner_id.id)
        self.assertEqual((self.member.points, friend.points), (30, 50))
        self.give_back((order.lines[0], 1), partner_id=friend.partner_id.id)
        self.assertEqual((self.member.points, friend.points), (30, 40))
        self.give_back((order.lines[1], 1), partner_id=friend.partner_id.id)
        self.assertEqual((self.member.points, friend.points), (0, 10))
        self.assert_whole()

    def test_two_purchases_in_one_batch_reward_for_the_first(self):
        self.program.referral_points_referrer = 30
        friend = self.enrol(self.env["res.partner"].create({"name": "Friend"}), self.member)
        values = {"partner_id": friend.partner_id.id}
        orders = [self.order([self.ticket()], [(self.cash, 100, False)], **values) for _n in "12"]
        self.env["pos.order"].with_user(self.cashier).sync_from_ui(orders)
        self.assertEqual((self.member.points, friend.points), (30, 20))

    def test_a_refused_order_costs_the_others_of_its_batch_nothing(self):
        good = self.order([self.ticket()], [(self.cash, 100, False)])
        bad = self.order([self.ticket()], [(self.tender, 100, "invented")])
        with self.assertRaises(TenderRefused), self.cr.savepoint():
            self.env["pos.order"].with_user(self.cashier).sync_from_ui([dict(good), bad])
        self.env.invalidate_all()
        self.assertEqual(self.points.points, 0)
        self.sync(good)
        self.assertEqual(self.points.points, 10)

    def test_the_back_office_pays_and_earns_too(self):
        order = self.sync(self.order([self.ticket(100)], [], state="draft"))
        wizard = self.env["pos.make.payment"].with_context(active_id=order.id, active_ids=order.ids)
        wizard.create({"amount": 100, "payment_method_id": self.cash.id}).check()
        self.assertEqual((order.state, self.points.points), ("paid", 10))


@tagged("post_install", "-at_install")
class TestPointsBatch(PointsCase):
    """What a batch of orders costs, and what they see of each other."""

    def batch(self, count):
        guests = self.env["res.partner"].create([{"name": f"Guest {n}"} for n in range(count)])
        self.enrol(guests)
        return [
            self.order([self.ticket(20)], [(self.cash, 20, False)], partner_id=guest.id)
            for guest in guests
        ]

    def statements(self, orders):
        """How many statements the earning of these orders takes."""
        model, counts = type(self.env["pos.order"]), []
        plain = model._earn

        def counted(self):
            self.env.flush_all()
            before = sql_db.sql_counter
            plain(self)
            counts.append(sql_db.sql_counter - before)

        self.patch(model, "_earn", counted)
        self.env["pos.order"].with_user(self.cashier).sync_from_ui(orders)
        self.patch(model, "_earn", plain)
        return sum(counts)

    def test_statements_of_earning_do_not_grow_with_the_orders(self):
        self.statements(self.batch(2))  # fill the caches
        few, many = self.statements(self.batch(5)), self.statements(self.batch(40))
        self.assertLessEqual(many - few, 5, f"{few} statements for 5 orders, {many} for 40")

    def test_the_orders_of_a_batch_tell_the_till_what_they_earned(self):
        orders = self.batch(3)
        answer = self.env["pos.order"].with_user(self.cashier).sync_from_ui(orders)
        earned = [order["loyalty_receipt"]["points"]["earned"] for order in answer["pos.order"]]
        self.assertEqual(earned, [2, 2, 2])

    def test_a_refund_in_a_batch_and_a_sale_beside_it(self):
        sold = self.buy(lines=[self.pieces(2, 50)])
        sale = self.order([self.ticket(30)], [(self.cash, 30, False)])
        back = self.order([self.back_line(sold.lines, 1)], [(self.cash, -50, False)])
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([sale, back])
        self.assertEqual(self.points.points, 8)
        self.assert_whole()

    def test_a_batch_enrols_all_new_customers_at_once(self):
        self.program.auto_enrol = True
        guests = self.env["res.partner"].create([{"name": f"Guest {n}"} for n in range(3)])
        orders = [
            self.order([self.ticket(20)], [(self.cash, 20, False)], partner_id=guest.id)
            for guest in guests
        ]
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([*orders, *self.batch(1)])
        members = self.env["loyalty.member"].search([("partner_id", "in", guests.ids)])
        self.assertEqual(members.mapped("points"), [2, 2, 2])
