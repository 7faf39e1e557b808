"""Recommendations of purchases that nobody made, over real JSON-RPC (L5)."""

from odoo import Command
from odoo.tests import tagged

from .test_rpc_attacks_points import PointsAttackCase


@tagged("post_install", "-at_install")
class TestRpcAttacksReferral(PointsAttackCase):
    """Rewards for recommendations without a purchase."""

    def setUp(self):
        super().setUp()
        self.program.write({"referral_points_referrer": 50, "referral_points_newcomer": 30})
        self.new = self.enrol(self.env["res.partner"].create({"name": "New"}), self.member)

    def assert_not_rewarded(self):
        self.assert_points(0, self.new.balance_id)
        self.assert_points(0)

    def test_l5_a_purchase_that_nobody_paid_rewards_nobody(self):
        newcomer = self.new.partner_id
        discount = self.line(self.snack, 1, -100, False)
        for name, lines, values in (
            ("free", [self.ticket(0)], {}),
            ("discounted", [self.ticket(100), discount], {}),
            ("taken back at once", [self.ticket(100), self.line(self.snack, -1, 100, False)], {}),
            ("forged total", [self.ticket(100)], {"amount_total": 0, "amount_paid": 0}),
        ):
            with self.subTest(name):
                self.send(*lines, partner=newcomer, paid=0, **values)
                self.assert_not_rewarded()

    def test_l5_a_combo_at_zero_rewards_nobody(self):
        parent, child = self.ticket(0), self.ticket(0)
        order = self.order([parent, child], [], partner_id=self.new.partner_id.id, state="draft")
        [draft] = self.rpc("pos.order", "sync_from_ui", [order])["pos.order"]
        lines = self.env["pos.order"].browse(draft["id"]).lines
        self.rpc("pos.order.line", "write", lines[1].ids, {"combo_parent_id": lines[0].id})
        self.rpc_or_refusal("pos.order", "action_pos_order_paid", draft["id"])
        self.assert_not_rewarded()

    def test_l5_a_purchase_given_back_rewards_nobody_whoever_it_is_written_to(self):
        for customer in (self.friend.partner_id.id, False, self.new.partner_id.id):
            with self.subTest(customer=customer):
                self.new = self.enrol(self.env["res.partner"].create({"name": "N"}), self.member)
                sold = self.send(self.ticket(100), partner=self.new.partner_id)
                self.assert_points(40, self.new.balance_id)
                self.rpc_or_refusal("pos.order", "write", sold.ids, {"partner_id": customer})
                self.send(self.back(sold.lines), partner=self.new.partner_id)
                self.assert_not_rewarded()

    def test_l5_a_sales_order_that_nobody_pays_rewards_nobody(self):
        newcomer = self.new.partner_id.id
        self.login(self.seller)

        def line(price):
            taxes = {"tax_ids": [Command.clear()]}
            return Command.create({"product_id": self.snack.id, "price_unit": price, **taxes})

        for mode in ("paid", "confirmed"):
            self.program.sale_earn_on = mode
            for lines in ([], [line(0)], [line(100), line(-100)]):
                values = {"partner_id": newcomer, "order_line": lines}
                order = self.rpc("sale.order", "create", [values])
                self.rpc_or_refusal("sale.order", "action_confirm", order)
                with self.subTest(mode=mode, lines=len(lines)):
                    self.assert_not_rewarded()

    def test_l5_nobody_recommends_himself_or_those_who_recommended_him(self):
        (self.partner | self.new.partner_id).write({"phone": "0911111111"})
        self.partner.phone = "0922222222"
        before = self.photograph()["members"]
        session = self.session.id
        for partner, phone in (
            (self.partner.id, "0911111111"),
            (self.partner.id, "0922222222"),
            (self.new.partner_id.id, "0911111111"),
            (False, "0922222222"),
        ):
            values = {"name": "Linh", "phone": "0922222222", "referrer_code": phone}
            self.rpc_or_refusal("loyalty.till", "enrol", session, values, partner)
        self.assertEqual(self.photograph()["members"], before)
