"""An order becomes paid in one place and is closed from then on, over real JSON-RPC (L4, L5)."""

from uuid import uuid4

from odoo import Command, fields
from odoo.tests import tagged

from .rpc_common import RpcTillCase


class ClosedCase(RpcTillCase):
    """Orders as a cashier writes them by RPC."""

    def sold(self, lines=None, payments=None, **values):
        """A paid order: a ticket of 100 for cash unless told otherwise."""
        order = self.order(lines or [self.ticket()], **values)
        payments = payments or [(self.cash, order["amount_total"], False)]
        answer = self.rpc("pos.order", "sync_from_ui", [self.paid_in(order, *payments)])
        return self.env["pos.order"].browse(answer["pos.order"][-1]["id"])

    def created(self, **values):
        """What ``pos.order.create`` makes of a ticket of 100 paid in cash."""
        order = self.order([self.ticket()], [(self.cash, 100, False)], **values)
        return self.env["pos.order"].browse(self.rpc("pos.order", "create", [order]))

    def assert_not_written(self, record, **values):
        with self.subTest(record._name, **values):
            self.assert_refused(record._name, "write", record.ids, values)


@tagged("post_install", "-at_install")
class TestRpcAttacksBornPaid(ClosedCase):
    """Every way to a state but the settlement."""

    def test_l5_an_order_is_born_a_draft_or_cancelled(self):
        for asked, state in {"paid": "draft", "done": "draft", "cancel": "cancel"}.items():
            with self.subTest(asked):
                order = self.created(state=asked)
                self.assertEqual(order.state, state)
                self.assertFalse(order.loyalty_settled)
        copied = self.rpc("pos.order", "copy", order.ids, {"state": "paid", "uuid": str(uuid4())})
        copied = copied[0] if isinstance(copied, list) else copied
        self.assertEqual(self.env["pos.order"].browse(copied).state, "draft")

    def test_l5_nobody_writes_paid(self):
        order = self.created()
        self.assert_all_refused(
            {
                "paid": ("pos.order", "write", [order.ids, {"state": "paid"}]),
                "done": ("pos.order", "write", [order.ids, {"state": "done"}]),
                "by its session": (
                    "pos.session",
                    "write",
                    [
                        self.session.ids,
                        {"order_ids": [Command.update(order.id, {"state": "paid"})]},
                    ],
                ),
                "by an invoice": ("pos.order", "action_pos_order_invoice", [order.ids]),
            }
        )
        self.assertEqual(order.state, "draft")

    def test_l4_paying_settles_once(self):
        """Odoo's own way, the payment button of the office, goes on working."""
        order = self.created()
        self.rpc("pos.order", "action_pos_order_paid", order.ids)
        self.assertEqual((order.state, order.loyalty_settled), ("paid", True))
        self.assertTrue(self.rpc("pos.order", "action_pos_order_paid", order.ids))
        order.state = "done"
        self.rpc("pos.order", "action_pos_order_paid", order.ids)
        self.assertEqual(order.state, "done")
        self.assert_not_written(order, state="paid")

    def test_the_office_pays_a_draft(self):
        self.cashier.group_ids += self.env.ref("point_of_sale.group_pos_manager")
        order = self.created(payment_ids=[])
        context = {"active_id": order.id}
        values = {"payment_method_id": self.cash.id, "amount": 100, "config_id": self.config.id}
        wizard = self.rpc("pos.make.payment", "create", values, context=context)
        self.rpc("pos.make.payment", "check", [wizard], context=context)
        self.assertEqual((order.state, order.loyalty_settled), ("paid", True))

    def test_l5_an_order_of_a_closed_session_is_not_paid(self):
        session = self.session
        self.close()
        order = self.created(session_id=session.id)
        self.assert_refused("pos.order", "action_pos_order_paid", order.ids)

    def test_an_order_is_not_sold_in_the_future(self):
        late = fields.Datetime.add(fields.Datetime.now(), years=1)
        order = self.sold(date_order=fields.Datetime.to_string(late))
        self.assertLessEqual(order.date_order, fields.Datetime.now())


@tagged("post_install", "-at_install")
class TestRpcAttacksPaidOrder(ClosedCase):
    """A paid order, settled or from before the addon, is closed for all that moves value."""

    def paid_orders(self):
        """One that was settled, and one that was paid before this addon was there."""
        old = self.sold()
        old.loyalty_settled = False
        return self.sold() | old

    def test_l4_what_a_paid_order_sold_and_took_stays(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        bank = self.config.payment_method_ids.filtered(lambda method: method.type == "bank")[:1]
        for order in self.paid_orders():
            for values in (
                {"partner_id": stranger.id},
                {"partner_id": False},
                {"session_id": False},
                {"date_order": "2020-01-01 00:00:00"},
                {"amount_total": 1},
                {"amount_paid": 1000},
                {"is_refund": True},
                {"uuid": str(uuid4())},
                {"config_id": False},
                {"lines": [Command.create(self.ticket(1))]},
                {"lines": [Command.create(self.topup_line(100))]},
                {"lines": [Command.create(self.claim_line(self.gift, 50))]},
                {"lines": [Command.update(order.lines.id, {"price_unit": 1})]},
                {"lines": [Command.delete(order.lines.id)]},
                {"payment_ids": [Command.delete(order.payment_ids.id)]},
                {"payment_ids": [Command.update(order.payment_ids.id, {"amount": 500})]},
                {
                    "payment_ids": [
                        Command.update(order.payment_ids.id, {"payment_method_id": self.tender.id})
                    ]
                },
            ):
                self.assert_not_written(order, **values)
            payment = {"pos_order_id": order.id, "amount": 50}
            for method in (self.tender, self.cash, bank):
                values = {**payment, "payment_method_id": method.id}
                with self.subTest(method.name):
                    self.assert_refused("pos.payment", "create", values)
                    self.assert_refused("pos.order", "add_payment", order.ids, values)
            self.assert_not_written(order.payment_ids, payment_method_id=self.tender.id)
            self.assert_not_written(order.payment_ids, amount=1)
            self.assert_not_written(order.lines, refunded_orderline_id=order.lines.id)
            self.assert_refused("pos.payment", "unlink", order.payment_ids.ids)
            self.assert_refused("pos.order.line", "create", {**self.ticket(), "order_id": order.id})

    def test_a_context_is_no_permission(self):
        order = self.sold()
        for context in ({"loyalty_payment_edit": True}, {"loyalty_closing": {"a": 1}}):
            self.assert_refused(
                "pos.order", "write", order.ids, {"amount_total": 1}, context=context
            )
            self.assert_refused(
                "pos.session", "write", self.session.ids, {"state": "closed"}, context=context
            )

    def test_money_is_edited_to_money(self):
        """Odoo's *Edit Payment*: cash was meant to be by bank card, in part."""
        order = self.sold(partner_id=False)
        bank = self.config.payment_method_ids.filtered(
            lambda method: method.type == "bank" and not method.stored_value_type
        )[:1]
        added = {"payment_method_id": bank.id, "amount": 40}
        commands = [
            Command.update(order.payment_ids.id, {"amount": 60}),
            Command.create(added),
        ]
        self.rpc("pos.order", "write", order.ids, {"payment_ids": commands})
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [40, 60])
        self.rpc("pos.order", "write", order.ids, {"partner_id": self.partner.id})
        self.assertEqual(order.partner_id, self.partner)

    def test_a_tip_comes_after_the_payment(self):
        self.config.tip_product_id = self.snack
        order = self.sold()
        self.rpc("pos.order.line", "create", {**self.ticket(5), "order_id": order.id})
        self.rpc("pos.order", "write", order.ids, {"is_tipped": True, "tip_amount": 5})
        self.assertEqual(order.tip_amount, 5)

    def test_a_tip_that_nobody_paid_is_not_refunded(self):
        """Whatever product the till calls its tip now."""
        self.config.tip_product_id = self.snack
        order = self.sold()
        line = self.rpc("pos.order.line", "create", {**self.ticket(90), "order_id": order.id})
        self.config.tip_product_id = False
        tip = self.env["pos.order.line"].browse(line)
        refund = self.order([self.refund_line(tip, 90)])
        self.assert_order_refused(self.paid_in(refund, (self.cash, -90, False)))

    def test_money_for_a_load_goes_out_with_the_load_only(self):
        """A ticket and what takes its price off again do not hand out what a load was paid with."""
        poster = self.line(self.snack, -1, 100, False)
        lines = [self.topup_line(100), self.ticket(), poster]
        order = self.sold(lines, [(self.cash, 100, False)])
        ticket = order.lines.filtered(lambda line: line.product_id == self.snack and line.qty > 0)
        back = self.order([self.refund_line(ticket, 100)])
        self.assert_order_refused(self.paid_in(back, (self.cash, -100, False)))

    def test_taxes_are_said_in_a_way_that_a_closing_can_read(self):
        for told in ("x", 5, [1], {"manual_tax_amounts": "x"}):
            with self.subTest(told):
                order = self.order([{**self.ticket(), "extra_tax_data": told}])
                self.assert_order_refused(self.paid_in(order, (self.cash, 100, False)))

    def test_odd_dates_and_names_of_an_order(self):
        order = self.sold(date_order=False)
        self.assertTrue(order.date_order)
        self.rpc_or_refusal(
            "pos.order", "sync_from_ui", [{**self.order([self.ticket()]), "uuid": []}]
        )

    def test_only_what_costs_nothing_is_copied(self):
        order = self.sold([self.ticket(), self.ticket(0)])
        line, free = order.lines
        self.assert_refused("pos.order.line", "copy", line.ids)
        self.rpc("pos.order.line", "copy", free.ids)
        self.assertEqual(len(order.lines), 3)
        for values in (
            {"price_unit": 5},
            {"price_subtotal_incl": 5},
            {"price_subtotal": -5},
            {"qty": -1},
            {"qty": -1, "refunded_orderline_id": line.id},
            {"refunded_orderline_id": line.id},
            {"is_reward_line": True},
            {"points_cost": 5},
            {"loyalty_balance_id": self.wallet.id},
            {"combo_parent_id": free.id},
            {"product_id": self.topup.id},
        ):
            with self.subTest(values):
                self.assert_refused("pos.order.line", "copy", free.ids, values)
        for values in ({"price_unit": 5}, {"qty": 5}):
            self.assert_not_written(free, **values)

    def test_a_draft_keeps_its_uuid_and_company(self):
        order = self.order([self.ticket()], state="draft", payment_ids=[])
        self.held(order, 100)
        draft = self.created(uuid=order["uuid"], state="draft", payment_ids=[])
        other = self.new_company("generic_coa", "EUR")
        for values in (
            {"uuid": str(uuid4())},
            {"company_id": other.id},
        ):
            self.assert_not_written(draft, **values)

    def test_a_deleted_draft_holds_nothing(self):
        order = self.order([self.ticket()])
        self.held(order, 100)
        draft = self.created(uuid=order["uuid"], payment_ids=[])
        self.rpc("pos.order", "unlink", draft.ids)
        self.assertEqual(self.wallet.held, 0)


@tagged("post_install", "-at_install")
class TestRpcAttacksClosedSession(ClosedCase):
    """A closed session stays closed, and only its closing closes it."""

    def test_only_the_closing_closes(self):
        self.sold()
        self.assert_not_written(self.session, state="closed")
        self.assert_not_written(self.session, move_id=self.env["account.move"].search([]).ids[0])
        session = self.session
        self.rpc("pos.session", "post_closing_cash_details", session.ids, 100)
        self.rpc("pos.session", "close_session_from_ui", session.ids)
        self.assertEqual(session.state, "closed")
        for values in (
            {"state": "opened"},
            {"state": "opening_control"},
            {"move_id": False},
            {"stop_at": False},
            {"start_at": fields.Datetime.to_string(session.start_at)[:-2] + "00"},
            {"config_id": self.config.copy().id},
        ):
            self.assert_not_written(session, **values)
        self.rpc("pos.session", "write", session.ids, {"closing_notes": "All counted twice."})


@tagged("post_install", "-at_install")
class TestRpcAttacksRefundLines(ClosedCase):
    """A line that names an original gives that back, at most, and once."""

    def refused(self, line, **values):
        """An order of one such line, paid by what it says it costs."""
        amount = line["price_subtotal_incl"]
        payments = [(self.cash, amount, False)] if amount else []
        self.assert_order_refused(self.order([line], payments, **values))

    def test_l5_what_is_no_refund(self):
        sold = self.sold([self.line(self.snack, 2, 50, False), self.topup_line(100)])
        goods, load = sold.lines
        other = self.env["product.product"].create(
            {"name": "Cola", "type": "service", "available_in_pos": True, "taxes_id": False}
        )
        for name, line in {
            "another product": self.line(other, -1, 50, goods.id),
            "a sale": self.line(self.snack, 1, 50, goods.id),
            "too many": self.line(self.snack, -3, 50, goods.id),
            "too dear": self.line(self.snack, -1, 101, goods.id),
            "a sale by its price": self.line(self.snack, -1, -50, goods.id),
            "a load as goods": self.line(self.snack, -1, 100, load.id),
        }.items():
            with self.subTest(name):
                self.refused(line)
        self.sold([self.line(self.snack, -1, 50, goods.id)])
        self.sold([self.line(self.snack, -1, 40, goods.id)])
        with self.subTest("once more"):
            self.refused(self.line(self.snack, -1, 10, goods.id))

    def test_l5_a_reward_does_not_come_back_by_a_sale(self):
        claim = self.claim_line(self.gift, 50)
        sold = self.sold([self.ticket(), claim])
        reward = sold.lines.filtered("reward_id")
        self.assertEqual(self.gift.points, 50)
        for name, line in {
            "by a ticket": self.line(self.snack, 1, 50, reward.id),
            "by itself, sold": self.line(reward.product_id, 1, 50, reward.id),
            "twice": self.line(reward.product_id, -2, -50, reward.id),
            "dearer": self.line(reward.product_id, -1, -90, reward.id),
        }.items():
            with self.subTest(name):
                self.refused(line)
        self.sold([self.refund_line(line) for line in sold.lines], [(self.cash, -50, False)])
        self.assertEqual(self.gift.points, 100)
        self.refused(self.line(reward.product_id, -1, -50, reward.id))

    def test_l5_a_draft_is_not_refunded(self):
        draft = self.created()
        self.refused(self.line(self.snack, -1, 100, draft.lines.id))

    def test_l5_another_company_refunds_nothing(self):
        sold = self.sold()
        other = self.new_company("generic_coa", "EUR")
        self.cashier.company_ids |= other
        config = other.env["pos.config"].create({"name": "Other", "company_id": other.id})
        config.open_ui()
        config.current_session_id.set_opening_control(0, "")
        cash = config.payment_method_ids.filtered("is_cash_count")[:1]
        line = self.line(self.snack, -1, 100, sold.lines.id)
        self.assert_order_refused(
            self.order([line], [(cash, -100, False)], session_id=config.current_session_id.id),
            allowed_company_ids=[other.id, self.company.id],
        )

    def test_money_out_without_an_original_needs_a_manager(self):
        order = self.order([self.line(self.snack, -1, 100, False)], [(self.cash, -100, False)])
        self.assert_order_refused(order)
        self.env["loyalty.approval"].sudo().create(
            {
                "action": "cash_refund",
                "reason": "The receipt was lost.",
                "order_uuid": order["uuid"],
                "manager_id": self.env.uid,
                "cashier_id": self.cashier.id,
                "company_id": self.company.id,
                "date": fields.Datetime.now(),
            }
        )
        self.rpc("pos.order", "sync_from_ui", [order])
        incident = self.env["loyalty.incident"].search(
            [("config_id", "=", self.config.id), ("asked", "=", 100), ("kind", "=", "tender")]
        )
        self.assertEqual(incident.granted, 100)

    def test_the_server_decides_what_is_a_refund(self):
        sale = self.sold(is_refund=True)
        self.assertFalse(sale.is_refund)
        self.assertTrue(self.sold([self.refund_line(sale.lines)]).is_refund)
        sale = self.sold(to_invoice=True)
        self.assertEqual(sale.account_move.move_type, "out_invoice")
        back = self.sold([self.refund_line(sale.lines)], to_invoice=True, is_refund=False)
        self.assertEqual(back.account_move.move_type, "out_refund")
        self.assertEqual(back.account_move.amount_total, 100)
        sale = self.sold(to_invoice=True)
        exchange = self.sold(
            [self.refund_line(sale.lines), self.ticket(130)], to_invoice=True, is_refund=True
        )
        self.assertEqual(exchange.account_move.move_type, "out_invoice")
        self.assertEqual(exchange.account_move.amount_total, 30)
