"""A till that sends numbers of its own gets those of the server, and the manager learns of it."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .points_common import PointsCase
from .rpc_common import RpcRefused, RpcTillCase


@tagged("post_install", "-at_install")
class TestPointsForged(PointsCase, RpcTillCase):
    """Over real JSON-RPC, as a cashier (L5)."""

    def sync_rpc(self, order, **context):
        """Synchronise over RPC; returns the order."""
        kwargs = {"context": context} if context else {}
        answer = self.rpc("pos.order", "sync_from_ui", [order], **kwargs)
        return self.env["pos.order"].browse(answer["pos.order"][-1]["id"])

    def paid(self, *lines, **values):
        """An order of these lines, paid in cash."""
        total = sum(line["price_subtotal_incl"] for line in lines)
        return self.order([*lines], [(self.cash, total, False)], **values)

    def test_points_of_its_own_in_the_second_request(self):
        order = self.sync_rpc(self.paid(self.ticket(100)))
        asked = {"points": 5000, "program_id": self.program.id, "coupon_id": self.points.id}
        data = {str(self.points.id): {**asked, "partner_id": self.partner.id}}
        answer = self.rpc("pos.order", "confirm_coupon_programs", [order.id], data)
        self.assertEqual([u["points"] for u in answer["coupon_updates"]], [10])
        self.assertEqual(self.points.points, 10)
        [incident] = self.incidents(kind="points")
        self.assertEqual((incident.asked, incident.granted), (5000, 10))
        self.assertEqual((incident.user_id, incident.origin_id), (self.cashier, order.id))

    def test_the_servers_own_number_is_no_incident(self):
        order = self.sync_rpc(self.paid(self.ticket(100)))
        asked = {"points": 10, "program_id": self.program.id, "partner_id": self.partner.id}
        answer = self.rpc("pos.order", "confirm_coupon_programs", [order.id], {"-3": asked})
        [update] = answer["coupon_updates"]
        self.assertEqual((update["old_id"], update["id"]), (-3, self.points.id))
        self.assertFalse(self.incidents())

    def test_a_repeated_request_tells_of_the_programs_it_names(self):
        """The till has no record of wallets: their balances made its list of customers fail."""
        line = self.ticket(100)
        payments = [(self.tender, 60, self.held({"uuid": "repeat"}, 60)), (self.cash, 40, False)]
        order = self.sync_rpc(self.order([line], payments, uuid="repeat"))
        asked = {"points": 10, "program_id": self.program.id, "partner_id": self.partner.id}
        wallet = {**asked, "points": 0, "program_id": self.wallet.program_id.id}
        for data in ({}, {"-3": asked}, {"-3": asked}, {"-3": asked, "-4": wallet}):
            answer = self.rpc("pos.order", "confirm_coupon_programs", [order.id], data)
            told = [update["id"] for update in answer["coupon_updates"]]
            self.assertEqual(told, self.points.ids if data else [])

    def test_points_on_lines_and_on_the_receipt(self):
        line = {**self.ticket(100), "loyalty_points": 900, "loyalty_shares": {"1": ["900", "0"]}}
        receipt = {"points": {"earned": 900, "balance": 900}}
        order = self.sync_rpc(self.paid(line, loyalty_receipt=receipt, loyalty_settled=True))
        self.assertEqual((self.points.points, order.lines.loyalty_points), (10, 10))
        self.assertEqual(order.loyalty_receipt["points"]["earned"], 10)
        self.assertEqual(self.incidents(kind="points").mapped("asked"), [900, 900])

    def test_shares_are_not_written_later(self):
        order = self.sync_rpc(self.paid(self.ticket(100)))
        self.rpc("pos.order.line", "write", order.lines.ids, {"loyalty_points": 0})
        self.rpc("pos.order", "write", order.ids, {"loyalty_receipt": {"points": {"earned": 9}}})
        self.assertEqual(order.lines.loyalty_points, 10)
        self.give_back((order.lines, 1))
        self.assertEqual(self.points.points, 0)

    def test_no_context_collects_for_later_or_earns_for_others(self):
        self.sync_rpc(self.paid(self.ticket(100)), loyalty_earning={"order_ids": [1]})
        self.assertEqual(self.points.points, 10)

    def test_amounts_that_nobody_paid_earn_nothing(self):
        dear = {**self.ticket(10), "price_subtotal_incl": 9000, "price_subtotal": 9000}
        self.rpc_or_refusal("pos.order", "sync_from_ui", [self.paid(dear)])
        free = self.order([self.ticket(9000)], [], amount_total=0, amount_paid=0)
        self.rpc_or_refusal("pos.order", "sync_from_ui", [free])
        self.assertLessEqual(self.points.points, 1)

    def test_no_day_before_the_session_was_made(self):
        with self.assertRaises(RpcRefused):
            self.rpc("pos.session", "write", [self.session.id], {"start_at": "2020-01-01 07:00:00"})

    def test_a_refused_order_leaves_an_incident_and_nothing_else(self):
        order = self.order([self.ticket(100)], [(self.tender, 100, "invented")])
        self.assert_order_refused(order)
        [incident] = self.incidents(kind="tender")
        self.assertEqual((incident.user_id, incident.config_id), (self.cashier, self.config))
        self.assertIn("not authorised", incident.message)

    def test_incidents_are_the_managers(self):
        self.env["loyalty.incident"]._report("other", "?", config=self.config)
        incident = self.incidents()
        self.assert_refused("loyalty.incident", "search_read", [], ["message"])
        self.assert_refused("loyalty.incident", "_report", "other", "?")
        groups = self.env.ref("loyalty_cinema.group_manager")
        manager = self.cashier.copy({"login": "boss-of-the-test", "group_ids": [(4, groups.id)]})
        self.assertEqual(incident.with_user(manager).message, "?")
        for forbidden in (incident.with_user(manager).unlink, incident.with_user(manager).copy):
            with self.assertRaises(AccessError), self.cr.savepoint():
                forbidden()
