"""Guests who order by themselves (module ``pos_self_order``): no dependency."""

from uuid import uuid4

from odoo import Command
from odoo.tests import tagged

from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestTogetherGuests(RpcCase):
    """T22: gift cards and top-ups are sold by the staff. Runs where the module is installed."""

    def setUp(self):
        super().setUp()
        self.has_guests = "self_ordering_mode" in self.config._fields
        if self.has_guests:
            self.config.write(
                {
                    "self_ordering_mode": "mobile",
                    "self_ordering_service_mode": "counter",
                    "self_ordering_default_user_id": self.cashier.id,
                    "use_presets": False,
                }
            )

    def guest_orders(self, product):
        """What Odoo's server answers a guest's telephone."""
        order = {
            "uuid": str(uuid4()),
            "company_id": self.company.id,
            "session_id": self.session.id,
            "state": "draft",
            "amount_total": 0,
            "amount_paid": 0,
            "amount_tax": 0,
            "amount_return": 0,
            "lines": [Command.create(self.line(product, 1, 50, False))],
        }
        params = {
            "access_token": self.config.access_token,
            "table_identifier": None,
            "order": order,
        }
        url = "/pos-self-order/process-order/mobile/"
        return self.url_open(url, json={"jsonrpc": "2.0", "params": params}, timeout=60).json()

    def test_the_menu_has_no_loads(self):
        """Whatever is ticked on the product."""
        if not self.has_guests:
            return
        self.topup.product_tmpl_id.write({"available_in_pos": True})
        config = self.config.with_user(self.cashier)
        names = [product["name"] for product in config.load_self_data()["product.template"]]
        self.assertIn(self.snack.name, names)
        self.assertNotIn(self.topup.name, names)
        loads = self.topup.product_tmpl_id | self.snack.product_tmpl_id
        loads.write({"self_order_available": True})
        names = [product["name"] for product in config.load_self_data()["product.template"]]
        self.assertNotIn(self.topup.name, names)

    def test_the_server_refuses_what_is_not_on_the_menu(self):
        """A telephone that asks for a top-up all the same gets none; a snack it gets."""
        if not self.has_guests:
            return
        answer = self.guest_orders(self.topup)
        self.assertIn("sold by our staff", answer["error"]["data"]["message"])
        self.assertIn("result", self.guest_orders(self.snack))
