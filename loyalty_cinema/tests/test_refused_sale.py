"""Sales that were complete at the till when the server refused them: nobody loses them silently."""

from odoo.tests import tagged

from .rpc_common import RpcRefused, RpcTillCase


@tagged("post_install", "-at_install")
class TestRefusedSale(RpcTillCase):
    """T20: the hold has lapsed, the value was spent elsewhere, the network is back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.later = cls.env["pos.payment.method"].create({"name": "Account"})
        cls.config.payment_method_ids |= cls.later

    def late_order(self):
        """100 by wallet, sold without connection; the wallet has paid elsewhere meanwhile."""
        order = self.order([self.ticket()])
        key = self.held(order)
        self.ledger._set_hold_state(self.ledger._hold(key), "lapsed")
        self.ledger._change_held(self.wallet, -100)
        self.ledger.debit(self.wallet, 100, "redeem", "elsewhere")
        return self.paid_in(order, (self.tender, 100, key))

    def send(self, order, **context):
        context = {"context": {"loyalty_sold_before": True, **context}}
        return self.rpc_or_refusal("pos.order", "sync_from_ui", [order], **context)

    def incidents(self, order):
        return self.env["loyalty.incident"].search([("order_uuid", "=", order["uuid"])])

    def refused_sales(self):
        data = self.rpc("pos.session", "get_closing_control_data", [self.session.id])
        return data["loyalty_refused"]

    def test_an_incident_names_customer_receipt_and_amount(self):
        """However often the till sends it again, it is one incident."""
        order = self.late_order()
        for _attempt in range(3):
            self.assertIn("InsufficientValue", self.send(order))
        self.assertRecordValues(
            self.incidents(order),
            [
                {
                    "kind": "tender",
                    "partner_id": self.partner.id,
                    "session_id": self.session.id,
                    "order_reference": order["pos_reference"],
                    "order_total": 100,
                    "asked": 100,
                    "granted": 0,
                    "completed": True,
                }
            ],
        )

    def test_closing_names_it_until_it_is_booked(self):
        """With the rest as a claim on the customer the same sale is booked, and no longer named."""
        order = self.late_order()
        self.send(order)
        [sale] = self.refused_sales()
        self.assertEqual((sale["partner"], sale["amount"]), ("Linh", 100))
        self.assertEqual(sale["reference"], order["pos_reference"])
        on_account = self.paid_in(order, (self.later, 100, False))
        self.assertIsInstance(self.send(on_account), dict)
        self.assertEqual(self.refused_sales(), [])

    def test_the_closed_session_keeps_their_names(self):
        """Closed over it, the session says what was sold and not booked."""
        order = self.late_order()
        self.send(order)
        self.session.action_pos_session_closing_control()
        said = "".join(self.session.message_ids.mapped("body"))
        self.assertIn(order["pos_reference"], said)
        self.assertIn("Linh", said)

    def test_an_order_refused_at_once_is_the_cashiers(self):
        """The cashier sees it and corrects it: closing does not name it."""
        order = self.late_order()
        with self.assertRaises(RpcRefused):
            self.rpc("pos.order", "sync_from_ui", [order])
        self.assertFalse(self.incidents(order).completed)
        self.assertEqual(self.refused_sales(), [])

    def test_a_refusal_by_odoo_is_noted_when_the_goods_are_gone(self):
        """Whatever the reason is."""
        order = self.order([self.ticket()], [(self.cash, 40, False)])
        self.assertNotIsInstance(self.send(order), dict)
        self.assertEqual(self.incidents(order).completed, True)

    def test_a_made_up_sale_tells_nothing_of_other_companies(self):
        """Whom and which till a request names, only its user's own rights find."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.env["res.partner"].create({"name": "Stranger", "company_id": elsewhere.id})
        order = self.order([self.ticket()], [(self.cash, 40, False)], partner_id=stranger.id)
        self.send(order)
        self.assertNotIn("Stranger", [sale["partner"] for sale in self.refused_sales()])

    def test_what_no_till_sends_is_refused_as_before(self):
        """The note about a refusal never fails for itself."""
        order = self.late_order()
        for wrong in (
            {"partner_id": "x", "pos_reference": ["a"], "uuid": order["uuid"]},
            {"amount_total": "x", "payment_ids": "x"},
            {"session_id": -1, "payment_ids": [[0, 0, {"payment_method_id": [1]}], 7]},
            {"payment_ids": [[0, 0, {"payment_method_id": []}]]},
        ):
            with self.subTest(wrong):
                self.assertIsInstance(self.send({**order, **wrong}), str)
